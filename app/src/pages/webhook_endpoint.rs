//! A webhook endpoint: how it does, what was sent to it, and its settings.

use super::address::{part, query, visits};
use super::paging::{Pages, Unreadable, turn};
use super::webhook_endpoint_form::EndpointFields;
use crate::api::Within;
use crate::api::webhook_endpoints::{
    ChangeWebhookEndpoint, EndpointLog, PauseWebhookEndpoint, TestWebhookEndpoint, read_endpoint_log,
};
use crate::components::{
    Banner, Choice, Column, Columns, Copy, DeliveryState, EmptyState, EndpointState, Filters, LinkButton, Load, Look,
    PageHeader, Panel, Properties, Property, RowLink, Select, Table, Time, Tone,
};
use crate::form::{Form, Hidden};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::webhook_endpoints::{DeliveryStatus, DeliveryView, EndpointStatus, WebhookEndpointView};

/// What can be done here.
#[derive(Clone, Copy)]
struct Actions {
    change: ServerAction<ChangeWebhookEndpoint>,
    pause: ServerAction<PauseWebhookEndpoint>,
    test: ServerAction<TestWebhookEndpoint>,
}

/// The page.
#[component]
pub fn WebhookEndpoint() -> impl IntoView {
    let (app, endpoint, again) = (part("app"), part("endpoint"), visits());
    let (status, turn) = (query("status"), turn());
    let actions = Actions { change: ServerAction::new(), pause: ServerAction::new(), test: ServerAction::new() };
    let read = Resource::new(
        move || (app.get(), endpoint.get(), status.get(), turn.get(), again.get()),
        |(app, endpoint, status, turn, _)| read_endpoint_log(app, endpoint, status, turn),
    );
    view! {
        <Load from=read what="The webhook endpoint" view=move |read| {
            view! { <Page read actions status=status.get_untracked()/> }
        }/>
    }
}

#[component]
fn Page(read: Within<EndpointLog>, actions: Actions, status: String) -> impl IntoView {
    let (app, may_change) = (read.id, read.may_change);
    let EndpointLog { endpoint, page, mistakes } = read.here;
    let (state, path) = (endpoint.status, paths::webhook_endpoint(app, endpoint.id));
    let (empty, wrong) = (page.data.is_empty(), mistakes.clone());
    let pairs = vec![("status", status.clone())];
    let of = endpoint.clone();
    let beside = move || {
        view! {
            <Facts of=of.clone()/>
            {may_change.then(|| view! { <Settings app of=of.clone() actions/> })}
        }
    };
    view! {
        <PageHeader title=endpoint.url.clone() of=read.name text=endpoint.description.clone()
            back=(paths::webhook_endpoints(app), "Webhooks".to_owned()) badge=move || view! { <EndpointState of=state/> }/>
        <Columns beside>
            <Standing app of=endpoint.clone() may_change actions/>
            <Panel title="Deliveries" text="Of the last 30 days, newest first.">
                {(!empty || !status.is_empty()).then(|| view! { <Narrow status=status.clone() mistakes/> })}
                {if !wrong.is_empty() {
                    view! { <Unreadable mistakes=wrong whole=path/> }.into_any()
                } else if empty {
                    view! {
                        <EmptyState icon=Glyph::Webhooks title="No deliveries" text="Send a test to see one, or wait until something happens."/>
                    }.into_any()
                } else {
                    view! {
                        <Rows app endpoint deliveries=page.data/>
                        <Pages path pairs newer=page.newer older=page.older/>
                    }.into_any()
                }}
            </Panel>
        </Columns>
    }
}

/// How it does, and what to do about it.
#[component]
fn Standing(app: ApplicationId, of: WebhookEndpointView, may_change: bool, actions: Actions) -> impl IntoView {
    let paused = of.status == EndpointStatus::Paused;
    let (app, id) = (app.to_string(), of.id.to_string());
    let fields = StoredValue::new((app, id));
    let these = move || {
        let (app, endpoint) = fields.get_value();
        view! { <Hidden name="app" value=app/><Hidden name="endpoint" value=endpoint/> }
    };
    let (submit, value) = if paused { ("Resume", "no") } else { ("Pause", "yes") };
    view! {
        {of.paused.map(|pause| view! {
            <Banner tone=Tone::Warn>{pause.detail}" Since "<Time at=pause.at/>"."</Banner>
        })}
        {(!paused).then_some(of.failing_since).flatten().map(|at| view! {
            <Banner tone=Tone::Warn>"Every attempt has failed since "<Time at/>". After three days it is paused."</Banner>
        })}
        {may_change.then(|| view! {
            <div class="row">
                <Form action=actions.test submit="Send test" look=Look::Plain inline=true>{these()}</Form>
                <Form action=actions.pause submit look=Look::Plain inline=true>
                    {these()}
                    <Hidden name="paused" value/>
                </Form>
            </div>
        })}
    }
}

#[component]
fn Facts(of: WebhookEndpointView) -> impl IntoView {
    let types = if of.types.is_empty() { "Everything".to_owned() } else { of.types.join(", ") };
    view! {
        <Panel title="Endpoint">
            <Properties>
                <Property term="Id"><Copy label="Copy webhook endpoint id" text=of.id.to_string()/></Property>
                <Property term="Hears of">{types}</Property>
                <Property term="Added"><Time at=of.created_at/></Property>
                <Property term="Signing secret">"Made "<Time at=of.secret_added_at/></Property>
                {of.previous_secret_until.map(|at| view! {
                    <Property term="Secret before it">"Signs too until "<Time at/></Property>
                })}
            </Properties>
        </Panel>
    }
}

#[component]
fn Settings(app: ApplicationId, of: WebhookEndpointView, actions: Actions) -> impl IntoView {
    let (id, secret, delete) = (of.id, paths::webhook_secret(app, of.id), paths::delete_webhook_endpoint(app, of.id));
    view! {
        <Panel title="Settings">
            <Form action=actions.change submit="Save" look=Look::Plain>
                <Hidden name="app" value=app.to_string()/>
                <Hidden name="endpoint" value=id.to_string()/>
                <EndpointFields url=of.url description=of.description types=of.types/>
            </Form>
        </Panel>
        <div class="row">
            <LinkButton href=secret>"Replace secret"</LinkButton>
            <LinkButton href=delete look=Look::Danger>"Delete endpoint"</LinkButton>
        </div>
    }
}

#[component]
fn Narrow(status: String, mistakes: model::lists::Mistakes) -> impl IntoView {
    let states =
        DeliveryStatus::ALL.iter().map(|known| Choice::new(known.as_str(), crate::components::delivery_word(*known).1));
    let choices = std::iter::once(Choice::new("", "Any")).chain(states).collect();
    view! { <Filters mistakes><Select name="status" label="Status" value=status choices/></Filters> }
}

#[component]
fn Rows(app: ApplicationId, endpoint: WebhookEndpointView, deliveries: Vec<DeliveryView>) -> impl IntoView {
    let columns = vec![
        Column::new("Event"),
        Column::new("Status"),
        Column::end("Attempts"),
        Column::new("Last answer"),
        Column::end("Written"),
    ];
    let rows = deliveries.into_iter().map(move |delivery| {
        let answer = match (delivery.last_status, delivery.last_error) {
            (Some(status), _) => status.to_string(),
            (None, Some(_)) => "No answer".to_owned(),
            (None, None) => "–".to_owned(),
        };
        view! {
            <tr>
                <td><RowLink href=paths::delivery(app, endpoint.id, delivery.id)>{delivery.r#type}</RowLink></td>
                <td><DeliveryState of=delivery.status/></td>
                <td data-align="end">{delivery.attempts}</td>
                <td>{answer}</td>
                <td data-align="end"><Time at=delivery.created_at/></td>
            </tr>
        }
    });
    view! { <Table caption="Deliveries" columns>{rows.collect_view()}</Table> }
}
