//! A person's place in an organization.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{MemberId, OrganizationId, PersonId};
use model::people::Role;
use sqlx::Row as _;

pub(crate) struct Row {
    pub(crate) id: MemberId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) organization_name: String,
    pub(crate) role: Role,
    pub(crate) email: String,
    pub(crate) sessions_valid_from: Millis,
}

pub(crate) async fn insert(
    db: &mut Connection,
    id: MemberId,
    organization: OrganizationId,
    person: PersonId,
    role: Role,
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO members (id, organization_id, person_id, role, created_at) VALUES ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(id.to_string()).bind(organization.to_string()).bind(person.to_string());
    query.bind(role.as_str()).bind(now).execute(db).await.map(drop)
}

/// The first membership of a person who is not disabled.
pub(crate) async fn of_person(db: &mut Connection, person: PersonId) -> Result<Option<Row>> {
    let sql = "SELECT m.id, m.organization_id, o.name AS organization_name, m.role, p.email, p.sessions_valid_from \
               FROM members m JOIN people p ON p.id = m.person_id JOIN organizations o ON o.id = m.organization_id \
               WHERE m.person_id = $1 AND m.removed_at IS NULL AND p.disabled_at IS NULL ORDER BY m.id LIMIT 1";
    let row = sqlx::query(sql).bind(person.to_string()).fetch_optional(db).await?;
    row.map(|r| {
        Ok(Row {
            id: parsed(&r, "id")?,
            organization_id: parsed(&r, "organization_id")?,
            organization_name: r.try_get("organization_name")?,
            role: parsed(&r, "role")?,
            email: r.try_get("email")?,
            sessions_valid_from: r.try_get("sessions_valid_from")?,
        })
    })
    .transpose()
}

/// Who a member of the organization is, and the role.
pub(crate) async fn person_and_role(
    db: &mut Connection,
    organization: OrganizationId,
    id: MemberId,
) -> Result<Option<(PersonId, Role)>> {
    let sql = "SELECT person_id, role FROM members WHERE id = $1 AND organization_id = $2 AND removed_at IS NULL";
    let row = sqlx::query(sql).bind(id.to_string()).bind(organization.to_string()).fetch_optional(db).await?;
    row.map(|r| Ok((parsed(&r, "person_id")?, parsed(&r, "role")?))).transpose()
}

/// A member as lists show it.
pub(crate) struct Listed {
    pub(crate) id: MemberId,
    pub(crate) person_id: PersonId,
    pub(crate) role: Role,
    pub(crate) email: String,
    pub(crate) created_at: Millis,
    pub(crate) last_signed_in_at: Option<Millis>,
    pub(crate) second_step: bool,
}

/// The organization's members, in the order in which they came.
pub(crate) async fn list(db: &mut Connection, organization: OrganizationId) -> Result<Vec<Listed>> {
    let sql = "SELECT m.id, m.person_id, m.role, p.email, m.created_at, p.last_signed_in_at, \
               CAST(CASE WHEN EXISTS (SELECT 1 FROM passkeys k WHERE k.person_id = p.id) OR EXISTS \
               (SELECT 1 FROM authenticators a WHERE a.person_id = p.id AND a.confirmed_at IS NOT NULL) \
               THEN 1 ELSE 0 END AS BIGINT) AS second_step \
               FROM members m JOIN people p ON p.id = m.person_id \
               WHERE m.organization_id = $1 AND m.removed_at IS NULL ORDER BY m.id";
    let rows = sqlx::query(sql).bind(organization.to_string()).fetch_all(db).await?;
    let listed = rows.iter().map(|r| {
        Ok(Listed {
            id: parsed(r, "id")?,
            person_id: parsed(r, "person_id")?,
            role: parsed(r, "role")?,
            email: r.try_get("email")?,
            created_at: r.try_get("created_at")?,
            last_signed_in_at: r.try_get("last_signed_in_at")?,
            second_step: r.try_get::<i64, _>("second_step")? != 0,
        })
    });
    listed.collect()
}

pub(crate) async fn set_role(db: &mut Connection, id: MemberId, role: Role) -> Result<()> {
    let sql = "UPDATE members SET role = $2 WHERE id = $1 AND removed_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(role.as_str()).execute(db).await.map(drop)
}

pub(crate) async fn remove(db: &mut Connection, id: MemberId, now: Millis) -> Result<()> {
    let sql = "UPDATE members SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}
