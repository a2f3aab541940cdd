//! A refresh that does not ask whether one is due.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use model::ids::ConnectedAccountId;

impl Vault {
    /// Refreshes an account's tokens, whenever they were last refreshed.
    ///
    /// # Errors
    /// As [`Vault::fresh`]; also when the old token is still good.
    pub(crate) async fn refresh_at_once(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
    ) -> Result<(), VaultError> {
        self.renew(&self.load(caller, id).await?, false).await
    }
}
