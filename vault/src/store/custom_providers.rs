//! Custom providers: entries of an application's own.

use super::{Connection, Result};
use crate::catalogue::{Entry, Provider};
use crate::clock::Millis;
use crate::error::{VaultError, internal};
use model::ids::ApplicationId;
use sqlx::Row as _;
use sqlx::any::AnyRow;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) application_id: ApplicationId,
    pub(crate) slug: String,
    pub(crate) entry: String,
    pub(crate) announced: Option<String>,
    pub(crate) announced_now: Option<String>,
    pub(crate) checked_at: Option<Millis>,
    pub(crate) check_failure: Option<String>,
}

impl Row {
    /// The entry as a provider.
    pub(crate) fn provider(&self) -> std::result::Result<Provider, VaultError> {
        let entry: Entry =
            serde_json::from_str(&self.entry).map_err(|e| internal("cannot read the entry of a custom provider", e))?;
        Provider::custom(&self.slug, entry)
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT application_id, slug, entry, announced, announced_now, checked_at, check_failure FROM custom_providers ",
            $rest
        )
    };
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, slug: &str) -> Result<Option<Row>> {
    let sql = select!("WHERE application_id = $1 AND slug = $2");
    sqlx::query(sql).bind(application.to_string()).bind(slug).fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn list(db: &mut Connection, application: ApplicationId) -> Result<Vec<Row>> {
    let sql = select!("WHERE application_id = $1 ORDER BY slug");
    sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

/// A new one. Fails when the slug is taken.
pub(crate) async fn insert(db: &mut Connection, row: &Row, now: Millis) -> Result<()> {
    let sql = "INSERT INTO custom_providers (application_id, slug, entry, announced, checked_at, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $6)";
    let query = sqlx::query(sql).bind(row.application_id.to_string()).bind(&row.slug).bind(&row.entry);
    query.bind(row.announced.as_deref()).bind(row.checked_at).bind(now).execute(db).await.map(drop)
}

/// Another entry, and what is known of its issuer's announcement; what nobody adopted is forgotten with the old one.
pub(crate) async fn change(
    db: &mut Connection,
    application: ApplicationId,
    slug: &str,
    entry: &str,
    announced: Option<&str>,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE custom_providers SET entry = $3, announced = $4, announced_now = NULL, check_failure = NULL, updated_at = $5 \
               WHERE application_id = $1 AND slug = $2";
    let query = sqlx::query(sql).bind(application.to_string()).bind(slug).bind(entry).bind(announced).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn remove(db: &mut Connection, application: ApplicationId, slug: &str) -> Result<bool> {
    let sql = "DELETE FROM custom_providers WHERE application_id = $1 AND slug = $2";
    Ok(sqlx::query(sql).bind(application.to_string()).bind(slug).execute(db).await?.rows_affected() == 1)
}

/// What a check of the issuer's announcement has found.
pub(crate) async fn checked(
    db: &mut Connection,
    row: &Row,
    announced: Option<&str>,
    announced_now: Option<&str>,
    failure: Option<&str>,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE custom_providers SET announced = $4, announced_now = $5, check_failure = $6, checked_at = $7 \
               WHERE application_id = $1 AND slug = $2 AND entry = $3";
    let query = sqlx::query(sql).bind(row.application_id.to_string()).bind(&row.slug).bind(&row.entry);
    let query = query.bind(announced).bind(announced_now).bind(failure).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Takes the checks that are due, so that no other server makes them too.
pub(crate) async fn claim_checks(db: &mut Connection, before: Millis, now: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = "UPDATE custom_providers SET checked_at = $2 WHERE (checked_at IS NULL OR checked_at <= $1) \
               AND (application_id, slug) IN (SELECT application_id, slug FROM custom_providers \
               WHERE checked_at IS NULL OR checked_at <= $1 ORDER BY checked_at LIMIT $3) \
               RETURNING application_id, slug, entry, announced, announced_now, checked_at, check_failure";
    sqlx::query(sql).bind(before).bind(now).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        application_id: super::parsed(r, "application_id")?,
        slug: r.try_get("slug")?,
        entry: r.try_get("entry")?,
        announced: r.try_get("announced")?,
        announced_now: r.try_get("announced_now")?,
        checked_at: r.try_get("checked_at")?,
        check_failure: r.try_get("check_failure")?,
    })
}
