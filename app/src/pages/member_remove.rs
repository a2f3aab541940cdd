//! Asks before a member is removed.

use super::address::part;
use crate::api::members::{RemoveMember as Remove, Seen, read_one_member};
use crate::components::{Banner, Confirm, Load, Look, PageHeader, Panel, Stack, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::paths;

/// The question.
#[component]
pub fn RemoveMember() -> impl IntoView {
    let member = part("member");
    let remove = ServerAction::<Remove>::new();
    let read = Resource::new(move || member.get(), read_one_member);
    view! {
        <Load from=read what="The member" view=move |read| {
            let Seen { organization, email, role, here: member } = read;
            let back = paths::member(member.id);
            let cancel = back.clone();
            let content = if member.only_owner || !role.may_manage(member.role) {
                let why = if member.only_owner { "The only owner cannot be removed: make somebody else an owner first." }
                    else if role.includes(model::people::Role::Admin) { "Only an owner can remove an owner." }
                    else { "Only owners and admins remove members." };
                view! { <Banner>{why}</Banner> }.into_any()
            } else {
                let who = if member.email == email { "You lose access to this organization at once, in every browser" }
                    else { "Every session ends at once, and nobody can sign in as this member any more" };
                let consequence = format!(
                    "{who}. Invitations that only this member could have sent are withdrawn. Applications, API keys and \
                     connected accounts stay as they are: revoke keys that this member knows."
                );
                view! {
                    <Panel tone=Tone::Bad>
                        <Confirm consequence>
                            <Form action=remove submit="Remove member" look=Look::Danger cancel>
                                <Hidden name="member" value=member.id.to_string()/>
                            </Form>
                        </Confirm>
                    </Panel>
                }
                .into_any()
            };
            view! {
                <PageHeader title=format!("Remove {}", member.email) of=organization back=(back, member.email.clone())/>
                <Stack narrow=true>{content}</Stack>
            }
        }/>
    }
}
