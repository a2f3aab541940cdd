//! One member: the role, and the way to the question before a removal.

use super::address::{part, visits};
use super::members::second_step;
use super::role;
use crate::api::members::{EndSessionsOfMember, Seen, SetRole, read_one_member};
use crate::components::{
    Banner, LinkButton, Load, Look, PageHeader, Panel, Properties, Property, Radios, Stack, Time, Tone,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::members::ListedMember;
use model::paths;

/// The member.
#[component]
pub fn Member() -> impl IntoView {
    let member = part("member");
    let (change, end) = (ServerAction::<SetRole>::new(), ServerAction::<EndSessionsOfMember>::new());
    let again = visits();
    let read = Resource::new(move || (member.get(), again.get()), |(member, _)| read_one_member(member));
    view! {
        <Load from=read what="The member" view=move |read| {
            let Seen { organization, email, role: own, here: member } = read;
            let may_change = own.may_manage(member.role) && !member.only_owner;
            let only_owner = member.only_owner;
            let may_end = own.may_manage(member.role) && member.email != email;
            view! {
                <PageHeader title=member.email.clone() of=organization back=(paths::MEMBERS.to_owned(), "Members".to_owned())/>
                <Stack narrow=true>
                    {only_owner.then(|| view! {
                        <Banner>"The only owner: before this role can change, somebody else must be an owner too."</Banner>
                    })}
                    <Facts member=member.clone()/>
                    {may_end.then(|| view! {
                        <Panel title="Sessions" text="For a lost laptop or an account in wrong hands: every browser must sign in again.">
                            <Form action=end submit="End all sessions" look=Look::Plain>
                                <Hidden name="member" value=member.id.to_string()/>
                            </Form>
                        </Panel>
                    })}
                    {may_change.then(|| view! {
                        <Panel title="Change the role" text="It counts at once, in every session.">
                            <Form action=change submit="Change role">
                                <Hidden name="member" value=member.id.to_string()/>
                                <Radios name="role" label="Role" value=member.role.as_str() choices=role::choices(own)/>
                            </Form>
                        </Panel>
                        <Panel tone=Tone::Bad title="Remove" text="Ends every session at once. What the member has made stays."
                            actions=move || view! { <LinkButton href=paths::remove_member(member.id) look=Look::Danger>"Remove member"</LinkButton> }/>
                    })}
                </Stack>
            }
        }/>
    }
}

#[component]
fn Facts(member: ListedMember) -> impl IntoView {
    let signed_in = match member.last_signed_in_at {
        None => "Never".into_any(),
        Some(at) => view! { <Time at/> }.into_any(),
    };
    view! {
        <Panel>
            <Properties>
                <Property term="Role">{role::name(member.role)}": "{role::text(member.role)}</Property>
                <Property term="Member since"><Time at=member.created_at/></Property>
                <Property term="Last sign-in">{signed_in}</Property>
                <Property term="Second step">{second_step(member.second_step)}</Property>
            </Properties>
        </Panel>
    }
}
