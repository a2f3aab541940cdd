//! Provider configs to choose from: without what a list of them counts.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::store::provider_configs as store;
use model::provider_configs::{ProviderChoice, ProviderConfigState};

impl Vault {
    /// The application's provider configs by key and name, in the order of [`Vault::provider_configs`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn provider_choices(&self, caller: &ApplicationCaller) -> Result<Vec<ProviderChoice>, VaultError> {
        let rows = store::list(&mut *self.store.connection().await?, caller.application).await?;
        let choice = |row: store::Row| {
            let provider = self.catalogue.get(&row.provider).cloned().or_else(|| self.running(&row).ok());
            let known = provider.map(|provider| provider.summary());
            let (name, icon) = known.map_or((row.provider.clone(), String::new()), |known| (known.name, known.icon));
            let label = if row.key == row.provider { name } else { format!("{name} ({})", row.key) };
            ProviderChoice { icon, label, works: row.state == ProviderConfigState::Active, key: row.key }
        };
        Ok(rows.into_iter().map(choice).collect())
    }
}
