//! Data keys, wrapped by a master key.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, DataKeyId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A data key as it is stored.
pub(crate) struct Row {
    pub(crate) id: DataKeyId,
    pub(crate) application_id: ApplicationId,
    pub(crate) master_key_id: String,
    pub(crate) wrapped: Vec<u8>,
}

pub(crate) async fn insert(db: &mut Connection, row: &Row, now: Millis) -> Result<()> {
    let sql =
        "INSERT INTO data_keys (id, application_id, master_key_id, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.application_id.to_string());
    query.bind(&row.master_key_id).bind(row.wrapped.as_slice()).bind(now).execute(db).await.map(drop)
}

pub(crate) async fn newest(db: &mut Connection, application: ApplicationId) -> Result<Option<Row>> {
    let sql = "SELECT id, application_id, master_key_id, wrapped FROM data_keys \
               WHERE application_id = $1 AND retired_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1";
    sqlx::query(sql).bind(application.to_string()).fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: DataKeyId) -> Result<Option<Row>> {
    let sql = "SELECT id, application_id, master_key_id, wrapped FROM data_keys WHERE id = $1 AND application_id = $2";
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        master_key_id: r.try_get("master_key_id")?,
        wrapped: r.try_get("wrapped")?,
    })
}
