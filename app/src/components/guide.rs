//! Numbered set-up steps.

use leptos::prelude::*;

/// A list of [`Step`]s.
#[component]
pub fn Guide(
    /// The steps.
    children: Children,
) -> impl IntoView {
    view! { <ol class="guide">{children()}</ol> }
}

/// One step, with its number drawn by the list.
#[component]
pub fn Step(
    /// What is done: "Create a General App".
    #[prop(into)]
    title: String,
    /// The way through the other side's menus: `["Develop", "Build App"]`.
    #[prop(optional)]
    path: Vec<String>,
    /// Shows a check mark in place of the number.
    #[prop(optional)]
    done: bool,
    /// Where and how: paragraphs, a [`super::CopyField`], a form.
    children: Children,
) -> impl IntoView {
    let places: Vec<_> = path.into_iter().map(|place| view! { <li>{place}</li> }).collect();
    view! {
        <li class="step" data-done=done.then_some("true")>
            <div class="step-body">
                <h3>{title}{done.then(|| view! { <span class="visually-hidden">" (done)"</span> })}</h3>
                {(!places.is_empty()).then(|| view! { <ol class="step-path" aria-label="Menu">{places}</ol> })}
                {children()}
            </div>
        </li>
    }
}
