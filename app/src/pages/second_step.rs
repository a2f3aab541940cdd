//! The second step of signing in.

use super::address::query;
use crate::api::proof::BeginPasskeyUse;
use crate::api::sign_in::{VerifyCode, VerifyPasskey, read_second_step};
use crate::components::{
    Bare, Ceremony, Field, Load, Look, PageHeader, Panel, PasskeyInput, WithPasskeys, WithoutPasskeys,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::paths;
use model::second_factors::Ways;

/// A passkey, a code of the authenticator app, or a recovery code.
#[component]
pub fn SecondStep() -> impl IntoView {
    let next = query("next");
    let ways = Resource::new(|| (), |()| read_second_step());
    view! {
        <Bare>
            <PageHeader title="Confirm that it is you"/>
            <Load from=ways what="The second step" view=move |ways| view! { <Steps ways next=next.get_untracked()/> }/>
            <p class="aside"><a href=paths::SIGN_IN rel="external">"Sign in as somebody else"</a></p>
        </Bare>
    }
}

#[component]
fn Steps(ways: Ways, next: String) -> impl IntoView {
    let (code, passkey) = (ServerAction::<VerifyCode>::new(), ServerAction::<VerifyPasskey>::new());
    let (label, hint) = match (ways.authenticator, ways.recovery_code) {
        (true, true) => ("Code", "Six digits of your authenticator app, or a recovery code."),
        (true, false) => ("Code", "Six digits of your authenticator app."),
        (false, _) => ("Recovery code", "One of those that you have kept."),
    };
    let any_code = ways.authenticator || ways.recovery_code;
    // The code is what most people come for, unless a passkey is all they have.
    let (code_look, passkey_look) =
        if ways.authenticator { (Look::Primary, Look::Plain) } else { (Look::Plain, Look::Primary) };
    let onward = next.clone();
    view! {
        <Panel>
            {ways.passkey.then(|| view! {
                <WithPasskeys>
                    <Form action=passkey submit="Use a passkey" look=passkey_look>
                        <Hidden name="next" value=onward/>
                        <PasskeyInput name="passkey" ceremony=Ceremony::Use begin=BeginPasskeyUse::PATH purpose="second_factor"/>
                    </Form>
                </WithPasskeys>
                <WithoutPasskeys text="Passkeys need scripts, and a browser that has them. A code works without."/>
            })}
            {any_code.then(|| view! {
                <Form action=code submit="Verify code" look=code_look>
                    <Hidden name="next" value=next/>
                    <Field name="code" label hint autocomplete="one-time-code" mono=true/>
                </Form>
            })}
        </Panel>
    }
}
