//! Password and sessions of the person who is signed in.

use crate::api::people::{ChangePassword, SignOutEverywhere, read_member};
use crate::components::{Load, Look, PageHeader, Panel, SecretField, Stack};
use crate::form::Form;
use leptos::prelude::*;

/// Change the password, sign out everywhere.
#[component]
pub fn Security() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let leave = ServerAction::<SignOutEverywhere>::new();
    let member = Resource::new(|| (), |()| read_member());
    view! {
        <Load from=member what="The security page" view=move |member| view! {
            <PageHeader title="Security" of=member.organization_name/>
            <Stack narrow=true>
                <Panel title="Password" text="Changing it signs you out everywhere else.">
                    <Form action=change submit="Change password" clear=true>
                        <SecretField name="present_password" label="Present password" autocomplete="current-password"/>
                        <SecretField name="new_password" label="New password" autocomplete="new-password" hint="At least 10 characters."/>
                    </Form>
                </Panel>
                <Panel title="Sessions" text="A session ends by itself after 7 days.">
                    <Form action=leave submit="Sign out everywhere" look=Look::Plain/>
                </Panel>
            </Stack>
        }/>
    }
}
