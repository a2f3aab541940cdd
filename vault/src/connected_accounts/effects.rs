//! What changes of accounts beside their status: they work again, or were granted other scopes.

use crate::Vault;
use crate::caller::Actor;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{Tx, connected_accounts, scope_sets, token_sets};
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::ConnectedAccountId;
use serde_json::json;

impl Vault {
    /// What a refresh has changed of the accounts on its token set: those that work again, and what they were granted.
    pub(crate) async fn record_effects(
        &self,
        tx: &mut Tx,
        row: &token_sets::Row,
        scopes: &[String],
        revived: Vec<ConnectedAccountId>,
    ) -> Result<(), VaultError> {
        for account in revived {
            let event = Event::of(row.application_id, Actor::Keybearer, "connected_account.revived", account);
            self.record(tx, event.detail(json!({ "token_set": row.id }))).await?;
        }
        if !scope_sets::differ(&row.scopes, scopes) {
            return Ok(());
        }
        for account in connected_accounts::of_token_set(tx, row.id).await? {
            if account.status == ConnectedAccountStatus::Active {
                self.record_other_scopes(tx, &account, &row.scopes).await?;
            }
        }
        Ok(())
    }

    /// An account was granted other scopes than before.
    pub(crate) async fn record_other_scopes(
        &self,
        tx: &mut Tx,
        account: &connected_accounts::Row,
        before: &[String],
    ) -> Result<(), VaultError> {
        let event = Event::of(account.application_id, Actor::Keybearer, "connected_account.scopes_changed", account.id);
        self.record(tx, event.detail(json!({ "scopes_before": before }))).await
    }
}
