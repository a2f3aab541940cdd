//! Counts at the head of an overview.

use super::Time;
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
    /// How many: "12", "more than 5,000".
    #[prop(into)]
    count: String,
    /// When it was counted, RFC 3339, where that was not just now.
    #[prop(default = None)]
    counted_at: Option<String>,
) -> impl IntoView {
    view! {
        <div class="figure">
            <dt><a class="figure-link" href=href>{label}</a></dt>
            <dd>{count}</dd>
            {counted_at.map(|at| view! { <dd class="figure-note">"Counted "<Time at/></dd> })}
        </div>
    }
}
