//! What is in the way of an import. Of another end user nothing is said but that.

use super::NewImport;
use crate::caller::ApplicationCaller;
use crate::catalogue::Provider;
use crate::error::VaultError;
use crate::store::token_sets::{self, Held, InTheWay};
use crate::store::{Connection, Tx, end_users};
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::{ConnectedAccountId, EndUserId};

/// Refuses tokens that were imported before, and a refresh token that another application renews.
pub(super) async fn refuse_known(
    db: &mut Connection,
    caller: &ApplicationCaller,
    new: &NewImport,
) -> Result<(), VaultError> {
    let (hash, application) = (new.tokens_sha256(), caller.application);
    if let Some(before) = token_sets::imported_before(db, application, &hash).await? {
        return Err(same_tokens(db, caller, new, &before).await?);
    }
    if new.refresh_token.is_some() && token_sets::is_imported_elsewhere(db, application, &hash).await? {
        let detail = "Another application of your organization has imported this refresh token and renews it. Two that renew one \
                      refresh token lose it to each other: have the end user connect here by a connect session, or revoke the \
                      other account and connect anew.";
        return Err(already(detail.to_owned(), Vec::new()));
    }
    Ok(())
}

/// Why tokens are refused that another import has just taken in.
pub(super) async fn known(tx: &mut Tx, caller: &ApplicationCaller, new: &NewImport) -> Result<VaultError, VaultError> {
    let before = token_sets::imported_before(tx, caller.application, &new.tokens_sha256()).await?;
    match before {
        Some(before) => same_tokens(tx, caller, new, &before).await,
        None => Ok(already("These tokens have just been imported.".to_owned(), Vec::new())),
    }
}

async fn same_tokens(
    db: &mut Connection,
    caller: &ApplicationCaller,
    new: &NewImport,
    before: &InTheWay,
) -> Result<VaultError, VaultError> {
    let own = end_users::by_external_id(db, caller.application, &new.end_user.id).await?;
    if own != Some(before.end_user) {
        return Ok(already("These tokens were imported already, for another end user.".to_owned(), Vec::new()));
    }
    let id = before.account;
    let detail = match before.status {
        ConnectedAccountStatus::Revoked => format!(
            "These tokens were imported already, as {id}, which is revoked since: that is final. The end user can connect anew."
        ),
        _ => format!("These tokens were imported already, as {id}."),
    };
    Ok(already(detail, vec![id]))
}

/// Refuses a provider's user who is connected already, or whose revocation the provider is still to be told.
pub(super) async fn refuse_taken(
    tx: &mut Tx,
    provider: &Provider,
    tokens: &token_sets::New,
    end_user: EndUserId,
    user: &str,
) -> Result<(), VaultError> {
    let name = &provider.entry.name;
    let accounts = token_sets::accounts_of_user(tx, tokens.provider_config_id, user, tokens.id).await?;
    let own: Vec<_> = accounts.iter().filter(|a| a.end_user == end_user).map(|a| a.account).collect();
    if let Some(id) = own.first() {
        let detail = format!(
            "This end user has connected this {name} account already, as {id}: the tokens are not imported, and nothing is revoked at {name}. \
             If that account no longer works, send a reconnect link."
        );
        return Err(already(detail, own));
    }
    let held = token_sets::held_of_user(tx, tokens.client_id, user, tokens.id).await?;
    if !accounts.is_empty() || held == Held::Tokens {
        let detail = format!(
            "The {name} account that these tokens belong to is connected already, though not for this end user: the tokens are not imported, \
             and nothing is revoked at {name}. The end user can connect by a connect session."
        );
        return Err(already(detail, Vec::new()));
    }
    if held == Held::PendingRevocation {
        let detail = format!(
            "A connected account of the same {name} user was revoked, and {name} has not answered yet: these tokens may end with it. \
             Import them again later, or have the end user connect by a connect session."
        );
        return Err(VaultError::Conflict { code: "conflict", detail });
    }
    Ok(())
}

fn already(detail: String, accounts: Vec<ConnectedAccountId>) -> VaultError {
    VaultError::AlreadyConnected { detail, accounts }
}
