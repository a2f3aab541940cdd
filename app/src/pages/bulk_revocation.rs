//! How far a bulk revocation has come.

use super::address::{part, visits};
use crate::api::Within;
use crate::api::bulk_revocations::{ConfirmBulkRevocation, Progress as Read, StopBulkRevocation, read_bulk_revocation};
use crate::components::{
    Banner, BulkState, Confirm, Copy, Load, Look, PageHeader, Panel, Progress, Properties, Property, Stack, Time, Tone,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::bulk_revocations::{BulkRevocationState as State, BulkRevocationView};
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
    Effect::new(move |_| {
        let open = read.get().and_then(Result::ok).is_some_and(|read| is_open(read.here.bulk.state));
        if open {
            set_timeout(move || read.refetch(), AGAIN);
        }
    });
    view! { <Load from=read what="The bulk revocation" view=move |read| view! { <Page read confirm stop/> }/> }
}

fn is_open(state: State) -> bool {
    matches!(state, State::Waiting | State::Running)
}

#[component]
fn Page(
    read: Within<Read>,
    confirm: ServerAction<ConfirmBulkRevocation>,
    stop: ServerAction<StopBulkRevocation>,
) -> impl IntoView {
    let Within { id: app, name, may_change, here, .. } = read;
    let Read { bulk, may_confirm } = here;
    let (state, open, waiting) = (bulk.state, is_open(bulk.state), bulk.state == State::Waiting);
    let left = (bulk.accounts - bulk.revoked - bulk.failed).max(0);
    let words = format!("{} of {} revoked, {left} left, {} failed", bulk.revoked, bulk.accounts, bulk.failed);
    let id = bulk.id.to_string();
    let asked = consequence(&bulk);
    let (first, second) = (id.clone(), id.clone());
    view! {
        {open.then(|| view! { <noscript><meta http-equiv="refresh" content="5"/></noscript> })}
        <PageHeader title="Bulk revocation" of=name badge=move || view! { <BulkState of=state/> }
            back=(paths::break_glass(app), "Break glass".to_owned())/>
        <Stack>
            <Panel title="Progress"><Progress label="Accounts seen to" done=bulk.revoked + bulk.failed of=bulk.accounts words/></Panel>
            {(may_confirm && waiting).then(|| view! {
                <Panel title="Confirm as the second person" tone=Tone::Bad>
                    <Confirm consequence=asked>
                        <Form action=confirm submit="Confirm and revoke" look=Look::Danger>
                            <Hidden name="app" value=app.to_string()/>
                            <Hidden name="bulk" value=first.clone()/>
                        </Form>
                    </Confirm>
                </Panel>
            })}
            {(waiting && !may_confirm).then(|| view! {
                <Banner tone=Tone::Warn>"Another admin or owner must confirm this. Send them this page's address."</Banner>
            })}
            <Facts bulk=bulk.clone()/>
            <Failures app bulk/>
            {(open && may_change).then(|| view! {
                <Form action=stop submit=if waiting { "Withdraw" } else { "Stop" } look=Look::Plain inline=true>
                    <Hidden name="app" value=app.to_string()/>
                    <Hidden name="bulk" value=second.clone()/>
                </Form>
            })}
        </Stack>
    }
}

fn consequence(bulk: &BulkRevocationView) -> String {
    let who = bulk.requested_by.clone().unwrap_or_else(|| "The command line".to_owned());
    let count = bulk.accounts;
    format!(
        "{who} asks to revoke {count} connected accounts: “{}”. Backends get 410 for each of them; this cannot be undone.",
        bulk.reason
    )
}

#[component]
fn Facts(bulk: BulkRevocationView) -> impl IntoView {
    let time = |at: String| view! { <Time at/> };
    let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    view! {
        <Panel title="About it">
            <Properties>
                <Property term="Id"><Copy label="Copy bulk revocation id" text=bulk.id.to_string()/></Property>
                <Property term="Reason">{or_dash(bulk.reason)}</Property>
                <Property term="Asked for by">{bulk.requested_by.unwrap_or_else(|| "Command line".to_owned())}</Property>
                {bulk.confirmed_by.map(|by| view! { <Property term="Confirmed by">{by}</Property> })}
                {bulk.stopped_by.map(|by| view! { <Property term="Stopped by">{by}</Property> })}
                <Property term="Asked for">{time(bulk.created_at)}</Property>
                {bulk.confirm_by.map(|at| view! { <Property term="To be confirmed by">{time(at)}</Property> })}
                {bulk.ended_at.map(|at| view! { <Property term="Ended">{time(at)}</Property> })}
            </Properties>
        </Panel>
    }
}

#[component]
fn Failures(app: ApplicationId, bulk: BulkRevocationView) -> impl IntoView {
    let any = !bulk.failures.is_empty();
    let failures = bulk.failures.into_iter().map(move |failure| {
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
