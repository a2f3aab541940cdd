//! People who sign in to the portal, and their place in an organization.

use crate::ids::{MemberId, OrganizationId, PersonId};
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// What a member may do. Each role includes the ones after it.
    Role {
        /// Everything, other owners included.
        Owner = "owner",
        /// Everything but owners.
        Admin = "admin",
        /// Applications, provider configs, keys; no members.
        Developer = "developer",
        /// Looks, changes nothing.
        Viewer = "viewer",
    }
}

impl Role {
    /// Whether this role may do what `needed` may do.
    pub fn includes(self, needed: Role) -> bool {
        self.rank() >= needed.rank()
    }

    /// Whether a member with this role may give, change or take away `other`: admins everything but what concerns owners.
    pub fn may_manage(self, other: Role) -> bool {
        self.includes(Role::Admin) && self.includes(other)
    }

    fn rank(self) -> u8 {
        match self {
            Role::Owner => 3,
            Role::Admin => 2,
            Role::Developer => 1,
            Role::Viewer => 0,
        }
    }
}

crate::states::states! {
    /// Who may sign up.
    SignUp {
        /// The founder; everybody else is invited.
        First = "first",
        /// Nobody: the command line adds the first owner, everybody else is invited.
        Invite = "invite",
    }
}

/// Who is signed in, as the portal's header shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// The person.
    pub person: PersonId,
    /// The person's place in the organization.
    pub member: MemberId,
    /// The organization.
    pub organization: OrganizationId,
    /// The organization's name.
    pub organization_name: String,
    /// The person's e-mail address.
    pub email: String,
    /// What the member may do.
    pub role: Role,
}

/// What the sign-up page must know before it shows its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpState {
    /// Whether somebody has founded this instance already.
    pub founded: bool,
    /// Whether the set-up code is asked for: a stranger could reach this page.
    pub set_up_code_needed: bool,
    /// Whether only the command line may found this instance.
    pub by_invitation: bool,
}
