//! Sign in.

use super::address::query;
use crate::api::people::{SignIn as Enter, read_sign_in};
use crate::components::{Bare, Field, Load, PageHeader, Panel, SecretField};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::paths;

/// Sign in, then go where one wanted to go.
#[component]
pub fn SignIn() -> impl IntoView {
    let enter = ServerAction::<Enter>::new();
    let next = query("next");
    let state = Resource::new(move || next.get(), read_sign_in);
    view! {
        <Bare>
            <PageHeader title="Sign in"/>
            <Panel>
                <Form action=enter submit="Sign in">
                    {move || view! { <Hidden name="next" value=next.get()/> }}
                    <Field name="email" label="E-mail" kind="email" autocomplete="username"/>
                    <SecretField name="password" label="Password" autocomplete="current-password"/>
                </Form>
            </Panel>
            <Load from=state what="The sign-in page" lines=1 view=|state| (!state.founded).then(|| view! {
                <p class="aside">"Nobody has signed up yet. "<a href=paths::SIGN_UP>"Set up Keybearer"</a></p>
            })/>
        </Bare>
    }
}
