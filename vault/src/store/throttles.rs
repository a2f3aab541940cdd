//! Attempts counted over a window, shared by all servers.

use super::{Connection, Result};
use crate::clock::Millis;
use sqlx::Row as _;

/// Counts one attempt and says how many there are now in this window, and when it began.
pub(crate) async fn count(db: &mut Connection, key: &str, now: Millis, window: Millis) -> Result<(i64, Millis)> {
    let sql = "INSERT INTO throttles (key, window_started_at, attempts) VALUES ($1, $2, 1) \
               ON CONFLICT (key) DO UPDATE SET \
                 attempts = CASE WHEN throttles.window_started_at > $3 THEN throttles.attempts + 1 ELSE 1 END, \
                 window_started_at = CASE WHEN throttles.window_started_at > $3 THEN throttles.window_started_at ELSE $2 END \
               RETURNING attempts, window_started_at";
    let row = sqlx::query(sql).bind(key).bind(now).bind(now - window).fetch_one(db).await?;
    Ok((row.try_get("attempts")?, row.try_get("window_started_at")?))
}

pub(crate) async fn forget(db: &mut Connection, key: &str) -> Result<()> {
    sqlx::query("DELETE FROM throttles WHERE key = $1").bind(key).execute(db).await.map(drop)
}

pub(crate) async fn forget_older_than(db: &mut Connection, at: Millis) -> Result<u64> {
    let done = sqlx::query("DELETE FROM throttles WHERE window_started_at < $1").bind(at).execute(db).await?;
    Ok(done.rows_affected())
}
