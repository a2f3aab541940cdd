//! Records of the portal's sign-in sessions.

use super::{Connection, Result};
use crate::clock::Millis;
use model::ids::PersonId;
use sqlx::Row as _;

/// A session of a person, as its owner looks at it.
pub(crate) struct Row {
    pub(crate) id_hash: Vec<u8>,
    pub(crate) data: Vec<u8>,
}

/// Whether the row was new.
pub(crate) async fn insert(
    db: &mut Connection,
    id_hash: &[u8],
    person: Option<PersonId>,
    data: &[u8],
    now: Millis,
    expires_at: Millis,
) -> Result<bool> {
    let sql = "INSERT INTO portal_sessions (id_hash, person_id, data, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (id_hash) DO NOTHING";
    let query = sqlx::query(sql).bind(id_hash).bind(person.map(|p| p.to_string()));
    Ok(query.bind(data).bind(now).bind(expires_at).execute(db).await?.rows_affected() == 1)
}

/// Writes over what is there; what was deleted meanwhile stays away.
pub(crate) async fn update(
    db: &mut Connection,
    id_hash: &[u8],
    person: Option<PersonId>,
    data: &[u8],
    expires_at: Millis,
) -> Result<()> {
    let sql = "UPDATE portal_sessions SET person_id = $2, data = $3, expires_at = $4 WHERE id_hash = $1";
    let query = sqlx::query(sql).bind(id_hash).bind(person.map(|p| p.to_string()));
    query.bind(data).bind(expires_at).execute(db).await.map(drop)
}

pub(crate) async fn get(db: &mut Connection, id_hash: &[u8], now: Millis) -> Result<Option<(Vec<u8>, Millis)>> {
    let sql = "SELECT data, expires_at FROM portal_sessions WHERE id_hash = $1 AND expires_at > $2";
    let row = sqlx::query(sql).bind(id_hash).bind(now).fetch_optional(db).await?;
    row.map(|r| Ok((r.try_get("data")?, r.try_get("expires_at")?))).transpose()
}

/// A person's sessions, as many as a page can show.
pub(crate) async fn of_person(db: &mut Connection, person: PersonId, now: Millis) -> Result<Vec<Row>> {
    let sql = "SELECT id_hash, data FROM portal_sessions WHERE person_id = $1 AND expires_at > $2 \
               ORDER BY created_at DESC LIMIT 100";
    let rows = sqlx::query(sql).bind(person.to_string()).bind(now).fetch_all(db).await?;
    rows.iter().map(|r| Ok(Row { id_hash: r.try_get("id_hash")?, data: r.try_get("data")? })).collect()
}

pub(crate) async fn delete(db: &mut Connection, id_hash: &[u8]) -> Result<()> {
    sqlx::query("DELETE FROM portal_sessions WHERE id_hash = $1").bind(id_hash).execute(db).await.map(drop)
}

/// Whether the person had this session.
pub(crate) async fn delete_own(db: &mut Connection, person: PersonId, id_hash: &[u8]) -> Result<bool> {
    let sql = "DELETE FROM portal_sessions WHERE id_hash = $1 AND person_id = $2";
    let done = sqlx::query(sql).bind(id_hash).bind(person.to_string()).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// All of a person's sessions but one.
pub(crate) async fn delete_others(db: &mut Connection, person: PersonId, but: &[u8]) -> Result<u64> {
    let sql = "DELETE FROM portal_sessions WHERE person_id = $1 AND id_hash <> $2";
    Ok(sqlx::query(sql).bind(person.to_string()).bind(but).execute(db).await?.rows_affected())
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
