//! The start page: it only leads on.

use crate::api::people::read_start;
use crate::components::{Bare, Load};
use leptos::prelude::*;

/// Leads to the applications, to sign in, or to sign up.
#[component]
pub fn Start() -> impl IntoView {
    let start = Resource::new(|| (), |()| read_start());
    view! { <Bare><Load from=start what="The start page" view=|()| ()/></Bare> }
}
