//! What needs attention, the most pressing first.

use super::{LinkButton, Tone};
use crate::icons::{Glyph, Icon};
use leptos::prelude::*;
use model::figures::{Attention, Urgency};

/// A list of what does not work, or a line that says that all is well.
#[component]
pub fn AttentionList(
    /// The items, the most pressing first.
    items: Vec<Attention>,
) -> impl IntoView {
    if items.is_empty() {
        return view! {
            <div class="attention">
                <div class="attention-item" data-tone=Tone::Good.as_str()>
                    <Icon of=Glyph::Check/>
                    <div><h3>"Nothing needs attention"</h3></div>
                </div>
            </div>
        }
        .into_any();
    }
    let items = items.into_iter().map(|item| {
        let (tone, icon) = match item.urgency {
            Urgency::Bad => (Tone::Bad, Glyph::Error),
            Urgency::Warn => (Tone::Warn, Glyph::Warning),
        };
        let (href, action) = (item.path, item.action);
        view! {
            <li class="attention-item" data-tone=tone.as_str()>
                <Icon of=icon/>
                <div><h3>{item.title}</h3><p>{item.text}</p></div>
                {(!href.is_empty()).then(|| view! { <LinkButton href>{action}</LinkButton> })}
            </li>
        }
    });
    view! { <ul class="attention">{items.collect_view()}</ul> }.into_any()
}
