//! Events in the order of their organization's chain.

use super::super::{Connection, Result, json, parsed, parsed_option};
use crate::clock::Millis;
use model::ids::{ApplicationId, EventId, OrganizationId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) id: EventId,
    pub(crate) application: Option<ApplicationId>,
    pub(crate) r#type: String,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: Option<String>,
    pub(crate) target: String,
    pub(crate) outcome: String,
    pub(crate) request_id: Option<String>,
    pub(crate) detail: serde_json::Value,
    pub(crate) personal: Option<String>,
    pub(crate) personal_salt: Vec<u8>,
    pub(crate) personal_digest: Vec<u8>,
    pub(crate) created_at: Millis,
    /// How many lines were written together under this event.
    pub(crate) lines: Option<i64>,
    /// Its place, or that of its last line; 0 as long as it has none.
    pub(crate) seq: i64,
    /// Its hash, or that of its last line; empty as long as it has no place.
    pub(crate) hash: Vec<u8>,
    /// What it follows.
    pub(crate) previous_hash: Vec<u8>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, application_id, type, actor_kind, actor_id, target, outcome, request_id, detail, personal, \
             personal_salt, personal_digest, created_at, lines, COALESCE(seq, 0) AS seq, hash, previous_hash FROM events WHERE ",
            $rest
        )
    };
}

/// The first organization after another one with events that have no place in its chain.
pub(crate) async fn waiting(db: &mut Connection, after: Option<OrganizationId>) -> Result<Option<OrganizationId>> {
    let sql = "SELECT organization_id FROM events WHERE seq IS NULL AND organization_id > $1 ORDER BY organization_id LIMIT 1";
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    sqlx::query(sql).bind(after).fetch_optional(db).await?.map(|r| parsed(&r, "organization_id")).transpose()
}

/// Events without a place, oldest first.
pub(crate) async fn without_place(db: &mut Connection, of: OrganizationId, limit: i64) -> Result<Vec<Row>> {
    let sql = select!("organization_id = $1 AND seq IS NULL ORDER BY id LIMIT $2");
    let rows = sqlx::query(sql).bind(of.to_string()).bind(limit).fetch_all(db).await?;
    rows.iter().map(row).collect()
}

/// Gives an event its place, which it then keeps.
pub(crate) async fn set_place(
    db: &mut Connection,
    id: EventId,
    seq: i64,
    (previous, hash): (&[u8], &[u8]),
) -> Result<()> {
    let sql = "UPDATE events SET seq = $2, previous_hash = $3, hash = $4 WHERE id = $1 AND seq IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(seq).bind(previous).bind(hash).execute(db).await.map(drop)
}

/// Events of an organization beyond a place, in their order.
pub(crate) async fn of_organization(
    db: &mut Connection,
    organization: OrganizationId,
    after: i64,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = select!("organization_id = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    let rows = sqlx::query(sql).bind(organization.to_string()).bind(after).bind(limit).fetch_all(db).await?;
    rows.iter().map(row).collect()
}

/// Events of an application beyond a place, in their order.
pub(crate) async fn of_application(
    db: &mut Connection,
    application: ApplicationId,
    after: i64,
    limit: i64,
) -> Result<Vec<Row>> {
    let sql = select!("application_id = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    let rows = sqlx::query(sql).bind(application.to_string()).bind(after).bind(limit).fetch_all(db).await?;
    rows.iter().map(row).collect()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        application: parsed_option(r, "application_id")?,
        r#type: r.try_get("type")?,
        actor_kind: r.try_get("actor_kind")?,
        actor_id: r.try_get("actor_id")?,
        target: r.try_get("target")?,
        outcome: r.try_get("outcome")?,
        request_id: r.try_get("request_id")?,
        detail: json(r, "detail")?,
        personal: r.try_get("personal")?,
        personal_salt: r.try_get("personal_salt")?,
        personal_digest: r.try_get("personal_digest")?,
        created_at: r.try_get("created_at")?,
        lines: r.try_get("lines")?,
        seq: r.try_get("seq")?,
        hash: r.try_get::<Option<Vec<u8>>, _>("hash")?.unwrap_or_default(),
        previous_hash: r.try_get::<Option<Vec<u8>>, _>("previous_hash")?.unwrap_or_default(),
    })
}
