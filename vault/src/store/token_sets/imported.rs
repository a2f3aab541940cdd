//! Token sets that an import brought.

use super::super::{Connection, Result, parsed};
use super::{New, Row, row};
use crate::clock::Millis;
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::{ApplicationId, ClientId, ConnectedAccountId, EndUserId, ProviderConfigId, TokenSetId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// What an import brings, sealed for its row.
pub(crate) struct Imported {
    pub(crate) access_token: Option<Vec<u8>>,
    pub(crate) access_token_hash: Option<Vec<u8>>,
    pub(crate) refresh_token: Option<Vec<u8>>,
    /// By what the same tokens are known again.
    pub(crate) hash: [u8; 32],
    /// The account that is made of it.
    pub(crate) account: ConnectedAccountId,
    /// The provider's user, if the provider has said who it is.
    pub(crate) provider_user: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) issued_at: Millis,
    pub(crate) expires_at: Option<Millis>,
    pub(crate) keep_alive_at: Option<Millis>,
    /// From when on the provider is asked whose the tokens are, once it has refreshed them.
    pub(crate) identity_due_at: Option<Millis>,
}

/// Stores imported tokens; `false` when the application has imported the same ones before.
pub(crate) async fn put_imported(db: &mut Connection, new: &New, tokens: &Imported, now: Millis) -> Result<bool> {
    let sql = "INSERT INTO token_sets (id, application_id, provider_config_id, client_id, provider_user_id, access_token, \
               access_token_hash, refresh_token, token_type, scopes, granted_at, issued_at, expires_at, created_at, \
               keep_alive_at, imported_hash, imported_as, identity_due_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'Bearer', $9, $10, $11, $12, $13, $14, $15, $16, $17) \
               ON CONFLICT DO NOTHING";
    let query = sqlx::query(sql).bind(new.id.to_string()).bind(new.application_id.to_string());
    let query = query.bind(new.provider_config_id.to_string()).bind(new.client_id.to_string());
    let query = query.bind(tokens.provider_user.as_deref()).bind(tokens.access_token.as_deref());
    let query = query.bind(tokens.access_token_hash.as_deref()).bind(tokens.refresh_token.as_deref());
    let query = query.bind(tokens.scopes.join(" ")).bind(new.granted_at).bind(tokens.issued_at);
    let query = query.bind(tokens.expires_at).bind(now).bind(tokens.keep_alive_at).bind(tokens.hash.as_slice());
    let query = query.bind(tokens.account.to_string()).bind(tokens.identity_due_at);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// An account that is in the way of an import.
pub(crate) struct InTheWay {
    pub(crate) account: ConnectedAccountId,
    pub(crate) end_user: EndUserId,
    pub(crate) status: ConnectedAccountStatus,
}

/// The account of an earlier import of the same tokens.
pub(crate) async fn imported_before(
    db: &mut Connection,
    application: ApplicationId,
    hash: &[u8; 32],
) -> Result<Option<InTheWay>> {
    let sql = "SELECT a.id, a.end_user_id, a.status FROM token_sets t JOIN connected_accounts a ON a.id = t.imported_as \
               WHERE t.application_id = $1 AND t.imported_hash = $2";
    let query = sqlx::query(sql).bind(application.to_string()).bind(hash.as_slice());
    query.fetch_optional(db).await?.as_ref().map(in_the_way).transpose()
}

/// Whether another application of the same organization holds tokens that it imported as the same ones.
pub(crate) async fn is_imported_elsewhere(
    db: &mut Connection,
    application: ApplicationId,
    hash: &[u8; 32],
) -> Result<bool> {
    let sql = "SELECT t.id FROM token_sets t JOIN applications theirs ON theirs.id = t.application_id \
               JOIN applications ours ON ours.organization_id = theirs.organization_id AND ours.id = $1 \
               WHERE t.imported_hash = $2 AND t.application_id <> $1 AND t.revoked_at IS NULL AND t.superseded_at IS NULL \
               AND t.needs_reconnect_at IS NULL AND t.erased_at IS NULL LIMIT 1";
    let query = sqlx::query(sql).bind(application.to_string()).bind(hash.as_slice());
    Ok(query.fetch_optional(db).await?.is_some())
}

/// Accounts of a provider's user that are not revoked, other than those on `but`.
pub(crate) async fn accounts_of_user(
    db: &mut Connection,
    config: ProviderConfigId,
    user: &str,
    but: TokenSetId,
) -> Result<Vec<InTheWay>> {
    let sql = "SELECT id, end_user_id, status FROM connected_accounts WHERE provider_config_id = $1 \
               AND provider_user_id = $2 AND status <> 'revoked' AND token_set_id <> $3 ORDER BY id";
    let query = sqlx::query(sql).bind(config.to_string()).bind(user).bind(but.to_string());
    query.fetch_all(db).await?.iter().map(in_the_way).collect()
}

/// What a client holds of a provider's user beside one token set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Nothing,
    /// Tokens that live.
    Tokens,
    /// Tokens that are revoked here, which the provider is still to be told.
    PendingRevocation,
}

pub(crate) async fn held_of_user(db: &mut Connection, client: ClientId, user: &str, but: TokenSetId) -> Result<Held> {
    let sql = "SELECT revoked_at FROM token_sets WHERE client_id = $1 AND provider_user_id = $2 AND id <> $3 \
               AND erased_at IS NULL AND (provider_revocation = 'pending' OR (revoked_at IS NULL AND superseded_at IS NULL)) \
               ORDER BY revoked_at IS NULL DESC LIMIT 1";
    let query = sqlx::query(sql).bind(client.to_string()).bind(user).bind(but.to_string());
    let found = query.fetch_optional(db).await?;
    let revoked_at = found.map(|r| r.try_get::<Option<i64>, _>("revoked_at")).transpose()?;
    Ok(match revoked_at {
        None => Held::Nothing,
        Some(None) => Held::Tokens,
        Some(Some(_)) => Held::PendingRevocation,
    })
}

/// Imported tokens that the provider has refreshed since, that still work, and whose user it is to be asked about.
pub(crate) async fn to_identify(db: &mut Connection, now: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM token_sets WHERE identity_due_at <= $1 AND last_refreshed_at IS NOT NULL AND access_token IS NOT NULL \
         AND (expires_at IS NULL OR expires_at > $1) AND revoked_at IS NULL AND needs_reconnect_at IS NULL \
         ORDER BY identity_due_at LIMIT $2"
    );
    sqlx::query(sql).bind(now).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// When the provider is asked again whose the tokens are; `None` when it has said so.
pub(crate) async fn set_identity_due(db: &mut Connection, id: TokenSetId, due_at: Option<Millis>) -> Result<()> {
    let sql = "UPDATE token_sets SET identity_due_at = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(due_at).execute(db).await.map(drop)
}

/// Whether the provider is still to be asked whose the tokens are.
pub(crate) async fn is_identity_due(db: &mut Connection, id: TokenSetId) -> Result<bool> {
    let sql = "SELECT id FROM token_sets WHERE id = $1 AND identity_due_at IS NOT NULL";
    Ok(sqlx::query(sql).bind(id.to_string()).fetch_optional(db).await?.is_some())
}

/// No refresh is tried any more: the refresh token is not of the user whose account it stands for.
pub(crate) async fn give_up_imported(db: &mut Connection, id: TokenSetId, now: Millis) -> Result<()> {
    let sql = "UPDATE token_sets SET needs_reconnect_at = $2, identity_due_at = NULL WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

fn in_the_way(r: &AnyRow) -> Result<InTheWay> {
    Ok(InTheWay { account: parsed(r, "id")?, end_user: parsed(r, "end_user_id")?, status: parsed(r, "status")? })
}
