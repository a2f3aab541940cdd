//! Invitations: a link by which one person becomes a member, once.

mod accept;

use crate::Vault;
use crate::caller::MemberCaller;
use crate::clock::{DAY, HOUR, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::mail::{Letter, address_mistake};
use crate::members::role_now;
use crate::people::normal_email;
use crate::random;
use crate::secret::Secret;
use crate::store::{Tx, invitations, is_taken, people};
use crate::throttle::Limit;
use model::ids::InvitationId;
use model::members::{InvitationStatus, InvitationView, Mail};
use model::paths;
use model::people::Role;
use serde_json::json;
use std::time::Duration;

/// How long a link is good.
const LIFE: i64 = 7 * DAY;
/// How long whoever invites waits to hear whether the mail was sent. It is sent all the same.
const HEARS_WITHIN: Duration = Duration::from_secs(4);
const SENT: Limit = Limit { what: "invitation", attempts: 100, window: HOUR };

/// An invitation with its link, which is in this answer and nowhere else.
pub struct NewInvitation {
    /// The invitation.
    pub view: InvitationView,
    /// The full address to open.
    pub link: Secret,
}

impl Vault {
    /// Invites somebody. The link is in this answer, and in a mail where a mail server is set up.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::Forbidden`], also for a role that the caller may not give;
    /// [`VaultError::TooManyAttempts`].
    pub async fn invite(&self, caller: &MemberCaller, email: &str, role: Role) -> Result<NewInvitation, VaultError> {
        caller.require(Role::Admin)?;
        let email = normal_email(email);
        if let Some(mistake) = address_mistake(&email) {
            return Err(VaultError::field("email", mistake));
        }
        self.count_attempt(SENT, &caller.organization.to_string()).await?;
        let (link, now, id) = (random::token("")?, self.clock.now(), InvitationId::new());
        let mut tx = self.store.begin().await?;
        check_may_give(&mut tx, caller, role).await?;
        self.check_stranger(&mut tx, caller, &email).await?;
        let new = invitations::NewRow {
            id,
            organization: caller.organization,
            email: &email,
            role,
            link_hash: &link.sha256(),
            invited_by: caller.person,
            expires_at: now + LIFE,
        };
        invitations::insert(&mut tx, &new, now).await.map_err(|error| match is_taken(&error) {
            true => VaultError::field("email", format!("{email} is invited already: renew that invitation instead.")),
            false => error.into(),
        })?;
        let event = Event::in_portal(caller, "invitation.created", id).detail(json!({ "role": role }));
        self.record(&mut tx, event.personal(json!({ "email": email }))).await?;
        self.send_and_show(tx, caller, id, link).await
    }

    /// Gives an invitation a new link and seven more days; the link before it is over.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Forbidden`]; [`VaultError::TooManyAttempts`].
    pub async fn renew_invitation(&self, caller: &MemberCaller, id: InvitationId) -> Result<NewInvitation, VaultError> {
        caller.require(Role::Admin)?;
        self.count_attempt(SENT, &caller.organization.to_string()).await?;
        let link = random::token("")?;
        let mut tx = self.store.begin().await?;
        let row = invitations::get(&mut tx, caller.organization, id).await?.ok_or(VaultError::NotFound)?;
        check_may_give(&mut tx, caller, row.role).await?;
        self.check_stranger(&mut tx, caller, &row.email).await?;
        invitations::renew(&mut tx, id, &link.sha256(), caller.person, self.clock.now() + LIFE).await?;
        let event = Event::in_portal(caller, "invitation.renewed", id).detail(json!({ "role": row.role }));
        self.record(&mut tx, event.personal(json!({ "email": row.email }))).await?;
        self.send_and_show(tx, caller, id, link).await
    }

    /// Ends an invitation: its link is over.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Forbidden`].
    pub async fn withdraw_invitation(&self, caller: &MemberCaller, id: InvitationId) -> Result<(), VaultError> {
        caller.require(Role::Admin)?;
        let mut tx = self.store.begin().await?;
        let row = invitations::get(&mut tx, caller.organization, id).await?.ok_or(VaultError::NotFound)?;
        check_may_give(&mut tx, caller, row.role).await?;
        invitations::withdraw(&mut tx, id, self.clock.now()).await?;
        let event = Event::in_portal(caller, "invitation.withdrawn", id);
        self.record(&mut tx, event.personal(json!({ "email": row.email }))).await?;
        Ok(tx.commit().await?)
    }

    /// The organization's invitations that were neither accepted nor withdrawn, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitations(&self, caller: &MemberCaller) -> Result<Vec<InvitationView>, VaultError> {
        caller.require(Role::Viewer)?;
        let rows = invitations::list(&mut *self.store.connection().await?, caller.organization).await?;
        Ok(rows.into_iter().map(|row| self.invitation_view(row)).collect())
    }

    /// One of those.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn invitation(&self, caller: &MemberCaller, id: InvitationId) -> Result<InvitationView, VaultError> {
        caller.require(Role::Viewer)?;
        let row = invitations::get(&mut *self.store.connection().await?, caller.organization, id).await?;
        Ok(self.invitation_view(row.ok_or(VaultError::NotFound)?))
    }

    /// Who has an account here needs no invitation.
    async fn check_stranger(&self, tx: &mut Tx, caller: &MemberCaller, email: &str) -> Result<(), VaultError> {
        match people::organization_of(tx, email).await? {
            None => Ok(()),
            Some(own) if own == caller.organization => {
                Err(VaultError::field("email", format!("{email} is a member already.")))
            }
            Some(_) => Err(VaultError::field(
                "email",
                format!("{email} belongs to another organization here, and a person can be in one only."),
            )),
        }
    }

    /// Commits, then sends the link in a task that nobody's leaving ends, and waits a little to hear of it.
    async fn send_and_show(
        &self,
        tx: Tx,
        caller: &MemberCaller,
        id: InvitationId,
        link: Secret,
    ) -> Result<NewInvitation, VaultError> {
        tx.commit().await?;
        let hash = link.sha256();
        let link = Secret::new(self.portal_address(&paths::accept_invitation(link.expose())));
        let view = self.invitation(caller, id).await?;
        if self.sends_mail() {
            let (vault, letter) = (self.clone(), letter(caller, &view, &link));
            let sending = self.calls.spawn(async move {
                let problem = vault.send_mail("invitation", letter).await.err();
                vault.note_mailed(&hash, problem.as_deref()).await;
            });
            // Late or not, the list says what became of it.
            drop(tokio::time::timeout(HEARS_WITHIN, sending).await);
        }
        Ok(NewInvitation { view: self.invitation(caller, id).await?, link })
    }

    async fn note_mailed(&self, link_hash: &[u8], problem: Option<&str>) {
        let note = async {
            let mut db = self.store.connection().await?;
            invitations::set_mailed(&mut db, link_hash, self.clock.now(), problem).await
        };
        if let Err(error) = note.await {
            tracing::warn!(error = crate::error::chain(&error), "What became of a mail could not be written.");
        }
    }

    fn invitation_view(&self, row: invitations::Row) -> InvitationView {
        let expired = row.expires_at <= self.clock.now();
        InvitationView {
            id: row.id,
            email: row.email,
            role: row.role,
            status: if expired { InvitationStatus::Expired } else { InvitationStatus::Open },
            invited_by: row.invited_by_email,
            created_at: rfc3339(row.created_at),
            expires_at: rfc3339(row.expires_at),
            mail: match (&row.mail_problem, row.mailed_at) {
                (Some(_), _) => Mail::Failed,
                (None, Some(_)) => Mail::Sent,
                (None, None) if self.sends_mail() => Mail::UnderWay,
                (None, None) => Mail::Off,
            },
            mail_problem: row.mail_problem,
        }
    }
}

/// Whether the caller may give a role now. Until the transaction ends the caller's own stays.
async fn check_may_give(tx: &mut Tx, caller: &MemberCaller, role: Role) -> Result<(), VaultError> {
    let own = role_now(tx, caller.organization, caller.person).await?;
    if own.is_some_and(|own| own.may_manage(role)) { Ok(()) } else { Err(VaultError::Forbidden) }
}

fn letter(caller: &MemberCaller, view: &InvitationView, link: &Secret) -> Letter {
    let (from, organization) = (&caller.email, &caller.organization_name);
    let text = format!(
        "{from} invites you to {organization} on Keybearer, with the role {}.\n\n\
         Open this link to accept. It works once, until {}:\n\n{}\n\n\
         If you do not know {from}, ignore this mail: nothing happens.\n",
        view.role,
        view.expires_at.get(..16).unwrap_or_default().replace('T', " ") + " UTC",
        link.expose(),
    );
    Letter { to: view.email.clone(), subject: format!("{from} invites you to Keybearer"), text }
}
