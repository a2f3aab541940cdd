//! An application's webhook endpoints.

use super::address::{part, visits};
use crate::api::Within;
use crate::api::webhook_endpoints::read_webhook_endpoints;
use crate::components::{
    Badge, Column, EmptyState, EndpointState, LinkButton, Load, Look, PageHeader, RowLink, Table, Time, Tone,
};
use crate::icons::Glyph;
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::webhook_endpoints::WebhookEndpointView;

/// The list.
#[component]
pub fn WebhookEndpoints() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let read = Resource::new(move || (app.get(), again.get()), |(app, _)| read_webhook_endpoints(app));
    view! { <Load from=read what="The webhook endpoints" view=|read| view! { <List read/> }/> }
}

#[component]
fn List(read: Within<Vec<WebhookEndpointView>>) -> impl IntoView {
    let Within { id, name, may_change, here: endpoints, .. } = read;
    let empty = endpoints.is_empty();
    let add = move || {
        view! {
            <LinkButton href=paths::new_webhook_endpoint(id) look=Look::Primary icon=Glyph::Plus>"Add endpoint"</LinkButton>
        }
    };
    view! {
        <PageHeader title="Webhooks" of=name text="Where your backend hears of what happens to its accounts.">
            {(may_change && !empty).then(add)}
        </PageHeader>
        {if empty {
            view! {
                <EmptyState icon=Glyph::Webhooks title="No webhook endpoints yet"
                    text="Add an address of your backend, and it hears at once when an account is connected, lost or revoked.">
                    {may_change.then(add)}
                </EmptyState>
            }.into_any()
        } else {
            let columns =
                vec![Column::new("Endpoint"), Column::new("State"), Column::new("Hears of"), Column::end("Added")];
            let rows = endpoints.into_iter().map(move |endpoint| row(id, endpoint)).collect_view();
            view! { <Table caption="Webhook endpoints" columns>{rows}</Table> }.into_any()
        }}
    }
}

fn row(app: ApplicationId, endpoint: WebhookEndpointView) -> impl IntoView {
    let failing = endpoint.failing_since.is_some() && endpoint.paused.is_none();
    let types = match endpoint.types.len() {
        0 => "Everything".to_owned(),
        1 => "1 type".to_owned(),
        some => format!("{some} types"),
    };
    view! {
        <tr>
            <td>
                <RowLink href=paths::webhook_endpoint(app, endpoint.id)>{endpoint.url}</RowLink>
                {(!endpoint.description.is_empty()).then(|| view! { <small>{endpoint.description}</small> })}
            </td>
            <td>
                <EndpointState of=endpoint.status/>
                {failing.then(|| view! { <Badge tone=Tone::Warn word="Failing"/> })}
            </td>
            <td>{types}</td>
            <td data-align="end"><Time at=endpoint.created_at/></td>
        </tr>
    }
}
