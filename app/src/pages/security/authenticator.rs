//! Setting an authenticator app up, and removing it.

use super::back;
use crate::api::second_factors::{
    AuthenticatorKey, BeginAuthenticator, ConfirmAuthenticator, RemoveAuthenticator as Remove, read_authenticator_key,
    read_second_factors,
};
use crate::components::{
    Confirm, CopyField, EmptyState, Field, LinkButton, Load, Look, PageHeader, Panel, RecoveryCodes, Stack, Tone,
};
use crate::form::{Form, answer};
use crate::icons::Glyph;
use crate::pages::address::visits;
use leptos::prelude::*;
use model::paths;

/// The key as QR code and as text, and the first code. Then the recovery codes, if there were none.
#[component]
pub fn Authenticator() -> impl IntoView {
    let confirm = ServerAction::<ConfirmAuthenticator>::new();
    let (made, again) = (answer(confirm), visits());
    let key = Resource::new(move || again.get(), |_| read_authenticator_key());
    view! {
        <PageHeader title="Set up authenticator app" back=back()/>
        <Stack narrow=true>
            {move || match made.get().filter(|codes| !codes.is_empty()) {
                Some(codes) => view! {
                    <RecoveryCodes codes/>
                    <p><LinkButton href=paths::SECURITY look=Look::Primary>"I have kept them"</LinkButton></p>
                }.into_any(),
                None => view! {
                    <Load from=key what="The key" view=move |key| match key {
                        Some(key) => view! { <SetUp key confirm/> }.into_any(),
                        None => view! { <Begin/> }.into_any(),
                    }/>
                }.into_any(),
            }}
        </Stack>
    }
}

#[component]
fn SetUp(key: AuthenticatorKey, confirm: ServerAction<ConfirmAuthenticator>) -> impl IntoView {
    let size = key.qr_size;
    view! {
        <Panel title="1. Scan the code" text="With any authenticator app: 1Password, Aegis, Google Authenticator, and others.">
            <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label="QR code with the key below" shape-rendering="crispEdges">
                <path d=key.qr_path/>
            </svg>
            <CopyField id="key" label="Or type the key" value=key.key copy="Copy key" hint="By time, 6 digits, 30 seconds: every app's defaults."/>
        </Panel>
        <Panel title="2. Enter its code" text="From now on the app's code is asked for after your password. All other sessions end.">
            <Form action=confirm submit="Confirm" cancel=paths::SECURITY listed_at=(paths::SECURITY.to_owned(), "Security".to_owned())>
                <Field name="code" label="Code" autocomplete="one-time-code" mono=true hint="Six digits."/>
            </Form>
        </Panel>
    }
}

#[component]
fn Begin() -> impl IntoView {
    let begin = ServerAction::<BeginAuthenticator>::new();
    view! {
        <EmptyState icon=Glyph::Security title="There is no key to set up" text="A key waits for its first code for 15 minutes. The app may be set up already.">
            <Form action=begin submit="Begin again" look=Look::Plain inline=true/>
        </EmptyState>
    }
}

/// Asks before the app is removed.
#[component]
pub fn RemoveAuthenticator() -> impl IntoView {
    let remove = ServerAction::<Remove>::new();
    let factors = Resource::new(|| (), |()| read_second_factors());
    view! {
        <Load from=factors what="The authenticator app" view=move |factors| {
            let consequence = match (factors.authenticator_since.is_some(), factors.passkeys.is_empty()) {
                (false, _) => "No authenticator app is set up.",
                (true, true) => "Your password alone signs you in then, and your recovery codes are void. All other sessions end.",
                (true, false) => "A passkey remains your second factor. All other sessions end.",
            };
            let any = factors.authenticator_since.is_some();
            view! {
                <PageHeader title="Remove authenticator app" back=back()/>
                <Stack narrow=true>
                    <Panel tone=Tone::Bad>
                        <Confirm consequence>
                            {any.then(|| view! {
                                <Form action=remove submit="Remove app" look=Look::Danger cancel=paths::SECURITY/>
                            })}
                        </Confirm>
                    </Panel>
                </Stack>
            }
        }/>
    }
}
