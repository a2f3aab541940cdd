//! Roles in words: each is said the same everywhere.

use crate::components::{Banner, Choice, Tone};
use leptos::prelude::*;
use model::people::Role;

/// The role's name.
pub(super) fn name(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Developer => "Developer",
        Role::Viewer => "Viewer",
    }
}

/// What the role allows.
pub(super) fn text(role: Role) -> &'static str {
    match role {
        Role::Owner => "May do everything.",
        Role::Admin => "May do everything but what concerns owners.",
        Role::Developer => "May change applications, providers and keys, and revoke accounts. No members.",
        Role::Viewer => "May look at everything and change nothing.",
    }
}

/// The roles that a member with the role `own` may give.
pub(super) fn choices(own: Role) -> Vec<Choice> {
    let given = Role::ALL.iter().copied().filter(|role| own.may_manage(*role));
    given.map(|role| Choice::new(role.as_str(), name(role)).text(text(role))).collect()
}

/// In the place of a form, for those who may not change what it changes.
#[component]
pub(super) fn LookOnly() -> impl IntoView {
    view! { <Banner tone=Tone::Neutral>"Your role may look at this and change nothing."</Banner> }
}
