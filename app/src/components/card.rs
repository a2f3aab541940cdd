//! Cards of the catalogue.

use crate::icons::ProviderIcon;
use leptos::prelude::*;

/// A grid of [`Card`]s.
#[component]
pub fn CardGrid(
    /// The cards.
    children: Children,
) -> impl IntoView {
    view! { <ul class="card-grid">{children()}</ul> }
}

/// One entry of the catalogue; the whole card is the link.
#[component]
pub fn Card(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The name, which is the link's text.
    #[prop(into)]
    title: String,
    /// One sentence.
    #[prop(into)]
    text: String,
    /// The provider's SVG; empty for none.
    #[prop(optional, into)]
    icon: String,
    /// A word beside the name: a category, or a [`super::Badge`].
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="card">
            {(!icon.is_empty()).then(|| view! { <ProviderIcon svg=icon/> })}
            <div class="card-body">
                <div class="card-head">
                    <a class="card-link" href=href>{title}</a>
                    {children.map(|children| children())}
                </div>
                <p>{text}</p>
            </div>
        </li>
    }
}
