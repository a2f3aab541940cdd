//! Code to copy, and tabs that are links.

use super::CopyButton;
use leptos::prelude::*;

/// A snippet with its copy button.
#[component]
pub fn Code(
    /// What it is, above the snippet: "Create a connect session".
    #[prop(into)]
    label: String,
    /// The snippet; what is copied equals what is shown.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let name = format!("Copy {}", lower_first(&label));
    view! {
        <figure class="code">
            <figcaption class="code-head">
                <span>{label.clone()}</span>
                <CopyButton label=name text=text.clone()/>
            </figcaption>
            <pre tabindex="0" role="region" aria-label=label><code>{text}</code></pre>
        </figure>
    }
}

/// A row of [`Tab`]s. Which one is open stands in the URL, so each is a link.
#[component]
pub fn Tabs(
    /// What the tabs choose between, for screen readers: "Language".
    #[prop(into)]
    label: String,
    /// The tabs.
    children: Children,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{children()}</nav> }
}

/// One tab.
#[component]
pub fn Tab(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Whether it is the open one.
    #[prop(into)]
    current: Signal<bool>,
    /// The label.
    children: Children,
) -> impl IntoView {
    view! { <a class="tab" href=href aria-current=move || current.get().then_some("page")>{children()}</a> }
}

/// "Redirect URI" stays, "Create a session" becomes "create a session": an abbreviation is not lowered.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else { return String::new() };
    if second.is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    first.to_lowercase().chain(text.chars().skip(1)).collect()
}
