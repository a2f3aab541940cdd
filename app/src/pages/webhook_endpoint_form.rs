//! A webhook endpoint's fields, a new endpoint, and its secret.

use super::address::part;
use super::role::LookOnly;
use crate::api::webhook_endpoints::{
    AddWebhookEndpoint, DeleteWebhookEndpoint as Delete, EndpointSecret, RotateWebhookSecret, read_webhook_endpoint,
    read_webhook_endpoints,
};
use crate::components::{Checkbox, Confirm, Field, Load, Look, PageHeader, Panel, SecretOnce, Stack, Tone};
use crate::form::{Form, Hidden, answer};
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::webhook_endpoints::WebhookType;

/// Address, note and types.
#[component]
pub(super) fn EndpointFields(
    #[prop(optional)] url: String,
    #[prop(optional)] description: String,
    #[prop(optional)] types: Vec<String>,
) -> impl IntoView {
    let boxes = WebhookType::ALL.iter().map(|known| known.as_str()).map(|known| {
        let checked = types.iter().any(|chosen| chosen == known);
        view! { <Checkbox name="types[]" label=known value=known checked/> }
    });
    let boxes = boxes.collect_view();
    view! {
        <Field name="url" label="URL" kind="url" mono=true value=url placeholder="https://example.com/webhooks"
            hint="https, and no redirect. It answers with a status from 200 to 299 within 15 seconds."/>
        <Field name="description" label="Description" value=description optional=true/>
        <fieldset class="field">
            <legend>"Hears of"</legend>
            {boxes}
            <p class="field-hint">"None chosen: everything, and what is added later too."</p>
        </fieldset>
    }
}

/// A new endpoint.
#[component]
pub fn NewWebhookEndpoint() -> impl IntoView {
    let app = part("app");
    let add = ServerAction::<AddWebhookEndpoint>::new();
    let added = answer(add);
    let read = Resource::new(move || app.get(), read_webhook_endpoints);
    view! {
        <Load from=read what="The form" view=move |read| {
            let (id, list) = (read.id, (paths::webhook_endpoints(read.id), "Webhooks".to_owned()));
            let form_list = list.clone();
            view! {
                <PageHeader title="Add endpoint" of=read.name back=list/>
                <Stack narrow=true>
                    {move || added.get().map(|made| view! { <Shown app=id made/> })}
                    {if read.may_change {
                        view! {
                            <Panel>
                                <Form action=add submit="Add endpoint" clear=true cancel=form_list.0.clone() listed_at=form_list>
                                    <Hidden name="app" value=id.to_string()/>
                                    <EndpointFields/>
                                </Form>
                            </Panel>
                        }.into_any()
                    } else {
                        view! { <LookOnly/> }.into_any()
                    }}
                </Stack>
            }
        }/>
    }
}

#[component]
fn Shown(app: ApplicationId, made: EndpointSecret) -> impl IntoView {
    let page = made.id.parse().ok().map(|endpoint| paths::webhook_endpoint(app, endpoint));
    view! {
        <SecretOnce label="Signing secret" value=made.secret copy="Copy signing secret"
            hint="Your backend checks each delivery's signature with it (Standard Webhooks)."/>
        {page.map(|href| view! { <p><a href=href>"The endpoint's page"</a></p> })}
    }
}

/// Replaces the secret.
#[component]
pub fn WebhookSecret() -> impl IntoView {
    let (app, endpoint) = (part("app"), part("endpoint"));
    let rotate = ServerAction::<RotateWebhookSecret>::new();
    let made = answer(rotate);
    let read = Resource::new(move || (app.get(), endpoint.get()), |(app, id)| read_webhook_endpoint(app, id));
    view! {
        <Load from=read what="The webhook endpoint" view=move |read| {
            let (app, endpoint) = (read.id, read.here);
            let page = paths::webhook_endpoint(app, endpoint.id);
            let text = "The new secret signs at once. For 24 hours deliveries carry the signature of the one before it too, so that your backend can change over without a gap. Replaced twice within that time, the oldest one ends at once.";
            let cancel = page.clone();
            view! {
                <PageHeader title="Replace signing secret" of=read.name text back=(page.clone(), endpoint.url)/>
                <Stack narrow=true>
                    {move || made.get().map(|made| view! { <Shown app made/> })}
                    {if read.may_change {
                        view! {
                            <Panel>
                                <Form action=rotate submit="Replace secret" cancel listed_at=(page, "The endpoint's page".to_owned())>
                                    <Hidden name="app" value=app.to_string()/>
                                    <Hidden name="endpoint" value=endpoint.id.to_string()/>
                                </Form>
                            </Panel>
                        }.into_any()
                    } else {
                        view! { <LookOnly/> }.into_any()
                    }}
                </Stack>
            }
        }/>
    }
}

/// Asks before an endpoint is deleted.
#[component]
pub fn DeleteWebhookEndpoint() -> impl IntoView {
    let (app, endpoint) = (part("app"), part("endpoint"));
    let delete = ServerAction::<Delete>::new();
    let read = Resource::new(move || (app.get(), endpoint.get()), |(app, id)| read_webhook_endpoint(app, id));
    view! {
        <Load from=read what="The webhook endpoint" view=move |read| {
            let (app, endpoint) = (read.id, read.here);
            let page = paths::webhook_endpoint(app, endpoint.id);
            let consequence = format!(
                "Nothing is sent to {} any more, and what was sent or waits is forgotten. This cannot be undone; to stop for a while, pause it.",
                endpoint.url
            );
            view! {
                <PageHeader title="Delete endpoint" of=read.name back=(page.clone(), endpoint.url.clone())/>
                <Stack narrow=true>
                    <Panel tone=Tone::Bad>
                        <Confirm consequence>
                            <Form action=delete submit="Delete endpoint" look=Look::Danger cancel=page>
                                <Hidden name="app" value=app.to_string()/>
                                <Hidden name="endpoint" value=endpoint.id.to_string()/>
                            </Form>
                        </Confirm>
                    </Panel>
                </Stack>
            }
        }/>
    }
}
