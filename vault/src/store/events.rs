//! Lines of the audit log, as they are written: unchained.

pub(crate) mod chained;
pub(crate) mod lines;
pub(crate) mod log;

use super::{Connection, Result, Statement, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, ConnectedAccountId, EventId, OrganizationId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct NewRow<'a> {
    pub(crate) id: EventId,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) application: Option<ApplicationId>,
    pub(crate) r#type: &'a str,
    pub(crate) actor_kind: &'a str,
    pub(crate) actor_id: Option<String>,
    pub(crate) target: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) detail: String,
    pub(crate) personal: Option<String>,
    pub(crate) personal_salt: &'a [u8],
    pub(crate) personal_digest: &'a [u8],
    /// How many lines were written together under this event; `None`, when it is one itself.
    pub(crate) lines: Option<i64>,
}

pub(crate) struct Row {
    pub(crate) id: EventId,
    pub(crate) r#type: String,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: Option<String>,
    pub(crate) target: String,
    pub(crate) outcome: String,
    pub(crate) detail: serde_json::Value,
    pub(crate) created_at: Millis,
}

/// An event of an application is its organization's too.
const INSERT: &str = "INSERT INTO events (id, organization_id, application_id, type, actor_kind, actor_id, target, outcome, \
                      request_id, detail, personal, personal_salt, personal_digest, created_at, lines) \
                      VALUES ($1, COALESCE($2, (SELECT organization_id FROM applications WHERE id = $3)), $3, $4, $5, $6, $7, $8, \
                      $9, $10, $11, $12, $13, $14, $15)";
/// So many places it has.
const COLUMNS: usize = 15;

/// Writes an event.
pub(crate) async fn insert(db: &mut Connection, row: &NewRow<'_>, now: Millis) -> Result<()> {
    bind(sqlx::query(INSERT), row, now).execute(db).await.map(drop)
}

fn bind<'q>(query: Statement<'q>, row: &'q NewRow<'_>, now: Millis) -> Statement<'q> {
    let query = query.bind(row.id.to_string());
    let query = query.bind(row.organization.map(|o| o.to_string())).bind(row.application.map(|a| a.to_string()));
    let query =
        query.bind(row.r#type).bind(row.actor_kind).bind(row.actor_id.as_deref()).bind(row.target).bind(row.outcome);
    let query = query.bind(row.request_id).bind(&row.detail).bind(row.personal.as_deref());
    query.bind(row.personal_salt).bind(row.personal_digest).bind(now).bind(row.lines)
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, type, actor_kind, actor_id, target, outcome, detail, created_at FROM events ", $rest)
    };
}

/// What happened to one thing between two events, newest first. What a member's connection test did to an account without
/// its end user is no part of it, nor are calls that were not made.
pub(crate) async fn of_target(
    db: &mut Connection,
    application: ApplicationId,
    target: &str,
    (after, before): (EventId, EventId),
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = select!(
        "WHERE application_id = $1 AND target = $2 AND id > $3 AND id < $4 \
         AND type NOT IN ('connected_account.moved_by_test', 'connected_account.proxy_refused') ORDER BY id DESC LIMIT $5"
    );
    let query = sqlx::query(sql).bind(application.to_string()).bind(target);
    let query = query.bind(after.to_string()).bind(before.to_string()).bind(limit);
    query.fetch_all(db).await?.iter().map(row).collect()
}

/// The events by which an account came to stand on a token set, newest first.
pub(crate) async fn moves_of_account(
    db: &mut Connection,
    application: ApplicationId,
    account: ConnectedAccountId,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = select!(
        "WHERE application_id = $1 AND target = $2 AND type IN ('connected_account.connected', \
         'connected_account.imported', 'connected_account.reconnected', 'connected_account.moved', 'connected_account.moved_by_test') ORDER BY id DESC LIMIT $3"
    );
    let query = sqlx::query(sql).bind(application.to_string()).bind(account.to_string()).bind(limit);
    query.fetch_all(db).await?.iter().map(row).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        r#type: r.try_get("type")?,
        actor_kind: r.try_get("actor_kind")?,
        actor_id: r.try_get("actor_id")?,
        target: r.try_get("target")?,
        outcome: r.try_get("outcome")?,
        detail: super::json(r, "detail")?,
        created_at: r.try_get("created_at")?,
    })
}
