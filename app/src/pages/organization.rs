//! What the organization has decided for all its applications.

use crate::api::organizations::{SaveSecondPerson, read_organization};
use crate::components::{Checkbox, Load, PageHeader, Panel, Stack};
use crate::form::Form;
use leptos::prelude::*;
use model::people::Role;

const TEXT: &str = "Revoking whatever a filter lets through can cut off every end user. With a second person, another admin or \
                    owner has a day to confirm it.";

/// Whether a second person confirms bulk revocations.
#[component]
pub fn Organization() -> impl IntoView {
    let save = ServerAction::<SaveSecondPerson>::new();
    let read = Resource::new(|| (), |()| read_organization());
    view! {
        <Load from=read what="The organization" view=move |(member, required)| view! {
            <PageHeader title="Organization settings" of=member.organization_name/>
            <Stack narrow=true>
                <Panel title="Bulk revocations" text=TEXT>
                    {if member.role.includes(Role::Owner) {
                        view! {
                            <Form action=save submit="Save">
                                <Checkbox name="second_person" label="A second person must confirm" checked=required
                                    hint="Single accounts, and accounts chosen one by one, are revoked at once all the same."/>
                            </Form>
                        }.into_any()
                    } else if required {
                        view! { <p>"A second person must confirm. Owners decide this."</p> }.into_any()
                    } else {
                        view! { <p>"Admins and owners revoke in bulk alone. Owners decide this."</p> }.into_any()
                    }}
                </Panel>
            </Stack>
        }/>
    }
}
