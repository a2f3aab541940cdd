//! Organizations.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::OrganizationId;
use sqlx::Row as _;

pub(crate) async fn insert(db: &mut Connection, id: OrganizationId, name: &str, now: Millis) -> Result<()> {
    let sql = "INSERT INTO organizations (id, name, created_at) VALUES ($1, $2, $3)";
    sqlx::query(sql).bind(id.to_string()).bind(name).bind(now).execute(db).await.map(drop)
}

/// The ids of all organizations, oldest first, at most two: enough to know whether there is exactly one.
pub(crate) async fn first_two(db: &mut Connection) -> Result<Vec<OrganizationId>> {
    let rows = sqlx::query("SELECT id FROM organizations ORDER BY id LIMIT 2").fetch_all(db).await?;
    rows.iter().map(|r| parsed(r, "id")).collect()
}

pub(crate) async fn exists(db: &mut Connection, id: OrganizationId) -> Result<bool> {
    let row = sqlx::query("SELECT id FROM organizations WHERE id = $1").bind(id.to_string()).fetch_optional(db).await?;
    Ok(row.is_some())
}

/// Holds the organization until the transaction ends: who changes its members waits for whoever changes them now.
/// SQLite's transactions do so by themselves, PostgreSQL's by the row that both write.
pub(crate) async fn lock(db: &mut Connection, id: OrganizationId) -> Result<()> {
    let sql = "UPDATE organizations SET created_at = created_at WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).execute(db).await.map(drop)
}

/// Since when a second person must confirm bulk revocations, if one must.
pub(crate) async fn second_person_at(db: &mut Connection, id: OrganizationId) -> Result<Option<Millis>> {
    let sql = "SELECT second_person_at FROM organizations WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).fetch_one(db).await?.try_get("second_person_at")
}

/// Asks for a second person from now on, or no more. Whether that is a change.
pub(crate) async fn set_second_person(db: &mut Connection, id: OrganizationId, at: Option<Millis>) -> Result<bool> {
    let sql = "UPDATE organizations SET second_person_at = $2 WHERE id = $1 \
               AND (second_person_at IS NULL) <> (CAST($2 AS BIGINT) IS NULL)";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(at).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn name(db: &mut Connection, id: OrganizationId) -> Result<String> {
    sqlx::query("SELECT name FROM organizations WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(db)
        .await?
        .try_get("name")
}
