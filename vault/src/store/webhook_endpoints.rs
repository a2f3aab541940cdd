//! Webhook endpoints.

use super::{Connection, Result, parsed, parsed_option, words};
use crate::clock::Millis;
use crate::keyring::Place;
use model::ids::{ApplicationId, WebhookEndpointId};
use model::webhook_endpoints::PauseReason;
use sqlx::Row as _;
use sqlx::any::AnyRow;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: WebhookEndpointId,
    pub(crate) application_id: ApplicationId,
    pub(crate) url: String,
    pub(crate) description: String,
    /// Empty for all.
    pub(crate) types: Vec<String>,
    pub(crate) secret_current: Vec<u8>,
    /// Signs beside the current one until `previous_until_at`.
    pub(crate) secret_previous: Option<Vec<u8>>,
    pub(crate) previous_until_at: Option<Millis>,
    pub(crate) secret_added_at: Millis,
    pub(crate) paused_at: Option<Millis>,
    pub(crate) pause_reason: Option<PauseReason>,
    pub(crate) failing_since_at: Option<Millis>,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
}

/// Where the secret that signs stands.
pub(crate) fn secret_place(row: &str) -> Place<'_> {
    Place { table: "webhook_endpoints", column: "secret_current", row }
}

/// Where the one before it stands.
pub(crate) fn previous_secret_place(row: &str) -> Place<'_> {
    Place { table: "webhook_endpoints", column: "secret_previous", row }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, application_id, url, description, types, secret_current, secret_previous, previous_until_at, \
             COALESCE(secret_added_at, created_at) AS secret_added_at, paused_at, pause_reason, failing_since_at, \
             created_at, updated_at FROM webhook_endpoints ",
            $rest
        )
    };
}

pub(crate) async fn insert(db: &mut Connection, row: &Row) -> Result<()> {
    let sql = "INSERT INTO webhook_endpoints (id, application_id, url, description, types, secret_current, \
               secret_added_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.application_id.to_string()).bind(&row.url);
    let query = query.bind(&row.description).bind(row.types.join(" ")).bind(&row.secret_current);
    query.bind(row.secret_added_at).bind(row.created_at).execute(db).await.map(drop)
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: WebhookEndpointId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND application_id = $2 AND deleted_at IS NULL");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// For the work in the background, which is of all applications; a paused one is left alone.
pub(crate) async fn get_any(db: &mut Connection, id: WebhookEndpointId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND deleted_at IS NULL AND paused_at IS NULL");
    sqlx::query(sql).bind(id.to_string()).fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// The application's, newest first.
pub(crate) async fn list(
    db: &mut Connection,
    application: ApplicationId,
    before: WebhookEndpointId,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = select!("WHERE application_id = $1 AND deleted_at IS NULL AND id < $2 ORDER BY id DESC LIMIT $3");
    let query = sqlx::query(sql).bind(application.to_string()).bind(before.to_string()).bind(limit);
    query.fetch_all(db).await?.iter().map(row).collect()
}

/// What each of the application's endpoints hears of.
pub(crate) async fn listeners(
    db: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<(WebhookEndpointId, Vec<String>)>> {
    let sql = "SELECT id, types FROM webhook_endpoints WHERE application_id = $1 AND deleted_at IS NULL ORDER BY id";
    let rows = sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| Ok((parsed(r, "id")?, words(r, "types")?))).collect()
}

/// Where an endpoint is, while it is there.
pub(crate) async fn url(
    db: &mut Connection,
    application: ApplicationId,
    id: WebhookEndpointId,
) -> Result<Option<String>> {
    let sql = "SELECT url FROM webhook_endpoints WHERE id = $1 AND application_id = $2 AND deleted_at IS NULL";
    let row = sqlx::query(sql).bind(id.to_string()).bind(application.to_string()).fetch_optional(db).await?;
    row.map(|r| r.try_get("url")).transpose()
}

/// Changes what its maker decides.
pub(crate) async fn change(db: &mut Connection, row: &Row, now: Millis) -> Result<()> {
    let sql = "UPDATE webhook_endpoints SET url = $2, description = $3, types = $4, updated_at = $5 WHERE id = $1";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(&row.url).bind(&row.description);
    query.bind(row.types.join(" ")).bind(now).execute(db).await.map(drop)
}

/// Sends it nothing from now on. Whether that is new.
pub(crate) async fn pause(
    db: &mut Connection,
    id: WebhookEndpointId,
    reason: PauseReason,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE webhook_endpoints SET paused_at = $3, pause_reason = $2, updated_at = $3 \
               WHERE id = $1 AND paused_at IS NULL AND deleted_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(reason.as_str()).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Pauses every endpoint of the database.
pub(crate) async fn pause_all(db: &mut Connection, reason: PauseReason, now: Millis) -> Result<()> {
    let sql = "UPDATE webhook_endpoints SET paused_at = $2, pause_reason = $1, updated_at = $2 \
               WHERE paused_at IS NULL AND deleted_at IS NULL";
    sqlx::query(sql).bind(reason.as_str()).bind(now).execute(db).await.map(drop)
}

/// Sends it again what waits. Whether that is new.
pub(crate) async fn resume(db: &mut Connection, id: WebhookEndpointId, now: Millis) -> Result<bool> {
    let sql = "UPDATE webhook_endpoints SET paused_at = NULL, pause_reason = NULL, failing_since_at = NULL, \
               updated_at = $2 WHERE id = $1 AND paused_at IS NOT NULL AND deleted_at IS NULL";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await?.rows_affected() == 1)
}

/// A delivery succeeded.
pub(crate) async fn works(db: &mut Connection, id: WebhookEndpointId) -> Result<()> {
    let sql = "UPDATE webhook_endpoints SET failing_since_at = NULL WHERE id = $1 AND failing_since_at IS NOT NULL";
    sqlx::query(sql).bind(id.to_string()).execute(db).await.map(drop)
}

/// A delivery failed. Since when all of them have; `None` when the endpoint is gone meanwhile.
pub(crate) async fn fails(db: &mut Connection, id: WebhookEndpointId, now: Millis) -> Result<Option<Millis>> {
    let sql = "UPDATE webhook_endpoints SET failing_since_at = COALESCE(failing_since_at, $2) \
               WHERE id = $1 AND deleted_at IS NULL RETURNING failing_since_at";
    let row = sqlx::query(sql).bind(id.to_string()).bind(now).fetch_optional(db).await?;
    row.map(|r| r.try_get("failing_since_at")).transpose()
}

/// Puts a new secret in the place of the current one, which signs too until `until`. Whether it is still `replaced` that
/// stands there.
pub(crate) async fn rotate(
    db: &mut Connection,
    id: WebhookEndpointId,
    (current, previous): (&[u8], &[u8]),
    replaced: &[u8],
    (until, now): (Millis, Millis),
) -> Result<bool> {
    let sql = "UPDATE webhook_endpoints SET secret_current = $2, secret_previous = $3, previous_until_at = $4, \
               secret_added_at = $5, updated_at = $5 WHERE id = $1 AND deleted_at IS NULL AND secret_current = $6";
    let query = sqlx::query(sql).bind(id.to_string()).bind(current).bind(previous).bind(until).bind(now);
    Ok(query.bind(replaced).execute(db).await?.rows_affected() == 1)
}

/// Forgets the secrets whose day beside the new one is over.
pub(crate) async fn drop_previous(db: &mut Connection, now: Millis) -> Result<()> {
    let sql = "UPDATE webhook_endpoints SET secret_previous = NULL, previous_until_at = NULL \
               WHERE previous_until_at <= $1";
    sqlx::query(sql).bind(now).execute(db).await.map(drop)
}

/// Deletes it, with its secrets. Whether it was there.
pub(crate) async fn delete(
    db: &mut Connection,
    application: ApplicationId,
    id: WebhookEndpointId,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE webhook_endpoints SET deleted_at = $3, updated_at = $3, secret_current = $4, \
               secret_previous = NULL, previous_until_at = NULL, url = '', description = '' \
               WHERE id = $1 AND application_id = $2 AND deleted_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string()).bind(now);
    Ok(query.bind(Vec::<u8>::new()).execute(db).await?.rows_affected() == 1)
}

/// A deleted one whose deliveries are not forgotten yet.
pub(crate) async fn to_empty(db: &mut Connection) -> Result<Option<WebhookEndpointId>> {
    let sql =
        "SELECT id FROM webhook_endpoints WHERE deleted_at IS NOT NULL AND emptied_at IS NULL ORDER BY id LIMIT 1";
    sqlx::query(sql).fetch_optional(db).await?.map(|r| parsed(&r, "id")).transpose()
}

pub(crate) async fn set_emptied(db: &mut Connection, id: WebhookEndpointId, now: Millis) -> Result<()> {
    let sql = "UPDATE webhook_endpoints SET emptied_at = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// Holds the row, so that what belongs to it is changed by one at a time. Whether it is there.
pub(crate) async fn hold(db: &mut Connection, id: WebhookEndpointId) -> Result<bool> {
    let sql = "UPDATE webhook_endpoints SET updated_at = updated_at WHERE id = $1 AND deleted_at IS NULL";
    Ok(sqlx::query(sql).bind(id.to_string()).execute(db).await?.rows_affected() == 1)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        url: r.try_get("url")?,
        description: r.try_get("description")?,
        types: words(r, "types")?,
        secret_current: r.try_get("secret_current")?,
        secret_previous: r.try_get("secret_previous")?,
        previous_until_at: r.try_get("previous_until_at")?,
        secret_added_at: r.try_get("secret_added_at")?,
        paused_at: r.try_get("paused_at")?,
        pause_reason: parsed_option(r, "pause_reason")?,
        failing_since_at: r.try_get("failing_since_at")?,
        created_at: r.try_get("created_at")?,
        updated_at: r.try_get("updated_at")?,
    })
}
