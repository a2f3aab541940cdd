//! Setting a provider up: the guide through its pages, what it is like, and the form for the credentials.

use super::address::{part, query};
use super::provider_form::ProviderForm;
use super::provider_guide::{AtAGlance, Mistakes, WayThrough};
use super::provider_readiness::ReadinessList;
use super::role::LookOnly;
use crate::api::Within;
use crate::api::provider_configs::{SaveProviderConfig, SetUp, read_set_up};
use crate::components::{Banner, Columns, Load, PageHeader, Panel};
use leptos::prelude::*;
use model::paths;

/// The set-up page of a provider.
#[component]
pub fn NewProviderConfig() -> impl IntoView {
    let (app, slug, key) = (part("app"), part("slug"), query("key"));
    let save = ServerAction::<SaveProviderConfig>::new();
    let read =
        Resource::new(move || (app.get(), slug.get(), key.get()), |(app, slug, key)| read_set_up(app, slug, key));
    view! { <Load from=read what="The provider" view=move |read| view! { <Page save read/> }/> }
}

#[component]
fn Page(save: ServerAction<SaveProviderConfig>, read: Within<SetUp>) -> impl IntoView {
    let Within { id, name, here, may_change, .. } = read;
    let provider = here.provider.clone();
    let provider_name = provider.summary.name.clone();
    let (icon, description) = (provider.summary.icon.clone(), provider.summary.description.clone());
    let (before, redirect_uri) = (provider.guide.before.clone().unwrap_or_default(), here.redirect_uri.clone());
    let credentials = format!("Copy both from your app's page at {provider_name}.");
    let readiness = here.readiness.clone();
    let (facts, events_url) = (provider.clone(), here.events_url.clone());
    let of = StoredValue::new((here.clone(), credentials));
    let beside = move || {
        let (of, credentials) = of.get_value();
        if may_change {
            view! {
                <Panel title="Credentials" text=credentials>
                    <ProviderForm save app=id of cancel=paths::catalogue(id)/>
                </Panel>
            }
            .into_any()
        } else {
            view! { <LookOnly/> }.into_any()
        }
    };
    let taken_name = provider_name.clone();
    let edit = paths::provider_config(id, &provider.summary.slug);
    let taken = here.taken.then(|| {
        view! {
            <Banner>
                {taken_name}" is set up already: "
                <a href=edit>"edit it"</a>
                ", or give this one a key of its own."
            </Banner>
        }
    });
    view! {
        <PageHeader title=format!("Set up {provider_name}") of=name icon text=description
            back=(paths::catalogue(id), "Catalogue".to_owned())/>
        {taken}
        <Columns beside below=move || view! { <ReadinessList of=readiness.clone()/><Mistakes of=facts.clone()/><AtAGlance of=facts.clone()/> }>
            <Panel title=format!("At {provider_name}") text=before>
                <WayThrough of=provider redirect_uri events_url/>
            </Panel>
        </Columns>
    }
}
