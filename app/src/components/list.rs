//! Properties: what something has, term by term.

use leptos::prelude::*;

/// A list of [`Property`]s, in two columns where there is room.
#[component]
pub fn Properties(
    /// The properties.
    children: Children,
) -> impl IntoView {
    view! { <dl class="properties">{children()}</dl> }
}

/// One property. A value that is not there is a dash, never nothing.
#[component]
pub fn Property(
    /// What it is.
    #[prop(into)]
    term: String,
    /// Its value: text, a badge, a time, something to copy.
    children: Children,
) -> impl IntoView {
    view! { <div class="property"><dt>{term}</dt><dd>{children()}</dd></div> }
}
