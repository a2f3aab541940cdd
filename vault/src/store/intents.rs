//! The journal of token calls: a row before each call.

use super::{Connection, Result, Store, parsed};
use crate::clock::Millis;
use model::ids::{ApplicationId, AttemptId, IntentId, TokenSetId};
use sqlx::Row as _;

/// Room for an answer, filled at once so that a full disk is found before anything is spent.
const ROOM: [u8; 4096] = [0; 4096];

/// What a call is about to spend.
#[derive(Clone, Copy)]
pub(crate) enum Spends {
    /// The refresh token of this version.
    Refresh(TokenSetId, i64),
    /// The code of this attempt.
    Exchange(AttemptId),
}

pub(crate) async fn insert(
    db: &mut Connection,
    application: ApplicationId,
    spends: Spends,
    holder: &str,
    fence: i64,
    now: Millis,
) -> Result<IntentId> {
    let (kind, token_set, attempt, version) = match spends {
        Spends::Refresh(id, version) => ("refresh", Some(id.to_string()), None, version),
        Spends::Exchange(id) => ("exchange", None, Some(id.to_string()), 0),
    };
    let id = IntentId::new();
    let sql = "INSERT INTO intents (id, application_id, kind, token_set_id, attempt_id, version, holder, fence, created_at, room) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(sql).bind(id.to_string()).bind(application.to_string()).bind(kind);
    let query = query.bind(token_set).bind(attempt).bind(version).bind(holder).bind(fence).bind(now);
    query.bind(ROOM.as_slice()).execute(db).await?;
    Ok(id)
}

/// The first byte is about to be sent: from here on the token may be spent.
pub(crate) async fn set_sent(db: &mut Connection, id: IntentId, now: Millis) -> Result<()> {
    sqlx::query("UPDATE intents SET sent_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute(db)
        .await
        .map(drop)
}

/// What became of the call. An outcome that is not known leaves the intent open.
pub(crate) async fn close(db: &mut Connection, id: IntentId, outcome: &str, now: Millis) -> Result<()> {
    let closed_at = (outcome != "unknown").then_some(now);
    let sql = "UPDATE intents SET outcome = $2, closed_at = $3, room = $4 WHERE id = $1";
    let query = sqlx::query(sql).bind(id.to_string()).bind(outcome).bind(closed_at);
    query.bind(b"".as_slice()).execute(db).await.map(drop)
}

/// When a call that spends this version was sent earlier of which it is not known what became.
pub(crate) async fn maybe_spent(
    db: &mut Connection,
    token_set: TokenSetId,
    version: i64,
    but: IntentId,
) -> Result<Option<Millis>> {
    let sql = "SELECT CAST(MIN(sent_at) AS BIGINT) AS sent_at FROM intents \
               WHERE token_set_id = $1 AND version = $2 AND id <> $3 AND closed_at IS NULL AND sent_at IS NOT NULL";
    let query = sqlx::query(sql).bind(token_set.to_string()).bind(version).bind(but.to_string());
    query.fetch_one(db).await?.try_get("sent_at")
}

/// When calls that spend this version were sent whose end is not known: the first and the last of them.
pub(crate) async fn open_since(
    db: &mut Connection,
    token_set: TokenSetId,
    version: i64,
) -> Result<Option<(Millis, Millis)>> {
    let sql = "SELECT CAST(MIN(sent_at) AS BIGINT) AS first_at, CAST(MAX(sent_at) AS BIGINT) AS last_at FROM intents \
               WHERE token_set_id = $1 AND version = $2 AND closed_at IS NULL AND sent_at IS NOT NULL";
    let row = sqlx::query(sql).bind(token_set.to_string()).bind(version).fetch_one(db).await?;
    let (first, last): (Option<i64>, Option<i64>) = (row.try_get("first_at")?, row.try_get("last_at")?);
    Ok(first.zip(last))
}

/// Token sets of refreshes whose end is not known, the oldest first, with the version that may be spent.
pub(crate) async fn open_refreshes(db: &mut Connection, limit: i64) -> Result<Vec<(ApplicationId, TokenSetId, i64)>> {
    let sql = "SELECT application_id, token_set_id, version FROM intents \
               WHERE closed_at IS NULL AND kind = 'refresh' \
               GROUP BY application_id, token_set_id, version ORDER BY MAX(created_at) LIMIT $1";
    let rows = sqlx::query(sql).bind(limit).fetch_all(db).await?;
    rows.iter().map(|r| Ok((parsed(r, "application_id")?, parsed(r, "token_set_id")?, r.try_get("version")?))).collect()
}

/// Makes the lease of an exchange that is under way longer, by the database's clock.
pub(crate) async fn renew_lease(store: &Store, db: &mut Connection, id: IntentId, life: Millis) -> Result<()> {
    let sql = "UPDATE intents SET lease_expires_at = {now} + $2 WHERE id = $1 AND closed_at IS NULL";
    sqlx::query(store.with_now(sql)).bind(id.to_string()).bind(life).execute(db).await.map(drop)
}

/// Whether an exchange of this attempt is under way somewhere.
pub(crate) async fn is_under_way(store: &Store, db: &mut Connection, attempt: AttemptId) -> Result<bool> {
    let sql = "SELECT id FROM intents WHERE attempt_id = $1 AND closed_at IS NULL AND lease_expires_at > {now} LIMIT 1";
    Ok(sqlx::query(store.with_now(sql)).bind(attempt.to_string()).fetch_optional(db).await?.is_some())
}

/// Nobody waits for these any longer; what became of them stays unknown.
pub(crate) async fn give_up_exchanges(db: &mut Connection, attempt: AttemptId, now: Millis) -> Result<()> {
    let sql =
        "UPDATE intents SET outcome = 'unknown', closed_at = $2, room = $3 WHERE attempt_id = $1 AND closed_at IS NULL";
    sqlx::query(sql).bind(attempt.to_string()).bind(now).bind(b"".as_slice()).execute(db).await.map(drop)
}

/// Nothing hangs any longer on how these calls ended.
pub(crate) async fn settle(db: &mut Connection, token_set: TokenSetId, version: i64, now: Millis) -> Result<()> {
    let sql = "UPDATE intents SET outcome = COALESCE(outcome, 'unknown'), closed_at = $3, room = $4 \
               WHERE token_set_id = $1 AND version = $2 AND closed_at IS NULL";
    let query = sqlx::query(sql).bind(token_set.to_string()).bind(version).bind(now);
    query.bind(b"".as_slice()).execute(db).await.map(drop)
}

/// Forgets what was closed before `at`.
pub(crate) async fn forget_closed(db: &mut Connection, at: Millis) -> Result<()> {
    sqlx::query("DELETE FROM intents WHERE closed_at < $1").bind(at).execute(db).await.map(drop)
}

/// Refreshes of a token set that were sent and of which nothing is known: under way, or cut off. Newest first.
pub(crate) async fn unanswered(db: &mut Connection, token_set: TokenSetId) -> Result<Vec<(IntentId, Millis)>> {
    let sql = "SELECT id, created_at FROM intents WHERE token_set_id = $1 AND closed_at IS NULL AND outcome IS NULL \
               AND sent_at IS NOT NULL ORDER BY id DESC LIMIT 10";
    let rows = sqlx::query(sql).bind(token_set.to_string()).fetch_all(db).await?;
    rows.iter().map(|r| Ok((parsed(r, "id")?, r.try_get("created_at")?))).collect()
}

/// Closes what was open for a version that has been answered for.
pub(crate) async fn close_all_of(
    db: &mut Connection,
    token_set: TokenSetId,
    version: i64,
    outcome: &str,
    now: Millis,
) -> Result<()> {
    let sql = "UPDATE intents SET outcome = $3, closed_at = $4, room = $5 \
               WHERE token_set_id = $1 AND version = $2 AND closed_at IS NULL";
    let query = sqlx::query(sql).bind(token_set.to_string()).bind(version).bind(outcome);
    query.bind(now).bind(b"".as_slice()).execute(db).await.map(drop)
}
