//! Asks before an invitation is withdrawn.

use super::address::part;
use crate::api::members::{Seen, WithdrawInvitation as Withdraw, read_invitation};
use crate::components::{Banner, Confirm, Load, Look, PageHeader, Panel, Stack, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::paths;

/// The question.
#[component]
pub fn WithdrawInvitation() -> impl IntoView {
    let invitation = part("invitation");
    let withdraw = ServerAction::<Withdraw>::new();
    let read = Resource::new(move || invitation.get(), read_invitation);
    view! {
        <Load from=read what="The invitation" view=move |read| {
            let Seen { organization, role, here: invitation, .. } = read;
            let back = paths::invitation(invitation.id);
            let cancel = back.clone();
            let content = if role.may_manage(invitation.role) {
                let consequence = format!("The link works no more: {} can be invited anew.", invitation.email);
                view! {
                    <Panel tone=Tone::Bad>
                        <Confirm consequence>
                            <Form action=withdraw submit="Withdraw invitation" look=Look::Danger cancel>
                                <Hidden name="invitation" value=invitation.id.to_string()/>
                            </Form>
                        </Confirm>
                    </Panel>
                }.into_any()
            } else {
                view! { <Banner>"Your role cannot withdraw this invitation: ask an owner of the organization."</Banner> }.into_any()
            };
            view! {
                <PageHeader title=format!("Withdraw the invitation of {}", invitation.email) of=organization
                    back=(back, invitation.email.clone())/>
                <Stack narrow=true>{content}</Stack>
            }
        }/>
    }
}
