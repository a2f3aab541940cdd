//! A newer entry of a provider that is set up: what would change, and taking it over.

use super::address::part;
use crate::api::custom_providers::{AdoptEntry, CheckMetadata, read_entry_offer};
use crate::components::{
    Badge, Banner, Confirm, EmptyState, LinkButton, Load, Look, PageHeader, Panel, Properties, Property, Stack, Tone,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::custom_providers::{EntryChange, EntryOffer};
use model::ids::ApplicationId;
use model::paths;

/// Says on the provider's page that there is a newer entry.
#[component]
pub(super) fn Newer(app: ApplicationId, key: String, offer: EntryOffer) -> impl IntoView {
    let href = paths::adopt_entry(app, &key);
    let what = match &offer.announced_by {
        Some(issuer) => format!("{issuer} announces something else than before. "),
        None => format!("{}'s entry has changed. ", offer.provider),
    };
    view! {
        <Banner tone=Tone::Warn>
            {what}"Nothing changes here until somebody adopts it. "<a href=href>"Look at what changes"</a>
        </Banner>
    }
}

/// What only a custom provider's page has: its entry to edit, and its issuer to ask.
#[component]
pub(super) fn OwnEntry(app: ApplicationId, slug: String, may_change: bool) -> impl IntoView {
    let check = ServerAction::<CheckMetadata>::new();
    let href = paths::custom_provider(app, &slug);
    let actions = may_change.then(|| {
        view! {
            <div class="row">
                <LinkButton href>"Edit entry"</LinkButton>
                <Form action=check submit="Check again" look=Look::Plain inline=true key="check">
                    <Hidden name="app" value=app.to_string()/>
                    <Hidden name="slug" value=slug/>
                </Form>
            </div>
        }
    });
    view! {
        <Panel title="Entry"
            text="A provider of this application's own. Its issuer is asked once a day what it announces; a change waits for you.">
            {actions}
        </Panel>
    }
}

/// The page that asks.
#[component]
pub fn AdoptProviderEntry() -> impl IntoView {
    let (app, key) = (part("app"), part("key"));
    let adopt = ServerAction::<AdoptEntry>::new();
    let read = Resource::new(move || (app.get(), key.get()), |(app, key)| read_entry_offer(app, key));
    view! {
        <Load from=read what="The entry" view=move |read| {
            let (id, of, may_change) = (read.id, read.name, read.may_change);
            let key = key.get_untracked();
            let page = paths::provider_config(id, &key);
            match read.here {
                Some(offer) => view! { <Offer adopt app=id of key page offer may_change/> }.into_any(),
                None => view! {
                    <PageHeader title="Nothing to adopt" of back=(page.clone(), "Provider".to_owned())/>
                    <EmptyState title="The entry is up to date" text="What is set up runs on the newest entry there is.">
                        <LinkButton href=page>"Back to the provider"</LinkButton>
                    </EmptyState>
                }.into_any(),
            }
        }/>
    }
}

const CONSEQUENCE: &str = "Codes, refreshes and your client secret go to the new endpoints at once, for accounts that are connected too. Adopt it only if the provider itself says so.";

#[component]
fn Offer(
    adopt: ServerAction<AdoptEntry>,
    app: ApplicationId,
    of: String,
    key: String,
    page: String,
    offer: EntryOffer,
    may_change: bool,
) -> impl IntoView {
    let EntryOffer { provider, changes, hash, announced_by } = offer;
    let text = announced_by.map_or_else(
        || "The entry differs from the one that is in force here.".to_owned(),
        |issuer| format!("Announced by {issuer}."),
    );
    let cancel = page.clone();
    let question = may_change.then(|| {
        view! {
            <Panel>
                <Confirm consequence=CONSEQUENCE>
                    <Form action=adopt submit="Adopt the new entry" cancel>
                        <Hidden name="app" value=app.to_string()/>
                        <Hidden name="key" value=key/>
                        <Hidden name="hash" value=hash/>
                    </Form>
                </Confirm>
            </Panel>
        }
    });
    view! {
        <PageHeader title=format!("What changes at {provider}") of text back=(page, provider)/>
        <Stack narrow=true>
            <Panel title="What changes"><Properties>{changes.into_iter().map(change).collect_view()}</Properties></Panel>
            {question}
        </Stack>
    }
}

fn change(change: EntryChange) -> impl IntoView {
    let or_dash = |text: String| if text.is_empty() { "nothing".to_owned() } else { text };
    view! {
        <Property term=change.field>
            <code>{or_dash(change.from)}</code>
            <span>"becomes"</span>
            <code>{or_dash(change.to)}</code>
            {change.matters.then(|| view! { <Badge tone=Tone::Warn word="Security"/> })}
        </Property>
    }
}
