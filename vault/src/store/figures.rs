//! Figures: what happened by the hour, and connected accounts by state.

use super::{Connection, Result, scope_sets};
use crate::clock::{HOUR, Millis};
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::ApplicationId;
use sqlx::{AssertSqlSafe, Row as _};

/// The types of events that are counted; the index `events_to_count` has the same.
macro_rules! counted {
    () => {
        "type IN ('token_set.refreshed', 'token_set.refresh_failed', 'connected_account.connected', \
         'connected_account.needs_reconnect', 'connected_account.revoked')"
    };
}

/// Takes a round that is due, for as long as it may take. Until when it has counted.
pub(crate) async fn take_round(db: &mut Connection, name: &str, until: Millis, now: Millis) -> Result<Option<Millis>> {
    let sql = "UPDATE figure_rounds SET due_at = $2 WHERE name = $1 AND due_at <= $3 RETURNING counted_at";
    let row = sqlx::query(sql).bind(name).bind(until).bind(now).fetch_optional(db).await?;
    row.map(|r| r.try_get("counted_at")).transpose()
}

pub(crate) async fn end_round(db: &mut Connection, name: &str, counted_at: Millis, due_at: Millis) -> Result<()> {
    let sql = "UPDATE figure_rounds SET counted_at = $2, due_at = $3 WHERE name = $1";
    sqlx::query(sql).bind(name).bind(counted_at).bind(due_at).execute(db).await.map(drop)
}

/// Up to when a round has counted; `None` before the first.
pub(crate) async fn counted_at(db: &mut Connection, name: &str) -> Result<Option<Millis>> {
    let row = sqlx::query("SELECT counted_at FROM figure_rounds WHERE name = $1").bind(name).fetch_one(db).await?;
    let at: Millis = row.try_get("counted_at")?;
    Ok((at > 0).then_some(at))
}

/// Counts the hours from `from` (the beginning of one) to `until` anew.
pub(crate) async fn count_hours(db: &mut Connection, from: Millis, until: Millis) -> Result<()> {
    let sql = concat!(
        "INSERT INTO hourly_figures (application_id, hour_at, event_type, counted) \
         SELECT application_id, created_at - created_at % 3600000, type, count(*) FROM events \
         WHERE created_at >= $1 AND created_at < $2 AND application_id IS NOT NULL AND ",
        counted!(),
        " GROUP BY application_id, created_at - created_at % 3600000, type ORDER BY 1, 2, 3 \
         ON CONFLICT (application_id, hour_at, event_type) DO UPDATE SET counted = excluded.counted"
    );
    sqlx::query(sql).bind(from).bind(until).execute(db).await.map(drop)
}

/// Forgets the hours before `at`.
pub(crate) async fn forget_hours(db: &mut Connection, at: Millis) -> Result<()> {
    sqlx::query("DELETE FROM hourly_figures WHERE hour_at < $1").bind(at).execute(db).await.map(drop)
}

/// Counts the connected accounts of every application.
pub(crate) async fn count_accounts(db: &mut Connection) -> Result<()> {
    sqlx::query("DELETE FROM account_figures").execute(&mut *db).await?;
    let sql = "INSERT INTO account_figures (application_id, status, counted) \
               SELECT application_id, status, count(*) FROM connected_accounts GROUP BY application_id, status";
    sqlx::query(sql).execute(&mut *db).await?;
    scope_sets::count(db).await
}

/// How often something happened since `from`, in steps of so many milliseconds: when the step began, what, how often.
pub(crate) async fn steps(
    db: &mut Connection,
    application: ApplicationId,
    (from, step): (Millis, Millis),
) -> Result<Vec<(Millis, String, i64)>> {
    let sql = "SELECT hour_at - (hour_at - $2) % $3 AS step_at, event_type, CAST(SUM(counted) AS BIGINT) AS counted \
               FROM hourly_figures WHERE application_id = $1 AND hour_at >= $2 GROUP BY 1, event_type";
    let rows = sqlx::query(sql).bind(application.to_string()).bind(from).bind(step.max(HOUR)).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("step_at")?, r.try_get("event_type")?, r.try_get("counted")?))).collect()
}

/// How often something happened from one time to another.
pub(crate) async fn sum(
    db: &mut Connection,
    application: ApplicationId,
    event_type: &str,
    (from, until): (Millis, Millis),
) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(counted), 0) AS BIGINT) AS counted FROM hourly_figures \
               WHERE application_id = $1 AND event_type = $2 AND hour_at >= $3 AND hour_at < $4";
    let query = sqlx::query(sql).bind(application.to_string()).bind(event_type).bind(from).bind(until);
    query.fetch_one(db).await?.try_get("counted")
}

/// Connected accounts with a status, counted up to `most`. Both stand in the text: bound, they are planned for any status
/// and any number, which is a scan of the table.
pub(crate) async fn accounts_up_to(
    db: &mut Connection,
    application: ApplicationId,
    status: ConnectedAccountStatus,
    most: i64,
) -> Result<i64> {
    let sql = format!(
        "SELECT count(*) AS counted FROM \
         (SELECT id FROM connected_accounts WHERE application_id = $1 AND status = '{status}' LIMIT {most}) AS few"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(application.to_string()).fetch_one(db).await?.try_get("counted")
}

/// What the last round has counted of a status.
pub(crate) async fn accounts_counted(
    db: &mut Connection,
    application: ApplicationId,
    status: &str,
) -> Result<Option<i64>> {
    let sql = "SELECT counted FROM account_figures WHERE application_id = $1 AND status = $2";
    let row = sqlx::query(sql).bind(application.to_string()).bind(status).fetch_optional(db).await?;
    row.map(|r| r.try_get("counted")).transpose()
}

/// Revocations that the provider has not answered, without those of connection tests, counted up to `most`.
pub(crate) async fn pending_revocations(db: &mut Connection, application: ApplicationId, most: i64) -> Result<i64> {
    let sql = "SELECT count(*) AS counted FROM (SELECT id FROM token_sets \
               WHERE provider_revocation = 'pending' AND application_id = $1 AND tests_at IS NULL LIMIT $2) AS few";
    sqlx::query(sql).bind(application.to_string()).bind(most).fetch_one(db).await?.try_get("counted")
}

/// Keys of provider configs whose client's secret ends before `at`, with its end.
pub(crate) async fn ending_secrets(
    db: &mut Connection,
    application: ApplicationId,
    at: Millis,
) -> Result<Vec<(String, Millis)>> {
    let sql = "SELECT p.key, c.secret_expires_at FROM provider_configs p JOIN clients c ON c.id = p.current_client_id \
               WHERE p.application_id = $1 AND p.removed_at IS NULL AND c.secret_expires_at < $2 \
               ORDER BY c.secret_expires_at LIMIT 20";
    let rows = sqlx::query(sql).bind(application.to_string()).bind(at).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("key")?, r.try_get("secret_expires_at")?))).collect()
}

/// Whether a connect session was opened by somebody whose id begins so: `key_`, `per_`.
pub(crate) async fn opened_by(db: &mut Connection, application: ApplicationId, prefix: &str) -> Result<bool> {
    // Asked for only while the application is new: it has few sessions then.
    let sql = "SELECT id FROM connect_sessions WHERE application_id = $1 AND tests_at IS NULL AND substr(created_by, 1, 4) = $2 LIMIT 1";
    Ok(sqlx::query(sql).bind(application.to_string()).bind(prefix).fetch_optional(db).await?.is_some())
}
