//! A delivery: what is sent, and what became of each attempt.

use super::address::{part, visits};
use crate::api::Within;
use crate::api::webhook_endpoints::{ReplayDelivery, read_delivery};
use crate::components::{
    Code, Columns, Copy, DeliveryState, Happening, Load, Look, PageHeader, Panel, Properties, Property, Time, Timeline,
    Tone,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::ids::{ApplicationId, WebhookEndpointId};
use model::paths;
use model::webhook_endpoints::{AttemptLine, DeliveryDetail, DeliveryView};

/// The page.
#[component]
pub fn Delivery() -> impl IntoView {
    let (app, endpoint, delivery, again) = (part("app"), part("endpoint"), part("delivery"), visits());
    let replay = ServerAction::<ReplayDelivery>::new();
    let read = Resource::new(
        move || (app.get(), endpoint.get(), delivery.get(), again.get()),
        |(app, endpoint, delivery, _)| read_delivery(app, endpoint, delivery),
    );
    view! {
        <Load from=read what="The delivery" view=move |read| {
            // It was read by this id.
            let endpoint = endpoint.get_untracked().parse().unwrap_or(WebhookEndpointId::FIRST);
            view! { <Page read endpoint replay/> }
        }/>
    }
}

#[component]
fn Page(
    read: Within<DeliveryDetail>,
    endpoint: WebhookEndpointId,
    replay: ServerAction<ReplayDelivery>,
) -> impl IntoView {
    let (app, may_change) = (read.id, read.may_change);
    let DeliveryDetail { delivery, body, attempt_log } = read.here;
    let (status, title, of) = (delivery.status, delivery.r#type.clone(), delivery.clone());
    let id = delivery.id;
    let beside = move || {
        view! {
            <Facts app of=of.clone()/>
            {may_change.then(|| view! {
                <Panel title="Send again" text="Under the same webhook-id, repeated until it is taken.">
                    <Form action=replay submit="Replay" look=Look::Plain inline=true>
                        <Hidden name="app" value=app.to_string()/>
                        <Hidden name="endpoint" value=endpoint.to_string()/>
                        <Hidden name="delivery" value=id.to_string()/>
                    </Form>
                </Panel>
            })}
        }
    };
    view! {
        <PageHeader title of=read.name back=(paths::webhook_endpoint(app, endpoint), "The endpoint".to_owned())
            badge=move || view! { <DeliveryState of=status/> }/>
        <Columns beside>
            <Panel title="Attempts"><Attempts of=attempt_log/></Panel>
            <Code label="Body" text=body/>
        </Columns>
    }
}

#[component]
fn Facts(app: ApplicationId, of: DeliveryView) -> impl IntoView {
    view! {
        <Panel title="Delivery">
            <Properties>
                <Property term="Id"><Copy label="Copy delivery id" text=of.id.to_string()/></Property>
                <Property term="Written"><Time at=of.created_at/></Property>
                {of.connected_account.map(|account| view! {
                    <Property term="About"><a href=paths::connected_account(app, account)>"This connected account"</a></Property>
                })}
                {of.seq.map(|seq| view! { <Property term="seq">{seq}</Property> })}
                {of.next_attempt_at.map(|at| view! { <Property term="Next attempt"><Time at/></Property> })}
            </Properties>
        </Panel>
    }
}

#[component]
fn Attempts(of: Vec<AttemptLine>) -> impl IntoView {
    if of.is_empty() {
        return view! { <p>"It was not sent yet."</p> }.into_any();
    }
    let lines = of.into_iter().map(|line| {
        let tone = if line.error.is_none() { Tone::Good } else { Tone::Bad };
        let title = match line.status {
            Some(status) => format!("Attempt {}: {status}", line.number),
            None => format!("Attempt {}: no answer", line.number),
        };
        view! {
            <Happening tone title at=line.at>
                {line.error.map(|error| view! { <p>{error}</p> })}
                <p>{format!("It took {} ms.", line.took_ms)}</p>
                {(!line.answer.is_empty()).then(|| view! { <p><code>{line.answer}</code></p> })}
            </Happening>
        }
    });
    view! { <Timeline label="Attempts, newest first">{lines.collect_view()}</Timeline> }.into_any()
}
