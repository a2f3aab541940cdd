//! Check values of master keys.

use super::{Connection, Result};
use crate::clock::Millis;
use sqlx::Row as _;

pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) check_value: Vec<u8>,
}

pub(crate) async fn list(db: &mut Connection) -> Result<Vec<Row>> {
    let rows = sqlx::query("SELECT id, check_value FROM master_keys WHERE retired_at IS NULL").fetch_all(db).await?;
    rows.iter().map(|r| Ok(Row { id: r.try_get("id")?, check_value: r.try_get("check_value")? })).collect()
}

pub(crate) async fn insert(db: &mut Connection, id: &str, check_value: &[u8], now: Millis) -> Result<()> {
    let sql = "INSERT INTO master_keys (id, check_value, created_at) VALUES ($1, $2, $3)";
    sqlx::query(sql).bind(id).bind(check_value).bind(now).execute(db).await.map(drop)
}
