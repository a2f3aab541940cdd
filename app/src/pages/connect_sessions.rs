//! An application's connect sessions.

use super::address::{part, query, visits};
use super::paging::{Pages, Unreadable, turn};
use crate::api::Within;
use crate::api::connect_sessions::{Sessions as Read, read_connect_sessions};
use crate::components::{
    Choice, Column, EmptyState, Field, Filters, LinkButton, Load, PageHeader, RowLink, Select, SessionStatus, Table,
    Time,
};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::connect_sessions::{
    ConnectResult, ConnectSessionFilter, ConnectSessionLine, ConnectSessionStatus, ResultStatus,
};
use model::ids::ApplicationId;
use model::lists::Mistakes;
use model::paths;
use model::provider_configs::ProviderChoice;

/// The list of connect sessions, with filters and pages in the address.
#[component]
pub fn ConnectSessions() -> impl IntoView {
    let (app, again, turn) = (part("app"), visits(), turn());
    let (outcome, provider, end_user) = (query("outcome"), query("provider"), query("end_user"));
    let filter = Memo::new(move |_| ConnectSessionFilter {
        outcome: outcome.get(),
        provider: provider.get(),
        end_user: end_user.get(),
    });
    let read = Resource::new(
        move || (app.get(), filter.get(), turn.get(), again.get()),
        |(app, filter, turn, _)| read_connect_sessions(app, filter, turn),
    );
    view! {
        <Load from=read what="The connect sessions" view=move |read| {
            view! { <List read filter=filter.get_untracked()/> }
        }/>
    }
}

#[component]
fn List(read: Within<Read>, filter: ConnectSessionFilter) -> impl IntoView {
    let app = read.id;
    let Read { page, mistakes, providers } = read.here;
    let (empty, narrowed) = (page.data.is_empty(), !filter.is_empty());
    let wrong = mistakes.clone();
    let pairs = filter.pairs().map(|(name, value)| (name, value.to_owned())).to_vec();
    view! {
        <PageHeader title="Connect sessions" of=read.name text="Invitations for end users to connect accounts, newest first."/>
        {(!empty || narrowed).then(|| view! { <Narrow filter providers mistakes/> })}
        {match (empty, narrowed) {
            _ if !wrong.is_empty() => {
                view! { <Unreadable mistakes=wrong whole=paths::connect_sessions(app)/> }.into_any()
            }
            (false, _) => view! {
                <Rows app sessions=page.data/>
                <Pages path=paths::connect_sessions(app) pairs newer=page.newer older=page.older/>
            }.into_any(),
            (true, true) => view! {
                <EmptyState icon=Glyph::Search title="No connect session fits" text="Nothing here has all of what the filters ask for.">
                    <LinkButton href=paths::connect_sessions(app)>"Clear filters"</LinkButton>
                </EmptyState>
            }.into_any(),
            (true, false) => view! {
                <EmptyState icon=Glyph::ConnectSessions title="No connect sessions yet"
                    text="Your backend creates one for each end user who is to connect an account.">
                    <LinkButton href=paths::application(app)>"Try it from the overview"</LinkButton>
                </EmptyState>
            }.into_any(),
        }}
    }
}

#[component]
fn Narrow(filter: ConnectSessionFilter, providers: Vec<ProviderChoice>, mistakes: Mistakes) -> impl IntoView {
    let any = || std::iter::once(Choice::new("", "Any"));
    let outcomes = [
        (ConnectSessionStatus::Open, "Open"),
        (ConnectSessionStatus::AwaitingConfirmation, "Awaiting confirmation"),
        (ConnectSessionStatus::Completed, "Completed"),
        (ConnectSessionStatus::Failed, "Failed"),
        (ConnectSessionStatus::Expired, "Expired"),
    ];
    let outcomes = outcomes.map(|(status, label)| Choice::new(status.as_str(), label));
    let providers = providers.into_iter().map(|config| Choice::new(config.key, config.label));
    view! {
        <Filters mistakes>
            <Select name="outcome" label="Outcome" value=filter.outcome choices=any().chain(outcomes).collect()/>
            <Select name="provider" label="Provider" value=filter.provider choices=any().chain(providers).collect()/>
            <Field name="end_user" label="End user id" kind="search" value=filter.end_user placeholder="user_42"/>
        </Filters>
    }
}

#[component]
fn Rows(app: ApplicationId, sessions: Vec<ConnectSessionLine>) -> impl IntoView {
    let columns = vec![
        Column::new("End user"),
        Column::new("Providers"),
        Column::new("Outcome"),
        Column::new("Results"),
        Column::end("Ends"),
        Column::end("Created"),
    ];
    let rows = sessions.into_iter().map(move |line| {
        let session = line.session;
        let known_as = session.end_user.name.or(session.end_user.email);
        view! {
            <tr>
                <td>
                    <RowLink href=paths::connect_session(app, session.id)>{session.end_user.id}</RowLink>
                    {known_as.map(|text| view! { <small>{text}</small> })}
                </td>
                <td>{session.providers.join(", ")}</td>
                <td>
                    <SessionStatus of=session.status/>
                    {line.never_returned.then(|| view! { <small>"Nobody came back"</small> })}
                </td>
                <td>{results(app, session.results)}</td>
                <td data-align="end"><Time at=session.expires_at/></td>
                <td data-align="end"><Time at=session.created_at/></td>
            </tr>
        }
    });
    view! { <Table caption="Connect sessions" columns>{rows.collect_view()}</Table> }
}

fn results(app: ApplicationId, results: Vec<ConnectResult>) -> AnyView {
    if results.is_empty() {
        return "–".into_any();
    }
    results.into_iter().map(|result| result_line(app, result)).collect_view().into_any()
}

fn result_line(app: ApplicationId, result: ConnectResult) -> AnyView {
    let provider = result.provider;
    match (result.status, result.connected_account) {
        (_, Some(account)) => {
            view! { <div>{provider}": "<a href=paths::connected_account(app, account)>"connected"</a></div> }.into_any()
        }
        (ResultStatus::Connected, None) => view! { <div>{provider}": connected"</div> }.into_any(),
        (ResultStatus::AwaitingConfirmation, None) => {
            view! { <div>{provider}": awaiting confirmation"</div> }.into_any()
        }
        (ResultStatus::Failed, None) => {
            let error =
                result.error.map(|error| view! { <small title=error.detail.clone()>{error.detail.clone()}</small> });
            view! { <div>{provider}": failed"</div>{error} }.into_any()
        }
    }
}
