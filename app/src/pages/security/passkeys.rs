//! A new passkey; a passkey's name, and its removal.

use super::back;
use crate::api::second_factors::{AddPasskey, BeginNewPasskey, RemovePasskey as Remove, RenamePasskey, read_passkey};
use crate::components::{
    Ceremony, Confirm, Field, LinkButton, Load, Look, PageHeader, Panel, PasskeyInput, RecoveryCodes, Stack, Tone,
    WithPasskeys, WithoutPasskeys,
};
use crate::form::{Form, Hidden, answer};
use crate::pages::address::part;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::paths;
use model::second_factors::PasskeyView;

/// Names the passkey and makes it. Then the recovery codes, if there were none.
#[component]
pub fn NewPasskey() -> impl IntoView {
    let add = ServerAction::<AddPasskey>::new();
    let made = answer(add);
    view! {
        <PageHeader title="Add passkey" back=back()/>
        <Stack narrow=true>
            {move || match made.get().filter(|codes| !codes.is_empty()) {
                Some(codes) => view! {
                    <RecoveryCodes codes/>
                    <p><LinkButton href=paths::SECURITY look=Look::Primary>"I have kept them"</LinkButton></p>
                }.into_any(),
                None => view! {
                    <Panel text="">
                        <WithoutPasskeys text="Adding a passkey needs scripts, and a browser that has them. An authenticator app needs neither."/>
                        <WithPasskeys>
                            <Form action=add submit="Add passkey" cancel=paths::SECURITY listed_at=(paths::SECURITY.to_owned(), "Security".to_owned())>
                                <Field name="name" label="Name" placeholder="Work laptop" hint="Of the device or key that keeps it. All other sessions end when it is added."/>
                                <PasskeyInput name="passkey" ceremony=Ceremony::Make begin=BeginNewPasskey::PATH/>
                            </Form>
                        </WithPasskeys>
                    </Panel>
                }.into_any(),
            }}
        </Stack>
    }
}

/// One passkey.
#[component]
pub fn Passkey() -> impl IntoView {
    let id = part("passkey");
    let read = Resource::new(move || id.get(), read_passkey);
    view! { <Load from=read what="The passkey" view=|passkey| view! { <Details passkey/> }/> }
}

#[component]
fn Details(passkey: PasskeyView) -> impl IntoView {
    let (rename, remove) = (ServerAction::<RenamePasskey>::new(), ServerAction::<Remove>::new());
    let (id, other_id) = (passkey.id.to_string(), passkey.id.to_string());
    let consequence =
        "It signs you in no more, and all other sessions end. The device keeps its half until it is deleted there.";
    view! {
        <PageHeader title=format!("Passkey “{}”", passkey.name) back=back()/>
        <Stack narrow=true>
            <Panel title="Name">
                <Form action=rename submit="Save" look=Look::Plain>
                    <Hidden name="id" value=other_id/>
                    <Field name="name" label="Name" value=passkey.name/>
                </Form>
            </Panel>
            <Panel title="Remove" tone=Tone::Bad>
                <Confirm consequence>
                    <Form action=remove submit="Remove passkey" look=Look::Danger>
                        <Hidden name="id" value=id/>
                    </Form>
                </Confirm>
            </Panel>
        </Stack>
    }
}
