//! Deliveries: the outbox, written with the change that it tells of, and what became of each attempt.

mod log;
mod work;

pub(crate) use log::*;
pub(crate) use work::*;

use super::{Connection, Result, parsed, parsed_option};
use crate::clock::Millis;
use model::ids::{ApplicationId, ConnectedAccountId, DeliveryId, EventId, WebhookEndpointId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A delivery that is about to be.
pub(crate) struct New<'a> {
    pub(crate) id: DeliveryId,
    pub(crate) application_id: ApplicationId,
    pub(crate) webhook_endpoint_id: WebhookEndpointId,
    pub(crate) event_id: EventId,
    pub(crate) r#type: &'a str,
    pub(crate) connected_account_id: Option<ConnectedAccountId>,
    pub(crate) seq: Option<i64>,
    pub(crate) body: &'a str,
    /// `None` for what is sent by somebody who waits for it.
    pub(crate) next_attempt_at: Option<Millis>,
}

/// A delivery without its body.
pub(crate) struct Row {
    pub(crate) id: DeliveryId,
    pub(crate) r#type: String,
    pub(crate) connected_account_id: Option<ConnectedAccountId>,
    pub(crate) seq: Option<i64>,
    pub(crate) attempts: i64,
    pub(crate) next_attempt_at: Option<Millis>,
    pub(crate) last_status: Option<i64>,
    pub(crate) last_error: Option<String>,
    pub(crate) delivered_at: Option<Millis>,
    pub(crate) given_up_at: Option<Millis>,
    pub(crate) created_at: Millis,
}

pub(crate) async fn insert(db: &mut Connection, new: &New<'_>, now: Millis) -> Result<()> {
    let sql = "INSERT INTO deliveries (id, application_id, webhook_endpoint_id, event_id, type, connected_account_id, seq, \
               body, next_attempt_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(sql).bind(new.id.to_string()).bind(new.application_id.to_string());
    let query = query.bind(new.webhook_endpoint_id.to_string()).bind(new.event_id.to_string()).bind(new.r#type);
    let query = query.bind(new.connected_account_id.map(|a| a.to_string())).bind(new.seq).bind(new.body);
    query.bind(new.next_attempt_at).bind(now).execute(db).await.map(drop)
}

/// The next number of an account, greater than those before it.
pub(crate) async fn next_seq(db: &mut Connection, account: ConnectedAccountId) -> Result<i64> {
    let sql = "UPDATE connected_accounts SET webhook_seq = webhook_seq + 1 WHERE id = $1 RETURNING webhook_seq";
    sqlx::query(sql).bind(account.to_string()).fetch_one(db).await?.try_get("webhook_seq")
}

/// Forgets deliveries that were written before then, some at a time, and what was tried.
pub(crate) async fn forget_older_than(db: &mut Connection, before: Millis, limit: i64) -> Result<()> {
    let attempts = "DELETE FROM delivery_attempts WHERE delivery_id IN \
                    (SELECT id FROM deliveries WHERE created_at < $1 ORDER BY created_at, id LIMIT $2)";
    sqlx::query(attempts).bind(before).bind(limit).execute(&mut *db).await?;
    let old = "DELETE FROM deliveries WHERE id IN \
               (SELECT id FROM deliveries WHERE created_at < $1 ORDER BY created_at, id LIMIT $2)";
    sqlx::query(old).bind(before).bind(limit).execute(db).await.map(drop)
}

/// Forgets some of an endpoint's deliveries, and what was tried. Whether there were none left.
pub(crate) async fn forget_some_of(db: &mut Connection, endpoint: WebhookEndpointId, limit: i64) -> Result<bool> {
    let attempts = "DELETE FROM delivery_attempts WHERE delivery_id IN \
                    (SELECT id FROM deliveries WHERE webhook_endpoint_id = $1 ORDER BY id LIMIT $2)";
    sqlx::query(attempts).bind(endpoint.to_string()).bind(limit).execute(&mut *db).await?;
    let deliveries = "DELETE FROM deliveries WHERE id IN \
                      (SELECT id FROM deliveries WHERE webhook_endpoint_id = $1 ORDER BY id LIMIT $2)";
    let query = sqlx::query(deliveries).bind(endpoint.to_string()).bind(limit);
    Ok(query.execute(db).await?.rows_affected() == 0)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        r#type: r.try_get("type")?,
        connected_account_id: parsed_option(r, "connected_account_id")?,
        seq: r.try_get("seq")?,
        attempts: r.try_get("attempts")?,
        next_attempt_at: r.try_get("next_attempt_at")?,
        last_status: r.try_get("last_status")?,
        last_error: r.try_get("last_error")?,
        delivered_at: r.try_get("delivered_at")?,
        given_up_at: r.try_get("given_up_at")?,
        created_at: r.try_get("created_at")?,
    })
}
