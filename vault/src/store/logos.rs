//! Logos, one for an application.

use super::{Connection, Result};
use crate::branding::Logo;
use crate::clock::Millis;
use model::ids::ApplicationId;
use sqlx::Row as _;

pub(crate) async fn put(db: &mut Connection, id: ApplicationId, hash: &str, logo: &Logo, now: Millis) -> Result<()> {
    let sql = "INSERT INTO logos (application_id, hash, media_type, bytes, created_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (application_id) DO UPDATE SET hash = excluded.hash, media_type = excluded.media_type, \
               bytes = excluded.bytes, created_at = excluded.created_at";
    let query = sqlx::query(sql).bind(id.to_string()).bind(hash).bind(&logo.media_type).bind(&logo.bytes);
    query.bind(now).execute(db).await.map(drop)
}

pub(crate) async fn delete(db: &mut Connection, id: ApplicationId) -> Result<()> {
    sqlx::query("DELETE FROM logos WHERE application_id = $1").bind(id.to_string()).execute(db).await.map(drop)
}

/// Of any application: two with the same picture have the same address.
pub(crate) async fn by_hash(db: &mut Connection, hash: &str) -> Result<Option<Logo>> {
    let row = sqlx::query("SELECT media_type, bytes FROM logos WHERE hash = $1 LIMIT 1").bind(hash);
    let logo = |r: sqlx::any::AnyRow| Ok(Logo { media_type: r.try_get("media_type")?, bytes: r.try_get("bytes")? });
    row.fetch_optional(db).await?.map(logo).transpose()
}
