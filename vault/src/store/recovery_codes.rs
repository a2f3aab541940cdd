//! Recovery codes, as hashes.

use super::{Connection, Result};
use crate::clock::Millis;
use model::ids::PersonId;
use sqlx::Row as _;

pub(crate) async fn insert(db: &mut Connection, person: PersonId, code_hash: &[u8], now: Millis) -> Result<()> {
    let sql = "INSERT INTO recovery_codes (person_id, code_hash, created_at) VALUES ($1, $2, $3)";
    sqlx::query(sql).bind(person.to_string()).bind(code_hash).bind(now).execute(db).await.map(drop)
}

/// Uses one up; `false` when there is no such code, or it was used before.
pub(crate) async fn take(db: &mut Connection, person: PersonId, code_hash: &[u8], now: Millis) -> Result<bool> {
    let sql = "UPDATE recovery_codes SET used_at = $3 WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL";
    let done = sqlx::query(sql).bind(person.to_string()).bind(code_hash).bind(now).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// How many are left.
pub(crate) async fn count(db: &mut Connection, person: PersonId) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS left_over FROM recovery_codes WHERE person_id = $1 AND used_at IS NULL";
    sqlx::query(sql).bind(person.to_string()).fetch_one(db).await?.try_get("left_over")
}

pub(crate) async fn delete_of_person(db: &mut Connection, person: PersonId) -> Result<u64> {
    let sql = "DELETE FROM recovery_codes WHERE person_id = $1";
    Ok(sqlx::query(sql).bind(person.to_string()).execute(db).await?.rows_affected())
}
