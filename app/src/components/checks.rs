//! Lists of points that are dealt with or not: what is left to do, what a test has tried.

use super::{Badge, Tone};
use leptos::prelude::*;

/// A list of [`Check`]s.
#[component]
pub fn Checks(
    /// What it lists, for screen readers.
    #[prop(into)]
    label: String,
    /// The points.
    children: Children,
) -> impl IntoView {
    view! { <ul class="checks" aria-label=label>{children()}</ul> }
}

/// One point, with its state in a word.
#[component]
pub fn Check(
    /// How good the news is.
    #[prop(optional)]
    tone: Tone,
    /// The state: "Done", "To do", "Failed".
    #[prop(into)]
    word: String,
    /// What it is about.
    #[prop(into)]
    title: String,
    /// What was seen, or how to check it.
    #[prop(into)]
    text: String,
    /// What to do next.
    #[prop(default = None)]
    next: Option<String>,
    /// What else belongs to it: a time, a link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="check">
            <div class="check-head"><strong>{title}</strong><Badge tone word/></div>
            <p>{text}</p>
            {next.map(|next| view! { <p><strong>"Next: "</strong>{next}</p> })}
            {children.map(|children| children())}
        </li>
    }
}
