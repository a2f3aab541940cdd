//! Links with which an end user sees and ends what it has connected.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, EndUserId};
use sqlx::Row as _;

pub(crate) struct Row {
    pub(crate) application_id: ApplicationId,
    pub(crate) end_user_id: EndUserId,
    pub(crate) return_url: Option<String>,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Millis,
}

pub(crate) async fn insert(db: &mut Connection, row: &Row, link_hash: &[u8], by: &str) -> Result<()> {
    let sql = "INSERT INTO manage_links (link_hash, application_id, end_user_id, return_url, created_by, created_at, \
               expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let query = sqlx::query(sql).bind(link_hash).bind(row.application_id.to_string()).bind(row.end_user_id.to_string());
    let query = query.bind(row.return_url.as_deref()).bind(by).bind(row.created_at).bind(row.expires_at);
    query.execute(db).await.map(drop)
}

/// By the secret in the link: whoever holds it acts for the end user.
pub(crate) async fn by_link(db: &mut Connection, link_hash: &[u8]) -> Result<Option<Row>> {
    let sql =
        "SELECT application_id, end_user_id, return_url, created_at, expires_at FROM manage_links WHERE link_hash = $1";
    let row = sqlx::query(sql).bind(link_hash).fetch_optional(db).await?;
    row.map(|r| {
        Ok(Row {
            application_id: parsed(&r, "application_id")?,
            end_user_id: parsed(&r, "end_user_id")?,
            return_url: r.try_get("return_url")?,
            created_at: r.try_get("created_at")?,
            expires_at: r.try_get("expires_at")?,
        })
    })
    .transpose()
}

/// Those that ended before a moment.
pub(crate) async fn forget_ended(db: &mut Connection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM manage_links WHERE expires_at < $1").bind(before).execute(db).await.map(drop)
}
