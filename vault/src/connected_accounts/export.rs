//! All connected accounts that fit, a part at a time: for files.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::connected_accounts::Filter;
use model::connected_accounts::ConnectedAccountView;
use model::ids::ConnectedAccountId;
use model::people::Role;
use serde_json::json;

/// So many are held in memory at once.
const PART: i64 = 500;

impl Vault {
    /// Writes down that a list leaves the vault; for developers and above. The parts follow by
    /// [`Vault::export_part`].
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn begin_export(&self, caller: &ApplicationCaller, filter: &Filter) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let event = Event::by(caller, "connected_accounts.exported", caller.application);
        // A filter may hold names and addresses: they are erased with the person.
        let personal = json!({ "filter": filter });
        let event = event.detail(json!({ "filtered": !filter.is_empty() })).personal(personal);
        self.record(&mut tx, event).await?;
        Ok(tx.commit().await?)
    }

    /// The next part of an export, newest first; `after` is the last account of the part before. Empty at the end.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn export_part(
        &self,
        caller: &ApplicationCaller,
        filter: &Filter,
        after: Option<ConnectedAccountId>,
    ) -> Result<Vec<ConnectedAccountView>, VaultError> {
        caller.require(Role::Developer)?;
        let (rows, _) = self.next_accounts(caller, filter, after, PART).await?;
        Ok(rows.into_iter().map(|row| self.account_view(row)).collect())
    }
}
