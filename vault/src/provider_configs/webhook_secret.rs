//! The secret that the provider signs its notices with: sealed like the client secret, optional, and never shown.

use super::form::Checked;
use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::keyring::Place;
use crate::secret::Secret;
use crate::store::{Tx, provider_configs};
use model::ids::ProviderConfigId;

/// What a save does to it.
pub(super) enum Change {
    /// The field was empty.
    Keep,
    /// A new one, sealed for its row.
    Set(Vec<u8>),
    /// Forgotten on request.
    Remove,
}

impl Change {
    /// Writes it to the row, and says in a word what changed.
    pub(super) async fn write(
        self,
        tx: &mut Tx,
        row: &mut provider_configs::Row,
    ) -> Result<Option<&'static str>, VaultError> {
        let (sealed, word) = match self {
            Self::Keep => return Ok(None),
            Self::Set(sealed) => (Some(sealed), "set"),
            Self::Remove => (None, "removed"),
        };
        provider_configs::set_webhook_secret(tx, row.id, sealed.as_deref(), row.updated_at).await?;
        row.webhook_secret = sealed;
        Ok(Some(word))
    }
}

impl Vault {
    /// What a form means for the provider config `id`.
    pub(super) async fn webhook_secret_change(
        &self,
        caller: &ApplicationCaller,
        id: ProviderConfigId,
        form: &Checked,
    ) -> Result<Change, VaultError> {
        let Some(secret) = self.webhook_secret_of(caller, form).await else {
            return Ok(if form.remove_webhook_secret { Change::Remove } else { Change::Keep });
        };
        let row = id.to_string();
        self.keyring.seal(&self.store, caller.application, place(&row), secret.expose()).await.map(Change::Set)
    }

    /// The stored one.
    pub(crate) async fn webhook_secret(&self, config: &provider_configs::Row) -> Result<Option<Secret>, VaultError> {
        let Some(sealed) = &config.webhook_secret else { return Ok(None) };
        let row = config.id.to_string();
        self.keyring.open(&self.store, config.application_id, place(&row), sealed).await.map(Some)
    }
}

/// Where it stands.
fn place(row: &str) -> Place<'_> {
    Place { table: "provider_configs", column: "webhook_secret", row }
}
