//! What whoever has an invitation's link sees and does.

use crate::Vault;
use crate::caller::{Actor, MemberCaller};
use crate::clock::{MINUTE, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::members::role_now;
use crate::people::{already_member, member};
use crate::secret::{Secret, sha256};
use crate::store::{Connection, invitations, members, people};
use crate::throttle::Limit;
use crate::{passwords, random};
use model::ids::{MemberId, PersonId};
use model::members::Invited;
use serde_json::json;

const ACCEPT: Limit = Limit { what: "accept-invitation", attempts: 30, window: 15 * MINUTE };

impl Vault {
    /// What an invitation's link leads to. Changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invited(&self, link: &str) -> Result<Invited, VaultError> {
        let mut db = self.store.connection().await?;
        match find(&mut db, link).await? {
            None => Ok(Invited::Unknown),
            Some(row) => Ok(self.invited_by_row(&mut db, row).await?),
        }
    }

    /// Makes the invited person a member with a password. The link is over then.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::NotFound`], when the link is not good any more;
    /// [`VaultError::Conflict`] `already_member`; [`VaultError::TooManyAttempts`].
    pub async fn accept_invitation(
        &self,
        link: &str,
        password: Secret,
        address: &str,
    ) -> Result<MemberCaller, VaultError> {
        self.count_attempt(ACCEPT, address).await?;
        let row = find(&mut *self.store.connection().await?, link).await?.ok_or(VaultError::NotFound)?;
        if let Some(mistake) = passwords::mistake(password.expose()) {
            return Err(VaultError::field("password", mistake));
        }
        let hash = self.hash_password(password).await?;
        let (now, person) = (self.clock.now(), PersonId::new());
        let mut tx = self.store.begin().await?;
        // Whoever invited may have been removed, or may give this role no more.
        let inviter = role_now(&mut tx, row.organization_id, row.invited_by).await?;
        if !inviter.is_some_and(|role| role.may_manage(row.role)) || !invitations::accept(&mut tx, row.id, now).await? {
            return Err(VaultError::NotFound);
        }
        people::give_up_email(&mut tx, &row.email, now).await?;
        people::insert(&mut tx, person, &row.email, &hash, now).await.map_err(|e| already_member(e, &row.email))?;
        members::insert(&mut tx, MemberId::new(), row.organization_id, person, row.role, now).await?;
        people::set_signed_in(&mut tx, person, now).await?;
        let actor = Actor::Member(person);
        let event = Event::of_organization(row.organization_id, actor, "invitation.accepted", row.id);
        let detail = json!({ "person": person, "role": row.role });
        self.record(&mut tx, event.detail(detail).personal(json!({ "email": row.email, "address": address }))).await?;
        let caller = member(&mut tx, person).await?.ok_or(VaultError::NotFound)?;
        tx.commit().await?;
        Ok(caller)
    }

    async fn invited_by_row(&self, db: &mut Connection, row: invitations::Row) -> Result<Invited, VaultError> {
        if row.accepted_at.is_some() {
            return Ok(Invited::Accepted);
        }
        let inviter = members::of_person(db, row.invited_by).await?;
        let may = inviter.is_some_and(|m| m.organization_id == row.organization_id && m.role.may_manage(row.role));
        if row.withdrawn_at.is_some() || !may {
            return Ok(Invited::Withdrawn);
        }
        if let Some(organization) = people::organization_of(db, &row.email).await? {
            return Ok(Invited::Known { email: row.email, member: organization == row.organization_id });
        }
        if row.expires_at <= self.clock.now() {
            return Ok(Invited::Expired { invited_by: row.invited_by_email });
        }
        Ok(Invited::Open {
            organization: row.organization_name,
            invited_by: row.invited_by_email,
            email: row.email,
            role: row.role,
            expires_at: rfc3339(row.expires_at),
        })
    }
}

/// A text that cannot be a link is not looked for.
async fn find(db: &mut Connection, link: &str) -> Result<Option<invitations::Row>, VaultError> {
    if !random::is_token("", link) {
        return Ok(None);
    }
    Ok(invitations::by_link(db, &sha256(link.as_bytes())).await?)
}
