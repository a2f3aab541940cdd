//! What an organization has decided for all its applications.

use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::people::MemberView;

/// Who is signed in, and whether a second person must confirm bulk revocations.
#[server(output = Json)]
pub async fn read_organization() -> Result<(MemberView, bool), PageError> {
    let member = crate::session::member().await?;
    let required = crate::session::vault()?.second_person_required(&member).await?;
    Ok((member.view(), required))
}

/// Asks for a second person from now on, or no more.
#[server(output = Json)]
pub async fn save_second_person(
    /// `on` when one must confirm.
    #[server(default)]
    second_person: Option<String>,
) -> Result<(), FormError> {
    let member = crate::session::member().await?;
    crate::session::require_recent_proof().await?;
    crate::session::vault()?.require_second_person(&member, second_person.is_some()).await?;
    let members = crate::session::vault()?.members(&member).await?;
    let may_confirm = members.iter().filter(|member| member.role.includes(model::people::Role::Admin)).count();
    crate::flash::say(match (second_person.is_some(), may_confirm) {
        (true, 0..=1) => {
            "A second person now confirms bulk revocations. There is none yet: invite another admin or owner."
        }
        (true, _) => "A second person now confirms bulk revocations.",
        (false, _) => "Admins now revoke in bulk alone.",
    });
    Ok(())
}
