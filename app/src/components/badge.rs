//! A state in one word.

use leptos::prelude::*;

/// How good the news is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad: disabled, removed, expired.
    #[default]
    Neutral,
    /// Works.
    Good,
    /// Needs attention soon.
    Warn,
    /// Does not work.
    Bad,
    /// Worth noticing: new, selected.
    Accent,
}

impl Tone {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Accent => "accent",
        }
    }
}

/// A dot and a word; the word alone carries the meaning.
#[component]
pub fn Badge(
    /// How good the news is.
    #[prop(optional)]
    tone: Tone,
    /// The state: "Active", "Needs reconnect".
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class="badge" data-tone=tone.as_str()>{word}</span> }
}
