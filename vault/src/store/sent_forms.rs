//! Forms that were sent, by the hash of the token in each.

use super::{Connection, Result};
use crate::clock::Millis;
use model::ids::PersonId;

/// Writes down that a form was sent. Whether it is the first time.
pub(crate) async fn insert(db: &mut Connection, person: PersonId, token_hash: &[u8], now: Millis) -> Result<bool> {
    let sql = "INSERT INTO sent_forms (person_id, token_hash, sent_at) VALUES ($1, $2, $3) \
               ON CONFLICT (person_id, token_hash) DO NOTHING";
    let query = sqlx::query(sql).bind(person.to_string()).bind(token_hash).bind(now);
    Ok(query.execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn delete(db: &mut Connection, person: PersonId, token_hash: &[u8]) -> Result<()> {
    let sql = "DELETE FROM sent_forms WHERE person_id = $1 AND token_hash = $2";
    sqlx::query(sql).bind(person.to_string()).bind(token_hash).execute(db).await.map(drop)
}

pub(crate) async fn forget_older_than(db: &mut Connection, at: Millis) -> Result<u64> {
    let done = sqlx::query("DELETE FROM sent_forms WHERE sent_at < $1").bind(at).execute(db).await?;
    Ok(done.rows_affected())
}
