//! For somebody who has forgotten the password: asks for a link.

use crate::api::password_reset::{AskForPasswordReset, read_password_reset};
use crate::components::{Bare, Code, EmptyState, Field, LinkButton, Load, PageHeader, Panel};
use crate::form::{Form, answer};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::paths;

/// Asks for a link, or names the command where no mail is sent.
#[component]
pub fn PasswordReset() -> impl IntoView {
    let ask = ServerAction::<AskForPasswordReset>::new();
    let asked = answer(ask);
    let read = Resource::new(|| (), |()| read_password_reset());
    view! {
        <Bare>
            <PageHeader title="Forgot your password?"/>
            <Load from=read what="The form" view=move |sends_mail| {
                if !sends_mail {
                    return view! { <NoMail/> }.into_any();
                }
                view! {
                    <Panel>
                        {move || match asked.get() {
                            Some(email) => view! { <Asked email/> }.into_any(),
                            None => view! {
                                <Form action=ask submit="Send link">
                                    <Field name="email" label="E-mail" kind="email" autocomplete="username"
                                        hint="A link that sets a new password is mailed there."/>
                                </Form>
                            }.into_any(),
                        }}
                    </Panel>
                }
                .into_any()
            }/>
            <p class="aside"><a href=paths::SIGN_IN>"Back to sign in"</a></p>
        </Bare>
    }
}

#[component]
fn Asked(email: String) -> impl IntoView {
    let text = format!("If {email} has an account here, a link is on its way. It works once, for an hour.");
    view! { <EmptyState icon=Glyph::Check title="Look into your mailbox" text/> }
}

#[component]
fn NoMail() -> impl IntoView {
    view! {
        <Panel>
            <EmptyState icon=Glyph::Lock title="Ask whoever runs this server"
                text="It sends no mail. This command prints a link that sets a new password:"/>
            <Code label="Command" text="keybearer member reset-password --email you@example.com"/>
        </Panel>
    }
}

/// Says that a link is not good.
#[component]
pub(super) fn LinkOver() -> impl IntoView {
    view! {
        <Panel>
            <EmptyState icon=Glyph::Lock title="This link is not good any more"
                text="A link works once, for an hour, until the password changes.">
                <LinkButton href=paths::RESET_PASSWORD>"Ask for a new one"</LinkButton>
            </EmptyState>
        </Panel>
    }
}
