//! What an invitation's link leads to.

use super::address::part;
use super::role;
use crate::api::members::{AcceptInvitation as Accept, Invitation, read_invited};
use crate::components::{
    Bare, EmptyState, LinkButton, Load, Look, PageHeader, Panel, Properties, Property, SecretField, Time,
};
use crate::form::{Form, Hidden};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::members::Invited;
use model::paths;

/// Accepts an invitation, or says why it cannot be.
#[component]
pub fn AcceptInvitation() -> impl IntoView {
    let link = part("link");
    let accept = ServerAction::<Accept>::new();
    let read = Resource::new(move || link.get(), read_invited);
    view! {
        <Bare>
            <Load from=read what="The invitation" view=move |Invitation { invited, signed_in }| match (invited, signed_in) {
                (Invited::Open { .. }, Some(email)) => view! { <Elsewhere email/> }.into_any(),
                (Invited::Open { organization, invited_by, email, role, expires_at }, None) => view! {
                    <PageHeader title=format!("Join {organization}") text=format!("{invited_by} invites you to Keybearer.")/>
                    <Panel>
                        <Properties>
                            <Property term="E-mail">{email}</Property>
                            <Property term="Role">{role::name(role)}": "{role::text(role)}</Property>
                            <Property term="Ends"><Time at=expires_at/></Property>
                        </Properties>
                    </Panel>
                    <Panel title="Choose a password" text="You sign in with it and your e-mail address.">
                        <Form action=accept submit="Accept invitation">
                            <Hidden name="link" value=link.get_untracked()/>
                            <SecretField name="password" label="Password" autocomplete="new-password" hint="At least 10 characters."/>
                        </Form>
                    </Panel>
                }
                .into_any(),
                (over, signed_in) => view! { <Over over signed_in=signed_in.is_some()/> }.into_any(),
            }/>
        </Bare>
    }
}

#[component]
fn Elsewhere(email: String) -> impl IntoView {
    view! {
        <PageHeader title="Invitation"/>
        <Panel>
            <EmptyState icon=Glyph::Person title=format!("You are signed in as {email}")
                text="The invitation is for somebody without an account here. Sign out, then open the link again.">
                <LinkButton href=paths::SIGN_OUT look=Look::Primary>"Sign out"</LinkButton>
            </EmptyState>
        </Panel>
    }
}

/// Nothing can be accepted.
#[component]
fn Over(over: Invited, signed_in: bool) -> impl IntoView {
    let (title, text) = words(over);
    let (href, label) = if signed_in { (paths::APPLICATIONS, "All applications") } else { (paths::SIGN_IN, "Sign in") };
    view! {
        <PageHeader title="Invitation"/>
        <Panel>
            <EmptyState icon=Glyph::Lock title text>
                <LinkButton href>{label}</LinkButton>
            </EmptyState>
        </Panel>
    }
}

fn words(over: Invited) -> (String, String) {
    match over {
        Invited::Expired { invited_by } => {
            ("This invitation has expired".into(), format!("Ask {invited_by} for a new link."))
        }
        Invited::Accepted => {
            ("This invitation was accepted already".into(), "A link works once. If it was you, sign in.".into())
        }
        Invited::Known { email, member: true } => {
            (format!("{email} is a member already"), "Sign in with your password.".into())
        }
        Invited::Known { email, member: false } => (
            format!("{email} belongs to another organization here"),
            "A person can be in one organization only: ask for an invitation to another address.".into(),
        ),
        Invited::Withdrawn => {
            ("This invitation was withdrawn".into(), "Ask whoever sent it to you for a new one.".into())
        }
        Invited::Unknown | Invited::Open { .. } => (
            "This invitation is not known".into(),
            "A letter may be missing, or a newer link has taken its place: ask for a new one.".into(),
        ),
    }
}
