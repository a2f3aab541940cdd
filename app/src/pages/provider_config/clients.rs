//! The OAuth clients of a provider config: which is current, what stands on each, and how their secrets do.

use crate::api::provider_clients::EndClientSecret;
use crate::components::{Badge, LinkButton, Look, Panel, Properties, Property, Time, Tone};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::provider_configs::counted;
use model::provider_health::{ClientView, NextSecretView};

/// A panel for each client.
#[component]
pub(super) fn Clients(
    end: ServerAction<EndClientSecret>,
    app: ApplicationId,
    key: String,
    of: Vec<ClientView>,
    may_change: bool,
) -> impl IntoView {
    of.into_iter().map(|client| view! { <Client end app key=key.clone() client may_change/> }).collect_view()
}

#[component]
fn Client(
    end: ServerAction<EndClientSecret>,
    app: ApplicationId,
    key: String,
    client: ClientView,
    may_change: bool,
) -> impl IntoView {
    let (title, text) = if client.is_current {
        ("Current client", "New accounts are connected with it.")
    } else {
        ("Earlier client", "Its accounts are refreshed with it for as long as its secret works.")
    };
    let (replace, remove) = (paths::client_secret(app, &key, client.id), paths::remove_client(app, &key, client.id));
    let (is_current, replacing) = (client.is_current, client.next.is_some());
    let actions = move || {
        may_change.then(|| {
            view! {
                <div class="row">
                    {(!replacing).then(|| view! { <LinkButton href=replace.clone()>"Replace secret"</LinkButton> })}
                    {(!is_current).then(|| view! { <LinkButton href=remove.clone() look=Look::Danger>"Remove client"</LinkButton> })}
                </div>
            }
        })
    };
    let ends =
        if client.secret_ends.is_empty() { "Stored".to_owned() } else { format!("Ends in {}", client.secret_ends) };
    let refused = client.secret_refused_at.map(|at| view! { <Badge tone=Tone::Bad word="Refused"/><Time at/> });
    let expires = client.secret_expires_at.map_or_else(|| "No day entered".into_any(), |at| day(&at).into_any());
    let worked = client.worked_at.map_or_else(|| "Never".into_any(), |at| view! { <Time at/> }.into_any());
    let next = client.next.map(|next| {
        let form = may_change.then(|| view! { <Ending end app key client=client.id.to_string()/> });
        view! { <Next next/>{form} }
    });
    view! {
        <Panel title text actions>
            <Properties>
                <Property term="Client ID"><code>{client.client_id}</code></Property>
                <Property term="Client Secret">{ends}{refused}</Property>
                <Property term="Secret valid until">{expires}</Property>
                <Property term="Last worked">{worked}</Property>
                <Property term="Authorizations">{counted(client.authorizations)}</Property>
            </Properties>
            {next}
        </Panel>
    }
}

#[component]
fn Next(next: NextSecretView) -> impl IntoView {
    let state = match (next.works_since, next.refused_at) {
        (Some(at), _) => view! { <Badge tone=Tone::Good word="Works"/>"since "<Time at/> }.into_any(),
        (None, Some(at)) => view! { <Badge tone=Tone::Warn word="Refused so far"/><Time at/> }.into_any(),
        (None, None) => view! { <Badge word="Not tried yet"/> }.into_any(),
    };
    let expires = next.expires_at.map_or_else(|| "No day entered".into_any(), |at| day(&at).into_any());
    view! {
        <h3>"Replacement under way"</h3>
        <p class="aside">"Every token call tries the new secret first and the old one after it. A day after the new one began to work the old one is forgotten by itself."</p>
        <Properties>
            <Property term="New Client Secret">{format!("Ends in {}", next.ends)}</Property>
            <Property term="State">{state}</Property>
            <Property term="New one valid until">{expires}</Property>
        </Properties>
    }
}

#[component]
fn Ending(end: ServerAction<EndClientSecret>, app: ApplicationId, key: String, client: String) -> impl IntoView {
    let ids = StoredValue::new((app.to_string(), key, client));
    let these = move |keep: &'static str| {
        let (app, key, client) = ids.get_value();
        view! {
            <Hidden name="app" value=app/>
            <Hidden name="key" value=key/>
            <Hidden name="client" value=client/>
            <Hidden name="keep" value=keep/>
        }
    };
    view! {
        <div class="row">
            <Form action=end submit="Finish replacement" look=Look::Plain inline=true key="finish">{these("new")}</Form>
            <Form action=end submit="Cancel replacement" look=Look::Quiet inline=true key="cancel">{these("old")}</Form>
        </div>
    }
}

/// The day of a time, as it was entered.
fn day(at: &str) -> String {
    at.get(..10).unwrap_or(at).to_owned()
}
