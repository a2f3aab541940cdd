//! Links that set a new password.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::PersonId;
use sqlx::Row as _;

/// Whose password a link sets, and when the link was made.
pub(crate) struct Row {
    pub(crate) person_id: PersonId,
    pub(crate) created_at: Millis,
}

pub(crate) async fn insert(
    db: &mut Connection,
    link_hash: &[u8],
    person: PersonId,
    now: Millis,
    expires_at: Millis,
) -> Result<()> {
    let sql = "INSERT INTO password_resets (link_hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(sql).bind(link_hash).bind(person.to_string());
    query.bind(now).bind(expires_at).execute(db).await.map(drop)
}

/// A link that is good still.
pub(crate) async fn get(db: &mut Connection, link_hash: &[u8], now: Millis) -> Result<Option<Row>> {
    let sql = "SELECT person_id, created_at FROM password_resets \
               WHERE link_hash = $1 AND used_at IS NULL AND expires_at > $2";
    let row = sqlx::query(sql).bind(link_hash).bind(now).fetch_optional(db).await?;
    row.map(|r| Ok(Row { person_id: parsed(&r, "person_id")?, created_at: r.try_get("created_at")? })).transpose()
}

/// Whether it was good until now: of two who use it at once one wins.
pub(crate) async fn take(db: &mut Connection, link_hash: &[u8], now: Millis) -> Result<bool> {
    let sql = "UPDATE password_resets SET used_at = $2 WHERE link_hash = $1 AND used_at IS NULL AND expires_at > $2";
    Ok(sqlx::query(sql).bind(link_hash).bind(now).execute(db).await?.rows_affected() == 1)
}

/// All of a person's links end.
pub(crate) async fn delete_of_person(db: &mut Connection, person: PersonId) -> Result<()> {
    sqlx::query("DELETE FROM password_resets WHERE person_id = $1").bind(person.to_string()).execute(db).await.map(drop)
}

pub(crate) async fn delete_expired(db: &mut Connection, now: Millis) -> Result<()> {
    sqlx::query("DELETE FROM password_resets WHERE expires_at < $1").bind(now).execute(db).await.map(drop)
}
