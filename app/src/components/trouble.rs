//! What is wrong, first of all on a page that people open because something does not work.

use super::Tone;
use crate::icons::{Glyph, Icon};
use leptos::prelude::*;

/// The cause, what is known beyond it, and what to do, with the button for it.
#[component]
pub fn Trouble(
    /// How bad the news is.
    tone: Tone,
    /// The cause, as a sentence.
    #[prop(into)]
    title: String,
    /// Paragraphs, then a button where there is something to press.
    children: Children,
) -> impl IntoView {
    let of = match tone {
        Tone::Bad => Glyph::Error,
        Tone::Warn => Glyph::Warning,
        Tone::Neutral | Tone::Good | Tone::Accent => Glyph::Info,
    };
    view! {
        <section class="trouble" data-tone=tone.as_str() aria-labelledby="trouble">
            <Icon of/>
            <div class="trouble-body"><h2 id="trouble">{title}</h2>{children()}</div>
        </section>
    }
}
