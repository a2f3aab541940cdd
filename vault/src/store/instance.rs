//! What the database knows of itself.

use super::{Connection, Result};
use crate::clock::Millis;
use sqlx::Row as _;

pub(crate) struct Row {
    pub(crate) public_url: String,
    pub(crate) founded_at: Option<Millis>,
    pub(crate) set_up_code_hash: Option<Vec<u8>>,
    pub(crate) set_up_code_expires_at: Option<Millis>,
    pub(crate) quarantined_at: Option<Millis>,
    pub(crate) quarantine_reason: Option<String>,
}

pub(crate) async fn get(db: &mut Connection) -> Result<Option<Row>> {
    let sql = "SELECT public_url, founded_at, set_up_code_hash, set_up_code_expires_at, quarantined_at, quarantine_reason \
               FROM instance WHERE only_row = 1";
    let row = sqlx::query(sql).fetch_optional(db).await?;
    row.map(|r| {
        Ok(Row {
            public_url: r.try_get("public_url")?,
            founded_at: r.try_get("founded_at")?,
            set_up_code_hash: r.try_get("set_up_code_hash")?,
            set_up_code_expires_at: r.try_get("set_up_code_expires_at")?,
            quarantined_at: r.try_get("quarantined_at")?,
            quarantine_reason: r.try_get("quarantine_reason")?,
        })
    })
    .transpose()
}

/// Does nothing when the row is there.
pub(crate) async fn insert(db: &mut Connection, public_url: &str, now: Millis) -> Result<()> {
    let sql =
        "INSERT INTO instance (only_row, public_url, created_at) VALUES (1, $1, $2) ON CONFLICT (only_row) DO NOTHING";
    sqlx::query(sql).bind(public_url).bind(now).execute(db).await.map(drop)
}

pub(crate) async fn set_public_url(db: &mut Connection, public_url: &str) -> Result<()> {
    let sql = "UPDATE instance SET public_url = $1 WHERE only_row = 1";
    sqlx::query(sql).bind(public_url).execute(db).await.map(drop)
}

/// The database serves this URL from now on, and no quarantine holds.
pub(crate) async fn adopt(db: &mut Connection, public_url: &str) -> Result<()> {
    let sql = "UPDATE instance SET public_url = $1, quarantined_at = NULL, quarantine_reason = NULL WHERE only_row = 1";
    sqlx::query(sql).bind(public_url).execute(db).await.map(drop)
}

/// Puts the database into quarantine, unless it is. Whether that is new.
pub(crate) async fn quarantine(db: &mut Connection, reason: &str, now: Millis) -> Result<bool> {
    let sql =
        "UPDATE instance SET quarantined_at = $2, quarantine_reason = $1 WHERE only_row = 1 AND quarantined_at IS NULL";
    Ok(sqlx::query(sql).bind(reason).bind(now).execute(db).await?.rows_affected() == 1)
}

/// Takes back [`quarantine`].
pub(crate) async fn end_quarantine(db: &mut Connection) -> Result<()> {
    let sql = "UPDATE instance SET quarantined_at = NULL, quarantine_reason = NULL WHERE only_row = 1";
    sqlx::query(sql).execute(db).await.map(drop)
}

/// Whether this call founded the instance: the second one gets `false`. The code is spent with it.
pub(crate) async fn found(db: &mut Connection, now: Millis) -> Result<bool> {
    let sql = "UPDATE instance SET founded_at = $1, set_up_code_hash = NULL, set_up_code_expires_at = NULL \
               WHERE only_row = 1 AND founded_at IS NULL";
    Ok(sqlx::query(sql).bind(now).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn set_set_up_code(db: &mut Connection, hash: &[u8], expires_at: Millis) -> Result<bool> {
    let sql = "UPDATE instance SET set_up_code_hash = $1, set_up_code_expires_at = $2 WHERE only_row = 1 AND founded_at IS NULL";
    Ok(sqlx::query(sql).bind(hash).bind(expires_at).execute(db).await?.rows_affected() == 1)
}
