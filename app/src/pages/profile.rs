//! Who is signed in.

use super::role;
use crate::api::people::read_member;
use crate::components::{Copy, LinkButton, Load, PageHeader, Panel, Properties, Property, Stack};
use leptos::prelude::*;
use model::paths;
use model::people::MemberView;

/// The person, the organization and the role.
#[component]
pub fn Profile() -> impl IntoView {
    let member = Resource::new(|| (), |()| read_member());
    view! { <Load from=member what="Your profile" view=|member| view! { <Facts member/> }/> }
}

#[component]
fn Facts(member: MemberView) -> impl IntoView {
    let MemberView { person, organization, organization_name, email, role, .. } = member;
    view! {
        <PageHeader title="Profile" of=organization_name.clone()>
            <LinkButton href=paths::SECURITY>"Change password"</LinkButton>
        </PageHeader>
        <Stack narrow=true>
            <Panel>
                <Properties>
                    <Property term="E-mail">{email}</Property>
                    <Property term="Organization">{organization_name}</Property>
                    <Property term="Role">{role::name(role)}": "{role::text(role)}</Property>
                    <Property term="Your id"><Copy label="Copy your id" text=person.to_string()/></Property>
                    <Property term="Organization's id"><Copy label="Copy organization's id" text=organization.to_string()/></Property>
                </Properties>
            </Panel>
        </Stack>
    }
}
