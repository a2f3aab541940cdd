//! The frame of both pages: contents beside the text.

use super::problems as codes;
use super::{introduction, operations, webhooks};
use crate::http::assets;
use app::components::Brand;
use app::document::{Document, document};
use leptos::prelude::*;
use serde_json::Value;

/// The reference.
pub(super) fn reference(description: &Value) -> String {
    let groups = operations::groups(description);
    let contents = contents(&groups);
    let base = description.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default().to_owned();
    let introduction = introduction::sections(&base);
    let operations = groups.into_iter().map(|group| operations::group(description, &base, group)).collect_view();
    let intro = "JSON over HTTPS, for your application's backend. Open a connect session, send the end user to its link, and call \
                 the provider with a token that is always fresh.";
    frame(
        "API reference",
        intro,
        contents,
        view! { {introduction}{operations}{webhooks::section(description)} }.into_any(),
    )
}

/// The problems.
pub(super) fn problems() -> String {
    let intro = "Every code that an answer can have, with what it means and what to do. Programs decide by the code; the text of \
                 detail is for people and may change.";
    frame("Problems", intro, codes::contents(), codes::list())
}

fn frame(title: &'static str, intro: &'static str, contents: AnyView, text: AnyView) -> String {
    let head = Document {
        title: format!("{title} · Keybearer"),
        language: "en",
        sheets: vec![assets::docs_sheet()],
        ..Document::default()
    };
    document(head, move || {
        view! {
            <div class="docs">
                <header class="docs-head">
                    <Brand/>
                    <nav class="docs-links" aria-label="Documentation">
                        <a href="/docs">"API reference"</a>
                        <a href="/docs/problems">"Problems"</a>
                        <a href="/v1/openapi.json">"OpenAPI"</a>
                    </nav>
                </header>
                <nav class="docs-contents" aria-label="Contents">{contents}</nav>
                <div class="docs-text">
                    <h1>{title}</h1>
                    <p class="docs-lead">{intro}</p>
                    {text}
                </div>
            </div>
        }
    })
}

fn contents(groups: &[operations::Group]) -> AnyView {
    let links = |links: Vec<(String, String)>| {
        let links = links.into_iter().map(|(id, name)| view! { <li><a href=format!("#{id}")>{name}</a></li> });
        view! { <ul>{links.collect_view()}</ul> }.into_any()
    };
    let introduction = introduction::NAMES.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect();
    let groups = groups.iter().map(|group| {
        let operations = group.operations.iter().map(|operation| (operation.id.clone(), operation.summary.clone()));
        view! { <p>{group.name.clone()}</p>{links(operations.collect())} }
    });
    let (id, name) = webhooks::NAME;
    let webhooks = links(vec![(id.to_owned(), "What endpoints are sent".to_owned())]);
    view! { <p>"Introduction"</p>{links(introduction)}{groups.collect_view()}<p>{name}</p>{webhooks} }.into_any()
}
