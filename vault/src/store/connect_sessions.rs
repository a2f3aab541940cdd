//! Connect sessions.

pub(crate) mod log;

use super::{Connection, Result, json, parsed, parsed_option, words};
use crate::clock::Millis;
use model::connect_sessions::{Completion, ConnectSessionStatus};
use model::ids::{ApplicationId, ConnectSessionId, ConnectedAccountId, EndUserId};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: ConnectSessionId,
    pub(crate) application_id: ApplicationId,
    pub(crate) end_user_id: EndUserId,
    pub(crate) browser_hash: Option<Vec<u8>>,
    pub(crate) providers: Vec<String>,
    pub(crate) scopes: BTreeMap<String, Vec<String>>,
    pub(crate) reconnect_id: Option<ConnectedAccountId>,
    pub(crate) completion: Completion,
    pub(crate) status: ConnectSessionStatus,
    pub(crate) confirmation_code: Option<Vec<u8>>,
    pub(crate) confirm_by: Option<Millis>,
    pub(crate) return_url: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    /// When a member opened it to test a provider config; such a session is in no list.
    pub(crate) tests_at: Option<Millis>,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Millis,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, application_id, end_user_id, browser_hash, providers, scopes, reconnect_id, completion, status, \
             confirmation_code, confirm_by, return_url, origin, metadata, tests_at, created_at, expires_at \
             FROM connect_sessions ",
            $rest
        )
    };
}

pub(crate) async fn insert(db: &mut Connection, row: &Row, link_hash: &[u8], by: &str) -> Result<()> {
    let sql = "INSERT INTO connect_sessions (id, application_id, end_user_id, link_hash, providers, scopes, reconnect_id, \
               completion, status, return_url, origin, metadata, created_by, created_at, expires_at, tests_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.application_id.to_string());
    let query =
        query.bind(row.end_user_id.to_string()).bind(link_hash).bind(row.providers.join(" ")).bind(text(&row.scopes));
    let query =
        query.bind(row.reconnect_id.map(|r| r.to_string())).bind(row.completion.as_str()).bind(row.status.as_str());
    let query = query.bind(row.return_url.as_deref()).bind(row.origin.as_deref()).bind(text(&row.metadata));
    query.bind(by).bind(row.created_at).bind(row.expires_at).bind(row.tests_at).execute(db).await.map(drop)
}

pub(crate) async fn get(db: &mut Connection, application: ApplicationId, id: ConnectSessionId) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND application_id = $2");
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string());
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// By the secret in the link: whoever holds it may see the session.
pub(crate) async fn by_link(db: &mut Connection, link_hash: &[u8]) -> Result<Option<Row>> {
    sqlx::query(select!("WHERE link_hash = $1")).bind(link_hash).fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// By the browser that pressed Continue.
pub(crate) async fn by_browser(db: &mut Connection, id: ConnectSessionId, browser_hash: &[u8]) -> Result<Option<Row>> {
    let sql = select!("WHERE id = $1 AND browser_hash = $2");
    let query = sqlx::query(sql).bind(id.to_string()).bind(browser_hash);
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

pub(crate) async fn list(
    db: &mut Connection,
    application: ApplicationId,
    before: Option<ConnectSessionId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = select!(
        "WHERE application_id = $1 AND tests_at IS NULL AND (CAST($2 AS TEXT) IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    let query = sqlx::query(sql).bind(application.to_string()).bind(before.map(|b| b.to_string())).bind(limit);
    query.fetch_all(db).await?.iter().map(row).collect()
}

/// Binds the session to a browser, if none has it yet or this one has it already. Whether it is this browser's now. A
/// session that is begun lives at least until `until`: the trip to the provider takes its time.
pub(crate) async fn bind(
    db: &mut Connection,
    id: ConnectSessionId,
    browser_hash: &[u8],
    until: Millis,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE connect_sessions SET browser_hash = $2, started_at = COALESCE(started_at, $3), \
               expires_at = CASE WHEN expires_at < $4 THEN $4 ELSE expires_at END \
               WHERE id = $1 AND status = 'open' AND expires_at > $3 AND (browser_hash IS NULL OR browser_hash = $2)";
    let query = sqlx::query(sql).bind(id.to_string()).bind(browser_hash).bind(now).bind(until);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Ends an open session. Whether this call ended it.
pub(crate) async fn finish(
    db: &mut Connection,
    id: ConnectSessionId,
    status: ConnectSessionStatus,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE connect_sessions SET status = $2, finished_at = $3 WHERE id = $1 AND status IN ('open', 'awaiting_confirmation')";
    let query = sqlx::query(sql).bind(id.to_string()).bind(status.as_str()).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Ends an open session in a browser; the backend must confirm it with this code by then.
pub(crate) async fn await_confirmation(
    db: &mut Connection,
    id: ConnectSessionId,
    code: &[u8],
    by: Millis,
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE connect_sessions SET status = 'awaiting_confirmation', confirmation_code = $2, confirm_by = $3, \
               finished_at = $4 WHERE id = $1 AND status = 'open'";
    let query = sqlx::query(sql).bind(id.to_string()).bind(code).bind(by).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Takes the confirmation: one call only gets `true`.
pub(crate) async fn take_confirmation(db: &mut Connection, id: ConnectSessionId, now: Millis) -> Result<bool> {
    let sql = "UPDATE connect_sessions SET status = 'completed', confirmation_code = NULL, finished_at = $2 \
               WHERE id = $1 AND status = 'awaiting_confirmation' AND confirm_by > $2";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await?.rows_affected() == 1)
}

/// A confirmed session turned out to have connected nothing.
pub(crate) async fn set_failed(db: &mut Connection, id: ConnectSessionId) -> Result<()> {
    sqlx::query("UPDATE connect_sessions SET status = 'failed' WHERE id = $1")
        .bind(id.to_string())
        .execute(db)
        .await
        .map(drop)
}

/// Sessions whose time is over: open past their end, or not confirmed in time.
pub(crate) async fn overdue(db: &mut Connection, now: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = select!(
        "WHERE status IN ('open', 'awaiting_confirmation') AND \
         ((status = 'open' AND expires_at <= $1) OR (status = 'awaiting_confirmation' AND confirm_by <= $1)) LIMIT $2"
    );
    sqlx::query(sql).bind(now).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// Where the confirmation code stands.
pub(crate) fn code_place(row: &str) -> crate::keyring::Place<'_> {
    crate::keyring::Place { table: "connect_sessions", column: "confirmation_code", row }
}

fn text<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application_id: parsed(r, "application_id")?,
        end_user_id: parsed(r, "end_user_id")?,
        browser_hash: r.try_get("browser_hash")?,
        providers: words(r, "providers")?,
        scopes: json(r, "scopes")?,
        reconnect_id: parsed_option(r, "reconnect_id")?,
        completion: parsed(r, "completion")?,
        status: parsed(r, "status")?,
        confirmation_code: r.try_get("confirmation_code")?,
        confirm_by: r.try_get("confirm_by")?,
        return_url: r.try_get("return_url")?,
        origin: r.try_get("origin")?,
        metadata: json(r, "metadata")?,
        tests_at: r.try_get("tests_at")?,
        created_at: r.try_get("created_at")?,
        expires_at: r.try_get("expires_at")?,
    })
}
