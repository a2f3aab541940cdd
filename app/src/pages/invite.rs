//! Invites somebody, and shows the link once.

use super::role;
use crate::api::members::{InvitationLink, Invite as Send, read_members};
use crate::components::{
    Banner, EmptyState, Field, LinkButton, Load, PageHeader, Panel, Radios, SecretOnce, Stack, Tone,
};
use crate::form::{Form, answer};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::members::Mail;
use model::paths;
use model::people::Role;

/// The form for a new invitation.
#[component]
pub fn Invite() -> impl IntoView {
    let invite = ServerAction::<Send>::new();
    let made = answer(invite);
    let read = Resource::new(|| (), |()| read_members());
    view! {
        <Load from=read what="The form" view=move |read| {
            let own = read.role;
            let text = if read.here.sends_mail {
                "The link is mailed, and shown here once to pass on yourself."
            } else {
                "The link is shown here once: pass it on yourself, since this server sends no mail."
            };
            let form = if own.includes(Role::Admin) {
                view! {
                    <Panel>
                        <Form action=invite submit="Invite" cancel=paths::MEMBERS clear=true listed_at=(paths::MEMBERS.to_owned(), "Members".to_owned())>
                            <Field name="email" label="E-mail" kind="email"/>
                            <Radios name="role" label="Role" value="developer" choices=role::choices(own)/>
                        </Form>
                    </Panel>
                }.into_any()
            } else {
                view! {
                    <EmptyState icon=Glyph::Lock title="Your role does not invite people"
                        text="Ask an owner or admin of the organization.">
                        <LinkButton href=paths::MEMBERS>"All members"</LinkButton>
                    </EmptyState>
                }.into_any()
            };
            view! {
                <PageHeader title="Invite somebody" of=read.organization text back=(paths::MEMBERS.to_owned(), "Members".to_owned())/>
                <Stack narrow=true>
                    {move || made.get().map(|made| view! { <Made made/> })}
                    {form}
                </Stack>
            }
        }/>
    }
}

/// The link, and what became of the mail.
#[component]
pub(super) fn Made(made: InvitationLink) -> impl IntoView {
    let InvitationLink { email, link, mail, mail_problem } = made;
    let mailed = match mail {
        Mail::Off => None,
        Mail::Sent => Some((Tone::Good, format!("The link is mailed to {email}."))),
        Mail::UnderWay => {
            Some((Tone::Accent, format!("The mail to {email} is on its way; the list says when it is sent.")))
        }
        Mail::Failed => {
            let why = mail_problem.unwrap_or_default();
            Some((Tone::Warn, format!("The mail could not be sent: {why}. Copy the link and pass it on yourself.")))
        }
    };
    view! {
        {mailed.map(|(tone, words)| view! { <Banner tone>{words}</Banner> })}
        <SecretOnce label=format!("Invitation link for {email}") value=link copy="Copy invitation link"
            hint="Whoever opens it becomes this member: send it to nobody else. It works once, for seven days."/>
    }
}
