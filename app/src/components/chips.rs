//! What a list is narrowed by, filter by filter.

use crate::icons::{Glyph, Icon};
use leptos::prelude::*;

/// The filters that are set, each a link that takes it away, and one that takes all away. Shows nothing when none is.
#[component]
pub fn Chips(
    /// Each filter in words, and the address without it.
    chips: Vec<(String, String)>,
    /// The address without any.
    clear: String,
) -> impl IntoView {
    let any = !chips.is_empty();
    let chips = chips.into_iter().map(|(words, href)| {
        view! {
            <li><a class="chip" href=href><span class="visually-hidden">"Remove filter "</span>{words}<Icon of=Glyph::Close/></a></li>
        }
    });
    any.then(|| {
        view! {
            <ul class="chips" aria-label="Filters">
                {chips.collect_view()}
                <li><a class="chip" href=clear data-look="clear">"Clear filters"</a></li>
            </ul>
        }
    })
}
