//! When keys and accounts were last used: kept in memory and written in batches, so that a token read writes nothing.

use crate::Vault;
use crate::clock::{MINUTE, Millis};
use crate::error::{VaultError, internal};
use crate::store::{Store, last_use};
use model::ids::{ApiKeyId, ConnectedAccountId};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Uses within so long of the one that is written are not written.
const RESOLUTION: Millis = MINUTE;
/// Written in one round, by one statement: reads of ever new accounts must not become as many writes. The rest waits.
const MOST_IN_A_ROUND: usize = 128;
/// A server that stops does not wait longer for a database that is gone.
const PATIENCE: Duration = Duration::from_secs(3);
/// Accounts whose use may wait, of about 50 bytes each. Beyond it a use is left out, and the account's next one counts.
const MOST_WAITING: usize = 200_000;

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
            add(&mut self.lock().accounts, id, now);
        }
    }

    /// `written` is what the database says.
    pub(crate) fn of_key(&self, id: ApiKeyId, written: Option<Millis>, now: Millis) {
        if is_news(written, now) {
            add(&mut self.lock().keys, id, now);
        }
    }

    /// One round's uses, in the order of their ids, so that two servers never wait for each other's rows.
    fn take(&self) -> Round {
        let mut uses = self.lock();
        Round { accounts: some(&mut uses.accounts), keys: some(&mut uses.keys) }
    }

    fn put_back(&self, round: Round) {
        let mut uses = self.lock();
        for (id, at) in round.accounts {
            add(&mut uses.accounts, id, at);
        }
        for (id, at) in round.keys {
            add(&mut uses.keys, id, at);
        }
    }

    fn is_empty(&self) -> bool {
        let uses = self.lock();
        uses.accounts.is_empty() && uses.keys.is_empty()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Uses> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Round {
    accounts: Vec<(ConnectedAccountId, Millis)>,
    keys: Vec<(ApiKeyId, Millis)>,
}

impl Round {
    async fn write(&self, store: &Store) -> Result<(), VaultError> {
        if self.accounts.is_empty() && self.keys.is_empty() {
            return Ok(());
        }
        let mut db = store.connection().await?;
        for (id, at) in &self.keys {
            last_use::of_key(&mut db, *id, *at).await?;
        }
        Ok(last_use::of_accounts(&mut db, &self.accounts).await?)
    }
}

impl Vault {
    /// Writes uses since the last time, 128 accounts at most. What a crash keeps from being written is what waits.
    ///
    /// # Errors
    /// When the database fails; the uses wait for the next time then.
    pub async fn write_last_use(&self) -> Result<(), VaultError> {
        let round = self.last_use.take();
        let written = tokio::time::timeout(PATIENCE, round.write(&self.store)).await;
        let written =
            written.unwrap_or_else(|_| Err(internal("the database does not answer", "3 seconds have passed")));
        if written.is_err() {
            self.last_use.put_back(round);
        }
        written
    }

    /// Writes all that waits.
    ///
    /// # Errors
    /// As [`Vault::write_last_use`].
    pub(crate) async fn write_every_last_use(&self) -> Result<(), VaultError> {
        while !self.last_use.is_empty() {
            self.write_last_use().await?;
        }
        Ok(())
    }
}

fn add<Id: Eq + Hash>(uses: &mut HashMap<Id, Millis>, id: Id, at: Millis) {
    if let Some(known) = uses.get_mut(&id) {
        *known = at.max(*known);
    } else if uses.len() < MOST_WAITING {
        uses.insert(id, at);
    }
}

fn some<Id: Copy + Eq + Hash + Ord>(uses: &mut HashMap<Id, Millis>) -> Vec<(Id, Millis)> {
    let mut taken: Vec<(Id, Millis)> = uses.iter().take(MOST_IN_A_ROUND).map(|(id, at)| (*id, *at)).collect();
    for (id, _) in &taken {
        uses.remove(id);
    }
    taken.sort_unstable();
    taken
}

fn is_news(written: Option<Millis>, now: Millis) -> bool {
    written.is_none_or(|at| now - at >= RESOLUTION)
}
