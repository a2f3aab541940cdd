//! One connect session: who, what happened at each provider, and why nobody may have come back.

use super::address::{part, visits};
use crate::api::Within;
use crate::api::connect_sessions::{ConnectLink, RepeatConnectSession, read_connect_session};
use crate::components::{
    Badge, Columns, Copy, CopyField, Happening, LinkButton, Load, Look, PageHeader, Panel, Properties, Property,
    SecretOnce, SessionStatus, Stack, Time, Timeline, Tone,
};
use crate::form::{Form, Hidden, answer};
use leptos::prelude::*;
use model::connect_sessions::{
    AttemptState, AttemptView, Completion, ConnectSessionDetail, ConnectSessionStatus, WhyNot,
};
use model::ids::ApplicationId;
use model::paths;

/// The page of a connect session.
#[component]
pub fn ConnectSession() -> impl IntoView {
    let (app, session, again) = (part("app"), part("session"), visits());
    let repeat = ServerAction::<RepeatConnectSession>::new();
    let repeated = answer(repeat);
    let read = Resource::new(
        move || (app.get(), session.get(), again.get()),
        |(app, session, _)| read_connect_session(app, session),
    );
    view! { <Load from=read what="The connect session" view=move |read| view! { <Page read repeat repeated/> }/> }
}

#[component]
fn Page(
    read: Within<ConnectSessionDetail>,
    repeat: ServerAction<RepeatConnectSession>,
    repeated: Signal<Option<ConnectLink>>,
) -> impl IntoView {
    let (app, may_change) = (read.id, read.may_change);
    let detail = StoredValue::new(read.here);
    let ConnectSessionDetail { session, attempts, why_not, .. } = detail.get_value();
    let (id, status) = (session.id.to_string(), session.status);
    let beside = move || {
        let id = id.clone();
        view! {
            <Facts app of=detail.get_value()/>
            {may_change.then(|| view! {
                <Panel title="New link" text="For the same end user, with the same providers.">
                    {move || repeated.get().map(|link| view! { <Opened app link/> })}
                    <Form action=repeat submit="Create a new link" look=Look::Plain listed_at=(paths::connect_sessions(app), "Connect sessions".to_owned())>
                        <Hidden name="app" value=app.to_string()/>
                        <Hidden name="session" value=id/>
                    </Form>
                </Panel>
            })}
        }
    };
    view! {
        <PageHeader title=session.end_user.id of=read.name back=(paths::connect_sessions(app), "Connect sessions".to_owned())
            badge=move || view! { <SessionStatus of=status/> }/>
        <Columns beside>
            {why_not.into_iter().map(|why| view! { <NobodyCameBack app why/> }).collect_view()}
            <Panel title="What happened"><Attempts app attempts status/></Panel>
        </Columns>
    }
}

#[component]
fn Facts(app: ApplicationId, of: ConnectSessionDetail) -> impl IntoView {
    let session = of.session;
    let or_not = |at: Option<String>| at.map_or_else(|| "Not yet".into_any(), |at| view! { <Time at/> }.into_any());
    let known_as = session.end_user.name.into_iter().chain(session.end_user.email).collect::<Vec<_>>().join(", ");
    let confirmed = session.completion == Completion::Confirmed;
    view! {
        <Panel title="Connect session">
            <Properties>
                <Property term="Id"><Copy label="Copy connect session id" text=session.id.to_string()/></Property>
                <Property term="End user"><Copy label="Copy end user id" text=session.end_user.id/>{known_as}</Property>
                <Property term="Providers">{session.providers.join(", ")}</Property>
                {session.reconnect.map(|account| view! {
                    <Property term="Renews"><a href=paths::connected_account(app, account)>"This connected account only"</a></Property>
                })}
                <Property term="Created"><Time at=session.created_at/>" by "{of.created_by}</Property>
                <Property term="Continue pressed">{or_not(of.started_at)}</Property>
                <Property term="Ended">{or_not(of.finished_at)}</Property>
                <Property term="Link ends"><Time at=session.expires_at/></Property>
                <Property term="Completion">{if confirmed { "Confirmed by the backend" } else { "Automatic" }}</Property>
                {session.return_url.map(|url| view! { <Property term="Returns to">{url}</Property> })}
            </Properties>
        </Panel>
    }
}

#[component]
fn Opened(app: ApplicationId, link: ConnectLink) -> impl IntoView {
    let page = link.session.parse().ok().map(|session| paths::connect_session(app, session));
    view! {
        <SecretOnce label="Connect link" value=link.url copy="Copy connect link"/>
        <p class="aside">
            "Ends "<Time at=link.expires_at/>". "
            {page.map(|href| view! { <a href=href>"Its connect session"</a> })}
        </p>
    }
}

#[component]
fn Attempts(app: ApplicationId, attempts: Vec<AttemptView>, status: ConnectSessionStatus) -> impl IntoView {
    if attempts.is_empty() {
        let text = match status {
            ConnectSessionStatus::Open => "Nobody has opened the link and pressed Continue yet.",
            _ => "Nobody opened the link and pressed Continue before it ended.",
        };
        return view! { <p>{text}</p> }.into_any();
    }
    let newest_first = attempts.into_iter().rev().map(move |attempt| view! { <Attempt app attempt/> });
    view! { <Timeline label="Attempts, newest first">{newest_first.collect_view()}</Timeline> }.into_any()
}

#[component]
fn Attempt(app: ApplicationId, attempt: AttemptView) -> impl IntoView {
    let (tone, title) = words(&attempt);
    view! {
        <Happening tone title at=attempt.began_at.clone()>
            {attempt.detail.map(|detail| view! { <p>{detail}</p> })}
            <p>
                "Left for "{attempt.provider_name}" "<Time at=attempt.began_at/>
                {attempt.returned_at.map(|at| view! { ", came back "<Time at/> })}
                {attempt.provider_account.map(|account| format!(", as {account}"))}
                "."
            </p>
            {attempt.connected_account.map(|account| view! {
                <p><a href=paths::connected_account(app, account)>"The connected account"</a></p>
            })}
        </Happening>
    }
}

/// What became of an attempt, in words of somebody who helps an end user.
fn words(attempt: &AttemptView) -> (Tone, String) {
    let name = &attempt.provider_name;
    match attempt.state {
        AttemptState::Connected => (Tone::Good, format!("{name} was connected")),
        AttemptState::Failed => (Tone::Bad, failed(name, attempt.error.as_deref().unwrap_or_default())),
        AttemptState::AtProvider => (Tone::Accent, format!("The end user is at {name}")),
        AttemptState::Returned => {
            (Tone::Accent, format!("The end user came back from {name}; the tokens are being fetched"))
        }
        AttemptState::AwaitingConfirmation => {
            (Tone::Warn, format!("{name} was granted; the backend has not confirmed it yet"))
        }
        AttemptState::NotConfirmed => (Tone::Bad, format!("{name} was granted, but nothing was kept")),
        AttemptState::NeverReturned => (Tone::Warn, format!("Nobody came back from {name}")),
    }
}

fn failed(name: &str, error: &str) -> String {
    match error {
        "access_denied" => format!("The end user declined at {name}"),
        "different_account" => format!("Another {name} account was used than the one to renew"),
        "provider_config_rejected" | "config_wrong" => format!("{name} refuses the application's credentials"),
        "provider_config_disabled" => format!("{name} was disabled meanwhile"),
        "provider_unavailable" => format!("{name} could not be reached"),
        "exchange_interrupted" => format!("The connection was cut off before {name}'s answer was stored"),
        "not_confirmed" => "The backend did not confirm in time; the tokens were given back".to_owned(),
        "superseded" => "The same user consented again elsewhere".to_owned(),
        _ => format!("{name} was not connected"),
    }
}

#[component]
fn NobodyCameBack(app: ApplicationId, why: WhyNot) -> impl IntoView {
    let (name, key) = (why.provider_name, why.provider);
    let causes = why.causes.into_iter().map(|cause| {
        view! {
            <li class="cause">
                <h3>{cause.shows}{cause.likely.then(|| view! { <Badge tone=Tone::Warn word="Likely"/> })}</h3>
                <p>{cause.cause}</p>
                <p><strong>"What to do: "</strong>{cause.cure}</p>
            </li>
        }
    });
    let causes: Vec<_> = causes.collect();
    view! {
        <Panel title=format!("Nobody came back from {name}")
            text=format!("{name} tells the end user why on its own page, and nobody else. What it may have shown, the likeliest first:")>
            <Stack>
                <p>{why.evidence}{why.last_return.map(|at| view! { " The last came back "<Time at/>"." })}</p>
                <CopyField label="Redirect URI of this attempt" value=why.redirect_uri copy="Copy redirect URI" id=format!("redirect-{key}")/>
                <ol class="causes">{causes}</ol>
                <div class="row"><LinkButton href=paths::provider_config(app, &key)>{format!("Set-up of {key}")}</LinkButton></div>
            </Stack>
        </Panel>
    }
}
