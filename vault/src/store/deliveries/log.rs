//! The delivery log of an endpoint.

use super::super::{Connection, Result};
use super::{Row, row};
use crate::clock::Millis;
use model::ids::{DeliveryId, WebhookEndpointId};
use model::webhook_endpoints::DeliveryStatus;
use sqlx::{AssertSqlSafe, Row as _};

/// One attempt, as it was kept.
pub(crate) struct Logged {
    pub(crate) number: i64,
    pub(crate) sent_at: Millis,
    pub(crate) took: Millis,
    pub(crate) status: Option<i64>,
    pub(crate) error: Option<String>,
    pub(crate) answer: String,
}

macro_rules! select {
    ($body:literal) => {
        concat!(
            "SELECT id, type, connected_account_id, seq, attempts, next_attempt_at, last_status, last_error, \
             delivered_at, given_up_at, created_at",
            $body,
            " FROM deliveries WHERE webhook_endpoint_id = $1"
        )
    };
}

/// One page beyond an id, in its direction.
pub(crate) async fn page(
    db: &mut Connection,
    endpoint: WebhookEndpointId,
    status: Option<DeliveryStatus>,
    (edge, newer): (DeliveryId, bool),
    limit: i64,
) -> Result<Vec<Row>> {
    let status = match status {
        None => "",
        Some(DeliveryStatus::Pending) => " AND delivered_at IS NULL AND given_up_at IS NULL",
        Some(DeliveryStatus::Delivered) => " AND delivered_at IS NOT NULL",
        Some(DeliveryStatus::Failed) => " AND given_up_at IS NOT NULL",
    };
    let beyond = if newer { " AND id > $2 ORDER BY id LIMIT $3" } else { " AND id < $2 ORDER BY id DESC LIMIT $3" };
    let query = sqlx::query(AssertSqlSafe([select!(""), status, beyond].concat())).bind(endpoint.to_string());
    query.bind(edge.to_string()).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// One delivery, with its body.
pub(crate) async fn get(
    db: &mut Connection,
    endpoint: WebhookEndpointId,
    id: DeliveryId,
) -> Result<Option<(Row, String)>> {
    let sql = concat!(select!(", body"), " AND id = $2");
    let found = sqlx::query(sql).bind(endpoint.to_string()).bind(id.to_string()).fetch_optional(db).await?;
    found.map(|r| Ok((row(&r)?, r.try_get("body")?))).transpose()
}

/// The newest attempts of a delivery, the last one first.
pub(crate) async fn attempts(db: &mut Connection, id: DeliveryId, limit: i64) -> Result<Vec<Logged>> {
    let sql = "SELECT number, sent_at, took, status, error, answer FROM delivery_attempts WHERE delivery_id = $1 \
               ORDER BY number DESC LIMIT $2";
    let rows = sqlx::query(sql).bind(id.to_string()).bind(limit).fetch_all(db).await?;
    let logged = |r: &sqlx::any::AnyRow| {
        Ok(Logged {
            number: r.try_get("number")?,
            sent_at: r.try_get("sent_at")?,
            took: r.try_get("took")?,
            status: r.try_get("status")?,
            error: r.try_get("error")?,
            answer: r.try_get("answer")?,
        })
    };
    rows.iter().map(logged).collect()
}
