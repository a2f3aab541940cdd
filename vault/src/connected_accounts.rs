//! Connected accounts: what admins review and backends call with.

mod effects;
mod export;
mod list;
mod revoke;
mod revoke_at_provider;
mod timeline;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{DAY, Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::connected_accounts::{self as store, Row};
use crate::store::token_sets;
use crate::text::can_be_shown;
use model::connected_accounts::{
    ConnectedAccountDetail, ConnectedAccountStatus, ConnectedAccountView, EndUserView, StatusReason,
};
use model::ids::ConnectedAccountId;
use model::people::Role;
use model::timeline::Sharer;
use std::collections::BTreeMap;

pub use export::AccountExport;
pub use list::AccountPage;

/// So many of the accounts that share an authorization are named.
const SHARERS: usize = 10;

/// What a backend may change of a connected account; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// A name of the developer's own; `Some(None)` takes it away.
    pub label: Option<Option<String>>,
    /// The developer's notes, replaced as a whole.
    pub metadata: Option<BTreeMap<String, String>>,
}

impl Vault {
    /// One connected account.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn connected_account(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
    ) -> Result<ConnectedAccountView, VaultError> {
        let mut db = self.store.connection().await?;
        let row = store::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        self.remember_entries(&mut db, std::slice::from_ref(&row)).await?;
        Ok(self.account_view(row))
    }

    /// One connected account with what the portal shows beside it.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn connected_account_detail(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
    ) -> Result<ConnectedAccountDetail, VaultError> {
        let mut db = self.store.connection().await?;
        let row = store::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        self.remember_entries(&mut db, std::slice::from_ref(&row)).await?;
        let mut others = store::of_token_set(&mut db, row.token_set_id).await?;
        others.retain(|other| other.id != id);
        let failing = token_sets::failing(&mut db, row.token_set_id).await?;
        Ok(ConnectedAccountDetail {
            provider_revocation: row.provider_revocation,
            shares_authorization_with: i64::try_from(others.len()).unwrap_or(i64::MAX),
            sharers: others.into_iter().take(SHARERS).map(sharer).collect(),
            trouble: timeline::trouble(&self.provider_name(&row), &row, failing, self.clock.now()),
            account: self.account_view(row),
        })
    }

    /// Changes label and notes.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn change_connected_account(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        change: AccountChange,
    ) -> Result<ConnectedAccountView, VaultError> {
        caller.require(Role::Developer)?;
        check_change(&change)?;
        let mut tx = self.store.begin().await?;
        let row = store::get(&mut tx, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        let label = change.label.unwrap_or(row.label);
        let metadata = change.metadata.unwrap_or(row.metadata);
        store::describe(&mut tx, id, label.as_deref(), &metadata, self.clock.now()).await?;
        self.record(&mut tx, Event::by(caller, "connected_account.changed", id)).await?;
        tx.commit().await?;
        self.connected_account(caller, id).await
    }

    pub(crate) fn account_view(&self, row: Row) -> ConnectedAccountView {
        let provider = self.catalogue.remembered(&row.provider, &row.entry_hash);
        let entry = provider.as_ref().map(|p| &p.entry);
        let idle_limit = entry.and_then(|e| e.refresh.idle_days).map(|days| Millis::from(days) * DAY);
        let active = row.status == ConnectedAccountStatus::Active;
        ConnectedAccountView {
            status_reason: status_reason(&row),
            reconnect_by: idle_limit.filter(|_| active && row.can_refresh).map(|limit| rfc3339(row.issued_at + limit)),
            id: row.id,
            provider: row.provider,
            provider_config: row.config_key,
            label: row.label,
            status: row.status,
            end_user: EndUserView { row: None, ..row.end_user },
            provider_account: row.provider_account,
            scopes: row.scopes,
            missing_scopes: row.missing_scopes,
            api_base_url: row.api_base_url.or_else(|| entry.and_then(|e| e.endpoints.api_base.clone())),
            expires_at: row.expires_at.filter(|_| active).map(rfc3339),
            last_refreshed_at: row.last_refreshed_at.map(rfc3339),
            last_used_at: row.last_used_at.map(rfc3339),
            created_at: rfc3339(row.created_at),
            metadata: row.metadata,
        }
    }
}

fn sharer(row: Row) -> Sharer {
    Sharer { id: row.id, end_user: row.end_user.id }
}

/// Why an account does not work, if it does not.
pub(crate) fn status_reason(row: &Row) -> Option<StatusReason> {
    let (code, at) = (row.status_reason?, row.status_at?);
    Some(StatusReason { code, detail: row.status_detail.clone().unwrap_or_default(), at: rfc3339(at) })
}

fn check_change(change: &AccountChange) -> Result<(), VaultError> {
    VaultError::check("The connected account is not changed.", mistakes(change))
}

/// What is wrong with a label and notes, by the member's name.
pub(crate) fn mistakes(change: &AccountChange) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    if change.label.iter().flatten().any(|l| l.chars().count() > 255 || !can_be_shown(l)) {
        fields.push(("label".to_owned(), "At most 255 characters that can be shown.".to_owned()));
    }
    let too_much = |m: &BTreeMap<String, String>| {
        m.len() > 50 || m.iter().any(|(k, v)| k.is_empty() || k.len() > 40 || v.len() > 500)
    };
    if change.metadata.as_ref().is_some_and(too_much) {
        fields.push((
            "metadata".to_owned(),
            "At most 50 members, names of 1 to 40 bytes, values of at most 500.".to_owned(),
        ));
    }
    fields
}
