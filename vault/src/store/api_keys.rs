//! API keys.

use super::{Connection, Result, json, parsed, parsed_option, words};
use crate::clock::Millis;
use model::api_keys::Policy;
use model::applications::Environment;
use model::ids::{ApiKeyId, ApplicationId, OrganizationId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) id: ApiKeyId,
    pub(crate) name: String,
    pub(crate) starts_with: String,
    /// Space-separated; empty means everything but imports.
    pub(crate) scopes: String,
    pub(crate) sources: Vec<String>,
    pub(crate) policy: Option<Policy>,
    pub(crate) proxy_only_at: Option<Millis>,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Option<Millis>,
    pub(crate) last_used_at: Option<Millis>,
    pub(crate) revoked_at: Option<Millis>,
    pub(crate) replaced_by: Option<ApiKeyId>,
}

/// A key that was presented, with the application it signs in.
pub(crate) struct Presented {
    pub(crate) id: ApiKeyId,
    pub(crate) application_id: ApplicationId,
    pub(crate) application_name: String,
    pub(crate) organization_id: OrganizationId,
    pub(crate) environment: Environment,
    pub(crate) scopes: String,
    pub(crate) sources: Vec<String>,
    pub(crate) policy: Option<Policy>,
    /// Of the key or of its application.
    pub(crate) proxy_only_at: Option<Millis>,
    pub(crate) last_used_at: Option<Millis>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, starts_with, scopes, sources, policy, proxy_only_at, created_at, expires_at, last_used_at, \
             revoked_at, replaced_by FROM api_keys ",
            $rest
        )
    };
}

pub(crate) async fn insert(
    db: &mut Connection,
    application: ApplicationId,
    row: &Row,
    hash: &[u8],
    by: &str,
) -> Result<()> {
    let sql = "INSERT INTO api_keys (id, application_id, name, secret_hash, starts_with, created_by, created_at, scopes, \
               sources, policy, proxy_only_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let policy =
        row.policy.as_ref().map(serde_json::to_string).transpose().map_err(|e| sqlx::Error::Encode(e.into()))?;
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(application.to_string()).bind(&row.name).bind(hash);
    let query = query.bind(&row.starts_with).bind(by).bind(row.created_at).bind(&row.scopes);
    let query = query.bind(row.sources.join(" ")).bind(policy).bind(row.proxy_only_at).bind(row.expires_at);
    query.execute(db).await.map(drop)
}

pub(crate) async fn by_hash(db: &mut Connection, hash: &[u8], now: Millis) -> Result<Option<Presented>> {
    let sql = "SELECT k.id, k.application_id, k.last_used_at, k.scopes, k.sources, k.policy, \
               COALESCE(k.proxy_only_at, a.proxy_only_at) AS proxy_only_at, a.name, a.organization_id, a.environment \
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
            scopes: r.try_get("scopes")?,
            sources: words(&r, "sources")?,
            policy: policy(&r)?,
            proxy_only_at: r.try_get("proxy_only_at")?,
            last_used_at: r.try_get("last_used_at")?,
        })
    })
    .transpose()
}

pub(crate) async fn list(db: &mut Connection, application: ApplicationId) -> Result<Vec<Row>> {
    let sql = select!("WHERE application_id = $1 ORDER BY id DESC");
    sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: ApiKeyId) -> Result<Option<Row>> {
    let sql = select!("WHERE application_id = $1 AND id = $2");
    let query = sqlx::query(sql).bind(application.to_string()).bind(id.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// Names the key that takes this one's place, and ends this one at `ends` unless it ends before. Whether nobody was quicker.
pub(crate) async fn replace(db: &mut Connection, id: ApiKeyId, by: ApiKeyId, ends: Millis) -> Result<bool> {
    let sql = "UPDATE api_keys SET replaced_by = $2, \
               expires_at = CASE WHEN expires_at < $3 THEN expires_at ELSE $3 END \
               WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(by.to_string()).bind(ends);
    Ok(query.execute(db).await?.rows_affected() == 1)
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
        scopes: r.try_get("scopes")?,
        sources: words(r, "sources")?,
        policy: policy(r)?,
        proxy_only_at: r.try_get("proxy_only_at")?,
        created_at: r.try_get("created_at")?,
        expires_at: r.try_get("expires_at")?,
        last_used_at: r.try_get("last_used_at")?,
        revoked_at: r.try_get("revoked_at")?,
        replaced_by: parsed_option(r, "replaced_by")?,
    })
}

fn policy(r: &AnyRow) -> Result<Option<Policy>> {
    if r.try_get::<Option<String>, _>("policy")?.is_none() { Ok(None) } else { json(r, "policy").map(Some) }
}
