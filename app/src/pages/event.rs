//! One event.

use super::address::{part, visits};
use super::events::outcome;
use crate::api::events::{read_event, read_organization_event};
use crate::components::{
    Badge, Banner, Column, Columns, Copy, Load, PageHeader, Panel, Properties, Property, Table, Time, Tone,
};
use leptos::prelude::*;
use model::events::{EventDetail, EventPart, Personal};
use model::paths;

/// An event of an application.
#[component]
pub fn Event() -> impl IntoView {
    let (app, event, again) = (part("app"), part("event"), visits());
    let read = Resource::new(move || (app.get(), event.get(), again.get()), |(app, event, _)| read_event(app, event));
    view! {
        <Load from=read what="The event" view=|read| {
            view! { <Page back=paths::events(read.id) of=read.name read=read.here/> }
        }/>
    }
}

/// An event of the organization.
#[component]
pub fn OrganizationEvent() -> impl IntoView {
    let (event, again) = (part("event"), visits());
    let read = Resource::new(move || (event.get(), again.get()), |(event, _)| read_organization_event(event));
    view! {
        <Load from=read what="The event" view=|read| {
            view! { <Page back=paths::ORGANIZATION_EVENTS.to_owned() of=String::new() read/> }
        }/>
    }
}

#[component]
fn Page(back: String, of: String, read: EventDetail) -> impl IntoView {
    let EventDetail { line, request_id, facts, personal, lines } = read;
    let (tone, word) = (if line.outcome == "ok" { Tone::Good } else { Tone::Warn }, outcome(&line.outcome));
    let target_name = match line.target.clone().label() {
        (name, Some(kind)) => format!("{kind} {name}"),
        (words, None) => words,
    };
    let (target, target_path) = (line.target.id.clone(), line.target.path.clone());
    let actor_id = line.actor.id.clone();
    let beside = move || {
        let facts =
            facts.iter().cloned().map(|(name, value)| view! { <Property term=first_upper(&name)>{value}</Property> });
        let facts: Vec<_> = facts.collect();
        view! {
            {(!facts.is_empty()).then(|| view! { <Panel title="Recorded with it"><Properties>{facts}</Properties></Panel> })}
            <PersonalFields of=personal.clone()/>
        }
    };
    let others = format!("{back}?id={target}");
    view! {
        <PageHeader title=line.says of back=(back, "Events".to_owned()) badge=move || view! { <Badge tone word=word.clone()/> }/>
        {line.detail.map(|detail| view! { <Banner tone=if tone == Tone::Good { Tone::Neutral } else { tone }>{detail}</Banner> })}
        <Columns beside>
            <Panel title="Event">
                <Properties>
                    <Property term="When"><Time at=line.at.clone()/>" "<code>{line.at}</code></Property>
                    <Property term="Type"><code>{line.r#type}</code></Property>
                    <Property term="Actor">
                        {line.actor.name}
                        {actor_id.map(|id| view! { <Copy label="Copy actor id" text=id/> })}
                    </Property>
                    <Property term="Target">
                        {match target_path {
                            Some(href) => view! { <a href=href>{target_name}</a> }.into_any(),
                            None => target_name.into_any(),
                        }}
                        <Copy label="Copy target id" text=target/>
                        <a href=others>"All events of it"</a>
                    </Property>
                    <Property term="Request">
                        {match request_id {
                            Some(id) => view! { <Copy label="Copy request id" text=id/> }.into_any(),
                            None => "–".into_any(),
                        }}
                    </Property>
                    <Property term="Id"><Copy label="Copy event id" text=line.id.to_string()/></Property>
                </Properties>
            </Panel>
        </Columns>
        {(lines.len() > 1).then(|| view! { <Together lines/> })}
    }
}

/// Lines that were written together.
#[component]
fn Together(lines: Vec<EventPart>) -> impl IntoView {
    let columns = vec![Column::new("What"), Column::new("Target"), Column::new("Request"), Column::end("When")];
    let rows = lines.into_iter().map(|EventPart { at, says, target, request_id }| {
        let (path, (name, _)) = (target.path.clone(), target.label());
        let target = match path {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        view! { <tr><td>{says}</td><td>{target}</td><td><code>{request_id}</code></td><td data-align="end"><Time at/></td></tr> }
    });
    view! { <Panel title="Written together"><Table caption="Lines that were written together" columns>{rows.collect_view()}</Table></Panel> }
}

#[component]
fn PersonalFields(of: Personal) -> impl IntoView {
    let content = match of {
        Personal::None => view! { <p>"None, or they were erased with the person."</p> }.into_any(),
        Personal::Hidden => view! { <p>"Only admins and owners see them."</p> }.into_any(),
        Personal::Fields(fields) => {
            let fields =
                fields.into_iter().map(|(name, value)| view! { <Property term=first_upper(&name)>{value}</Property> });
            view! { <Properties>{fields.collect_view()}</Properties> }.into_any()
        }
    };
    view! { <Panel title="Personal fields">{content}</Panel> }
}

fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
