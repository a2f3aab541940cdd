//! Who may send, by the database's clock.

use super::super::{Connection, Result, Store};
use super::{Row, row};
use crate::clock::Millis;
use model::ids::TokenSetId;

/// Takes the lease if nobody holds it, by the database's clock, and returns the row as it is now, with its new fence.
pub(crate) async fn take_lease(
    store: &Store,
    db: &mut Connection,
    id: TokenSetId,
    owner: &str,
    life: Millis,
) -> Result<Option<Row>> {
    let sql = concat!(
        "UPDATE token_sets SET lease_owner = $2, lease_fence = lease_fence + 1, lease_expires_at = {now} + $3 \
         WHERE id = $1 AND (lease_expires_at IS NULL OR lease_expires_at <= {now}) RETURNING ",
        columns!()
    );
    let query = sqlx::query(store.with_now(sql)).bind(id.to_string()).bind(owner).bind(life);
    query.fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// Makes the lease longer while a call is under way. Whether it is still this holder's.
pub(crate) async fn renew_lease(
    store: &Store,
    db: &mut Connection,
    id: TokenSetId,
    fence: i64,
    life: Millis,
) -> Result<bool> {
    let sql = "UPDATE token_sets SET lease_expires_at = {now} + $3 WHERE id = $1 AND lease_fence = $2 AND lease_owner IS NOT NULL";
    let query = sqlx::query(store.with_now(sql)).bind(id.to_string()).bind(fence).bind(life);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// Gives the lease back, if it is still this holder's.
pub(crate) async fn release_lease(db: &mut Connection, id: TokenSetId, fence: i64) -> Result<()> {
    let sql = "UPDATE token_sets SET lease_owner = NULL, lease_expires_at = NULL WHERE id = $1 AND lease_fence = $2";
    sqlx::query(sql).bind(id.to_string()).bind(fence).execute(db).await.map(drop)
}

/// Holds the row until the transaction ends.
pub(crate) async fn hold(db: &mut Connection, id: TokenSetId) -> Result<()> {
    let sql = "UPDATE token_sets SET granted_at = granted_at WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).execute(db).await.map(drop)
}
