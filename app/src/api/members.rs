//! Members of the organization and invitations to it.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::members::{InvitationView, Invited, ListedMember, Mail};
use model::people::Role;
use serde::{Deserialize, Serialize};

/// What a page of the organization shows, with what it says of whoever looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<T> {
    /// The organization's name.
    pub organization: String,
    /// The e-mail address of whoever looks.
    pub email: String,
    /// What whoever looks may do.
    pub role: Role,
    /// What the page is about.
    pub here: T,
}

/// Everybody who has access, or will have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Everybody {
    /// The members.
    pub members: Vec<ListedMember>,
    /// Those who have not accepted yet.
    pub invitations: Vec<InvitationView>,
    /// Whether this server sends mail.
    pub sends_mail: bool,
}

/// An invitation's link in the one answer that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationLink {
    /// Who is invited.
    pub email: String,
    /// The link.
    pub link: String,
    /// What became of the mail.
    pub mail: Mail,
    /// Why it could not be sent.
    pub mail_problem: Option<String>,
}

/// What an invitation's link leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What can be done with it.
    pub invited: Invited,
    /// The address of whoever is signed in here.
    pub signed_in: Option<String>,
}

/// The members and the invitations.
#[server(output = Json)]
pub async fn read_members() -> Result<Seen<Everybody>, PageError> {
    use crate::session;
    let (vault, member) = (session::vault()?, session::member().await?);
    let (members, invitations) = (vault.members(&member).await?, vault.invitations(&member).await?);
    Ok(session::seen(&member, Everybody { members, invitations, sends_mail: vault.sends_mail() }))
}

/// One member.
#[server(output = Json)]
pub async fn read_one_member(
    /// The member's id.
    member: String,
) -> Result<Seen<ListedMember>, PageError> {
    use crate::session;
    let caller = session::member().await?;
    let all = session::vault()?.members(&caller).await?;
    let found = all.into_iter().find(|known| known.id.to_string() == member).ok_or(PageError::NotFound);
    Ok(session::seen(&caller, found.map_err(PageError::answer)?))
}

/// One invitation that was neither accepted nor withdrawn.
#[server(output = Json)]
pub async fn read_invitation(
    /// The invitation's id.
    invitation: String,
) -> Result<Seen<InvitationView>, PageError> {
    use crate::session;
    let member = session::member().await?;
    let id = invitation.parse().map_err(|_| PageError::NotFound.answer())?;
    Ok(session::seen(&member, session::vault()?.invitation(&member, id).await?))
}

/// Invites somebody. The link is in this answer and nowhere else.
#[server(output = Json)]
pub async fn invite(
    /// Who is invited.
    #[server(default)]
    email: String,
    /// As what.
    #[server(default)]
    role: String,
) -> Result<InvitationLink, FormError> {
    use crate::session;
    let member = session::member().await?;
    let role = session::role(&role)?;
    session::require_recent_proof().await?;
    Ok(session::vault()?.invite(&member, &email, role).await?.into())
}

/// Gives an invitation a new link.
#[server(output = Json)]
pub async fn renew_invitation(
    /// The invitation's id.
    #[server(default)]
    invitation: String,
) -> Result<InvitationLink, FormError> {
    use crate::session;
    let member = session::member().await?;
    let id = invitation.parse().map_err(|_| vault::VaultError::NotFound)?;
    session::require_recent_proof().await?;
    Ok(session::vault()?.renew_invitation(&member, id).await?.into())
}

/// Ends an invitation.
#[server(output = Json)]
pub async fn withdraw_invitation(
    /// The invitation's id.
    #[server(default)]
    invitation: String,
) -> Result<(), FormError> {
    use crate::session;
    let member = session::member().await?;
    let id = invitation.parse().map_err(|_| vault::VaultError::NotFound)?;
    session::vault()?.withdraw_invitation(&member, id).await?;
    crate::flash::redirect_with(model::paths::MEMBERS, "The invitation is withdrawn: its link works no more.");
    Ok(())
}

/// Gives a member another role.
#[server(output = Json)]
pub async fn set_role(
    /// The member's id.
    #[server(default)]
    member: String,
    /// The role.
    #[server(default)]
    role: String,
) -> Result<(), FormError> {
    use crate::session;
    let caller = session::member().await?;
    let id = member.parse().map_err(|_| vault::VaultError::NotFound)?;
    let role = session::role(&role)?;
    session::require_recent_proof().await?;
    session::vault()?.set_role(&caller, id, role).await?;
    crate::flash::redirect_with(model::paths::MEMBERS, &format!("The role is {role} from now on."));
    Ok(())
}

/// Ends every session of another member.
#[server(output = Json)]
pub async fn end_sessions_of_member(
    /// The member's id.
    #[server(default)]
    member: String,
) -> Result<(), FormError> {
    use crate::session;
    let caller = session::member().await?;
    let id = member.parse().map_err(|_| vault::VaultError::NotFound)?;
    session::require_recent_proof().await?;
    session::vault()?.end_sessions_of_member(&caller, id).await?;
    crate::flash::say("Every session of this member has ended.");
    Ok(())
}

/// Removes a member, perhaps oneself.
#[server(output = Json)]
pub async fn remove_member(
    /// The member's id.
    #[server(default)]
    member: String,
) -> Result<(), FormError> {
    use crate::session;
    let caller = session::member().await?;
    let id = member.parse().map_err(|_| vault::VaultError::NotFound)?;
    session::require_recent_proof().await?;
    session::vault()?.remove_member(&caller, id).await?;
    if caller.view().member == id {
        session::sign_out().await?;
        crate::flash::redirect_with(model::paths::SIGN_IN, "You are no member any more.");
    } else {
        crate::flash::redirect_with(model::paths::MEMBERS, "The member is removed: every session has ended.");
    }
    Ok(())
}

/// What an invitation's link leads to. Changes nothing.
#[server(output = Json)]
pub async fn read_invited(
    /// The secret in the link.
    link: String,
) -> Result<Invitation, PageError> {
    use crate::session;
    let invited = session::vault()?.invited(&link).await?;
    crate::request::set_status(match &invited {
        Invited::Open { .. } | Invited::Known { .. } => 200,
        Invited::Unknown => 404,
        Invited::Expired { .. } | Invited::Accepted | Invited::Withdrawn => 410,
    });
    Ok(Invitation { invited, signed_in: session::signed_in().await?.map(|member| member.view().email) })
}

/// Makes the invited person a member, and signs in.
#[server(output = Json)]
pub async fn accept_invitation(
    /// The secret in the link.
    #[server(default)]
    link: String,
    /// At least ten characters.
    #[server(default)]
    password: String,
) -> Result<(), FormError> {
    use crate::session;
    let vault = session::vault()?;
    if session::signed_in().await?.is_some() {
        return FormError::new("You are signed in as somebody else: sign out first.").refuse_with(409);
    }
    let address = session::visitor()?.address;
    let accepted = vault.accept_invitation(&link, vault::Secret::new(password), &address).await;
    let member = accepted.map_err(|error| match error {
        vault::VaultError::NotFound => session::gone("This invitation is not good any more: ask for a new one."),
        error => error.into(),
    })?;
    session::sign_in_session(&member).await?;
    crate::flash::redirect_with(model::paths::APPLICATIONS, "You are a member now.");
    Ok(())
}
