//! The members of an organization: who there is, their roles, and their end.
//!
//! A member is read anew for each request, so that a smaller role narrows and a removal ends at once, on every server.

use crate::Vault;
use crate::caller::{Actor, MemberCaller};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::events::Event;
use crate::people::normal_email;
use crate::store::{Tx, invitations, members, organizations, password_resets, people, portal_sessions};
use model::ids::{MemberId, OrganizationId, PersonId};
use model::members::ListedMember;
use model::people::Role;
use serde_json::json;

/// Who changes members: a member as far as the role goes, or the command line, which may do what an owner may.
struct By {
    organization: OrganizationId,
    actor: Actor,
    role: Role,
}

impl Vault {
    /// The organization's members, in the order in which they came.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn members(&self, caller: &MemberCaller) -> Result<Vec<ListedMember>, VaultError> {
        caller.require(Role::Viewer)?;
        Ok(views(members::list(&mut *self.store.connection().await?, caller.organization).await?))
    }

    /// Gives a member another role. What the old one allowed beyond the new one ends at once, with the invitations that
    /// only the old one could have sent.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`], also where owners are concerned and the caller is none; [`VaultError::NotFound`];
    /// [`VaultError::Conflict`] `last_owner`.
    pub async fn set_role(&self, caller: &MemberCaller, id: MemberId, role: Role) -> Result<(), VaultError> {
        caller.require(Role::Admin)?;
        let mut tx = self.store.begin().await?;
        let by = acting(&mut tx, caller).await?;
        let target = target(&mut tx, &by, |member| member.id == id).await?;
        self.change_role(&mut tx, &by, &target, role).await?;
        Ok(tx.commit().await?)
    }

    /// Removes a member: all sessions end, and the person can sign in no more. What the person has made stays.
    ///
    /// # Errors
    /// As [`Vault::set_role`].
    pub async fn remove_member(&self, caller: &MemberCaller, id: MemberId) -> Result<(), VaultError> {
        caller.require(Role::Admin)?;
        let mut tx = self.store.begin().await?;
        let by = acting(&mut tx, caller).await?;
        let target = target(&mut tx, &by, |member| member.id == id).await?;
        self.remove(&mut tx, &by, &target).await?;
        Ok(tx.commit().await?)
    }

    /// The members, for the command line.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when there is no organization yet.
    pub async fn members_for_command_line(
        &self,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<ListedMember>, VaultError> {
        let mut tx = self.store.begin().await?;
        let organization = self.organization_for_command_line(&mut tx, organization).await?;
        Ok(views(members::list(&mut tx, organization).await?))
    }

    /// Gives the member with this address another role, from the command line.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Conflict`] `last_owner`.
    pub async fn set_role_from_command_line(&self, email: &str, role: Role) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        let (by, target) = named(&mut tx, email).await?;
        self.change_role(&mut tx, &by, &target, role).await?;
        Ok(tx.commit().await?)
    }

    /// Removes the member with this address, from the command line.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Conflict`] `last_owner`.
    pub async fn remove_member_from_command_line(&self, email: &str) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        let (by, target) = named(&mut tx, email).await?;
        self.remove(&mut tx, &by, &target).await?;
        Ok(tx.commit().await?)
    }

    async fn change_role(&self, tx: &mut Tx, by: &By, target: &ListedMember, role: Role) -> Result<(), VaultError> {
        if !by.role.may_manage(target.role) || !by.role.may_manage(role) {
            return Err(VaultError::Forbidden);
        }
        if target.role == role {
            return Ok(());
        }
        check_owner_left(target)?;
        members::set_role(tx, target.id, role).await?;
        self.withdraw_invitations_of(tx, by, target.person, Some(role)).await?;
        let event = Event::of_organization(by.organization, by.actor, "member.role_changed", target.id);
        let detail = json!({ "person": target.person, "from": target.role, "to": role });
        self.record(tx, event.detail(detail).personal(json!({ "email": target.email }))).await
    }

    async fn remove(&self, tx: &mut Tx, by: &By, target: &ListedMember) -> Result<(), VaultError> {
        if !by.role.may_manage(target.role) {
            return Err(VaultError::Forbidden);
        }
        check_owner_left(target)?;
        members::remove(tx, target.id, self.clock.now()).await?;
        people::end_sessions(tx, target.person, self.clock.now()).await?;
        portal_sessions::delete_of_person(tx, target.person).await?;
        password_resets::delete_of_person(tx, target.person).await?;
        self.withdraw_invitations_of(tx, by, target.person, None).await?;
        let event = Event::of_organization(by.organization, by.actor, "member.removed", target.id);
        let detail = json!({ "person": target.person, "role": target.role });
        self.record(tx, event.detail(detail).personal(json!({ "email": target.email }))).await
    }

    /// Ends what a person has invited to and, with the role that is left, could not invite to now: whoever keeps such a
    /// link must not come back by it.
    async fn withdraw_invitations_of(
        &self,
        tx: &mut Tx,
        by: &By,
        person: PersonId,
        left: Option<Role>,
    ) -> Result<(), VaultError> {
        for row in invitations::list(tx, by.organization).await? {
            if row.invited_by == person && !left.is_some_and(|left| left.may_manage(row.role)) {
                invitations::withdraw(tx, row.id, self.clock.now()).await?;
                let event = Event::of_organization(by.organization, by.actor, "invitation.withdrawn", row.id);
                self.record(tx, event.personal(json!({ "email": row.email }))).await?;
            }
        }
        Ok(())
    }
}

/// The caller as of now: others change members too. Until the transaction ends nobody else does.
async fn acting(tx: &mut Tx, caller: &MemberCaller) -> Result<By, VaultError> {
    let role = role_now(tx, caller.organization, caller.person).await?.unwrap_or(Role::Viewer);
    Ok(By { organization: caller.organization, actor: Actor::Member(caller.person), role })
}

/// Holds the organization's members until the transaction ends, and says what a person may do now.
pub(crate) async fn role_now(
    tx: &mut Tx,
    organization: OrganizationId,
    person: PersonId,
) -> Result<Option<Role>, VaultError> {
    organizations::lock(tx, organization).await?;
    let row = members::of_person(tx, person).await?;
    Ok(row.filter(|row| row.organization_id == organization).map(|row| row.role))
}

async fn target(tx: &mut Tx, by: &By, is_meant: impl Fn(&ListedMember) -> bool) -> Result<ListedMember, VaultError> {
    let all = views(members::list(tx, by.organization).await?);
    all.into_iter().find(is_meant).ok_or(VaultError::NotFound)
}

async fn named(tx: &mut Tx, email: &str) -> Result<(By, ListedMember), VaultError> {
    let email = normal_email(email);
    let organization = people::organization_of(tx, &email).await?.ok_or(VaultError::NotFound)?;
    organizations::lock(tx, organization).await?;
    let by = By { organization, actor: Actor::CommandLine, role: Role::Owner };
    let target = target(tx, &by, |member| member.email == email).await?;
    Ok((by, target))
}

fn check_owner_left(target: &ListedMember) -> Result<(), VaultError> {
    if !target.only_owner {
        return Ok(());
    }
    let detail = format!("{} is the only owner: make somebody else an owner first.", target.email);
    Err(VaultError::Conflict { code: "last_owner", detail })
}

fn views(rows: Vec<members::Listed>) -> Vec<ListedMember> {
    let owners = rows.iter().filter(|row| row.role == Role::Owner).count();
    let view = |row: members::Listed| ListedMember {
        id: row.id,
        person: row.person_id,
        only_owner: row.role == Role::Owner && owners == 1,
        email: row.email,
        role: row.role,
        second_step: row.second_step,
        created_at: rfc3339(row.created_at),
        last_signed_in_at: row.last_signed_in_at.map(rfc3339),
    };
    rows.into_iter().map(view).collect()
}
