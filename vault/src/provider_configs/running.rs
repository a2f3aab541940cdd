//! The entry that a provider config runs on, wherever one is needed.

use crate::Vault;
use crate::catalogue::Provider;
use crate::error::VaultError;
use crate::store::{Connection, connected_accounts, provider_configs};
use model::ids::ApplicationId;
use std::sync::Arc;

impl Vault {
    /// The entry of a provider config: its snapshot, never the catalogue's.
    pub(crate) fn running(&self, config: &provider_configs::Row) -> Result<Arc<Provider>, VaultError> {
        self.catalogue.running(&config.provider, &config.entry_snapshot, &config.entry_hash)
    }

    /// The same where only the hash was read. A snapshot is fetched once in the life of a process.
    pub(crate) async fn entry_by_hash(
        &self,
        application: ApplicationId,
        slug: &str,
        hash: &str,
    ) -> Result<Option<Arc<Provider>>, VaultError> {
        if let Some(known) = self.catalogue.remembered(slug, hash) {
            return Ok(Some(known));
        }
        let mut db = self.store.connection().await?;
        let text = provider_configs::snapshot(&mut db, application, slug, hash).await?;
        text.map(|text| self.catalogue.running(slug, &text, hash)).transpose()
    }

    /// Reads the entries that accounts stand on, so that they can be shown.
    pub(crate) async fn remember_entries(
        &self,
        db: &mut Connection,
        accounts: &[connected_accounts::Row],
    ) -> Result<(), VaultError> {
        for account in accounts {
            let (slug, hash) = (&account.provider, &account.entry_hash);
            if self.catalogue.remembered(slug, hash).is_none()
                && let Some(text) = provider_configs::snapshot(db, account.application_id, slug, hash).await?
            {
                self.catalogue.running(slug, &text, hash)?;
            }
        }
        Ok(())
    }
}
