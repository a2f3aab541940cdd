//! A client's secrets: the current one, and the one that is taking its place.

use super::super::{Connection, Result};
use super::{Row, row, select};
use crate::clock::{DAY, MINUTE, Millis};
use crate::keyring::Place;
use model::ids::ClientId;

/// What is known of a client that works is written again only after so long.
const STALE: Millis = 5 * MINUTE;

/// One of a client's two secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The one in use.
    Current,
    /// The one that takes its place.
    Next,
}

/// Where a client's secret stands.
pub(crate) fn secret_place(row: &str) -> Place<'_> {
    Place { table: "clients", column: "secret_current", row }
}

/// Where the secret stands that takes its place.
pub(crate) fn next_secret_place(row: &str) -> Place<'_> {
    Place { table: "clients", column: "secret_next", row }
}

/// Puts a secret beside the current one.
pub(crate) async fn put_next(
    db: &mut Connection,
    id: ClientId,
    (sealed, ends): (&[u8], &str),
    expires_at: Option<Millis>,
    works: Option<bool>,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE clients SET secret_next = $2, secret_next_ends = $3, secret_next_expires_at = $4, secret_next_added_at = $5, \
               secret_next_works_since = $6, secret_next_refused_at = $7, secret_current_refused_at = NULL, updated_at = $5 \
               WHERE id = $1 AND removed_at IS NULL";
    let query = sqlx::query(sql).bind(id.to_string()).bind(sealed).bind(ends).bind(expires_at).bind(now);
    let (works_since, refused_at) = ((works == Some(true)).then_some(now), (works == Some(false)).then_some(now));
    query.bind(works_since).bind(refused_at).execute(db).await.map(drop)
}

/// Takes the secret beside the current one away.
pub(crate) async fn drop_next(db: &mut Connection, id: ClientId, now: Millis) -> Result<bool> {
    let sql = "UPDATE clients SET secret_next = NULL, secret_next_ends = '', secret_next_expires_at = NULL, \
               secret_next_added_at = NULL, secret_next_works_since = NULL, secret_next_refused_at = NULL, updated_at = $2 \
               WHERE id = $1 AND secret_next IS NOT NULL";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await?.rows_affected() == 1)
}

/// Puts the next secret, sealed for the other column, in the place of the current one. `added_at` names the next one
/// that was opened: whether it was still that one.
pub(crate) async fn promote_next(
    db: &mut Connection,
    id: ClientId,
    added_at: Option<Millis>,
    sealed: &[u8],
    now: Millis,
) -> Result<bool> {
    let sql = "UPDATE clients SET secret_current = $2, secret_current_ends = secret_next_ends, secret_current_refused_at = NULL, \
               secret_expires_at = secret_next_expires_at, secret_reminded_days = NULL, secret_next = NULL, secret_next_ends = '', \
               secret_next_expires_at = NULL, secret_next_added_at = NULL, secret_next_works_since = NULL, \
               secret_next_refused_at = NULL, updated_at = $4 \
               WHERE id = $1 AND secret_next IS NOT NULL AND secret_next_added_at = $3";
    let query = sqlx::query(sql).bind(id.to_string()).bind(sealed).bind(added_at).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

/// The current secret is another one: nothing that was known of the old one holds.
pub(crate) async fn begin_anew(db: &mut Connection, id: ClientId, now: Millis) -> Result<()> {
    drop_next(db, id, now).await?;
    let sql = "UPDATE clients SET secret_expires_at = NULL, secret_reminded_days = NULL, secret_current_refused_at = NULL WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).execute(db).await.map(drop)
}

/// When the current secret ends, as the developer says.
pub(crate) async fn set_expiry(db: &mut Connection, id: ClientId, at: Option<Millis>, now: Millis) -> Result<()> {
    let sql = "UPDATE clients SET secret_expires_at = $2, secret_reminded_days = NULL, updated_at = $3 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(at).bind(now).execute(db).await.map(drop)
}

/// The provider took a token call under this secret. Writes nothing when that is known.
pub(crate) async fn worked(db: &mut Connection, id: ClientId, slot: Slot, now: Millis) -> Result<()> {
    let sql = match slot {
        Slot::Current => {
            "UPDATE clients SET worked_at = $2, secret_current_refused_at = NULL WHERE id = $1 \
             AND (worked_at IS NULL OR worked_at < $3 OR secret_current_refused_at IS NOT NULL)"
        }
        Slot::Next => {
            "UPDATE clients SET worked_at = $2, secret_next_works_since = COALESCE(secret_next_works_since, $2), \
             secret_next_refused_at = NULL WHERE id = $1 AND secret_next IS NOT NULL \
             AND (worked_at IS NULL OR worked_at < $3 OR secret_next_works_since IS NULL)"
        }
    };
    sqlx::query(sql).bind(id.to_string()).bind(now).bind(now - STALE).execute(db).await.map(drop)
}

/// Whether [`worked`] would write.
pub(crate) fn is_news(row: &Row, slot: Slot, now: Millis) -> bool {
    let known = match slot {
        Slot::Current => row.secret_current_refused_at.is_none(),
        Slot::Next => row.next.as_ref().is_some_and(|next| next.works_since.is_some()),
    };
    !known || row.worked_at.is_none_or(|at| at < now - STALE)
}

/// The provider does not know the client under this secret.
pub(crate) async fn refused(db: &mut Connection, id: ClientId, slot: Slot, now: Millis) -> Result<()> {
    let sql = match slot {
        Slot::Current => "UPDATE clients SET secret_current_refused_at = $2 WHERE id = $1",
        Slot::Next => {
            "UPDATE clients SET secret_next_refused_at = $2, secret_next_works_since = NULL \
             WHERE id = $1 AND secret_next IS NOT NULL"
        }
    };
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// Clients whose next secret has worked for a day, or works while the current one is refused.
pub(crate) async fn to_promote(db: &mut Connection, now: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = select!(
        "WHERE secret_next IS NOT NULL AND removed_at IS NULL AND (secret_next_works_since <= $1 \
         OR (secret_next_works_since IS NOT NULL AND secret_current_refused_at IS NOT NULL)) LIMIT $2"
    );
    sqlx::query(sql).bind(now - DAY).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// Clients whose current secret ends within 30 days and whose last reminder was for an earlier threshold.
pub(crate) async fn to_remind_of(db: &mut Connection, now: Millis, limit: i64) -> Result<Vec<Row>> {
    let sql = select!(
        "WHERE secret_expires_at <= $1 + 2592000000 AND removed_at IS NULL \
         AND COALESCE(secret_reminded_days, 1000) > CASE WHEN secret_expires_at <= $1 THEN 0 \
         WHEN secret_expires_at <= $1 + 86400000 THEN 1 WHEN secret_expires_at <= $1 + 604800000 THEN 7 ELSE 30 END LIMIT $2"
    );
    sqlx::query(sql).bind(now).bind(limit).fetch_all(db).await?.iter().map(row).collect()
}

/// Takes the reminder for a threshold, in days. Whether it was still to be given.
pub(crate) async fn take_reminder(db: &mut Connection, id: ClientId, days: i64) -> Result<bool> {
    let sql =
        "UPDATE clients SET secret_reminded_days = $2 WHERE id = $1 AND COALESCE(secret_reminded_days, 1000) > $2";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(days).execute(db).await?.rows_affected() == 1)
}
