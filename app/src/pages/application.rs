//! An application's overview: what to do next while it is new, then how it is doing and what needs attention.

mod code;
mod figures;
mod steps;
mod trial;

use super::address::{part, query, visits};
use crate::api::Within;
use crate::api::applications::{Overview as Read, read_overview};
use crate::api::connect_sessions::{ConnectLink, OpenConnectSession};
use crate::components::{
    AttentionList, Columns, Copy, EnvironmentBadge, Load, Look, PageHeader, Panel, Properties, Property, Stack, Time,
};
use crate::form::answer;
use code::FromCode;
use figures::Live;
pub(super) use figures::{grouped, told};
use leptos::prelude::*;
use steps::{Next, Steps};
use trial::Trial;

/// What the address asks to be shown of figures and snippets.
#[derive(Clone)]
struct Asked {
    window: String,
    language: String,
}

/// The overview.
#[component]
pub fn Overview() -> impl IntoView {
    let (app, again, window, language) = (part("app"), visits(), query("window"), query("language"));
    let open = ServerAction::<OpenConnectSession>::new();
    let opened = answer(open);
    let read = Resource::new(
        move || (app.get(), window.get(), language.get(), again.get()),
        |(app, window, language, _)| read_overview(app, window, language),
    );
    view! {
        <Load from=read what="The overview" view=move |read| {
            let asked = Asked { window: window.get_untracked(), language: language.get_untracked() };
            view! { <Page open opened read asked/> }
        }/>
    }
}

#[component]
fn Page(
    open: ServerAction<OpenConnectSession>,
    opened: Signal<Option<ConnectLink>>,
    read: Within<Read>,
    asked: Asked,
) -> impl IntoView {
    let (id, environment, may_change) = (read.id, read.environment, read.may_change);
    let here = read.here;
    let steps = here.first_steps;
    let next = Next::of(steps);
    let trial = may_change && !here.provider_configs.is_empty();
    let look = if next == Some(Next::Try) { Look::Primary } else { Look::Plain };
    let confirmed = here.confirmation_required;
    let (configs, created_at) = (StoredValue::new(here.provider_configs), StoredValue::new(here.created_at));
    let beside = move || {
        let created_at = created_at.get_value();
        view! {
            {trial.then(|| view! { <Trial open opened app=id configs=configs.get_value() confirmed look/> })}
            <Panel title="Application">
                <Properties>
                    <Property term="Id"><Copy label="Copy application id" text=id.to_string()/></Property>
                    <Property term="Environment"><EnvironmentBadge of=environment/></Property>
                    <Property term="Created"><Time at=created_at/></Property>
                </Properties>
            </Panel>
        }
    };
    let attention = (steps.connected || !here.attention.is_empty()).then_some(here.attention);
    view! {
        <PageHeader title="Overview" of=read.name/>
        {attention.map(|items| view! { <Stack><h2>"What needs attention"</h2><AttentionList items/></Stack> })}
        {steps.connected.then(|| view! {
            <Live app=id counts=here.counts accounts=here.accounts happened=here.happened asked=asked.clone()/>
        })}
        <Columns beside>
            {(!steps.are_done()).then(|| view! { <Steps app=id steps next may_change/> })}
            <FromCode app=id snippets=here.snippets asked/>
        </Columns>
    }
}
