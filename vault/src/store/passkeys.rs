//! Passkeys, and the challenges that prove them.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{PasskeyId, PersonId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A passkey as it is stored.
pub(crate) struct Row {
    pub(crate) id: PasskeyId,
    pub(crate) person_id: PersonId,
    pub(crate) name: String,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) sign_count: i64,
    pub(crate) created_at: Millis,
    pub(crate) last_used_at: Option<Millis>,
}

/// Whether the credential was not known yet.
pub(crate) async fn insert(db: &mut Connection, row: &Row) -> Result<bool> {
    let sql = "INSERT INTO passkeys (id, person_id, name, credential_id, public_key, sign_count, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_id) DO NOTHING";
    let query = sqlx::query(sql).bind(row.id.to_string()).bind(row.person_id.to_string()).bind(&row.name);
    let query = query.bind(row.credential_id.as_slice()).bind(row.public_key.as_slice());
    Ok(query.bind(row.sign_count).bind(row.created_at).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn of_person(db: &mut Connection, person: PersonId) -> Result<Vec<Row>> {
    let sql = "SELECT id, person_id, name, credential_id, public_key, sign_count, created_at, last_used_at \
               FROM passkeys WHERE person_id = $1 ORDER BY id";
    sqlx::query(sql).bind(person.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

pub(crate) async fn by_credential(db: &mut Connection, credential_id: &[u8]) -> Result<Option<Row>> {
    let sql = "SELECT id, person_id, name, credential_id, public_key, sign_count, created_at, last_used_at \
               FROM passkeys WHERE credential_id = $1";
    sqlx::query(sql).bind(credential_id).fetch_optional(db).await?.as_ref().map(row).transpose()
}

/// Notes a use. `false` when another use with the same count or a higher one came first.
pub(crate) async fn used(db: &mut Connection, id: PasskeyId, sign_count: i64, now: Millis) -> Result<bool> {
    let sql = "UPDATE passkeys SET sign_count = $2, last_used_at = $3 \
               WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))";
    let done = sqlx::query(sql).bind(id.to_string()).bind(sign_count).bind(now).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the person has such a passkey.
pub(crate) async fn rename(db: &mut Connection, person: PersonId, id: PasskeyId, name: &str) -> Result<bool> {
    let sql = "UPDATE passkeys SET name = $3 WHERE id = $1 AND person_id = $2";
    let done = sqlx::query(sql).bind(id.to_string()).bind(person.to_string()).bind(name).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the person had such a passkey.
pub(crate) async fn delete(db: &mut Connection, person: PersonId, id: PasskeyId) -> Result<bool> {
    let sql = "DELETE FROM passkeys WHERE id = $1 AND person_id = $2";
    let done = sqlx::query(sql).bind(id.to_string()).bind(person.to_string()).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn delete_of_person(db: &mut Connection, person: PersonId) -> Result<u64> {
    let done = sqlx::query("DELETE FROM passkeys WHERE person_id = $1").bind(person.to_string()).execute(db).await?;
    Ok(done.rows_affected())
}

pub(crate) async fn insert_challenge(
    db: &mut Connection,
    challenge_hash: &[u8],
    purpose: &str,
    person: Option<PersonId>,
    expires_at: Millis,
) -> Result<()> {
    let sql = "INSERT INTO passkey_challenges (challenge_hash, purpose, person_id, expires_at) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(sql).bind(challenge_hash).bind(purpose).bind(person.map(|p| p.to_string()));
    query.bind(expires_at).execute(db).await.map(drop)
}

/// Uses a challenge up: its purpose, whom it was made for, and when it ends.
pub(crate) async fn take_challenge(
    db: &mut Connection,
    challenge_hash: &[u8],
) -> Result<Option<(String, Option<PersonId>, Millis)>> {
    let sql = "DELETE FROM passkey_challenges WHERE challenge_hash = $1 RETURNING purpose, person_id, expires_at";
    let row = sqlx::query(sql).bind(challenge_hash).fetch_optional(db).await?;
    row.map(|r| {
        let person: Option<String> = r.try_get("person_id")?;
        let person = person.map(|_| parsed(&r, "person_id")).transpose()?;
        Ok((r.try_get("purpose")?, person, r.try_get("expires_at")?))
    })
    .transpose()
}

pub(crate) async fn delete_expired_challenges(db: &mut Connection, now: Millis) -> Result<u64> {
    let done = sqlx::query("DELETE FROM passkey_challenges WHERE expires_at < $1").bind(now).execute(db).await?;
    Ok(done.rows_affected())
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        person_id: parsed(r, "person_id")?,
        name: r.try_get("name")?,
        credential_id: r.try_get("credential_id")?,
        public_key: r.try_get("public_key")?,
        sign_count: r.try_get("sign_count")?,
        created_at: r.try_get("created_at")?,
        last_used_at: r.try_get("last_used_at")?,
    })
}
