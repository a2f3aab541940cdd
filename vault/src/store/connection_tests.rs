//! Tests of provider configs, under the ids of their connect sessions.

use super::{Connection, Result, json, parsed};
use crate::clock::Millis;
use crate::keyring::Place;
use model::connection_tests::TestStep;
use model::ids::{ApplicationId, ConnectSessionId, ProviderConfigId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) id: ConnectSessionId,
    pub(crate) provider_config_id: ProviderConfigId,
    /// A person's or an API key's id.
    pub(crate) tested_by: String,
    /// The secret of its link, sealed.
    pub(crate) link: Option<Vec<u8>>,
    pub(crate) created_at: Millis,
    pub(crate) finished_at: Option<Millis>,
    pub(crate) steps: Vec<TestStep>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, provider_config_id, tested_by, link, created_at, finished_at, steps FROM connection_tests ",
            $rest
        )
    };
}

pub(crate) async fn insert(
    db: &mut Connection,
    (id, application, config): (ConnectSessionId, ApplicationId, ProviderConfigId),
    (by, link): (&str, &[u8]),
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO connection_tests (id, application_id, provider_config_id, tested_by, link, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string()).bind(config.to_string());
    query.bind(by).bind(link).bind(now).execute(db).await.map(drop)
}

/// Where the secret of a test's link stands.
pub(crate) fn link_place(row: &str) -> Place<'_> {
    Place { table: "connection_tests", column: "link", row }
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: ConnectSessionId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND application_id = $2");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// The last test of a provider config that came to an end.
pub(crate) async fn last(db: &mut Connection, config: ProviderConfigId) -> Result<Option<Row>> {
    let sql = select!("WHERE provider_config_id = $1 AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1");
    sqlx::query(sql).bind(config.to_string()).fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// The last test of a provider config that somebody began, if it has not come to an end.
pub(crate) async fn begun_by(db: &mut Connection, config: ProviderConfigId, by: &str) -> Result<Option<Row>> {
    let sql = select!("WHERE provider_config_id = $1 AND tested_by = $2 ORDER BY id DESC LIMIT 1");
    let query = sqlx::query(sql).bind(config.to_string()).bind(by);
    let last = query.fetch_optional(db).await?.as_ref().map(row).transpose()?;
    Ok(last.filter(|row| row.finished_at.is_none()))
}

pub(crate) async fn finish(db: &mut Connection, id: ConnectSessionId, steps: &[TestStep], now: Millis) -> Result<()> {
    let steps = serde_json::to_string(steps).unwrap_or_else(|_| "[]".to_owned());
    let sql =
        "UPDATE connection_tests SET steps = $2, finished_at = $3, link = NULL WHERE id = $1 AND finished_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(steps).bind(now).execute(db).await.map(drop)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        provider_config_id: parsed(r, "provider_config_id")?,
        tested_by: r.try_get("tested_by")?,
        link: r.try_get("link")?,
        created_at: r.try_get("created_at")?,
        finished_at: r.try_get("finished_at")?,
        steps: json(r, "steps")?,
    })
}
