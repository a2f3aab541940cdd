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
