//! What is known of an end user, taken out of every table.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, ConnectSessionId, EndUserId};
use sqlx::Row as _;

/// Takes what the developer said of the end user, who from here on is not known any more: the same id is somebody new. Gives
/// the row, unless there is none.
pub(crate) async fn begin(
    db: &mut Connection,
    application: ApplicationId,
    external_id: &str,
    now: Millis,
) -> Result<Option<EndUserId>> {
    let sql = "UPDATE end_users SET external_id = 'erased-' || id, name = NULL, email = NULL, end_user_group = NULL, \
               erased_at = $3, updated_at = $3 WHERE application_id = $1 AND external_id = $2 AND erased_at IS NULL RETURNING id";
    let query = sqlx::query(sql).bind(application.to_string()).bind(external_id).bind(now);
    query.fetch_optional(db).await?.map(|r| parsed(&r, "id")).transpose()
}

/// The end user's connect sessions that have not ended.
pub(crate) async fn open_sessions(db: &mut Connection, id: EndUserId) -> Result<Vec<ConnectSessionId>> {
    let sql = "SELECT id FROM connect_sessions WHERE end_user_id = $1 AND status IN ('open', 'awaiting_confirmation')";
    let rows = sqlx::query(sql).bind(id.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| parsed(r, "id")).collect()
}

/// Takes what developers and providers said in accounts, sessions and attempts, and all links. Accounts must be revoked.
pub(crate) async fn details(db: &mut Connection, id: EndUserId) -> Result<()> {
    for sql in [
        "UPDATE connected_accounts SET provider_user_name = NULL, provider_user_email = NULL, label = NULL, metadata = '{}' \
         WHERE end_user_id = $1",
        "UPDATE connect_sessions SET metadata = '{}', confirmation_code = NULL WHERE end_user_id = $1",
        "UPDATE attempts SET provider_user_name = NULL, provider_user_email = NULL \
         WHERE connect_session_id IN (SELECT id FROM connect_sessions WHERE end_user_id = $1)",
        "DELETE FROM manage_links WHERE end_user_id = $1",
    ] {
        sqlx::query(sql).bind(id.to_string()).execute(&mut *db).await?;
    }
    Ok(())
}

/// Takes the personal fields of events about the end user, its accounts and its sessions, and their salts, so that nobody can
/// try out what they were. Their digests stay, and with them the chain. Gives how many events had any.
pub(crate) async fn events(db: &mut Connection, application: ApplicationId, id: EndUserId) -> Result<u64> {
    let sql = "UPDATE events SET personal = NULL, personal_salt = $3 WHERE personal IS NOT NULL AND application_id = $1 \
               AND target IN (SELECT $2 UNION ALL SELECT id FROM connected_accounts WHERE end_user_id = $2 \
                              UNION ALL SELECT id FROM connect_sessions WHERE end_user_id = $2)";
    let query = sqlx::query(sql).bind(application.to_string()).bind(id.to_string()).bind(Vec::<u8>::new());
    let events = query.execute(&mut *db).await?.rows_affected();
    let sql = "UPDATE event_lines SET personal = NULL, personal_salt = NULL WHERE personal IS NOT NULL \
               AND target IN (SELECT id FROM connected_accounts WHERE end_user_id = $1)";
    Ok(events + sqlx::query(sql).bind(id.to_string()).execute(db).await?.rows_affected())
}

/// Takes the personal fields of events about one account or session.
pub(crate) async fn personal_of(db: &mut Connection, target: &str) -> Result<()> {
    let sql = "UPDATE events SET personal = NULL, personal_salt = $2 WHERE target = $1 AND personal IS NOT NULL";
    sqlx::query(sql).bind(target).bind(Vec::<u8>::new()).execute(&mut *db).await?;
    let sql = "UPDATE event_lines SET personal = NULL, personal_salt = NULL WHERE target = $1 AND personal IS NOT NULL";
    sqlx::query(sql).bind(target).execute(db).await.map(drop)
}

/// What webhook endpoints were or will be told of the end user's accounts and sessions.
pub(crate) async fn deliveries(db: &mut Connection, id: EndUserId) -> Result<Vec<(String, String)>> {
    let sql = "SELECT id, body FROM deliveries \
               WHERE connected_account_id IN (SELECT id FROM connected_accounts WHERE end_user_id = $1) \
               UNION ALL SELECT d.id, d.body FROM connect_sessions s JOIN events e ON e.target = s.id \
               JOIN deliveries d ON d.event_id = e.id WHERE s.end_user_id = $1";
    let rows = sqlx::query(sql).bind(id.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("id")?, r.try_get("body")?))).collect()
}

pub(crate) async fn set_delivery_body(db: &mut Connection, id: &str, body: &str) -> Result<()> {
    sqlx::query("UPDATE deliveries SET body = $2 WHERE id = $1").bind(id).bind(body).execute(db).await.map(drop)
}

/// Events with personal fields about many at once: who exported or revoked by which filter.
pub(crate) async fn filters(db: &mut Connection, application: ApplicationId) -> Result<Vec<(String, String)>> {
    let sql = "SELECT id, personal FROM events WHERE application_id = $1 AND personal IS NOT NULL AND type IN \
               ('application.accounts_exported', 'bulk_revocation.requested', 'bulk_revocation.started', \
                'bulk_revocation.confirmed', 'bulk_revocation.finished', 'bulk_revocation.stopped', 'bulk_revocation.expired') \
               AND substr(type, 1, 10) <> 'token_set.'";
    let rows = sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("id")?, r.try_get("personal")?))).collect()
}

/// Takes the personal fields of one event.
pub(crate) async fn event(db: &mut Connection, id: &str) -> Result<()> {
    let sql = "UPDATE events SET personal = NULL, personal_salt = $2 WHERE id = $1";
    sqlx::query(sql).bind(id).bind(Vec::<u8>::new()).execute(db).await.map(drop)
}

/// Filters of an application's bulk revocations, as JSON.
pub(crate) async fn bulk_filters(db: &mut Connection, application: ApplicationId) -> Result<Vec<(String, String)>> {
    let sql = "SELECT id, filter FROM bulk_revocations WHERE application_id = $1 AND ended_at IS NOT NULL";
    let rows = sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("id")?, r.try_get("filter")?))).collect()
}

pub(crate) async fn set_bulk_filter(db: &mut Connection, id: &str, filter: &str) -> Result<()> {
    let sql = "UPDATE bulk_revocations SET filter = $2 WHERE id = $1";
    sqlx::query(sql).bind(id).bind(filter).execute(db).await.map(drop)
}

/// Erasures that wait for nothing but this: no revocation at a provider is open any more.
pub(crate) async fn due(db: &mut Connection, limit: i64) -> Result<Vec<EndUserId>> {
    let sql = "SELECT id FROM end_users e WHERE erased_at IS NOT NULL AND erasure_finished_at IS NULL AND NOT EXISTS \
               (SELECT 1 FROM connected_accounts a WHERE a.end_user_id = e.id AND a.provider_revocation = 'pending') \
               ORDER BY id LIMIT $1";
    let rows = sqlx::query(sql).bind(limit).fetch_all(db).await?;
    rows.iter().map(|r| parsed(r, "id")).collect()
}

/// Takes the provider's own ids of its user, which nothing is asked by any more.
pub(crate) async fn finish(db: &mut Connection, id: EndUserId, now: Millis) -> Result<()> {
    for sql in [
        "UPDATE token_sets SET provider_user_id = NULL, answer_metadata = '{}' WHERE erased_at IS NOT NULL AND id IN \
         (SELECT token_set_id FROM connected_accounts WHERE end_user_id = $1)",
        "UPDATE connected_accounts SET provider_user_id = NULL, provider_tenant_id = NULL WHERE end_user_id = $1",
        "UPDATE attempts SET provider_user_id = NULL, provider_tenant_id = NULL \
         WHERE connect_session_id IN (SELECT id FROM connect_sessions WHERE end_user_id = $1)",
    ] {
        sqlx::query(sql).bind(id.to_string()).execute(&mut *db).await?;
    }
    let sql = "UPDATE end_users SET erasure_finished_at = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}
