//! What connected accounts are: states, their reasons, and the provider's part of a revocation.

use super::super::{Connection, Result, parsed, scope_sets};
use crate::clock::Millis;
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use model::ids::{ApplicationId, ConnectedAccountId, TokenSetId};

/// Sets status and reason, unless it is revoked, which is final.
pub(crate) async fn set_status(
    db: &mut Connection,
    id: ConnectedAccountId,
    status: ConnectedAccountStatus,
    reason: StatusReasonCode,
    detail: &str,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE connected_accounts SET status = $2, status_reason = $3, status_detail = $4, status_at = $5, updated_at = $5 \
               WHERE id = $1 AND status <> 'revoked'";
    let query =
        sqlx::query(sql).bind(id.to_string()).bind(status.as_str()).bind(reason.as_str()).bind(detail).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// All active accounts of a token set need their end user.
pub(crate) async fn set_needs_reconnect(
    db: &mut Connection,
    token_set: TokenSetId,
    reason: StatusReasonCode,
    detail: &str,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE connected_accounts SET status = 'needs_reconnect', status_reason = $2, status_detail = $3, status_at = $4, \
               updated_at = $4 WHERE token_set_id = $1 AND status = 'active'";
    let query = sqlx::query(sql).bind(token_set.to_string()).bind(reason.as_str()).bind(detail).bind(now);
    query.execute(db).await.map(drop)
}

/// New tokens are stored: active accounts have their scopes, and those work again whose version was given up. Gives these.
pub(crate) async fn revive(
    db: &mut Connection,
    token_set: TokenSetId,
    scopes: &[String],
    now: Millis,
) -> Result<Vec<ConnectedAccountId>> {
    let sql = "UPDATE connected_accounts SET status = 'active', status_reason = NULL, status_detail = NULL, status_at = NULL, \
               updated_at = $2 WHERE token_set_id = $1 AND status = 'needs_reconnect' \
               AND status_reason IN ('refresh_rejected', 'refresh_interrupted') RETURNING id";
    let rows = sqlx::query(sql).bind(token_set.to_string()).bind(now).fetch_all(&mut *db).await?;
    let sql = "UPDATE connected_accounts SET scopes = $2, updated_at = $3, scope_set = $4 \
               WHERE token_set_id = $1 AND status = 'active'";
    let query = sqlx::query(sql).bind(token_set.to_string()).bind(scopes.join(" ")).bind(now);
    query.bind(scope_sets::id(scopes)).execute(db).await?;
    rows.iter().map(|r| parsed(r, "id")).collect()
}

pub(crate) async fn set_provider_revocation(
    db: &mut Connection,
    token_set: TokenSetId,
    outcome: ProviderRevocation,
) -> Result<()> {
    let sql = "UPDATE connected_accounts SET provider_revocation = $2 \
               WHERE token_set_id = $1 AND status = 'revoked' AND provider_revocation = 'pending'";
    sqlx::query(sql).bind(token_set.to_string()).bind(outcome.as_str()).execute(db).await.map(drop)
}

pub(crate) async fn set_revocation_of(
    db: &mut Connection,
    id: ConnectedAccountId,
    outcome: ProviderRevocation,
) -> Result<()> {
    let sql = "UPDATE connected_accounts SET provider_revocation = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(outcome.as_str()).execute(db).await.map(drop)
}

/// All active accounts of the database, with their applications.
pub(crate) async fn active_ones(db: &mut Connection) -> Result<Vec<(ApplicationId, ConnectedAccountId)>> {
    let sql = "SELECT application_id, id FROM connected_accounts WHERE status = 'active'";
    let rows = sqlx::query(sql).fetch_all(db).await?;
    rows.iter().map(|r| Ok((parsed(r, "application_id")?, parsed(r, "id")?))).collect()
}

/// Every active account of the database needs its end user.
pub(crate) async fn end_all(db: &mut Connection, code: StatusReasonCode, detail: &str, now: Millis) -> Result<()> {
    let sql = "UPDATE connected_accounts SET status = 'needs_reconnect', status_reason = $1, status_detail = $2, \
               status_at = $3, updated_at = $3 WHERE status = 'active'";
    sqlx::query(sql).bind(code.as_str()).bind(detail).bind(now).execute(db).await.map(drop)
}
