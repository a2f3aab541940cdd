//! An application's overview: where it stands and what to do next.

mod steps;
mod trial;

use super::address::{part, visits};
use crate::api::Within;
use crate::api::applications::{Overview as Read, read_overview};
use crate::api::connect_sessions::{ConnectLink, OpenConnectSession};
use crate::components::{
    Columns, Copy, EnvironmentBadge, Figure, Figures, Load, PageHeader, Panel, Properties, Property, Time,
};
use crate::form::answer;
use leptos::prelude::*;
use model::paths;
use steps::Steps;
use trial::Trial;

/// The overview.
#[component]
pub fn Overview() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let open = ServerAction::<OpenConnectSession>::new();
    let opened = answer(open);
    let read = Resource::new(move || (app.get(), again.get()), |(app, _)| read_overview(app));
    view! { <Load from=read what="The overview" view=move |read| view! { <Page open opened read/> }/> }
}

#[component]
fn Page(
    open: ServerAction<OpenConnectSession>,
    opened: Signal<Option<ConnectLink>>,
    read: Within<Read>,
) -> impl IntoView {
    let (id, environment) = (read.id, read.environment);
    let (name, created_at, figures) = (read.name.clone(), read.here.created_at.clone(), read.here.figures);
    let trial = read.may_change && !read.here.provider_configs.is_empty();
    let confirmed = read.here.confirmation_required;
    let configs = StoredValue::new(read.here.provider_configs.clone());
    let created_at = StoredValue::new(created_at);
    let since = move || view! { <Time at=created_at.get_value()/> };
    let facts = move || {
        view! {
            <Panel title="Application">
                <Properties>
                    <Property term="Id"><Copy label="Copy application id" text=id.to_string()/></Property>
                    <Property term="Environment"><EnvironmentBadge of=environment/></Property>
                    <Property term="Created">{since()}</Property>
                </Properties>
            </Panel>
            {trial.then(|| view! { <Trial open opened app=id configs=configs.get_value() confirmed/> })}
        }
    };
    view! {
        <PageHeader title="Overview" of=name/>
        <Figures>
            <Figure label="OAuth providers" href=paths::providers(id) count=figures.provider_configs/>
            <Figure label="API keys" href=paths::api_keys(id) count=figures.api_keys/>
            <Figure label="Active accounts" href=format!("{}?status=active", paths::connected_accounts(id))
                count=figures.active_accounts/>
            <Figure label="Need reconnecting" href=format!("{}?status=needs_reconnect", paths::connected_accounts(id))
                count=figures.accounts_needing_reconnect/>
        </Figures>
        <Columns beside=facts><Steps of=read/></Columns>
    }
}
