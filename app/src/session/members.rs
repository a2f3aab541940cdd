//! What pages of the organization's members share.

use crate::api::members::{InvitationLink, Seen};
use crate::error::FormError;
use crate::request;
use model::people::Role;
use vault::{MemberCaller, NewInvitation};

/// What a page shows, with what it says of whoever looks.
pub(crate) fn seen<T>(member: &MemberCaller, here: T) -> Seen<T> {
    let view = member.view();
    Seen { organization: view.organization_name, email: view.email, role: view.role, here }
}

/// Reads a role by its word.
pub(crate) fn role(word: &str) -> Result<Role, FormError> {
    let wrong = || {
        request::set_status(422);
        FormError::new("Nothing is changed: check the field below.").field("role", "Choose a role.")
    };
    word.parse().map_err(|_| wrong())
}

/// A link that is not good any more.
pub(crate) fn gone(words: &str) -> FormError {
    request::set_status(410);
    FormError::new(words)
}

impl From<NewInvitation> for InvitationLink {
    fn from(new: NewInvitation) -> Self {
        let view = new.view;
        Self { email: view.email, link: new.link.expose().clone(), mail: view.mail, mail_problem: view.mail_problem }
    }
}
