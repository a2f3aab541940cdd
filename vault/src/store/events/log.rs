//! The audit log as people read it: narrowed, and page by page in both directions.

use super::super::{Connection, Result, json, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, EventId, OrganizationId};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

/// Whose log.
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    /// What happened within an application.
    Application(ApplicationId),
    /// What happened in an organization outside its applications.
    Organization(OrganizationId),
}

/// Which types of events.
#[derive(Clone, Copy)]
pub(crate) enum Types {
    Any,
    /// All of token sets, by far the most events.
    Tokens,
    /// One type that is not of token sets.
    One(&'static str),
}

/// What the log is narrowed by; `None` lets everything through.
#[derive(Clone)]
pub(crate) struct Narrowed {
    pub(crate) types: Types,
    pub(crate) actor_id: Option<String>,
    pub(crate) actor_kind: Option<String>,
    pub(crate) ok: Option<bool>,
    /// The id of a target, an actor, a request or the event itself.
    pub(crate) about: Option<String>,
    /// Of what `about` names, the events under which lines about it were written.
    pub(crate) by_lines: bool,
    pub(crate) from: Option<Millis>,
    pub(crate) until: Option<Millis>,
}

/// Where a page begins, and in which direction it goes.
#[derive(Clone, Copy)]
pub(crate) enum Edge {
    Newest,
    OlderThan(Millis, EventId),
    NewerThan(Millis, EventId),
}

pub(crate) struct Row {
    pub(crate) id: EventId,
    pub(crate) r#type: String,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: Option<String>,
    pub(crate) target: String,
    pub(crate) outcome: String,
    pub(crate) request_id: Option<String>,
    pub(crate) detail: serde_json::Value,
    pub(crate) personal: Option<String>,
    pub(crate) created_at: Millis,
}

macro_rules! select {
    () => {
        "SELECT id, type, actor_kind, actor_id, target, outcome, request_id, detail, personal, created_at \
         FROM events WHERE "
    };
}

impl Scope {
    const fn sql(self) -> &'static str {
        match self {
            Self::Application(_) => "application_id = $1",
            Self::Organization(_) => "organization_id = $1 AND application_id IS NULL",
        }
    }

    fn id(self) -> String {
        match self {
            Self::Application(id) => id.to_string(),
            Self::Organization(id) => id.to_string(),
        }
    }
}

/// The statement: fixed texts, one of two for each filter, so that each combination is planned for what it asks. What is
/// not asked for is bound all the same.
fn statement(scope: Scope, by: &Narrowed, edge: Edge) -> String {
    let given = |given: bool, on: &'static str, off: &'static str| if given { on } else { off };
    let types = match by.types {
        Types::Any => " AND CAST($2 AS TEXT) IS NULL",
        Types::Tokens => " AND CAST($2 AS TEXT) IS NULL AND substr(type, 1, 10) = 'token_set.'",
        Types::One(_) => " AND type = $2 AND substr(type, 1, 10) <> 'token_set.'",
    };
    let outcome = match by.ok {
        None => "",
        Some(true) => " AND outcome = 'ok'",
        Some(false) => " AND outcome <> 'ok'",
    };
    let beyond = match edge {
        // No bound at all: a scan would begin at it, however much later than $7.
        Edge::Newest => " AND CAST($8 AS BIGINT) IS NOT NULL AND CAST($9 AS TEXT) IS NOT NULL",
        Edge::OlderThan(..) => " AND (created_at, id) < ($8, $9)",
        Edge::NewerThan(..) => " AND (created_at, id) > ($8, $9)",
    };
    let order = match edge {
        Edge::NewerThan(..) => " ORDER BY created_at, id LIMIT $10",
        Edge::Newest | Edge::OlderThan(..) => " ORDER BY created_at DESC, id DESC LIMIT $10",
    };
    [
        select!(),
        scope.sql(),
        types,
        given(by.actor_id.is_some(), " AND actor_id = $3", " AND CAST($3 AS TEXT) IS NULL"),
        given(
            by.actor_kind.is_some(),
            " AND actor_kind = $4 AND actor_kind <> 'keybearer'",
            " AND CAST($4 AS TEXT) IS NULL",
        ),
        outcome,
        match by.about {
            None => " AND CAST($5 AS TEXT) IS NULL",
            Some(_) if by.by_lines => " AND id IN (SELECT event_id FROM event_lines WHERE target = $5)",
            Some(_) => " AND (id = $5 OR target = $5 OR actor_id = $5 OR request_id = $5)",
        },
        given(by.from.is_some(), " AND created_at >= $6", " AND CAST($6 AS BIGINT) IS NULL"),
        given(by.until.is_some(), " AND created_at < $7", " AND CAST($7 AS BIGINT) IS NULL"),
        beyond,
        order,
    ]
    .concat()
}

/// One page, in the direction of its edge.
pub(crate) async fn page(db: &mut Connection, scope: Scope, by: &Narrowed, edge: Edge, limit: i64) -> Result<Vec<Row>> {
    let kind = match by.types {
        Types::One(kind) => Some(kind),
        Types::Any | Types::Tokens => None,
    };
    let (at, id) = match edge {
        Edge::Newest => (Millis::MAX, EventId::LAST),
        Edge::OlderThan(at, id) | Edge::NewerThan(at, id) => (at, id),
    };
    let query = sqlx::query(AssertSqlSafe(statement(scope, by, edge))).bind(scope.id()).bind(kind);
    let query = query.bind(by.actor_id.as_deref()).bind(by.actor_kind.as_deref()).bind(by.about.as_deref());
    let query = query.bind(by.from).bind(by.until).bind(at).bind(id.to_string()).bind(limit);
    query.fetch_all(db).await?.iter().map(row).collect()
}

/// One event of a log.
pub(crate) async fn get(db: &mut Connection, scope: Scope, id: EventId) -> Result<Option<Row>> {
    let sql = match scope {
        Scope::Application(_) => concat!(select!(), "application_id = $1 AND id = $2"),
        Scope::Organization(_) => concat!(select!(), "organization_id = $1 AND application_id IS NULL AND id = $2"),
    };
    sqlx::query(sql).bind(scope.id()).bind(id.to_string()).fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// The account that stands on a token set, or the last one that did.
pub(crate) async fn account_of(db: &mut Connection, application: ApplicationId, ts: &str) -> Result<Option<String>> {
    let sql =
        "SELECT id FROM connected_accounts WHERE token_set_id = $1 AND application_id = $2 ORDER BY id DESC LIMIT 1";
    let row = sqlx::query(sql).bind(ts).bind(application.to_string()).fetch_optional(db).await?;
    row.map(|r| r.try_get("id")).transpose()
}

/// Things of which each is one end user's.
#[derive(Clone, Copy)]
pub(crate) enum Owned {
    ConnectedAccount,
    ConnectSession,
    EndUser,
}

/// The end user whose thing this is, by the developer's own id; `None` when either is gone or erased.
pub(crate) async fn end_user_of(
    db: &mut Connection,
    application: ApplicationId,
    (what, id): (Owned, &str),
) -> Result<Option<String>> {
    let sql = match what {
        Owned::ConnectedAccount => {
            "SELECT e.external_id FROM connected_accounts a JOIN end_users e ON e.id = a.end_user_id \
             WHERE a.id = $1 AND a.application_id = $2 AND e.erased_at IS NULL"
        }
        Owned::ConnectSession => {
            "SELECT e.external_id FROM connect_sessions s JOIN end_users e ON e.id = s.end_user_id \
             WHERE s.id = $1 AND s.application_id = $2 AND s.tests_at IS NULL AND e.erased_at IS NULL"
        }
        Owned::EndUser => {
            "SELECT external_id FROM end_users WHERE id = $1 AND application_id = $2 AND erased_at IS NULL"
        }
    };
    let row = sqlx::query(sql).bind(id).bind(application.to_string()).fetch_optional(db).await?;
    row.map(|r| r.try_get("external_id")).transpose()
}

/// A provider config's key, and whether it is still there.
pub(crate) async fn config_key(
    db: &mut Connection,
    application: ApplicationId,
    id: &str,
) -> Result<Option<(String, bool)>> {
    let sql = "SELECT key, removed_at FROM provider_configs WHERE id = $1 AND application_id = $2";
    let row = sqlx::query(sql).bind(id).bind(application.to_string()).fetch_optional(db).await?;
    row.map(|r| Ok((r.try_get("key")?, r.try_get::<Option<Millis>, _>("removed_at")?.is_none()))).transpose()
}

/// People who are or were members, with their addresses.
pub(crate) async fn people(db: &mut Connection, organization: OrganizationId) -> Result<Vec<(String, String)>> {
    let sql = "SELECT DISTINCT p.id, p.email FROM members m JOIN people p ON p.id = m.person_id \
               WHERE m.organization_id = $1 ORDER BY p.email LIMIT 1000";
    let rows = sqlx::query(sql).bind(organization.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("id")?, r.try_get("email")?))).collect()
}

/// An application's API keys, also revoked ones, with their names.
pub(crate) async fn keys(db: &mut Connection, application: ApplicationId) -> Result<Vec<(String, String)>> {
    let sql = "SELECT id, name FROM api_keys WHERE application_id = $1 ORDER BY id DESC LIMIT 1000";
    let rows = sqlx::query(sql).bind(application.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("id")?, r.try_get("name")?))).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        r#type: r.try_get("type")?,
        actor_kind: r.try_get("actor_kind")?,
        actor_id: r.try_get("actor_id")?,
        target: r.try_get("target")?,
        outcome: r.try_get("outcome")?,
        request_id: r.try_get("request_id")?,
        detail: json(r, "detail")?,
        personal: r.try_get("personal")?,
        created_at: r.try_get("created_at")?,
    })
}
