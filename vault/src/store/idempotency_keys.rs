//! Calls that are made once under the key that their backend gave them.

use super::{Connection, Result, Store, parsed_option};
use crate::clock::Millis;
use model::api_keys::KeyScope;
use model::ids::ApplicationId;
use sqlx::Row as _;

/// What is known of a key.
pub(crate) struct Row {
    pub(crate) request_hash: Vec<u8>,
    pub(crate) scope: Option<KeyScope>,
    pub(crate) response_status: Option<i64>,
    pub(crate) response_sealed: Option<Vec<u8>>,
    /// How long the lease still lasts.
    pub(crate) lease_left: Option<Millis>,
}

/// A key and who holds it.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    pub(crate) application: ApplicationId,
    pub(crate) key: &'a str,
    pub(crate) owner: &'a str,
}

/// Takes a key that is new, or over, or whose holder is gone before there was an answer. Whether it is this holder's now.
pub(crate) async fn take(
    store: &Store,
    db: &mut Connection,
    held: Held<'_>,
    request_hash: &[u8],
    life: Millis,
    lease: Millis,
) -> Result<bool> {
    let sql = "INSERT INTO idempotency_keys \
                 (application_id, key, request_hash, created_at, expires_at, lease_owner, lease_expires_at) \
               VALUES ($1, $2, $3, {now}, {now} + $5, $4, {now} + $6) \
               ON CONFLICT (application_id, key) DO UPDATE SET request_hash = $3, scope = NULL, response_status = NULL, \
                 response_sealed = NULL, created_at = {now}, expires_at = {now} + $5, lease_owner = $4, \
                 lease_expires_at = {now} + $6 \
               WHERE idempotency_keys.expires_at <= {now} \
                 OR (idempotency_keys.response_sealed IS NULL AND idempotency_keys.request_hash = $3 \
                     AND (idempotency_keys.lease_expires_at IS NULL OR idempotency_keys.lease_expires_at <= {now}))";
    let query = sqlx::query(store.with_now(sql)).bind(held.application.to_string()).bind(held.key).bind(request_hash);
    Ok(query.bind(held.owner).bind(life).bind(lease).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn get(
    store: &Store,
    db: &mut Connection,
    application: ApplicationId,
    key: &str,
) -> Result<Option<Row>> {
    let sql = "SELECT request_hash, scope, response_status, response_sealed, lease_expires_at - {now} AS lease_left \
               FROM idempotency_keys WHERE application_id = $1 AND key = $2";
    let query = sqlx::query(store.with_now(sql)).bind(application.to_string()).bind(key);
    let row = query.fetch_optional(db).await?;
    row.map(|r| {
        Ok(Row {
            request_hash: r.try_get("request_hash")?,
            scope: parsed_option(&r, "scope")?,
            response_status: r.try_get("response_status")?,
            response_sealed: r.try_get("response_sealed")?,
            lease_left: r.try_get("lease_left")?,
        })
    })
    .transpose()
}

/// Makes the lease longer. Whether it is still this holder's.
pub(crate) async fn renew(store: &Store, db: &mut Connection, held: Held<'_>, lease: Millis) -> Result<bool> {
    let sql = "UPDATE idempotency_keys SET lease_expires_at = {now} + $4 \
               WHERE application_id = $1 AND key = $2 AND lease_owner = $3";
    let query = sqlx::query(store.with_now(sql)).bind(held.application.to_string()).bind(held.key).bind(held.owner);
    Ok(query.bind(lease).execute(db).await?.rows_affected() == 1)
}

/// Keeps the answer, if the key is still this holder's.
pub(crate) async fn keep(
    db: &mut Connection,
    held: Held<'_>,
    scope: Option<KeyScope>,
    status: u16,
    sealed: &[u8],
) -> Result<bool> {
    let sql = "UPDATE idempotency_keys SET scope = $4, response_status = $5, response_sealed = $6, lease_owner = NULL, \
               lease_expires_at = NULL WHERE application_id = $1 AND key = $2 AND lease_owner = $3";
    let query = sqlx::query(sql).bind(held.application.to_string()).bind(held.key).bind(held.owner);
    let query = query.bind(scope.map(KeyScope::as_str)).bind(i64::from(status)).bind(sealed);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Forgets a key whose call changed nothing, so that it can be made again.
pub(crate) async fn give_back(db: &mut Connection, held: Held<'_>) -> Result<()> {
    let sql = "DELETE FROM idempotency_keys WHERE application_id = $1 AND key = $2 AND lease_owner = $3";
    let query = sqlx::query(sql).bind(held.application.to_string()).bind(held.key).bind(held.owner);
    query.execute(db).await.map(drop)
}

/// Some keys after another with their answers as they are sealed.
pub(crate) async fn answered(
    db: &mut Connection,
    application: ApplicationId,
    after: &str,
) -> Result<Vec<(String, Vec<u8>)>> {
    let sql = "SELECT key, response_sealed FROM idempotency_keys \
               WHERE application_id = $1 AND key > $2 AND response_sealed IS NOT NULL ORDER BY key LIMIT 200";
    let rows = sqlx::query(sql).bind(application.to_string()).bind(after).fetch_all(db).await?;
    rows.iter().map(|r| Ok((r.try_get("key")?, r.try_get("response_sealed")?))).collect()
}

/// Forgets one key with its answer.
pub(crate) async fn forget(db: &mut Connection, application: ApplicationId, key: &str) -> Result<()> {
    let sql = "DELETE FROM idempotency_keys WHERE application_id = $1 AND key = $2 AND response_sealed IS NOT NULL";
    sqlx::query(sql).bind(application.to_string()).bind(key).execute(db).await.map(drop)
}

/// Forgets what is over.
pub(crate) async fn forget_expired(db: &mut Connection, now: Millis) -> Result<u64> {
    let done = sqlx::query("DELETE FROM idempotency_keys WHERE expires_at <= $1").bind(now).execute(db).await?;
    Ok(done.rows_affected())
}
