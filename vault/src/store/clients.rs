//! OAuth clients with their sealed secrets.

mod secrets;

pub(crate) use secrets::*;

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, ClientId, ProviderConfigId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: ClientId,
    pub(crate) application_id: ApplicationId,
    pub(crate) provider_config_id: ProviderConfigId,
    pub(crate) client_id: String,
    pub(crate) secret_current: Option<Vec<u8>>,
    pub(crate) secret_current_ends: String,
    pub(crate) secret_current_refused_at: Option<Millis>,
    pub(crate) secret_expires_at: Option<Millis>,
    /// The secret that is taking the current one's place.
    pub(crate) next: Option<Next>,
    /// When the provider last took a token call of this client.
    pub(crate) worked_at: Option<Millis>,
}

/// A secret beside the current one.
#[derive(Clone)]
pub(crate) struct Next {
    pub(crate) sealed: Vec<u8>,
    pub(crate) ends: String,
    pub(crate) added_at: Option<Millis>,
    pub(crate) works_since: Option<Millis>,
    pub(crate) refused_at: Option<Millis>,
    pub(crate) expires_at: Option<Millis>,
}

/// A client with the credentials that were saved for it.
pub(crate) struct New {
    pub(crate) id: ClientId,
    pub(crate) client_id: String,
    pub(crate) secret_current: Vec<u8>,
    pub(crate) secret_current_ends: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, application_id, provider_config_id, client_id, secret_current, secret_current_ends, \
             secret_current_refused_at, secret_expires_at, secret_next, secret_next_ends, secret_next_added_at, \
             secret_next_works_since, secret_next_refused_at, secret_next_expires_at, worked_at FROM clients ",
            $rest
        )
    };
}
use select;

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

/// A provider config's clients that are not removed, the oldest first.
pub(crate) async fn of_config(db: &mut Connection, config: ProviderConfigId) -> Result<Vec<Row>> {
    let sql = select!("WHERE provider_config_id = $1 AND removed_at IS NULL AND retired_at IS NULL ORDER BY id");
    sqlx::query(sql).bind(config.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

pub(crate) async fn upsert(
    db: &mut Connection,
    application: ApplicationId,
    config: ProviderConfigId,
    new: &New,
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO clients (id, application_id, provider_config_id, client_id, secret_current, secret_current_ends, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
               ON CONFLICT (id) DO UPDATE SET secret_current = excluded.secret_current, \
               secret_current_ends = excluded.secret_current_ends, updated_at = excluded.updated_at, removed_at = NULL, retired_at = NULL";
    let query = sqlx::query(sql).bind(new.id.to_string()).bind(application.to_string()).bind(config.to_string());
    let query = query.bind(&new.client_id).bind(new.secret_current.as_slice()).bind(&new.secret_current_ends);
    query.bind(now).execute(db).await.map(drop)
}

/// How many authorizations of end users stand on a client's tokens, counted up to `most`: neither those that a later
/// consent has ended nor those of connection tests.
pub(crate) async fn count_token_sets(db: &mut Connection, id: ClientId, most: i64) -> Result<i64> {
    let sql = "SELECT count(*) AS found FROM (SELECT 1 AS one FROM token_sets WHERE client_id = $1 \
               AND revoked_at IS NULL AND erased_at IS NULL AND superseded_at IS NULL AND tests_at IS NULL LIMIT $2) \
               AS some_of_them";
    sqlx::query(sql).bind(id.to_string()).bind(most).fetch_one(db).await?.try_get("found")
}

/// Takes a client out of use. Its secrets stay for as long as a revocation needs them.
pub(crate) async fn retire(db: &mut Connection, id: ClientId, now: Millis) -> Result<()> {
    let sql = "UPDATE clients SET retired_at = $2, secret_expires_at = NULL WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// Erases the secrets of removed provider configs and clients, once nothing needs them for a revocation any more.
pub(crate) async fn erase_of_removed(db: &mut Connection, now: Millis) -> Result<u64> {
    let sql = "UPDATE clients SET secret_current = NULL, secret_next = NULL, secret_current_ends = '', secret_next_ends = '', \
               secret_expires_at = NULL, removed_at = $1 WHERE removed_at IS NULL \
               AND (retired_at IS NOT NULL \
                    OR provider_config_id IN (SELECT id FROM provider_configs p WHERE removed_at IS NOT NULL \
                    AND NOT EXISTS (SELECT 1 FROM connected_accounts a WHERE a.provider_config_id = p.id \
                    AND a.status IN ('active', 'needs_reconnect')))) \
               AND NOT EXISTS (SELECT 1 FROM token_sets t WHERE t.client_id = clients.id AND t.provider_revocation = 'pending')";
    Ok(sqlx::query(sql).bind(now).execute(db).await?.rows_affected())
}

fn row(r: &AnyRow) -> Result<Row> {
    let next = match r.try_get::<Option<Vec<u8>>, _>("secret_next")? {
        Some(sealed) => Some(Next {
            sealed,
            ends: r.try_get("secret_next_ends")?,
            added_at: r.try_get("secret_next_added_at")?,
            works_since: r.try_get("secret_next_works_since")?,
            refused_at: r.try_get("secret_next_refused_at")?,
            expires_at: r.try_get("secret_next_expires_at")?,
        }),
        None => None,
    };
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        provider_config_id: parsed(r, "provider_config_id")?,
        client_id: r.try_get("client_id")?,
        secret_current: r.try_get("secret_current")?,
        secret_current_ends: r.try_get("secret_current_ends")?,
        secret_current_refused_at: r.try_get("secret_current_refused_at")?,
        secret_expires_at: r.try_get("secret_expires_at")?,
        next,
        worked_at: r.try_get("worked_at")?,
    })
}
