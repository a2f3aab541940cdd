//! What an application's backend runs, in the language of the tab.

use super::Asked;
use crate::api::applications::Snippet;
use crate::components::{Code, Panel, Stack, Tab, Tabs};
use crate::pages::paging::address;
use leptos::prelude::*;
use model::applications::Language;
use model::ids::ApplicationId;
use model::paths;

#[component]
pub(super) fn FromCode(app: ApplicationId, snippets: Vec<Snippet>, asked: Asked) -> impl IntoView {
    let chosen = asked.language.parse().unwrap_or(Language::Curl);
    let tabs = Language::ALL.iter().map(|language| {
        let href = address(&paths::application(app), &[("window", &asked.window), ("language", language.as_str())]);
        let (current, name) = (*language == chosen, name(*language));
        view! { <Tab href current=current>{name}</Tab> }
    });
    let tabs: Vec<_> = tabs.collect();
    let snippets = snippets.into_iter().map(|snippet| view! { <Code label=snippet.label text=snippet.text/> });
    let note = match chosen {
        Language::Curl => "In a shell.",
        Language::TypeScript => "Node 20 or newer, as a module; no packages.",
        Language::Python => "Python 3, its standard library alone.",
        Language::Rust => "With the crates reqwest (feature json), serde_json and tokio (full).",
    };
    view! {
        <Panel title="Connect from code" text="The first runs once for each end user who is to connect, the second each time you call the provider.">
            <Stack>
                <Tabs label="Language">{tabs}</Tabs>
                <p>{note}" The key is read from "<code>"KEYBEARER_API_KEY"</code>". Every call stands in the "<a href=paths::DOCS rel="external">"API reference"</a>"."</p>
                {snippets.collect_view()}
            </Stack>
        </Panel>
    }
}

const fn name(language: Language) -> &'static str {
    match language {
        Language::Curl => "curl",
        Language::TypeScript => "TypeScript",
        Language::Python => "Python",
        Language::Rust => "Rust",
    }
}
