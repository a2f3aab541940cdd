//! The members of an organization, and who is invited to it.

use crate::ids::{InvitationId, MemberId, PersonId};
use crate::people::Role;
use serde::{Deserialize, Serialize};

/// A member as the organization's list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedMember {
    /// The person's place in the organization.
    pub id: MemberId,
    /// The person.
    pub person: PersonId,
    /// The person's e-mail address.
    pub email: String,
    /// What the member may do.
    pub role: Role,
    /// When the person became a member.
    pub created_at: String,
    /// When the person last signed in.
    pub last_signed_in_at: Option<String>,
    /// Signing in takes a second step: an authenticator app or a passkey.
    pub second_step: bool,
    /// No other member is an owner: the organization cannot do without this one.
    pub only_owner: bool,
}

crate::states::states! {
    /// What can be done with an invitation that was neither accepted nor withdrawn.
    InvitationStatus {
        /// It waits to be accepted.
        Open = "open",
        /// Its time is over: renew it.
        Expired = "expired",
    }
}

crate::states::states! {
    /// What became of the mail with a link.
    Mail {
        /// This server sends no mail.
        Off = "off",
        /// Nobody knows yet.
        UnderWay = "under_way",
        /// The mail server took it.
        Sent = "sent",
        /// It could not be sent.
        Failed = "failed",
    }
}

/// An invitation as members see it. Its link is in the one answer that makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// Its id, which is no secret.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Open or expired.
    pub status: InvitationStatus,
    /// The e-mail address of the member who invited.
    pub invited_by: String,
    /// When.
    pub created_at: String,
    /// Until when the link is good.
    pub expires_at: String,
    /// What became of the mail.
    pub mail: Mail,
    /// Why the mail could not be sent.
    pub mail_problem: Option<String>,
}

/// What whoever opens an invitation's link is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Invited {
    /// It can be accepted.
    Open {
        /// To which organization.
        organization: String,
        /// Who invites.
        invited_by: String,
        /// Who is invited.
        email: String,
        /// As what.
        role: Role,
        /// Until when.
        expires_at: String,
    },
    /// Its time is over.
    Expired {
        /// Who can renew it.
        invited_by: String,
    },
    /// It was accepted already.
    Accepted,
    /// It was withdrawn, or whoever invited may not do so any more.
    Withdrawn,
    /// The address has an account here already.
    Known {
        /// The address.
        email: String,
        /// Whether that is in the same organization.
        member: bool,
    },
    /// There is no such link.
    Unknown,
}
