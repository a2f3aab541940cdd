//! A provider config is removed: in one commit no token is handed out any more, and its accounts follow in batches.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{connected_accounts, provider_configs};
use model::ids::{ApplicationId, ProviderConfigId, TokenSetId};
use model::people::Role;
use model::provider_configs::ProviderConfigState;
use serde_json::json;

/// Accounts that are revoked in one transaction.
const AT_ONCE: i64 = 100;
/// Removed provider configs that a round goes on with.
const CONFIGS: i64 = 10;

impl Vault {
    /// Removes a provider config: its connected accounts are revoked, here at once and at the provider next. Gives how
    /// many there were.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn remove_provider_config(&self, caller: &ApplicationCaller, key: &str) -> Result<usize, VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let row = provider_configs::by_key(&mut tx, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let (works, lost) = connected_accounts::count_of_config(&mut tx, row.id, i64::MAX).await?;
        provider_configs::set_state(&mut tx, row.id, ProviderConfigState::Removed, self.clock.now()).await?;
        provider_configs::set_webhook_secret(&mut tx, row.id, None, self.clock.now()).await?;
        let detail = json!({ "key": key, "connected_accounts": works + lost });
        self.record(&mut tx, Event::by(caller, "provider_config.removed", row.id).detail(detail)).await?;
        tx.commit().await?;
        let first = self.revoke_some_of(caller.application, row.id, Some(caller)).await?;
        self.revoke_at_provider_later(caller.application, first);
        if works + lost > AT_ONCE {
            self.go_on_with_removal(caller.clone(), row.id);
        }
        Ok(usize::try_from(works + lost).unwrap_or_default())
    }

    /// Revokes the rest, batch after batch, for as long as this process lives; the reaper ends what it leaves.
    fn go_on_with_removal(&self, caller: ApplicationCaller, config: ProviderConfigId) {
        let vault = self.clone();
        self.calls.spawn(async move {
            while !vault.closing.is_cancelled() {
                match vault.revoke_some_of(caller.application, config, Some(&caller)).await {
                    Ok(later) if later.is_empty() && !vault.has_live_accounts(config).await => return,
                    Ok(later) => vault.revoke_each(caller.application, later).await,
                    Err(error) => {
                        let error = crate::error::chain(&error);
                        tracing::warn!(provider_config.id = %config, error, "Accounts of a removed provider config are left to the next round.");
                        return;
                    }
                }
            }
        });
    }

    /// Goes on with removals whose process is gone: a batch of each.
    pub(crate) async fn end_removals(&self) -> Result<(), VaultError> {
        let left = provider_configs::removed_with_accounts(&mut *self.store.connection().await?, CONFIGS).await?;
        for (application, config) in left {
            let later = self.revoke_some_of(application, config, None).await?;
            self.revoke_at_provider_later(application, later);
        }
        Ok(())
    }

    async fn revoke_some_of(
        &self,
        application: ApplicationId,
        config: ProviderConfigId,
        by: Option<&ApplicationCaller>,
    ) -> Result<Vec<TokenSetId>, VaultError> {
        let mut tx = self.store.begin().await?;
        // Held first, so that two servers do not revoke the same account.
        provider_configs::hold(&mut tx, config).await?;
        let accounts = connected_accounts::live_of_config(&mut tx, config, AT_ONCE).await?;
        let later = self.revoke_all_of_config(&mut tx, application, by, &accounts).await?;
        tx.commit().await?;
        Ok(later)
    }

    async fn revoke_each(&self, application: ApplicationId, ids: Vec<TokenSetId>) {
        for id in ids {
            if self.closing.is_cancelled() {
                break;
            }
            self.revoke_at_provider(application, id).await;
        }
    }

    /// Not known counts as no: the next round looks again.
    async fn has_live_accounts(&self, config: ProviderConfigId) -> bool {
        let Ok(mut db) = self.store.connection().await else { return false };
        connected_accounts::count_of_config(&mut db, config, 1).await.is_ok_and(|counts| counts != (0, 0))
    }
}
