//! An application's name and return addresses.

use super::address::{part, visits};
use super::portal::Renamed;
use crate::api::applications::{
    AddReturnAddress, ChangeApplication, RemoveReturnAddress, SetProxyOnly, read_application,
};
use crate::components::{
    Checkbox, Copy, EnvironmentBadge, Field, Load, Look, PageHeader, Panel, Properties, Property, Stack, Time,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::applications::{ApplicationView, Environment};

/// Name, confirmation, return addresses.
#[component]
pub fn ApplicationSettings() -> impl IntoView {
    let (app, again) = (part("app"), visits());
    let set = ServerAction::<SetProxyOnly>::new();
    let read = Resource::new(move || (app.get(), again.get(), set.version().get()), |(app, ..)| read_application(app));
    let change = ServerAction::<ChangeApplication>::new();
    let add = ServerAction::<AddReturnAddress>::new();
    let renamed = use_context::<Renamed>();
    Effect::new(move |_| {
        if let (Some(Ok(())), Some(Renamed(renamed))) = (change.value().get(), renamed) {
            renamed.update(|count| *count += 1);
        }
    });
    view! {
        <Load from=read what="The settings" view=move |read| {
            let (may_change, view, may_set) = (read.may_change, read.here.application, read.here.may_set_proxy_only);
            view! {
                <PageHeader title="Settings" of=read.name/>
                <Stack narrow=true>
                    <Facts view=view.clone()/>
                    {may_change.then(|| view! { <General change view=view.clone()/> })}
                    {may_set.then(|| view! { <Tokens set view=view.clone()/> })}
                    <ReturnAddresses add view may_change/>
                </Stack>
            }
        }/>
    }
}

#[component]
fn Facts(view: ApplicationView) -> impl IntoView {
    let confirmation =
        if view.confirmation_required { "Demanded for every connect session" } else { "As each connect session asks" };
    view! {
        <Panel>
            <Properties>
                <Property term="Id"><Copy label="Copy application id" text=view.id.to_string()/></Property>
                <Property term="Environment"><EnvironmentBadge of=view.environment/></Property>
                <Property term="Confirmation">{confirmation}</Property>
                <Property term="Tokens">{if view.proxy_only { "Never handed out: proxy only" } else { "Handed out to backends" }}</Property>
                <Property term="Created"><Time at=view.created_at/></Property>
            </Properties>
        </Panel>
    }
}

#[component]
fn General(change: ServerAction<ChangeApplication>, view: ApplicationView) -> impl IntoView {
    view! {
        <Panel title="General">
            <Form action=change submit="Save">
                <Hidden name="app" value=view.id.to_string()/>
                <Field name="name" label="Name" value=view.name hint="End users see it when they are asked for access."/>
                <Checkbox name="confirmation_required" label="Demand confirmation for every connect session"
                    checked=view.confirmation_required
                    hint="Your backend confirms that its own signed-in user is the end user who connected. It stops a link that was sent to somebody else."/>
            </Form>
        </Panel>
    }
}

#[component]
fn Tokens(set: ServerAction<SetProxyOnly>, view: ApplicationView) -> impl IntoView {
    view! {
        <Panel title="Tokens">
            <Form action=set submit="Save token setting" look=Look::Plain key="tokens">
                <Hidden name="app" value=view.id.to_string()/>
                <Checkbox name="proxy_only" label="Proxy only" checked=view.proxy_only
                    hint="No backend gets a token any more, whatever its key allows: it calls providers through the proxy."/>
            </Form>
        </Panel>
    }
}

#[component]
fn ReturnAddresses(add: ServerAction<AddReturnAddress>, view: ApplicationView, may_change: bool) -> impl IntoView {
    let hint = match view.environment {
        Environment::Development => {
            "https, an app's own scheme such as com.example.app:/done, or any port of loopback."
        }
        Environment::Production => "https, or an app's own scheme such as com.example.app:/done.",
    };
    let app = view.id.to_string();
    let none = view.return_addresses.is_empty();
    let rows = view.return_addresses.into_iter().map({
        let app = app.clone();
        move |url| view! { <ReturnAddress app=app.clone() url may_change/> }
    });
    view! {
        <Panel title="Return addresses"
            text="Where an end user's browser may go after connecting. Scheme, host, port and path must be equal.">
            {none.then(|| view! { <p class="aside">"None yet: end users stay on the result page."</p> })}
            <ul class="lines">{rows.collect_view()}</ul>
            {may_change.then(|| view! {
                <Form action=add submit="Add" look=Look::Plain inline=true clear=true>
                    <Hidden name="app" value=app/>
                    <Field name="return_address" label="New return address" kind="url" mono=true hint
                        placeholder="https://example.com/connected"/>
                </Form>
            })}
        </Panel>
    }
}

#[component]
fn ReturnAddress(app: String, url: String, may_change: bool) -> impl IntoView {
    let remove = ServerAction::<RemoveReturnAddress>::new();
    view! {
        <li class="line">
            <code>{url.clone()}</code>
            {may_change.then(|| view! {
                <Form action=remove submit="Remove" look=Look::Quiet inline=true key=url.clone()>
                    <Hidden name="app" value=app/>
                    <Hidden name="url" value=url/>
                </Form>
            })}
        </li>
    }
}
