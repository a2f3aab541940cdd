//! How far a bulk revocation has come.

use super::address::{part, visits};
use super::application::grouped;
use super::bulk_revoke::counted;
use crate::api::Within;
use crate::api::bulk_revocations::{ConfirmBulkRevocation, Progress as Read, StopBulkRevocation, read_bulk_revocation};
use crate::components::{
    Banner, BulkState, Confirm, Copy, Load, Look, PageHeader, Panel, Progress, Properties, Property, Stack, Time, Tone,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::bulk_revocations::{BulkRevocationState as State, BulkRevocationView, Failure};
use model::ids::ApplicationId;
use model::paths;
use std::time::Duration;

/// How often the page is read again while there is something to see.
const AGAIN: Duration = Duration::from_secs(2);

/// The state, the counts, and what can be done.
#[component]
pub fn BulkRevocation() -> impl IntoView {
    let (app, bulk, again) = (part("app"), part("bulk"), visits());
    let read =
        Resource::new(move || (app.get(), bulk.get(), again.get()), |(app, bulk, _)| read_bulk_revocation(app, bulk));
    let (confirm, stop) = (ServerAction::new(), ServerAction::new());
    view! { <Load from=read what="The bulk revocation" view=move |read| view! { <Page read confirm stop/> }/> }
}

fn is_open(state: State) -> bool {
    matches!(state, State::Waiting | State::Running)
}

/// Reads it again and again while there is something to see. Only what has changed is shown anew, so that nobody loses the
/// button that has the focus.
fn follow(app: ApplicationId, here: RwSignal<Read>) {
    Effect::new(move |_| {
        let (id, state) = here.with(|read| (read.bulk.id, read.bulk.state));
        if !is_open(state) {
            return;
        }
        let look = move || {
            spawn_local(async move {
                match read_bulk_revocation(app.to_string(), id.to_string()).await {
                    Ok(read) => drop(here.try_set(read.here)),
                    Err(_) => drop(here.try_update(|_| ())),
                }
            });
        };
        if let Ok(timer) = set_timeout_with_handle(look, AGAIN) {
            on_cleanup(move || timer.clear());
        }
    });
}

#[component]
fn Page(
    read: Within<Read>,
    confirm: ServerAction<ConfirmBulkRevocation>,
    stop: ServerAction<StopBulkRevocation>,
) -> impl IntoView {
    let Within { id: app, name, may_change, here, .. } = read;
    let here = RwSignal::new(here);
    follow(app, here);
    let state = Memo::new(move |_| here.with(|read| read.bulk.state));
    let may_confirm = Memo::new(move |_| here.with(|read| read.may_confirm));
    let failures = Memo::new(move |_| here.with(|read| read.bulk.failures.clone()));
    let bulk = move || here.get_untracked().bulk;
    view! {
        <PageHeader title="Bulk revocation" of=name back=(paths::connected_accounts(app), "Connected accounts".to_owned())
            badge=move || view! { {move || view! { <BulkState of=state.get()/> }} }/>
        <Stack>
            <Panel title="Progress">
                {move || here.with(|read| done(&read.bulk))}
                {move || is_open(state.get()).then(|| view! {
                    <noscript><p class="aside">"Without scripts this page does not go on by itself. "<a href="">"Load it again"</a></p></noscript>
                })}
            </Panel>
            {move || (state.get() == State::Waiting).then(|| match may_confirm.get() {
                true => view! { <SecondPerson app bulk=bulk() confirm/> }.into_any(),
                false => view! {
                    <Banner tone=Tone::Warn>"Another admin or owner must confirm this. Send them this page's address."</Banner>
                }.into_any(),
            })}
            {move || { state.track(); view! { <Facts bulk=bulk()/> } }}
            {move || view! { <Failures app failures=failures.get()/> }}
            {move || (is_open(state.get()) && may_change).then(|| {
                let end = match (state.get(), may_confirm.get()) {
                    (State::Waiting, true) => "Refuse",
                    (State::Waiting, false) => "Withdraw",
                    _ => "Stop",
                };
                view! {
                    <Form action=stop submit=end look=Look::Plain inline=true>
                        <Hidden name="app" value=app.to_string()/>
                        <Hidden name="bulk" value=bulk().id.to_string()/>
                    </Form>
                }
            })}
        </Stack>
    }
}

fn done(bulk: &BulkRevocationView) -> impl IntoView + use<> {
    let left = (bulk.accounts - bulk.revoked - bulk.failed).max(0);
    let mut words = format!("{} of {} revoked", grouped(bulk.revoked), grouped(bulk.accounts));
    if is_open(bulk.state) && left > 0 {
        words.push_str(&format!(", {} left", grouped(left)));
    }
    if bulk.failed > 0 {
        words.push_str(&format!(", {} failed", grouped(bulk.failed)));
    }
    view! { <Progress label="Accounts seen to" done=bulk.revoked + bulk.failed of=bulk.accounts words/> }
}

#[component]
fn SecondPerson(
    app: ApplicationId,
    bulk: BulkRevocationView,
    confirm: ServerAction<ConfirmBulkRevocation>,
) -> impl IntoView {
    let consequence = consequence(&bulk);
    view! {
        <Panel title="Confirm as the second person" tone=Tone::Bad>
            <Confirm consequence>
                <Form action=confirm submit="Confirm and revoke" look=Look::Danger>
                    <Hidden name="app" value=app.to_string()/>
                    <Hidden name="bulk" value=bulk.id.to_string()/>
                </Form>
            </Confirm>
        </Panel>
    }
}

fn consequence(bulk: &BulkRevocationView) -> String {
    let who = bulk.requested_by.clone().unwrap_or_else(|| "The command line".to_owned());
    let which = counted(bulk.accounts);
    format!("{who} asks to revoke {which}: “{}”. Backends get 410 for each; this cannot be undone.", bulk.reason)
}

#[component]
fn Facts(bulk: BulkRevocationView) -> impl IntoView {
    let time = |at: String| view! { <Time at/> };
    let all = bulk.which.is_empty();
    let which = if all { "All connected accounts of the application".to_owned() } else { bulk.which.join(" · ") };
    let waiting = bulk.state == State::Waiting;
    let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    view! {
        <Panel title="About it">
            <Properties>
                <Property term="Id"><Copy label="Copy bulk revocation id" text=bulk.id.to_string()/></Property>
                <Property term="Which">{which}</Property>
                <Property term="Reason">{or_dash(bulk.reason)}</Property>
                <Property term="Asked for by">{bulk.requested_by.unwrap_or_else(|| "Command line".to_owned())}</Property>
                {bulk.confirmed_by.map(|by| view! { <Property term="Confirmed by">{by}</Property> })}
                {bulk.stopped_by.map(|by| view! { <Property term="Stopped by">{by}</Property> })}
                <Property term="Asked for">{time(bulk.created_at)}</Property>
                {bulk.confirm_by.filter(|_| waiting).map(|at| view! { <Property term="To be confirmed by">{time(at)}</Property> })}
                {bulk.ended_at.map(|at| view! { <Property term="Ended">{time(at)}</Property> })}
            </Properties>
        </Panel>
    }
}

#[component]
fn Failures(app: ApplicationId, failures: Vec<Failure>) -> impl IntoView {
    let any = !failures.is_empty();
    let failures = failures.into_iter().map(move |failure| {
        let href = paths::connected_account(app, failure.account);
        view! { <Property term="Not revoked"><a href=href>{failure.account.to_string()}</a>{failure.detail}</Property> }
    });
    any.then(|| {
        view! {
            <Panel title="Failures" text="Open each account and revoke it there.">
                <Properties>{failures.collect_view()}</Properties>
            </Panel>
        }
    })
}
