//! Who is invited to an organization.

use super::{Connection, Result, parsed};
use crate::clock::Millis;
use model::ids::{InvitationId, OrganizationId, PersonId};
use model::people::Role;
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub(crate) struct Row {
    pub(crate) id: InvitationId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) organization_name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) invited_by: PersonId,
    pub(crate) invited_by_email: String,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Millis,
    pub(crate) accepted_at: Option<Millis>,
    pub(crate) withdrawn_at: Option<Millis>,
    pub(crate) mailed_at: Option<Millis>,
    pub(crate) mail_problem: Option<String>,
}

pub(crate) struct NewRow<'a> {
    pub(crate) id: InvitationId,
    pub(crate) organization: OrganizationId,
    pub(crate) email: &'a str,
    pub(crate) role: Role,
    pub(crate) link_hash: &'a [u8],
    pub(crate) invited_by: PersonId,
    pub(crate) expires_at: Millis,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.organization_id, o.name AS organization_name, i.email, i.role, i.invited_by, \
             p.email AS invited_by_email, i.created_at, i.expires_at, i.accepted_at, i.withdrawn_at, i.mailed_at, \
             i.mail_problem FROM invitations i JOIN organizations o ON o.id = i.organization_id \
             JOIN people p ON p.id = i.invited_by ",
            $rest
        )
    };
}

pub(crate) async fn insert(db: &mut Connection, new: &NewRow<'_>, now: Millis) -> Result<()> {
    let sql = "INSERT INTO invitations (id, organization_id, email, role, link_hash, invited_by, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let query = sqlx::query(sql).bind(new.id.to_string()).bind(new.organization.to_string()).bind(new.email);
    let query = query.bind(new.role.as_str()).bind(new.link_hash).bind(new.invited_by.to_string());
    query.bind(now).bind(new.expires_at).execute(db).await.map(drop)
}

/// Those that were neither accepted nor withdrawn, newest first.
pub(crate) async fn list(db: &mut Connection, organization: OrganizationId) -> Result<Vec<Row>> {
    let sql =
        select!("WHERE i.organization_id = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL ORDER BY i.id DESC");
    sqlx::query(sql).bind(organization.to_string()).fetch_all(db).await?.iter().map(row).collect()
}

/// One of those.
pub(crate) async fn get(db: &mut Connection, organization: OrganizationId, id: InvitationId) -> Result<Option<Row>> {
    let sql =
        select!("WHERE i.organization_id = $1 AND i.id = $2 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL");
    let query = sqlx::query(sql).bind(organization.to_string()).bind(id.to_string());
    query.fetch_optional(db).await?.map(|r| row(&r)).transpose()
}

pub(crate) async fn by_link(db: &mut Connection, link_hash: &[u8]) -> Result<Option<Row>> {
    let sql = select!("WHERE i.link_hash = $1");
    sqlx::query(sql).bind(link_hash).fetch_optional(db).await?.map(|r| row(&r)).transpose()
}

/// A new link in place of the one before, from another member.
pub(crate) async fn renew(
    db: &mut Connection,
    id: InvitationId,
    link_hash: &[u8],
    invited_by: PersonId,
    expires_at: Millis,
) -> Result<()> {
    let sql = "UPDATE invitations SET link_hash = $2, invited_by = $3, expires_at = $4, mailed_at = NULL, \
               mail_problem = NULL WHERE id = $1";
    let query = sqlx::query(sql).bind(id.to_string()).bind(link_hash).bind(invited_by.to_string());
    query.bind(expires_at).execute(db).await.map(drop)
}

/// Whether it was still open: of two who accept at once one wins.
pub(crate) async fn accept(db: &mut Connection, id: InvitationId, now: Millis) -> Result<bool> {
    let sql = "UPDATE invitations SET accepted_at = $2 \
               WHERE id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2";
    Ok(sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await?.rows_affected() == 1)
}

pub(crate) async fn withdraw(db: &mut Connection, id: InvitationId, now: Millis) -> Result<()> {
    let sql = "UPDATE invitations SET withdrawn_at = $2 WHERE id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL";
    sqlx::query(sql).bind(id.to_string()).bind(now).execute(db).await.map(drop)
}

/// What became of the mail with the link of this hash; a link that was replaced meanwhile is nobody's concern.
pub(crate) async fn set_mailed(
    db: &mut Connection,
    link_hash: &[u8],
    now: Millis,
    problem: Option<&str>,
) -> Result<()> {
    let sql = "UPDATE invitations SET mailed_at = $2, mail_problem = $3 WHERE link_hash = $1";
    sqlx::query(sql).bind(link_hash).bind(now).bind(problem).execute(db).await.map(drop)
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        id: parsed(r, "id")?,
        organization_id: parsed(r, "organization_id")?,
        organization_name: r.try_get("organization_name")?,
        email: r.try_get("email")?,
        role: parsed(r, "role")?,
        invited_by: parsed(r, "invited_by")?,
        invited_by_email: r.try_get("invited_by_email")?,
        created_at: r.try_get("created_at")?,
        expires_at: r.try_get("expires_at")?,
        accepted_at: r.try_get("accepted_at")?,
        withdrawn_at: r.try_get("withdrawn_at")?,
        mailed_at: r.try_get("mailed_at")?,
        mail_problem: r.try_get("mail_problem")?,
    })
}
