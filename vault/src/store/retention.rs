//! Deletes what is over and was kept long enough. Everything that names a row is looked after first.

use super::{Connection, Result, erasure, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, ConnectSessionId, ConnectedAccountId, OrganizationId, TokenSetId};
use sqlx::Row as _;

/// A revoked account with what it stood on.
pub(crate) struct Revoked {
    pub(crate) application: ApplicationId,
    pub(crate) id: ConnectedAccountId,
    pub(crate) token_set: TokenSetId,
}

/// Accounts that were revoked before then, of which neither a provider nor a webhook endpoint is to hear anything more.
pub(crate) async fn revoked_before(db: &mut Connection, at: Millis, limit: i64) -> Result<Vec<Revoked>> {
    let sql = "SELECT a.application_id, a.id, a.token_set_id FROM connected_accounts a WHERE a.status = 'revoked' AND a.status_at < $1 \
               AND (a.provider_revocation IS NULL OR a.provider_revocation <> 'pending') \
               AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.connected_account_id = a.id) \
               AND NOT EXISTS (SELECT 1 FROM connect_sessions s WHERE s.reconnect_id = a.id AND s.finished_at IS NULL) \
               ORDER BY a.status_at LIMIT $2";
    let rows = sqlx::query(sql).bind(at).bind(limit).fetch_all(db).await?;
    rows.iter()
        .map(|r| {
            let (application, id) = (parsed(r, "application_id")?, parsed(r, "id")?);
            Ok(Revoked { application, id, token_set: parsed(r, "token_set_id")? })
        })
        .collect()
}

/// Deletes a revoked account, and its token set once no other account stands on it.
pub(crate) async fn delete_account(db: &mut Connection, account: &Revoked) -> Result<()> {
    let (id, token_set) = (account.id.to_string(), account.token_set.to_string());
    erasure::personal_of(db, &id).await?;
    for sql in [
        "UPDATE attempts SET connected_account_id = NULL WHERE connected_account_id = $1",
        "UPDATE connect_sessions SET reconnect_id = NULL WHERE reconnect_id = $1",
        "DELETE FROM connected_accounts WHERE id = $1 AND status = 'revoked'",
    ] {
        sqlx::query(sql).bind(&id).execute(&mut *db).await?;
    }
    let sql = "SELECT id FROM token_sets WHERE id = $1 AND erased_at IS NOT NULL \
               AND NOT EXISTS (SELECT 1 FROM connected_accounts a WHERE a.token_set_id = token_sets.id) \
               AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.token_set_id = token_sets.id AND i.closed_at IS NULL)";
    if sqlx::query(sql).bind(&token_set).fetch_optional(&mut *db).await?.is_none() {
        return Ok(());
    }
    for sql in [
        "UPDATE attempts SET token_set_id = NULL WHERE token_set_id = $1",
        "DELETE FROM intents WHERE token_set_id = $1",
        "DELETE FROM token_sets WHERE id = $1",
    ] {
        sqlx::query(sql).bind(&token_set).execute(&mut *db).await?;
    }
    Ok(())
}

/// Connect sessions that ended before then, of which no code exchange is open and no delivery tells.
pub(crate) async fn sessions_ended_before(
    db: &mut Connection,
    at: Millis,
    limit: i64,
) -> Result<Vec<ConnectSessionId>> {
    let sql = "SELECT s.id FROM connect_sessions s WHERE s.finished_at < $1 \
               AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.connect_session_id = s.id AND \
                   (a.used_at IS NOT NULL AND a.finished_at IS NULL \
                    OR EXISTS (SELECT 1 FROM intents i WHERE i.attempt_id = a.id AND i.closed_at IS NULL))) \
               AND NOT EXISTS (SELECT 1 FROM events e JOIN deliveries d ON d.event_id = e.id WHERE e.target = s.id) \
               ORDER BY s.finished_at LIMIT $2";
    let rows = sqlx::query(sql).bind(at).bind(limit).fetch_all(db).await?;
    rows.iter().map(|r| parsed(r, "id")).collect()
}

/// Deletes a connect session with its attempts; the accounts that it brought stay.
pub(crate) async fn delete_session(db: &mut Connection, id: ConnectSessionId) -> Result<()> {
    let id = id.to_string();
    erasure::personal_of(db, &id).await?;
    for sql in [
        "DELETE FROM connection_tests WHERE id = $1",
        "DELETE FROM attempts WHERE connect_session_id = $1",
        "DELETE FROM connect_sessions WHERE id = $1 AND finished_at IS NOT NULL",
    ] {
        sqlx::query(sql).bind(&id).execute(&mut *db).await?;
    }
    Ok(())
}

/// An organization whose log has lines to forget: some checkpoint beyond those that are gone was signed before then.
pub(crate) async fn log_to_forget(db: &mut Connection, before: Millis) -> Result<Option<(OrganizationId, i64)>> {
    let sql = "SELECT c.organization_id, c.forgotten_seq FROM event_checkpoints p \
               JOIN event_chains c ON c.organization_id = p.organization_id \
               WHERE p.created_at < $1 AND p.seq > c.forgotten_seq ORDER BY p.created_at LIMIT 1";
    let row = sqlx::query(sql).bind(before).fetch_optional(db).await?;
    row.map(|r| Ok((parsed(&r, "organization_id")?, r.try_get("forgotten_seq")?))).transpose()
}

/// The place of the checkpoint to forget up to: the last one signed before then that is at most so many lines ahead, or else
/// the next.
pub(crate) async fn place_to_forget(
    db: &mut Connection,
    (of, after): (OrganizationId, i64),
    before: Millis,
    lines: i64,
) -> Result<Option<i64>> {
    let sql = "SELECT COALESCE(MAX(CASE WHEN seq <= $4 THEN seq END), MIN(seq)) AS place FROM event_checkpoints \
               WHERE organization_id = $1 AND seq > $2 AND created_at < $3";
    let query = sqlx::query(sql).bind(of.to_string()).bind(after).bind(before).bind(after + lines);
    query.fetch_one(db).await?.try_get("place")
}

/// Deletes the lines of a log up to the checkpoint at this place, and the checkpoints before it.
pub(crate) async fn forget_lines(db: &mut Connection, of: OrganizationId, place: i64) -> Result<()> {
    for sql in [
        "DELETE FROM delivery_attempts WHERE delivery_id IN (SELECT d.id FROM deliveries d JOIN events e ON e.id = d.event_id \
         WHERE e.organization_id = $1 AND e.seq <= $2)",
        "DELETE FROM deliveries WHERE event_id IN (SELECT id FROM events WHERE organization_id = $1 AND seq <= $2)",
        "DELETE FROM event_lines WHERE event_id IN (SELECT id FROM events WHERE organization_id = $1 AND seq <= $2)",
        "DELETE FROM events WHERE organization_id = $1 AND seq <= $2",
        "DELETE FROM event_checkpoints WHERE organization_id = $1 AND seq < $2",
        "UPDATE event_chains SET forgotten_seq = $2 WHERE organization_id = $1",
    ] {
        sqlx::query(sql).bind(of.to_string()).bind(place).execute(&mut *db).await?;
    }
    Ok(())
}

/// Up to which place the log of an application's organization is gone.
pub(crate) async fn forgotten_seq(db: &mut Connection, application: ApplicationId) -> Result<i64> {
    let sql = "SELECT c.forgotten_seq FROM event_chains c JOIN applications a ON a.organization_id = c.organization_id WHERE a.id = $1";
    let row = sqlx::query(sql).bind(application.to_string()).fetch_optional(db).await?;
    row.map_or(Ok(0), |r| r.try_get("forgotten_seq"))
}
