//! The audit log of an application, and of the organization outside its applications.

use super::address::{part, query, visits};
use super::paging::{Pages, Unreadable, address, turn};
use crate::api::events::{Events as Read, read_events, read_organization_events};
use crate::components::{
    Choice, Column, EmptyState, Field, Filters, LinkButton, Load, PageHeader, RowLink, Select, Table, Time,
};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::events::{EventFilter, EventGroup, EventLine};
use model::lists::Mistakes;
use model::paths;

/// An application's log.
#[component]
pub fn Events() -> impl IntoView {
    let (app, again, filter, turn) = (part("app"), visits(), filter(), turn());
    let read = Resource::new(
        move || (app.get(), filter.get(), turn.get(), again.get()),
        |(app, filter, turn, _)| read_events(app, filter, turn),
    );
    view! {
        <Load from=read what="The events" view=move |read| {
            let path = paths::events(read.id);
            view! { <List path of=read.name read=read.here filter=filter.get_untracked() within=true/> }
        }/>
    }
}

/// The organization's log.
#[component]
pub fn OrganizationEvents() -> impl IntoView {
    let (again, filter, turn) = (visits(), filter(), turn());
    let read = Resource::new(
        move || (filter.get(), turn.get(), again.get()),
        |(filter, turn, _)| read_organization_events(filter, turn),
    );
    view! {
        <Load from=read what="The events" view=move |read| {
            let path = paths::ORGANIZATION_EVENTS.to_owned();
            view! { <List path of=read.organization read=read.events filter=filter.get_untracked() within=false/> }
        }/>
    }
}

fn filter() -> Memo<EventFilter> {
    let (group, actor, outcome) = (query("group"), query("actor"), query("outcome"));
    let (id, from, to) = (query("id"), query("from"), query("to"));
    Memo::new(move |_| EventFilter {
        group: group.get(),
        actor: actor.get(),
        outcome: outcome.get(),
        id: id.get(),
        from: from.get(),
        to: to.get(),
    })
}

#[component]
fn List(path: String, of: String, read: Read, filter: EventFilter, within: bool) -> impl IntoView {
    let Read { page, mistakes, actors, may_export } = read;
    let (empty, narrowed) = (page.data.is_empty(), !filter.is_empty());
    let wrong = mistakes.clone();
    let text = if within {
        "Who did what in this application, newest first. Nothing in it can be changed."
    } else {
        "Sign-ins, members and what else happened outside applications, newest first. The chain is the log of all \
         applications; keybearer event verify finds whatever was changed in it."
    };
    let export = {
        let (path, filter) = (path.clone(), filter.clone());
        move |format: &str, label: &'static str| {
            let href = address(&format!("{path}{}{format}", paths::EXPORT), &filter.pairs());
            view! { <LinkButton href download=true>{label}</LinkButton> }
        }
    };
    let pairs = filter.pairs().map(|(name, value)| (name, value.to_owned())).to_vec();
    let (newer, older, clear) = (page.newer, page.older, path.clone());
    view! {
        <PageHeader title=if within { "Events" } else { "Organization events" } of text>
            {(may_export && !empty).then(|| view! { {export("csv", "Export CSV")}{export("jsonl", "Export JSON lines")} })}
            {(may_export && !within).then(|| view! { <LinkButton href=paths::ORGANIZATION_CHAIN download=true>"Export chain"</LinkButton> })}
        </PageHeader>
        {(!empty || narrowed).then(|| view! { <Narrow filter actors within mistakes/> })}
        {match (empty, narrowed) {
            _ if !wrong.is_empty() => view! { <Unreadable mistakes=wrong whole=clear/> }.into_any(),
            (false, _) => view! { <Rows path=path.clone() lines=page.data/><Pages path pairs newer older/> }.into_any(),
            (true, true) => view! {
                <EmptyState icon=Glyph::Search title="No event fits" text="Nothing in the log has all of what the filters ask for.">
                    <LinkButton href=clear>"Clear filters"</LinkButton>
                </EmptyState>
            }.into_any(),
            (true, false) => view! {
                <EmptyState icon=Glyph::Events title="No events yet" text="What members, backends and end users do here appears in this log."/>
            }.into_any(),
        }}
    }
}

#[component]
fn Narrow(filter: EventFilter, actors: Vec<(String, String)>, within: bool, mistakes: Mistakes) -> impl IntoView {
    let any = || Choice::new("", "Any");
    let groups = EventGroup::ALL.iter().filter(move |group| of_application(**group) == within);
    let groups = groups.map(|group| Choice::new(group.as_str(), group_label(*group)));
    let actors = actors.into_iter().map(|(id, name)| Choice::new(id, name));
    let outcomes = vec![any(), Choice::new("ok", "OK"), Choice::new("not_ok", "Other than OK")];
    view! {
        <Filters mistakes>
            <Select name="group" label="About" value=filter.group choices=std::iter::once(any()).chain(groups).collect()/>
            <Select name="actor" label="Actor" value=filter.actor choices=std::iter::once(any()).chain(actors).collect()/>
            <Select name="outcome" label="Outcome" value=filter.outcome choices=outcomes/>
            <Field name="id" label="Id" kind="search" value=filter.id placeholder="ca_…, req_…" mono=true/>
            <Field name="from" label="From (UTC)" kind="date" value=filter.from/>
            <Field name="to" label="To (UTC)" kind="date" value=filter.to/>
        </Filters>
    }
}

const fn of_application(group: EventGroup) -> bool {
    !matches!(group, EventGroup::Members | EventGroup::SignIns | EventGroup::Organization)
}

const fn group_label(group: EventGroup) -> &'static str {
    match group {
        EventGroup::ConnectedAccounts => "Connected accounts",
        EventGroup::Tokens => "Tokens",
        EventGroup::TokenReads => "Tokens handed out",
        EventGroup::ConnectSessions => "Connect sessions",
        EventGroup::Providers => "OAuth providers",
        EventGroup::ApiKeys => "API keys",
        EventGroup::WebhookEndpoints => "Webhooks",
        EventGroup::Application => "Application",
        EventGroup::Members => "Members",
        EventGroup::SignIns => "Sign-ins",
        EventGroup::Organization => "Organization",
    }
}

#[component]
fn Rows(path: String, lines: Vec<EventLine>) -> impl IntoView {
    let columns = vec![
        Column::new("What"),
        Column::new("Actor"),
        Column::new("Target"),
        Column::new("Outcome"),
        Column::end("When"),
    ];
    let rows = lines.into_iter().map(move |line| {
        let leads_to = line.target.path.clone();
        let (label, kind) = line.target.label();
        let target = match leads_to {
            Some(href) => view! { <a href=href>{label}</a> }.into_any(),
            None => label.into_any(),
        };
        view! {
            <tr>
                <td>
                    <RowLink href=format!("{path}/{}", line.id)>{line.says}</RowLink>
                    {line.detail.map(|detail| view! { <small title=detail.clone()>{detail.clone()}</small> })}
                </td>
                <td>{line.actor.name}</td>
                <td>{target}{kind.map(|kind| view! { <small>{kind}</small> })}</td>
                <td>{outcome(&line.outcome)}</td>
                <td data-align="end"><Time at=line.at/></td>
            </tr>
        }
    });
    view! { <Table caption="Events" columns>{rows.collect_view()}</Table> }
}

/// "OK", or what went wrong: `wrong_password` becomes "wrong password".
pub(super) fn outcome(word: &str) -> String {
    if word == "ok" { "OK".to_owned() } else { word.replace(['.', '_'], " ") }
}
