//! New recovery codes.

use super::back;
use crate::api::second_factors::RenewRecoveryCodes;
use crate::components::{Confirm, LinkButton, Look, PageHeader, Panel, RecoveryCodes, Stack};
use crate::form::{Form, answer};
use leptos::prelude::*;
use model::paths;

/// Asks, and then shows them once.
#[component]
pub fn NewRecoveryCodes() -> impl IntoView {
    let renew = ServerAction::<RenewRecoveryCodes>::new();
    let made = answer(renew);
    view! {
        <PageHeader title="New recovery codes" back=back()/>
        <Stack narrow=true>
            {move || match made.get() {
                Some(codes) => view! {
                    <RecoveryCodes codes/>
                    <p><LinkButton href=paths::SECURITY look=Look::Primary>"I have kept them"</LinkButton></p>
                }.into_any(),
                None => view! {
                    <Panel>
                        <Confirm consequence="Ten new codes take the place of all that you have: those work no more.">
                            <Form action=renew submit="Create new codes" cancel=paths::SECURITY listed_at=(paths::SECURITY.to_owned(), "Security".to_owned())/>
                        </Confirm>
                    </Panel>
                }.into_any(),
            }}
        </Stack>
    }
}
