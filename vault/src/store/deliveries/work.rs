//! Sending: which deliveries are due, who is at them, and what came of it.

use super::super::{Connection, Result, Store, parsed};
use crate::clock::Millis;
use model::ids::{DeliveryId, WebhookEndpointId};
use sqlx::Row as _;

/// A delivery that somebody has taken on.
pub(crate) struct Claimed {
    pub(crate) id: DeliveryId,
    pub(crate) body: String,
    pub(crate) tries: i64,
}

/// What became of an attempt.
pub(crate) struct Attempt<'a> {
    pub(crate) sent_at: Millis,
    pub(crate) took: Millis,
    pub(crate) status: Option<i64>,
    pub(crate) error: Option<&'a str>,
    pub(crate) answer: &'a str,
}

/// Endpoints that something waits for which is due and which nobody is at, with whether all has failed of late.
pub(crate) async fn due_endpoints(store: &Store, db: &mut Connection) -> Result<Vec<(WebhookEndpointId, bool)>> {
    let sql = "SELECT e.id, CAST(CASE WHEN e.failing_since_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS failing \
               FROM webhook_endpoints e WHERE e.deleted_at IS NULL AND e.paused_at IS NULL AND EXISTS ( \
                 SELECT 1 FROM deliveries d WHERE d.webhook_endpoint_id = e.id AND d.delivered_at IS NULL \
                 AND d.given_up_at IS NULL AND d.next_attempt_at <= {now} \
                 AND (d.lease_expires_at IS NULL OR d.lease_expires_at <= {now})) ORDER BY e.id";
    let rows = sqlx::query(store.with_now(sql)).fetch_all(db).await?;
    rows.iter().map(|r| Ok((parsed(r, "id")?, r.try_get::<i64, _>("failing")? == 1))).collect()
}

/// Takes on some of an endpoint's deliveries that are due and that nobody is at, the oldest first, by the database's
/// clock.
pub(crate) async fn claim(
    store: &Store,
    db: &mut Connection,
    endpoint: WebhookEndpointId,
    (owner, life): (&str, Millis),
    limit: i64,
) -> Result<Vec<Claimed>> {
    let sql = "UPDATE deliveries SET lease_owner = $2, lease_expires_at = {now} + $3 WHERE id IN ( \
                 SELECT d.id FROM deliveries d JOIN webhook_endpoints e ON e.id = d.webhook_endpoint_id \
                 WHERE d.webhook_endpoint_id = $1 AND e.deleted_at IS NULL AND e.paused_at IS NULL \
                 AND d.delivered_at IS NULL AND d.given_up_at IS NULL AND d.next_attempt_at <= {now} \
                 AND (d.lease_expires_at IS NULL OR d.lease_expires_at <= {now}) \
                 ORDER BY d.next_attempt_at, d.id LIMIT $4) \
               AND delivered_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= {now} \
               AND (lease_expires_at IS NULL OR lease_expires_at <= {now}) RETURNING id, body, tries";
    let query = sqlx::query(store.with_now(sql)).bind(endpoint.to_string()).bind(owner).bind(life).bind(limit);
    let rows = query.fetch_all(db).await?;
    let claimed = |r| Ok(Claimed { id: parsed(r, "id")?, body: r.try_get("body")?, tries: r.try_get("tries")? });
    rows.iter().map(claimed).collect()
}

/// Counts an attempt and keeps what became of it. Whether the delivery is still there.
pub(crate) async fn log_attempt(db: &mut Connection, id: DeliveryId, attempt: &Attempt<'_>) -> Result<bool> {
    let sql = "UPDATE deliveries SET attempts = attempts + 1, last_status = $2, last_error = $3 WHERE id = $1 \
               RETURNING attempts";
    let query = sqlx::query(sql).bind(id.to_string()).bind(attempt.status).bind(attempt.error);
    let Some(counted) = query.fetch_optional(&mut *db).await? else { return Ok(false) };
    let sql = "INSERT INTO delivery_attempts (delivery_id, number, sent_at, took, status, error, answer) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let query = sqlx::query(sql).bind(id.to_string()).bind(counted.try_get::<i64, _>("attempts")?);
    let query = query.bind(attempt.sent_at).bind(attempt.took).bind(attempt.status).bind(attempt.error);
    query.bind(attempt.answer).execute(db).await?;
    Ok(true)
}

/// The endpoint took it, whoever holds it by now.
pub(crate) async fn delivered(db: &mut Connection, id: DeliveryId, now: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET delivered_at = $2, given_up_at = NULL, next_attempt_at = NULL, lease_owner = NULL, \
               lease_expires_at = NULL WHERE id = $1 AND delivered_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// The attempt failed: the next one waits until then, unless somebody else has taken it on meanwhile.
pub(crate) async fn retry(db: &mut Connection, (id, owner): (DeliveryId, &str), at: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET tries = tries + 1, next_attempt_at = $3, lease_owner = NULL, lease_expires_at = NULL \
               WHERE id = $1 AND lease_owner = $2 AND delivered_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(owner).bind(at).execute(db).await.map(drop)
}

/// The last attempt failed.
pub(crate) async fn give_up(db: &mut Connection, (id, owner): (DeliveryId, &str), now: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET tries = tries + 1, given_up_at = $3, next_attempt_at = NULL, lease_owner = NULL, \
               lease_expires_at = NULL WHERE id = $1 AND (lease_owner = $2 OR next_attempt_at IS NULL) \
               AND delivered_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(owner).bind(now).execute(db).await.map(drop)
}

/// What waits for an endpoint is due at once.
pub(crate) async fn hurry(db: &mut Connection, endpoint: WebhookEndpointId, now: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET next_attempt_at = $2 WHERE webhook_endpoint_id = $1 AND delivered_at IS NULL \
               AND given_up_at IS NULL AND next_attempt_at > $2";
    sqlx::query(sql).bind(endpoint.to_string()).bind(now).execute(db).await.map(drop)
}

/// Sends one again from the beginning, whatever became of it. An attempt under way keeps its lease.
pub(crate) async fn replay(db: &mut Connection, id: DeliveryId, now: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET delivered_at = NULL, given_up_at = NULL, next_attempt_at = $2, tries = 0 \
               WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// Gives up everything that waits anywhere in the database.
pub(crate) async fn give_up_all(db: &mut Connection, why: &str, now: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET given_up_at = $2, next_attempt_at = NULL, last_error = $1, lease_owner = NULL, \
               lease_expires_at = NULL WHERE delivered_at IS NULL AND given_up_at IS NULL";
    sqlx::query(sql).bind(why).bind(now).execute(db).await.map(drop)
}
