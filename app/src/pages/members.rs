//! The organization's members, and who is invited.

use super::address::visits;
use super::role;
use crate::api::members::{Everybody, Seen, read_members};
use crate::components::{
    Badge, Column, EmptyState, InvitationState, LinkButton, Load, Look, PageHeader, Panel, RowLink, Stack, Table, Time,
    Tone,
};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::members::{InvitationView, ListedMember};
use model::paths;
use model::people::Role;

/// Two lists.
#[component]
pub fn Members() -> impl IntoView {
    let again = visits();
    let read = Resource::new(move || again.get(), |_| read_members());
    view! {
        <Load from=read what="The members" view=|read| {
            let Seen { organization, email, role, here: Everybody { members, invitations, .. } } = read;
            let may_invite = role.includes(Role::Admin);
            view! {
                <PageHeader title="Members" of=organization text="Who signs in to this organization, and what each may do.">
                    {may_invite.then(|| view! { <LinkButton href=paths::INVITE look=Look::Primary>"Invite somebody"</LinkButton> })}
                </PageHeader>
                <Stack>
                    <List members own=email/>
                    <Panel title="Invitations" text="A link is good for seven days, and once.">
                        <Invitations invitations may_invite/>
                    </Panel>
                </Stack>
            }
        }/>
    }
}

#[component]
fn List(members: Vec<ListedMember>, own: String) -> impl IntoView {
    let columns = vec![
        Column::new("E-mail"),
        Column::new("Role"),
        Column::new("Second step"),
        Column::end("Member since"),
        Column::end("Last sign-in"),
    ];
    let rows = members.into_iter().map(move |member| {
        let you = (member.email == own).then(|| view! { <Badge tone=Tone::Accent word="You"/> });
        let signed_in = match member.last_signed_in_at {
            None => "Never".into_any(),
            Some(at) => view! { <Time at/> }.into_any(),
        };
        view! {
            <tr>
                <td><div class="with-icon"><RowLink href=paths::member(member.id)>{member.email}</RowLink>{you}</div></td>
                <td>{role::name(member.role)}</td>
                <td>{second_step(member.second_step)}</td>
                <td data-align="end"><Time at=member.created_at/></td>
                <td data-align="end">{signed_in}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! { <Table caption="Members" columns>{rows}</Table> }
}

/// Whether signing in takes more than a password.
pub(super) fn second_step(on: bool) -> impl IntoView {
    let (tone, word) = if on { (Tone::Good, "On") } else { (Tone::Neutral, "Off") };
    view! { <Badge tone word/> }
}

#[component]
fn Invitations(invitations: Vec<InvitationView>, may_invite: bool) -> impl IntoView {
    if invitations.is_empty() {
        let text = if may_invite {
            "Invite somebody by e-mail address and role: the link is yours to pass on."
        } else {
            "Owners and admins invite people."
        };
        return view! { <EmptyState icon=Glyph::Members title="Nobody is invited" text/> }.into_any();
    }
    let columns = vec![
        Column::new("E-mail"),
        Column::new("Role"),
        Column::new("Status"),
        Column::new("Invited by"),
        Column::end("Ends"),
    ];
    let rows = invitations.into_iter().map(|invitation| {
        view! {
            <tr>
                <td><RowLink href=paths::invitation(invitation.id)>{invitation.email.clone()}</RowLink></td>
                <td>{role::name(invitation.role)}</td>
                <td><InvitationState status=invitation.status mail=invitation.mail/></td>
                <td>{invitation.invited_by}</td>
                <td data-align="end"><Time at=invitation.expires_at/></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! { <Table caption="Invitations" columns>{rows}</Table> }.into_any()
}
