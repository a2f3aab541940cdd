//! An application's connect sessions.

use super::address::{part, query, visits};
use super::trail::Trail;
use crate::api::Within;
use crate::api::connect_sessions::read_connect_sessions;
use crate::components::{Column, EmptyState, LinkButton, Load, PageHeader, Pager, SessionStatus, Table, Time};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::Page;
use model::connect_sessions::{ConnectResult, ConnectSessionView, ResultStatus};
use model::ids::ApplicationId;
use model::paths;

/// The list of connect sessions.
#[component]
pub fn ConnectSessions() -> impl IntoView {
    let (app, again, trail) = (part("app"), visits(), query("page"));
    let read = Resource::new(
        move || (app.get(), Trail::new(&trail.get()).cursor(), again.get()),
        |(app, cursor, _)| read_connect_sessions(app, cursor),
    );
    view! {
        <Load from=read what="The connect sessions" view=move |read| {
            let trail = Trail::new(&trail.get_untracked());
            view! { <List read trail/> }
        }/>
    }
}

#[component]
fn List(read: Within<Page<ConnectSessionView>>, trail: Trail) -> impl IntoView {
    let app = read.id;
    let address = format!("{}?", paths::connect_sessions(app));
    let Page { data, next_cursor } = read.here;
    view! {
        <PageHeader title="Connect sessions" of=read.name text="Invitations for end users to connect accounts, newest first."/>
        {if data.is_empty() {
            view! {
                <EmptyState icon=Glyph::ConnectSessions title="No connect sessions yet"
                    text="Your backend creates one for each end user who is to connect an account.">
                    <LinkButton href=paths::application(app)>"Try it from the overview"</LinkButton>
                </EmptyState>
            }.into_any()
        } else {
            view! {
                <Sessions app sessions=data/>
                <Pager newer=trail.newer(&address) older=trail.older(&address, next_cursor)/>
            }.into_any()
        }}
    }
}

#[component]
fn Sessions(app: ApplicationId, sessions: Vec<ConnectSessionView>) -> impl IntoView {
    let columns = vec![
        Column::new("End user"),
        Column::new("Providers"),
        Column::new("Status"),
        Column::new("Results"),
        Column::end("Ends"),
        Column::end("Created"),
    ];
    let rows = sessions.into_iter().map(move |session| {
        let known_as = session.end_user.name.or(session.end_user.email);
        view! {
            <tr>
                <td><strong>{session.end_user.id}</strong>{known_as.map(|text| view! { <small>{text}</small> })}</td>
                <td>{session.providers.join(", ")}</td>
                <td><SessionStatus of=session.status/></td>
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
