//! Applications and their return addresses.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::applications::{ApplicationCounts, Environment};
use model::ids::{ApplicationId, OrganizationId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) id: ApplicationId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) name: String,
    pub(crate) environment: Environment,
    pub(crate) confirmation_required_at: Option<Millis>,
    pub(crate) proxy_only_at: Option<Millis>,
    pub(crate) created_at: Millis,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, name, environment, confirmation_required_at, proxy_only_at, created_at FROM applications ",
            $rest
        )
    };
}

pub(crate) async fn insert(db: &mut Connection, row: &Row) -> Result<()> {
    let sql = "INSERT INTO applications (id, organization_id, name, environment, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.organization_id.to_string());
    query.bind(&row.name).bind(row.environment.as_str()).bind(row.created_at).execute(db).await.map(drop)
}

pub(crate) async fn get(db: &mut Connection, organization: OrganizationId, id: ApplicationId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL");
    let query = sqlx::query(sql).bind(id.to_string()).bind(organization.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// For the command line alone, which acts on all organizations.
pub(crate) async fn get_of_any(db: &mut Connection, id: ApplicationId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND deleted_at IS NULL");
    sqlx::query(sql).bind(id.to_string()).fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn list(db: &mut Connection, organization: OrganizationId) -> Result<Vec<Row>> {
    let sql = select!("WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id DESC");
    sqlx::query(sql).bind(organization.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

pub(crate) async fn update(
    db: &mut Connection,
    id: ApplicationId,
    name: &str,
    confirmation_required_at: Option<Millis>,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE applications SET name = $2, confirmation_required_at = $3, updated_at = $4 WHERE id = $1";
    let query = sqlx::query(sql).bind(id.to_string()).bind(name).bind(confirmation_required_at);
    query.bind(now).execute(db).await.map(drop)
}

pub(crate) async fn set_proxy_only(
    db: &mut Connection,
    id: ApplicationId,
    proxy_only_at: Option<Millis>,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE applications SET proxy_only_at = $2, updated_at = $3 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(proxy_only_at).bind(now).execute(db).await.map(drop)
}

pub(crate) async fn return_addresses(db: &mut Connection, id: ApplicationId) -> Result<Vec<String>> {
    let sql = "SELECT url FROM return_addresses WHERE application_id = $1 ORDER BY url";
    let rows = sqlx::query(sql).bind(id.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| r.try_get("url")).collect()
}

/// Whether that is a change.
pub(crate) async fn add_return_address(db: &mut Connection, id: ApplicationId, url: &str, now: Millis) -> Result<bool> {
    let sql =
        "INSERT INTO return_addresses (application_id, url, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(url).bind(now).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn remove_return_address(db: &mut Connection, id: ApplicationId, url: &str) -> Result<bool> {
    let sql = "DELETE FROM return_addresses WHERE application_id = $1 AND url = $2";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(url).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn counts(db: &mut Connection, id: ApplicationId) -> Result<ApplicationCounts> {
    let sql = "SELECT \
        (SELECT count(*) FROM provider_configs WHERE application_id = $1 AND removed_at IS NULL) AS provider_configs, \
        (SELECT count(*) FROM api_keys WHERE application_id = $1 AND revoked_at IS NULL) AS api_keys";
    let r = sqlx::query(sql).bind(id.to_string()).fetch_one(db).await?;
    Ok(ApplicationCounts { provider_configs: r.try_get("provider_configs")?, api_keys: r.try_get("api_keys")? })
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        organization_id: parsed(r, "organization_id")?,
        name: r.try_get("name")?,
        environment: parsed(r, "environment")?,
        confirmation_required_at: r.try_get("confirmation_required_at")?,
        proxy_only_at: r.try_get("proxy_only_at")?,
        created_at: r.try_get("created_at")?,
    })
}
