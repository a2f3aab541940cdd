//! When keys and accounts were last used: kept in memory and written in batches, so that a token read writes nothing.

use crate::Vault;
use crate::clock::{MINUTE, Millis};
use crate::error::VaultError;
use crate::store::{api_keys, connected_accounts};
use model::ids::{ApiKeyId, ConnectedAccountId};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Uses within so long of the one that is written are not written.
const RESOLUTION: Millis = MINUTE;

/// Uses that wait to be written.
#[derive(Default)]
pub(crate) struct LastUse(Mutex<Uses>);

#[derive(Default)]
struct Uses {
    accounts: HashMap<ConnectedAccountId, Millis>,
    keys: HashMap<ApiKeyId, Millis>,
}

impl LastUse {
    /// `written` is what the database says.
    pub(crate) fn of_account(&self, id: ConnectedAccountId, written: Option<Millis>, now: Millis) {
        if is_news(written, now) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).accounts.insert(id, now);
        }
    }

    /// `written` is what the database says.
    pub(crate) fn of_key(&self, id: ApiKeyId, written: Option<Millis>, now: Millis) {
        if is_news(written, now) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).keys.insert(id, now);
        }
    }

    fn take(&self) -> Uses {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Vault {
    /// Writes the uses since the last time. What a crash keeps from being written is a minute of "last used".
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write_last_use(&self) -> Result<(), VaultError> {
        let uses = self.last_use.take();
        if uses.accounts.is_empty() && uses.keys.is_empty() {
            return Ok(());
        }
        // In the order of their ids, so that two servers never wait for each other's rows.
        let (mut accounts, mut keys): (Vec<_>, Vec<_>) =
            (uses.accounts.into_iter().collect(), uses.keys.into_iter().collect());
        accounts.sort_unstable();
        keys.sort_unstable();
        let mut tx = self.store.begin().await?;
        for (id, at) in keys {
            api_keys::set_used(&mut tx, id, at).await?;
        }
        for (id, at) in accounts {
            connected_accounts::set_used(&mut tx, id, at).await?;
        }
        Ok(tx.commit().await?)
    }
}

fn is_news(written: Option<Millis>, now: Millis) -> bool {
    written.is_none_or(|at| now - at >= RESOLUTION)
}
