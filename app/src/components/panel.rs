//! Boxes, and what stacks them.

use super::Tone;
use leptos::prelude::*;

/// A titled box.
#[component]
pub fn Panel(
    /// The heading; empty for none.
    #[prop(optional, into)]
    title: String,
    /// A sentence below the heading.
    #[prop(optional, into)]
    text: String,
    /// [`Tone::Bad`] for what destroys.
    #[prop(optional)]
    tone: Tone,
    /// Buttons beside the heading.
    #[prop(optional, into)]
    actions: ViewFn,
    /// The content.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let head = (!title.is_empty()).then(|| {
        view! {
            <header class="panel-head">
                <h2>{title}</h2>
                {actions.run()}
                {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            </header>
        }
    });
    view! {
        <section class="panel" data-tone=tone.as_str()>
            {head}
            {children.map(|children| view! { <div class="panel-body">{children()}</div> })}
        </section>
    }
}

/// Things below each other with an even gap; `narrow` keeps forms at a readable width.
#[component]
pub fn Stack(
    /// At most as wide as a form.
    #[prop(optional)]
    narrow: bool,
    /// The things.
    children: Children,
) -> impl IntoView {
    view! { <div class="stack" data-narrow=narrow.then_some("true")>{children()}</div> }
}

/// The content, and beside it where there is room what helps to understand it.
#[component]
pub fn Columns(
    /// What stands beside it, below it on small screens.
    #[prop(into)]
    beside: ViewFn,
    /// What stands below the content, and on small screens at the very end. What is beside then stays in view.
    #[prop(optional, into)]
    below: Option<ViewFn>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let sticky = below.is_some().then_some("true");
    view! {
        <div class="columns" data-sticky=sticky>
            <div class="stack">{children()}</div>
            <div class="stack">{beside.run()}</div>
            {below.map(|below| view! { <div class="stack">{below.run()}</div> })}
        </div>
    }
}
