//! Sign out.

use crate::api::people::SignOut as Leave;
use crate::components::{Bare, PageHeader, Panel};
use crate::form::Form;
use leptos::prelude::*;
use model::paths;

/// Asks, since a page that is only opened changes nothing.
#[component]
pub fn SignOut() -> impl IntoView {
    let leave = ServerAction::<Leave>::new();
    view! {
        <Bare>
            <PageHeader title="Sign out" text="Ends your session in this browser."/>
            <Panel><Form action=leave submit="Sign out" cancel=paths::APPLICATIONS/></Panel>
        </Bare>
    }
}
