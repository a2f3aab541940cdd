//! Founding: the first person and the organization.

use crate::api::people::{SignUp as Found, read_sign_up};
use crate::components::{Bare, Code, EmptyState, Field, LinkButton, Load, Look, PageHeader, Panel, SecretField};
use crate::form::Form;
use crate::icons::Glyph;
use leptos::prelude::*;
use model::paths;

/// Sign up.
#[component]
pub fn SignUp() -> impl IntoView {
    let found = ServerAction::<Found>::new();
    let state = Resource::new(|| (), |()| read_sign_up());
    view! {
        <Bare>
            <Load from=state what="The sign-up page" view=move |state| {
                if state.founded {
                    view! { <Founded/> }.into_any()
                } else if state.by_invitation {
                    view! { <ByInvitation/> }.into_any()
                } else {
                    view! { <Founding found code=state.set_up_code_needed/> }.into_any()
                }
            }/>
        </Bare>
    }
}

#[component]
fn Founded() -> impl IntoView {
    view! {
        <PageHeader title="Sign up"/>
        <Panel>
            <EmptyState icon=Glyph::Lock title="This Keybearer is already founded"
                text="Ask an owner or admin of the organization to invite you.">
                <LinkButton href=paths::SIGN_IN look=Look::Primary>"Sign in"</LinkButton>
            </EmptyState>
        </Panel>
    }
}

#[component]
fn ByInvitation() -> impl IntoView {
    view! {
        <PageHeader title="Sign up"/>
        <Panel>
            <EmptyState icon=Glyph::Lock title="Nobody signs up here"
                text="Whoever runs this server adds the first owner, and owners and admins invite everybody else:"/>
            <Code label="Command" text="keybearer member add --email you@example.com --role owner"/>
        </Panel>
    }
}

#[component]
fn Founding(found: ServerAction<Found>, code: bool) -> impl IntoView {
    view! {
        <PageHeader title="Set up Keybearer" text="You are the first one here. Name your organization and become its owner."/>
        <Panel>
            <Form action=found submit="Sign up">
                <Field name="organization" label="Organization" autocomplete="organization"/>
                <Field name="email" label="E-mail" kind="email" autocomplete="username"/>
                <SecretField name="password" label="Password" autocomplete="new-password" hint="At least 10 characters."/>
                {code.then(|| view! {
                    <Field name="set_up_code" label="Set-up code" mono=true
                        hint="Printed on the server's terminal when it started; keybearer setup-code prints a new one."/>
                })}
            </Form>
        </Panel>
    }
}
