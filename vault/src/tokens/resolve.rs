//! Open intents: refreshes that were sent and whose end nobody knows, since the process died or no answer came.

use crate::Vault;
use crate::error::VaultError;
use crate::store::{connected_accounts, intents, provider_configs, token_sets};
use model::ids::{ApplicationId, TokenSetId};
use model::provider_configs::ProviderConfigState;
use tokio::task::JoinSet;

const AT_ONCE: i64 = 200;

impl Vault {
    /// Finds out what became of refreshes, under the token set's lease like anybody: by one more refresh, once it cannot
    /// do harm. Says how many were looked at that no longer needed it or were tried.
    pub(crate) async fn resolve_open_refreshes(&self) -> Result<usize, VaultError> {
        let open = intents::open_refreshes(&mut *self.store.connection().await?, AT_ONCE).await?;
        let mut tries = JoinSet::new();
        let mut resolved = 0;
        for (application, id, version) in open {
            match self.still_open(application, id, version).await? {
                Some(tokens) => self.refresh_ahead(&mut tries, tokens),
                None => resolved += 1,
            }
        }
        resolved += tries.len();
        while tries.join_next().await.is_some() {}
        Ok(resolved)
    }

    /// The token set, if its version may still be spent and somebody stands on it. Otherwise nothing hangs on how the
    /// call ended, and its intent is closed.
    async fn still_open(
        &self,
        application: ApplicationId,
        id: TokenSetId,
        version: i64,
    ) -> Result<Option<token_sets::Row>, VaultError> {
        let (mut db, now) = (self.store.connection().await?, self.clock.now());
        let tokens = token_sets::get(&mut db, application, id).await?;
        let is_live = |t: &token_sets::Row| t.revoked_at.is_none() && t.needs_reconnect_at.is_none();
        let current = tokens.filter(|t| t.version == version && is_live(t) && t.refresh_token.is_some());
        let in_use = !connected_accounts::of_token_set(&mut db, id).await?.is_empty();
        let Some(tokens) = current.filter(|_| in_use) else {
            intents::settle(&mut db, id, version, now).await?;
            return Ok(None);
        };
        let config = provider_configs::get(&mut db, application, tokens.provider_config_id).await?;
        let can_be_asked = config.is_some_and(|c| c.state == ProviderConfigState::Active);
        Ok(Some(tokens).filter(|t| can_be_asked && t.retry_at.is_none_or(|at| at <= now)))
    }
}
