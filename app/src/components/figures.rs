//! Counts at the head of an overview.

use leptos::prelude::*;

/// A row of [`Figure`]s.
#[component]
pub fn Figures(
    /// The figures.
    children: Children,
) -> impl IntoView {
    view! { <dl class="figures">{children()}</dl> }
}

/// A count; its label leads to what is counted.
#[component]
pub fn Figure(
    /// What is counted.
    #[prop(into)]
    label: String,
    /// Where it is listed.
    #[prop(into)]
    href: String,
    /// How many.
    count: i64,
) -> impl IntoView {
    view! {
        <div class="figure">
            <dt><a class="figure-link" href=href>{label}</a></dt>
            <dd>{count}</dd>
        </div>
    }
}
