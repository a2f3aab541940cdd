//! Sign in.

use super::address::query;
use crate::api::people::{SignIn as Enter, read_sign_in};
use crate::api::proof::BeginPasskeyUse;
use crate::api::sign_in::SignInWithPasskey;
use crate::components::{
    Bare, Ceremony, Field, Load, Look, PageHeader, Panel, PasskeyInput, SecretField, WithPasskeys,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::paths;

/// Sign in, then go where one wanted to go.
#[component]
pub fn SignIn() -> impl IntoView {
    let (enter, passkey) = (ServerAction::<Enter>::new(), ServerAction::<SignInWithPasskey>::new());
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
                <WithPasskeys>
                    <Form action=passkey submit="Use a passkey" look=Look::Plain>
                        {move || view! { <Hidden name="next" value=next.get()/> }}
                        <PasskeyInput name="passkey" ceremony=Ceremony::Use begin=BeginPasskeyUse::PATH purpose="sign_in"/>
                    </Form>
                </WithPasskeys>
            </Panel>
            <p class="aside"><a href=paths::RESET_PASSWORD>"Forgot your password?"</a></p>
            <Load from=state what="The sign-in page" lines=1 view=|state| (!state.founded).then(|| view! {
                <p class="aside">"Nobody has signed up yet. "<a href=paths::SIGN_UP>"Set up Keybearer"</a></p>
            })/>
        </Bare>
    }
}
