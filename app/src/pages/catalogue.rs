//! The catalogue: what can be added, by search and category.

use super::address::{part, query};
use crate::api::Within;
use crate::api::provider_configs::{Catalogue as Read, read_catalogue};
use crate::components::{Badge, Card, CardGrid, EmptyState, Field, Filters, LinkButton, Load, PageHeader, Tab, Tabs};
use crate::form::Hidden;
use crate::icons::Glyph;
use leptos::ev::Event;
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::paths;
use model::providers::ProviderSummary;

/// The catalogue.
#[component]
pub fn Catalogue() -> impl IntoView {
    let app = part("app");
    let read = Resource::new(move || app.get(), read_catalogue);
    let (asked, category) = (query("q"), query("category"));
    view! {
        <Load from=read what="The catalogue" view=move |read| view! { <Shelves read asked category/> }/>
    }
}

#[component]
fn Shelves(read: Within<Read>, asked: Memo<String>, category: Memo<String>) -> impl IntoView {
    let Within { id, name, here, .. } = read;
    // What is typed narrows the list at once; without scripts the form asks for the page with ?q=.
    let typed = RwSignal::new(None::<String>);
    let wanted = Memo::new(move |_| typed.get().unwrap_or_else(|| asked.get()).trim().to_lowercase());
    let type_in = move |event: Event| typed.set(Some(event_target_value(&event)));
    let categories = categories(&here.providers);
    view! {
        <PageHeader title="Add provider" of=name text="Choose where your end users connect accounts."
            back=(paths::providers(id), "OAuth providers".to_owned())/>
        <div on:input=type_in>
            <Filters>
                <Field name="q" label="Search" kind="search" value=asked.get_untracked() placeholder="Name or category"/>
                {move || (!category.get().is_empty()).then(|| view! { <Hidden name="category" value=category.get()/> })}
            </Filters>
        </div>
        <Tabs label="Category">
            <Tab href=paths::catalogue(id) current=Signal::derive(move || category.get().is_empty())>"All"</Tab>
            {categories.into_iter().map(|name| {
                let (href, same) = (address(id, &asked.get_untracked(), &name), name.clone());
                view! { <Tab href current=Signal::derive(move || category.get() == same)>{name}</Tab> }
            }).collect_view()}
        </Tabs>
        {move || view! { <Cards app=id of=here.clone() wanted=wanted.get() category=category.get()/> }}
    }
}

#[component]
fn Cards(app: ApplicationId, of: Read, wanted: String, category: String) -> impl IntoView {
    let Read { providers, in_use } = of;
    let found: Vec<_> = providers.into_iter().filter(|provider| fits(provider, &wanted, &category)).collect();
    let nothing = (found.len() == 1 && !(wanted.is_empty() && category.is_empty())).then(|| {
        view! {
            <EmptyState icon=Glyph::Search title="No provider fits" text="Search for something shorter, look at all of them, or add the provider yourself.">
                <LinkButton href=paths::catalogue(app)>"All providers"</LinkButton>
            </EmptyState>
        }
    });
    let cards = found.into_iter().map(move |provider| {
        let used = in_use.contains(&provider.slug);
        view! {
            <Card href=paths::new_provider_config(app, &provider.slug) icon=provider.icon title=provider.name text=provider.description>
                <Badge word=if used { "Added".to_owned() } else { provider.category }/>
            </Card>
        }
    });
    view! { {nothing}<CardGrid>{cards.collect_view()}</CardGrid> }
}

fn fits(provider: &ProviderSummary, wanted: &str, category: &str) -> bool {
    let text =
        format!("{} {} {} {}", provider.name, provider.slug, provider.category, provider.description).to_lowercase();
    // The way to any other provider is always there.
    provider.slug == "custom"
        || (category.is_empty() || provider.category == category)
            && wanted.split_whitespace().all(|word| text.contains(word))
}

fn categories(providers: &[ProviderSummary]) -> Vec<String> {
    let mut names: Vec<_> = providers.iter().map(|provider| provider.category.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// The catalogue's page for a category, with what is searched for.
fn address(app: ApplicationId, asked: &str, category: &str) -> String {
    let query = if asked.is_empty() { String::new() } else { format!("&q={}", encoded(asked)) };
    format!("{}?category={}{query}", paths::catalogue(app), encoded(category))
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
