//! API keys.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::applications::Environment;
use model::ids::{ApiKeyId, ApplicationId, OrganizationId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) id: ApiKeyId,
    pub(crate) name: String,
    pub(crate) starts_with: String,
    pub(crate) created_at: Millis,
    pub(crate) last_used_at: Option<Millis>,
    pub(crate) revoked_at: Option<Millis>,
}

/// A key that was presented, with the application it signs in.
pub(crate) struct Presented {
    pub(crate) id: ApiKeyId,
    pub(crate) application_id: ApplicationId,
    pub(crate) application_name: String,
    pub(crate) organization_id: OrganizationId,
    pub(crate) environment: Environment,
    pub(crate) last_used_at: Option<Millis>,
}

pub(crate) async fn insert(
    db: &mut Connection,
    application: ApplicationId,
    row: &Row,
    hash: &[u8],
    by: &str,
) -> Result<()> {
    let sql = "INSERT INTO api_keys (id, application_id, name, secret_hash, starts_with, created_by, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(application.to_string()).bind(&row.name).bind(hash);
    query.bind(&row.starts_with).bind(by).bind(row.created_at).execute(db).await.map(drop)
}

pub(crate) async fn by_hash(db: &mut Connection, hash: &[u8], now: Millis) -> Result<Option<Presented>> {
    let sql = "SELECT k.id, k.application_id, k.last_used_at, a.name, a.organization_id, a.environment \
               FROM api_keys k JOIN applications a ON a.id = k.application_id \
               WHERE k.secret_hash = $1 AND k.revoked_at IS NULL AND a.deleted_at IS NULL \
                 AND (k.expires_at IS NULL OR k.expires_at > $2)";
    let row = sqlx::query(sql).bind(hash).bind(now).fetch_optional(db).await?;
    row.map(|r| {
        Ok(Presented {
            id: parsed(&r, "id")?,
            application_id: parsed(&r, "application_id")?,
            application_name: r.try_get("name")?,
            organization_id: parsed(&r, "organization_id")?,
            environment: parsed(&r, "environment")?,
            last_used_at: r.try_get("last_used_at")?,
        })
    })
    .transpose()
}

pub(crate) async fn list(db: &mut Connection, application: ApplicationId) -> Result<Vec<Row>> {
    let sql = "SELECT id, name, starts_with, created_at, last_used_at, revoked_at FROM api_keys \
               WHERE application_id = $1 ORDER BY id DESC";
    sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

pub(crate) async fn revoke(db: &mut Connection, application: ApplicationId, id: ApiKeyId, now: Millis) -> Result<bool> {
    let sql = "UPDATE api_keys SET revoked_at = $3 WHERE id = $1 AND application_id = $2 AND revoked_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string()).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        name: r.try_get("name")?,
        starts_with: r.try_get("starts_with")?,
        created_at: r.try_get("created_at")?,
        last_used_at: r.try_get("last_used_at")?,
        revoked_at: r.try_get("revoked_at")?,
    })
}
