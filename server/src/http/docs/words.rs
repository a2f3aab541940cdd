//! What descriptions are written in: paragraphs, lists, and code between backticks.

use leptos::prelude::*;

/// A description of several paragraphs, with its lists.
pub(super) fn blocks(text: &str) -> AnyView {
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty());
    blocks
        .map(|block| match block.strip_prefix("- ") {
            Some(items) => {
                let items = items.split("\n- ").map(|item| view! { <li>{inline(item)}</li> });
                view! { <ul class="docs-list">{items.collect_view()}</ul> }.into_any()
            }
            None => view! { <p>{inline(block)}</p> }.into_any(),
        })
        .collect_view()
        .into_any()
}

/// A line, with code between backticks.
pub(super) fn inline(text: &str) -> AnyView {
    let parts = text.split('`').enumerate().map(|(place, part)| {
        let part = part.replace('\n', " ");
        if place % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    });
    parts.collect_view().into_any()
}
