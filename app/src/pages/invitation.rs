//! One invitation: what became of it, a new link, and the way to the question before it is withdrawn.

use super::address::{part, visits};
use super::invite::Made;
use super::role;
use crate::api::members::{RenewInvitation, Seen, read_invitation};
use crate::components::{
    InvitationState, LinkButton, Load, Look, PageHeader, Panel, Properties, Property, Stack, Time, Tone,
};
use crate::form::{Form, Hidden, answer};
use leptos::prelude::*;
use model::members::InvitationView;
use model::paths;

/// The invitation.
#[component]
pub fn Invitation() -> impl IntoView {
    let (invitation, again) = (part("invitation"), visits());
    let renew = ServerAction::<RenewInvitation>::new();
    let made = answer(renew);
    let read =
        Resource::new(move || (invitation.get(), again.get(), renew.version().get()), |(id, ..)| read_invitation(id));
    view! {
        <Load from=read what="The invitation" view=move |read| {
            let Seen { organization, role: own, here: invitation, .. } = read;
            let may_change = own.may_manage(invitation.role);
            let id = invitation.id;
            view! {
                <PageHeader title=invitation.email.clone() of=organization back=(paths::MEMBERS.to_owned(), "Members".to_owned())/>
                <Stack narrow=true>
                    {move || made.get().map(|made| view! { <Made made/> })}
                    <Facts invitation/>
                    {may_change.then(|| view! {
                        <Panel title="New link" text="Seven more days. The link before works no more.">
                            <Form action=renew submit="Make a new link" look=Look::Plain listed_at=(paths::MEMBERS.to_owned(), "Members".to_owned())>
                                <Hidden name="invitation" value=id.to_string()/>
                            </Form>
                        </Panel>
                        <Panel tone=Tone::Bad title="Withdraw" text="The link works no more."
                            actions=move || view! { <LinkButton href=paths::withdraw_invitation(id) look=Look::Danger>"Withdraw invitation"</LinkButton> }/>
                    })}
                </Stack>
            }
        }/>
    }
}

#[component]
fn Facts(invitation: InvitationView) -> impl IntoView {
    let problem = invitation.mail_problem.map(|why| {
        view! { <Property term="Mail">{format!("Could not be sent: {why}. Make a new link and pass it on yourself.")}</Property> }
    });
    view! {
        <Panel>
            <Properties>
                <Property term="Status"><InvitationState status=invitation.status mail=invitation.mail/></Property>
                {problem}
                <Property term="Role">{role::name(invitation.role)}": "{role::text(invitation.role)}</Property>
                <Property term="Invited by">{invitation.invited_by}</Property>
                <Property term="Invited"><Time at=invitation.created_at/></Property>
                <Property term="Ends"><Time at=invitation.expires_at/></Property>
            </Properties>
        </Panel>
    }
}
