//! A custom provider's entry, to change or remove it.

use super::address::{part, visits};
use super::custom_provider_form::EntryFields;
use crate::api::Within;
use crate::api::custom_providers::{RemoveCustomProvider, SaveCustomProvider, read_custom_provider};
use crate::components::{
    Banner, Confirm, ConfirmLink, LinkButton, Load, Look, PageHeader, Panel, Properties, Property, Stack, Time, Tone,
};
use crate::form::{Form, Hidden};
use leptos::prelude::*;
use model::custom_providers::CustomProviderView;
use model::ids::ApplicationId;
use model::paths;

/// The entry.
#[component]
pub fn CustomProvider() -> impl IntoView {
    let (app, slug, again) = (part("app"), part("slug"), visits());
    let (save, remove) = (ServerAction::new(), ServerAction::new());
    let read =
        Resource::new(move || (app.get(), slug.get(), again.get()), |(app, slug, _)| read_custom_provider(app, slug));
    view! { <Load from=read what="The provider" view=move |read| view! { <Page save remove read/> }/> }
}

#[component]
fn Page(
    save: ServerAction<SaveCustomProvider>,
    remove: ServerAction<RemoveCustomProvider>,
    read: Within<CustomProviderView>,
) -> impl IntoView {
    let Within { id, name, may_change, here, .. } = read;
    let CustomProviderView { summary, form, used_by, checked_at, check_failure } = here;
    let (slug, in_use) = (summary.slug.clone(), !used_by.is_empty());
    let back = match used_by.first() {
        Some(key) => (paths::provider_config(id, key), summary.name.clone()),
        None => (paths::catalogue(id), "Catalogue".to_owned()),
    };
    let cancel = back.0.clone();
    let known = slug.clone();
    let fields = if may_change {
        view! {
            <Form action=save submit="Save" cancel>
                <Hidden name="app" value=id.to_string()/>
                <Hidden name="slug" value=known/>
                <EntryFields form/>
            </Form>
        }
        .into_any()
    } else {
        view! { <Banner tone=Tone::Neutral>"Your role may look at this and change nothing."</Banner> }.into_any()
    };
    let issuer = checked_at.map(|at| {
        view! {
            <Panel title="The issuer's announcement">
                <Properties>
                    <Property term="Last asked"><Time at/></Property>
                    <Property term="Answer">{check_failure.unwrap_or_else(|| "As expected".to_owned())}</Property>
                </Properties>
            </Panel>
        }
    });
    view! {
        <PageHeader title=format!("{}'s entry", summary.name) of=name icon=summary.icon.clone() back/>
        <Stack narrow=true>
            {in_use.then(|| view! {
                <Banner>"What is set up goes on with the entry it has, until you adopt the new one on its page."</Banner>
            })}
            <Panel>{fields}</Panel>
            {issuer}
            {may_change.then(|| view! { <Ending app=id slug name=summary.name in_use remove/> })}
        </Stack>
    }
}

#[component]
fn Ending(
    app: ApplicationId,
    slug: String,
    name: String,
    in_use: bool,
    remove: ServerAction<RemoveCustomProvider>,
) -> impl IntoView {
    let text = if in_use {
        "Remove the provider that is set up with it first."
    } else {
        "Takes it out of this application's catalogue."
    };
    let of = StoredValue::new((slug, name));
    let actions = move || {
        let (slug, name) = of.get_value();
        let href = paths::remove_custom_provider(app, &slug);
        (!in_use).then(|| {
            view! {
                <ConfirmLink id="remove" href label="Remove" title=format!("Remove {name}?")>
                    <Confirm consequence=CONSEQUENCE>{question(app, slug, remove, String::new())}</Confirm>
                </ConfirmLink>
            }
        })
    };
    view! { <Panel title="Remove this entry" tone=Tone::Bad text actions/> }
}

const CONSEQUENCE: &str = "It leaves the catalogue. No account is connected through it.";

fn question(
    app: ApplicationId,
    slug: String,
    remove: ServerAction<RemoveCustomProvider>,
    cancel: String,
) -> impl IntoView {
    view! {
        <Form action=remove submit="Remove entry" look=Look::Danger key="remove" cancel>
            <Hidden name="app" value=app.to_string()/>
            <Hidden name="slug" value=slug/>
        </Form>
    }
}

/// Asks before a custom provider is removed.
#[component]
pub fn AskRemoveCustomProvider() -> impl IntoView {
    let (app, slug) = (part("app"), part("slug"));
    let remove = ServerAction::new();
    let read = Resource::new(move || (app.get(), slug.get()), |(app, slug)| read_custom_provider(app, slug));
    view! {
        <Load from=read what="The provider" view=move |read| {
            let (id, of) = (read.id, read.name);
            let CustomProviderView { summary, used_by, .. } = read.here;
            let page = paths::custom_provider(id, &summary.slug);
            let (slug, cancel) = (summary.slug.clone(), page.clone());
            let body = match used_by.first() {
                Some(key) => view! {
                    <Banner tone=Tone::Warn>"It is set up. Remove that first."</Banner>
                    <LinkButton href=paths::provider_config(id, key)>"Go to the provider"</LinkButton>
                }.into_any(),
                None => view! {
                    <Panel tone=Tone::Bad>
                        <Confirm consequence=CONSEQUENCE>{question(id, slug, remove, cancel)}</Confirm>
                    </Panel>
                }.into_any(),
            };
            view! {
                <PageHeader title=format!("Remove {}", summary.name) of back=(page, summary.name)/>
                <Stack narrow=true>{body}</Stack>
            }
        }/>
    }
}
