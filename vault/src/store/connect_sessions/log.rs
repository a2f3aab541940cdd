//! Connect sessions as members look through them: narrowed, and page by page in both directions.

use super::super::{Connection, Result};
use super::{Row, row};
use crate::clock::Millis;
use model::connect_sessions::ConnectSessionStatus;
use model::ids::{ApplicationId, ClientId, ConnectSessionId};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

/// What the list is narrowed by; `None` lets everything through.
pub(crate) struct Narrowed {
    pub(crate) status: Option<ConnectSessionStatus>,
    /// The developer's own id.
    pub(crate) end_user: Option<String>,
    /// The key of a provider config.
    pub(crate) provider: Option<String>,
}

/// A session with what only its log tells.
pub(crate) struct Logged {
    pub(crate) row: Row,
    pub(crate) created_by: String,
    pub(crate) started_at: Option<Millis>,
    pub(crate) finished_at: Option<Millis>,
}

macro_rules! select {
    () => {
        "SELECT id, application_id, end_user_id, browser_hash, providers, scopes, reconnect_id, completion, status, \
         confirmation_code, confirm_by, return_url, origin, metadata, tests_at, created_at, expires_at, created_by, \
         started_at, finished_at FROM connect_sessions WHERE application_id = $1 AND tests_at IS NULL"
    };
}

/// Fixed texts, one of two for each filter. An open session whose time is over is expired, whatever the reaper has seen.
fn statement(by: &Narrowed, newer: bool) -> String {
    let status = match by.status {
        None => " AND CAST($2 AS TEXT) IS NULL AND CAST($3 AS BIGINT) IS NOT NULL",
        Some(ConnectSessionStatus::Open) => " AND status = $2 AND expires_at > $3",
        Some(_) => " AND status = $2 AND CAST($3 AS BIGINT) IS NOT NULL",
    };
    let end_user = match by.end_user {
        None => " AND CAST($4 AS TEXT) IS NULL",
        Some(_) => " AND end_user_id = (SELECT id FROM end_users WHERE application_id = $1 AND external_id = $4)",
    };
    let provider = match by.provider {
        None => " AND CAST($5 AS TEXT) IS NULL",
        Some(_) => " AND (' ' || providers || ' ') LIKE '% ' || $5 || ' %'",
    };
    let beyond = if newer { " AND id > $6 ORDER BY id LIMIT $7" } else { " AND id < $6 ORDER BY id DESC LIMIT $7" };
    [select!(), status, end_user, provider, beyond].concat()
}

/// One page beyond an id, in its direction.
pub(crate) async fn page(
    db: &mut Connection,
    application: ApplicationId,
    by: &Narrowed,
    (edge, newer): (ConnectSessionId, bool),
    (now, limit): (Millis, i64),
) -> Result<Vec<Logged>> {
    let query = sqlx::query(AssertSqlSafe(statement(by, newer))).bind(application.to_string());
    let query = query.bind(by.status.map(ConnectSessionStatus::as_str)).bind(now).bind(by.end_user.as_deref());
    let query = query.bind(by.provider.as_deref()).bind(edge.to_string()).bind(limit);
    query.fetch_all(db).await?.iter().map(logged).collect()
}

pub(crate) async fn get(
    db: &mut Connection,
    application: ApplicationId,
    id: ConnectSessionId,
) -> Result<Option<Logged>> {
    let query = sqlx::query(concat!(select!(), " AND id = $2")).bind(application.to_string()).bind(id.to_string());
    query.fetch_optional(db).await?.as_ref().map(logged).transpose()
}

/// When somebody last came back from the provider with a client.
pub(crate) async fn last_return(db: &mut Connection, client: ClientId) -> Result<Option<Millis>> {
    let sql = "SELECT used_at FROM attempts WHERE client_id = $1 AND used_at IS NOT NULL ORDER BY used_at DESC LIMIT 1";
    let row = sqlx::query(sql).bind(client.to_string()).fetch_optional(db).await?;
    row.map(|r| r.try_get("used_at")).transpose()
}

fn logged(r: &AnyRow) -> Result<Logged> {
    Ok(Logged {
        row: row(r)?,
        created_by: r.try_get("created_by")?,
        started_at: r.try_get("started_at")?,
        finished_at: r.try_get("finished_at")?,
    })
}
