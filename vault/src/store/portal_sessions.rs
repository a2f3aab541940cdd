//! Records of the portal's sign-in sessions.

use super::{Connection, Result};
use crate::clock::Millis;
use model::ids::PersonId;
use sqlx::Row as _;

/// Whether the row was new.
pub(crate) async fn insert(
    db: &mut Connection,
    id_hash: &[u8],
    data: &[u8],
    now: Millis,
    expires_at: Millis,
) -> Result<bool> {
    let sql = "INSERT INTO portal_sessions (id_hash, data, created_at, expires_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id_hash) DO NOTHING";
    let query = sqlx::query(sql).bind(id_hash).bind(data).bind(now).bind(expires_at);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn upsert(
    db: &mut Connection,
    id_hash: &[u8],
    person: Option<PersonId>,
    data: &[u8],
    now: Millis,
    expires_at: Millis,
) -> Result<()> {
    let sql = "INSERT INTO portal_sessions (id_hash, person_id, data, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (id_hash) DO UPDATE SET person_id = excluded.person_id, data = excluded.data, expires_at = excluded.expires_at";
    let query = sqlx::query(sql).bind(id_hash).bind(person.map(|p| p.to_string()));
    query.bind(data).bind(now).bind(expires_at).execute(db).await.map(drop)
}

pub(crate) async fn get(db: &mut Connection, id_hash: &[u8], now: Millis) -> Result<Option<(Vec<u8>, Millis)>> {
    let sql = "SELECT data, expires_at FROM portal_sessions WHERE id_hash = $1 AND expires_at > $2";
    let row = sqlx::query(sql).bind(id_hash).bind(now).fetch_optional(db).await?;
    row.map(|r| Ok((r.try_get("data")?, r.try_get("expires_at")?))).transpose()
}

pub(crate) async fn delete(db: &mut Connection, id_hash: &[u8]) -> Result<()> {
    sqlx::query("DELETE FROM portal_sessions WHERE id_hash = $1").bind(id_hash).execute(db).await.map(drop)
}

pub(crate) async fn delete_of_person(db: &mut Connection, person: PersonId) -> Result<u64> {
    let done =
        sqlx::query("DELETE FROM portal_sessions WHERE person_id = $1").bind(person.to_string()).execute(db).await?;
    Ok(done.rows_affected())
}

pub(crate) async fn delete_expired(db: &mut Connection, now: Millis) -> Result<u64> {
    let done = sqlx::query("DELETE FROM portal_sessions WHERE expires_at < $1").bind(now).execute(db).await?;
    Ok(done.rows_affected())
}
