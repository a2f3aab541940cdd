//! OAuth clients with their sealed secrets.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use crate::keyring::Place;
use model::ids::{ApplicationId, ClientId, ProviderConfigId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: ClientId,
    pub(crate) client_id: String,
    pub(crate) secret_current: Option<Vec<u8>>,
    pub(crate) secret_current_ends: String,
}

/// Where a client's secret stands.
pub(crate) fn secret_place(row: &str) -> Place<'_> {
    Place { table: "clients", column: "secret_current", row }
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, client_id, secret_current, secret_current_ends FROM clients ", $rest)
    };
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: ClientId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND application_id = $2 AND removed_at IS NULL");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn by_client_id(
    db: &mut Connection,
    config: ProviderConfigId,
    client_id: &str,
) -> Result<Option<Row>> {
    let sql = select!("WHERE provider_config_id = $1 AND client_id = $2");
    sqlx::query(sql).bind(config.to_string()).bind(client_id).fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn upsert(
    db: &mut Connection,
    application: ApplicationId,
    config: ProviderConfigId,
    row: &Row,
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO clients (id, application_id, provider_config_id, client_id, secret_current, secret_current_ends, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
               ON CONFLICT (id) DO UPDATE SET secret_current = excluded.secret_current, \
               secret_current_ends = excluded.secret_current_ends, updated_at = excluded.updated_at, removed_at = NULL";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(application.to_string()).bind(config.to_string());
    let query = query.bind(&row.client_id).bind(row.secret_current.as_deref()).bind(&row.secret_current_ends);
    query.bind(now).execute(db).await.map(drop)
}

/// Erases the secrets of removed provider configs, once nothing needs them for a revocation any more.
pub(crate) async fn erase_of_removed(db: &mut Connection, now: Millis) -> Result<u64> {
    let sql = "UPDATE clients SET secret_current = NULL, secret_next = NULL, secret_current_ends = '', secret_next_ends = '', \
               removed_at = $1 WHERE removed_at IS NULL \
               AND provider_config_id IN (SELECT id FROM provider_configs WHERE removed_at IS NOT NULL) \
               AND NOT EXISTS (SELECT 1 FROM token_sets t WHERE t.client_id = clients.id AND t.provider_revocation = 'pending')";
    Ok(sqlx::query(sql).bind(now).execute(db).await?.rows_affected())
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        client_id: r.try_get("client_id")?,
        secret_current: r.try_get("secret_current")?,
        secret_current_ends: r.try_get("secret_current_ends")?,
    })
}
