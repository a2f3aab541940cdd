//! The part of a form that asks once more who it is.

use super::{Ceremony, Field, PasskeyInput, SecretField};
use crate::api::proof::BeginPasskeyUse;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::second_factors::Ways;

/// Asks for one of the person's ways to prove who it is. [`crate::form::Form`] shows it when the server wants a proof.
#[component]
pub(crate) fn ProofFields(
    /// What the person has.
    ways: Ways,
) -> impl IntoView {
    let several = ways.password && ways.authenticator;
    let text = if several { "One of these is enough. It holds for 15 minutes." } else { "It holds for 15 minutes." };
    view! {
        <fieldset class="proof" data-proof="true">
            <legend>"Confirm that it is you"</legend>
            <p>{text}</p>
            {ways.password.then(|| view! {
                <SecretField name="proof_password" label="Your password" autocomplete="current-password"/>
            })}
            {ways.authenticator.then(|| view! {
                <Field name="proof_code" label="Authenticator code" autocomplete="one-time-code" mono=true/>
            })}
            {ways.passkey.then(|| view! {
                <PasskeyInput name="proof_passkey" ceremony=Ceremony::Use begin=BeginPasskeyUse::PATH purpose="proof" asked=true/>
                <div class="with-passkeys">
                    <button class="button" data-look="plain" data-passkey-for="proof_passkey"><span>"Use a passkey"</span></button>
                </div>
            })}
        </fieldset>
    }
}
