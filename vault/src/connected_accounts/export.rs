//! Connected accounts as a file: read part by part, so that memory does not grow with them.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::connected_accounts::Filter;
use crate::text::csv_cell;
use model::connected_accounts::ConnectedAccountView;
use model::ids::ConnectedAccountId;
use model::people::Role;
use serde_json::json;

/// So many are held in memory at once.
const PART: i64 = 500;

const HEAD: &str = "id,end_user_id,end_user_name,end_user_email,end_user_group,provider,provider_config,provider_user_id,\
                    provider_user_name,provider_user_email,label,status,status_reason,scopes,created_at,last_refreshed_at,\
                    last_used_at\r\n";

/// An export under way. [`AccountExport::next`] gives it piece by piece.
pub struct AccountExport {
    vault: Vault,
    caller: ApplicationCaller,
    filter: Filter,
    after: Option<ConnectedAccountId>,
    begun: bool,
    ended: bool,
}

impl Vault {
    /// Exports the connected accounts that a filter lets through, newest first, as CSV (RFC 4180). Who took them away stands
    /// in the audit log before the first line leaves.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn export_connected_accounts(
        &self,
        caller: &ApplicationCaller,
        filter: Filter,
    ) -> Result<AccountExport, VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let event = Event::by(caller, "application.accounts_exported", caller.application);
        // A filter may hold names and addresses: they are erased with the person.
        let personal = json!({ "filter": filter });
        let event = event.detail(json!({ "filtered": !filter.is_empty() })).personal(personal);
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        let (vault, caller) = (self.clone(), caller.clone());
        Ok(AccountExport { vault, caller, filter, after: None, begun: false, ended: false })
    }
}

impl AccountExport {
    /// The next piece; `None` after the last. No connection is held in between, however slowly somebody reads.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<String>, VaultError> {
        if self.ended {
            return Ok(None);
        }
        let (rows, more) = self.vault.next_accounts(&self.caller, &self.filter, self.after, PART).await?;
        self.after = rows.last().map(|row| row.id);
        self.ended = !more || rows.is_empty();
        let mut piece = if self.begun { String::new() } else { HEAD.to_owned() };
        self.begun = true;
        let mut db = self.vault.store.connection().await?;
        for account in self.vault.account_views(&mut db, rows).await? {
            push(&mut piece, account);
        }
        Ok(Some(piece))
    }
}

fn push(piece: &mut String, account: ConnectedAccountView) {
    let (whose, there) = (account.end_user, account.provider_account);
    let cells = [
        Some(account.id.to_string()),
        Some(whose.id),
        whose.name,
        whose.email,
        whose.group,
        Some(account.provider),
        Some(account.provider_config),
        there.id,
        there.name,
        there.email,
        account.label,
        Some(account.status.to_string()),
        account.status_reason.map(|reason| reason.code.to_string()),
        Some(account.scopes.join(" ")),
        Some(account.created_at),
        account.last_refreshed_at,
        account.last_used_at,
    ];
    let cells: Vec<_> = cells.into_iter().map(|cell| csv_cell(&cell.unwrap_or_default())).collect();
    piece.push_str(&cells.join(","));
    piece.push_str("\r\n");
}
