//! Authenticator apps.

use super::{Connection, Result};
use crate::clock::Millis;
use model::ids::PersonId;
use sqlx::Row as _;

/// A person's authenticator app.
pub(crate) struct Row {
    pub(crate) key_sealed: Vec<u8>,
    pub(crate) created_at: Millis,
    pub(crate) confirmed_at: Option<Millis>,
}

pub(crate) async fn get(db: &mut Connection, person: PersonId) -> Result<Option<Row>> {
    let sql = "SELECT key_sealed, created_at, confirmed_at FROM authenticators WHERE person_id = $1";
    let row = sqlx::query(sql).bind(person.to_string()).fetch_optional(db).await?;
    row.map(|r| {
        let (key_sealed, created_at) = (r.try_get("key_sealed")?, r.try_get("created_at")?);
        Ok(Row { key_sealed, created_at, confirmed_at: r.try_get("confirmed_at")? })
    })
    .transpose()
}

/// Begins anew, unless one is confirmed already; says whether it did.
pub(crate) async fn begin(db: &mut Connection, person: PersonId, key_sealed: &[u8], now: Millis) -> Result<bool> {
    let sql = "INSERT INTO authenticators (person_id, key_sealed, created_at) VALUES ($1, $2, $3) \
               ON CONFLICT (person_id) DO UPDATE SET key_sealed = excluded.key_sealed, created_at = excluded.created_at, last_step = 0 \
               WHERE authenticators.confirmed_at IS NULL";
    let done = sqlx::query(sql).bind(person.to_string()).bind(key_sealed).bind(now).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// Accepts a code's time step, if it is later than all that were accepted.
pub(crate) async fn accept_step(db: &mut Connection, person: PersonId, step: i64) -> Result<bool> {
    let sql = "UPDATE authenticators SET last_step = $2 WHERE person_id = $1 AND last_step < $2";
    Ok(sqlx::query(sql).bind(person.to_string()).bind(step).execute(db).await?.rows_affected() == 1)
}

/// Confirms it, once, if the key is still the one that was shown.
pub(crate) async fn confirm(db: &mut Connection, person: PersonId, key_sealed: &[u8], now: Millis) -> Result<bool> {
    let sql = "UPDATE authenticators SET confirmed_at = $3 \
               WHERE person_id = $1 AND key_sealed = $2 AND confirmed_at IS NULL";
    let done = sqlx::query(sql).bind(person.to_string()).bind(key_sealed).bind(now).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn delete(db: &mut Connection, person: PersonId) -> Result<bool> {
    let sql = "DELETE FROM authenticators WHERE person_id = $1";
    Ok(sqlx::query(sql).bind(person.to_string()).execute(db).await?.rows_affected() == 1)
}
