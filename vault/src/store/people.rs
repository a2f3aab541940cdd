//! People who sign in to the portal.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{OrganizationId, PersonId};
use sqlx::Row as _;

pub(crate) struct Row {
    pub(crate) id: PersonId,
    pub(crate) password_hash: Option<String>,
    pub(crate) disabled_at: Option<Millis>,
}

pub(crate) async fn insert(
    db: &mut Connection,
    id: PersonId,
    email: &str,
    password_hash: &str,
    now: Millis,
) -> Result<()> {
    let sql =
        "INSERT INTO people (id, email, password_hash, sessions_valid_from, created_at) VALUES ($1, $2, $3, $4, $4)";
    sqlx::query(sql).bind(id.to_string()).bind(email).bind(password_hash).bind(now).execute(db).await.map(drop)
}

pub(crate) async fn by_email(db: &mut Connection, email: &str) -> Result<Option<Row>> {
    let sql = "SELECT id, password_hash, disabled_at FROM people WHERE email = $1";
    let row = sqlx::query(sql).bind(email).fetch_optional(db).await?;
    row.map(|r| {
        let (password_hash, disabled_at) = (r.try_get("password_hash")?, r.try_get("disabled_at")?);
        Ok(Row { id: parsed(&r, "id")?, password_hash, disabled_at })
    })
    .transpose()
}

pub(crate) async fn password_hash(db: &mut Connection, id: PersonId) -> Result<Option<String>> {
    let row =
        sqlx::query("SELECT password_hash FROM people WHERE id = $1").bind(id.to_string()).fetch_optional(db).await?;
    row.map(|r| r.try_get("password_hash")).transpose().map(Option::flatten)
}

pub(crate) async fn set_password(db: &mut Connection, id: PersonId, password_hash: &str) -> Result<()> {
    let sql = "UPDATE people SET password_hash = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(password_hash).execute(db).await.map(drop)
}

pub(crate) async fn set_signed_in(db: &mut Connection, id: PersonId, now: Millis) -> Result<()> {
    let sql = "UPDATE people SET last_signed_in_at = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// Sessions that began before `now` are over.
pub(crate) async fn end_sessions(db: &mut Connection, id: PersonId, now: Millis) -> Result<()> {
    let sql = "UPDATE people SET sessions_valid_from = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// Whether somebody with this address is a member somewhere: the organization, if so.
pub(crate) async fn organization_of(db: &mut Connection, email: &str) -> Result<Option<OrganizationId>> {
    let sql = "SELECT m.organization_id FROM members m JOIN people p ON p.id = m.person_id \
               WHERE p.email = $1 AND m.removed_at IS NULL ORDER BY m.id LIMIT 1";
    let row = sqlx::query(sql).bind(email).fetch_optional(db).await?;
    row.map(|r| parsed(&r, "organization_id")).transpose()
}

/// Lets somebody who is a member nowhere give an address up, so that whoever has it now can use it: as a person of
/// their own, whom nothing of the former one's can sign in. What stays in its place is no address.
pub(crate) async fn give_up_email(db: &mut Connection, email: &str, now: Millis) -> Result<()> {
    let sql = "UPDATE people SET email = email || ', formerly ' || id, disabled_at = $2 WHERE email = $1 \
               AND NOT EXISTS (SELECT 1 FROM members m WHERE m.person_id = people.id AND m.removed_at IS NULL)";
    sqlx::query(sql).bind(email).bind(now).execute(db).await.map(drop)
}
