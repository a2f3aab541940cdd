//! A token for a call that this process makes itself: it is handed out to nobody.

use super::{AccessToken, TokenRequest};
use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::Provider;
use crate::error::VaultError;
use model::ids::ConnectedAccountId;
use std::sync::Arc;

/// A token with what it takes to judge and make a call with it.
pub(crate) struct Lent {
    pub(crate) token: AccessToken,
    /// The entry that the provider config runs on.
    pub(crate) provider: Arc<Provider>,
    /// The provider config's key.
    pub(crate) config_key: String,
}

impl Vault {
    /// A token that is good now, refreshed first if it is due.
    ///
    /// # Errors
    /// As [`Vault::fresh`].
    pub(crate) async fn lend(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        request: TokenRequest,
    ) -> Result<Lent, VaultError> {
        let loaded = self.current(caller, id, request).await?;
        let (slug, hash) = (&loaded.account.provider, &loaded.account.entry_hash);
        let provider = self.entry_by_hash(caller.application, slug, hash).await?.ok_or(VaultError::NotFound)?;
        let config_key = loaded.account.config_key.clone();
        Ok(Lent { token: self.open_stored(self.used(loaded)).await?, provider, config_key })
    }
}
