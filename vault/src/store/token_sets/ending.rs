//! Token sets that no longer count: superseded, revoked, erased.

use super::super::{Connection, Result, parsed};
use super::{Row, row};
use crate::clock::Millis;
use model::connected_accounts::ProviderRevocation;
use model::ids::{ClientId, TokenSetId};

/// A later consent of the same provider's user ended it.
pub(crate) async fn set_superseded(db: &mut Connection, id: TokenSetId, now: Millis) -> Result<()> {
    let sql = "UPDATE token_sets SET superseded_at = $2 WHERE id = $1 AND superseded_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// It counts, whatever was thought before.
pub(crate) async fn set_current(db: &mut Connection, id: TokenSetId) -> Result<()> {
    sqlx::query("UPDATE token_sets SET superseded_at = NULL WHERE id = $1")
        .bind(id.to_string())
        .execute(db)
        .await
        .map(drop)
}

/// A connection test brought it: it counts nowhere, and its refreshes are no end user's.
pub(crate) async fn set_tested(db: &mut Connection, id: TokenSetId, now: Millis) -> Result<()> {
    sqlx::query("UPDATE token_sets SET tests_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute(db)
        .await
        .map(drop)
}

/// A connection test brought it, and accounts have come to stand on it: it is theirs.
pub(crate) async fn set_in_use(db: &mut Connection, id: TokenSetId) -> Result<()> {
    sqlx::query("UPDATE token_sets SET tests_at = NULL WHERE id = $1").bind(id.to_string()).execute(db).await.map(drop)
}

/// Erases the tokens of sets that were superseded before `at`: by then it is known which of two counts.
pub(crate) async fn forget_superseded(db: &mut Connection, at: Millis, now: Millis) -> Result<u64> {
    let sql = "UPDATE token_sets SET access_token = NULL, refresh_token = NULL, spare = NULL, access_token_hash = NULL, \
               erased_at = $2, version = version + 1 WHERE superseded_at < $1 AND erased_at IS NULL \
               AND NOT EXISTS (SELECT 1 FROM connected_accounts a WHERE a.token_set_id = token_sets.id AND a.status = 'active')";
    Ok(sqlx::query(sql).bind(at).bind(now).execute(db).await?.rows_affected())
}

/// A newer consent drops what was still to be revoked: at the provider it would end the new one too.
pub(crate) async fn drop_pending_revocations(db: &mut Connection, client: ClientId, user: &str) -> Result<()> {
    let sql = "UPDATE token_sets SET provider_revocation = 'kept_for_other_accounts' \
               WHERE client_id = $1 AND provider_user_id = $2 AND provider_revocation = 'pending'";
    sqlx::query(sql).bind(client.to_string()).bind(user).execute(db).await.map(drop)
}

/// No token of it is handed out from here on.
pub(crate) async fn mark_revoked(
    db: &mut Connection,
    id: TokenSetId,
    provider: ProviderRevocation,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE token_sets SET revoked_at = COALESCE(revoked_at, $3), provider_revocation = $2, revocation_retry_at = $3 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(provider.as_str()).bind(now).execute(db).await.map(drop)
}

/// Sets the outcome of asking the provider, and when to ask again if it is still pending.
pub(crate) async fn set_revocation(
    db: &mut Connection,
    id: TokenSetId,
    outcome: ProviderRevocation,
    retry_at: Option<Millis>,
) -> Result<()> {
    let sql = "UPDATE token_sets SET provider_revocation = $2, revocation_attempts = revocation_attempts + 1, revocation_retry_at = $3 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(outcome.as_str()).bind(retry_at).execute(db).await.map(drop)
}

/// Revoked token sets whose provider has not answered and is due to be asked.
pub(crate) async fn revocations_due(db: &mut Connection, now: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM token_sets WHERE provider_revocation = 'pending' AND revocation_retry_at <= $1 ORDER BY revocation_retry_at LIMIT $2"
    );
    sqlx::query(sql).bind(now).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// Erases the tokens; the row stays for the record.
pub(crate) async fn forget_tokens(db: &mut Connection, id: TokenSetId, now: Millis) -> Result<()> {
    let sql = "UPDATE token_sets SET access_token = NULL, refresh_token = NULL, spare = NULL, access_token_hash = NULL, \
               erased_at = $2, version = version + 1 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// Token sets of a client that are neither revoked nor erased.
pub(crate) async fn live_of_client(db: &mut Connection, client: ClientId, limit: i64) -> Result<Vec<TokenSetId>> {
    let sql = "SELECT id FROM token_sets WHERE client_id = $1 AND revoked_at IS NULL AND erased_at IS NULL ORDER BY id LIMIT $2";
    let rows = sqlx::query(sql).bind(client.to_string()).bind(limit).fetch_all(db).await?;
    rows.iter().map(|r| parsed(r, "id")).collect()
}

/// Whether there is any that holds tokens.
pub(crate) async fn are_there(db: &mut Connection) -> Result<bool> {
    let sql = "SELECT id FROM token_sets WHERE erased_at IS NULL LIMIT 1";
    Ok(sqlx::query(sql).fetch_optional(db).await?.is_some())
}

/// Erases all tokens of the database, and drops what was still to be revoked: they belong to its original.
pub(crate) async fn forget_all(db: &mut Connection, now: Millis) -> Result<()> {
    let sql = "UPDATE token_sets SET access_token = NULL, refresh_token = NULL, spare = NULL, access_token_hash = NULL, \
               erased_at = $1, version = version + 1, provider_revocation = CASE WHEN provider_revocation = 'pending' \
               THEN 'kept_for_other_accounts' ELSE provider_revocation END WHERE erased_at IS NULL";
    sqlx::query(sql).bind(now).execute(db).await.map(drop)
}
