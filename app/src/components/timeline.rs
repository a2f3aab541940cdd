//! What happened one after the other, newest first.

use super::{Time, Tone};
use leptos::prelude::*;

/// A list of [`Happening`]s.
#[component]
pub fn Timeline(
    /// What it tells, for screen readers.
    #[prop(into)]
    label: String,
    /// The happenings.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline" aria-label=label>{children()}</ol> }
}

/// One thing that happened. Its words alone carry the meaning, the dot repeats how good the news is.
#[component]
pub fn Happening(
    /// How good the news is.
    #[prop(optional)]
    tone: Tone,
    /// What happened and why, as a sentence.
    #[prop(into)]
    title: String,
    /// When, RFC 3339.
    #[prop(into)]
    at: String,
    /// More: paragraphs.
    children: Children,
) -> impl IntoView {
    view! {
        <li class="happening" data-tone=tone.as_str()>
            <div class="happening-head"><h3>{title}</h3><Time at/></div>
            {children()}
        </li>
    }
}
