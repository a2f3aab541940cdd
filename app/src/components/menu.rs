//! A menu behind a button: a `details` element, so it opens with scripts off too.

use crate::icons::{Glyph, Icon};
use leptos::ev::{self, KeyboardEvent};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_url;
use web_sys::{Node, wasm_bindgen::JsCast};

/// A menu of [`MenuLink`]s or forms. Escape, a click elsewhere and going to another page close it.
#[component]
pub fn Menu(
    /// The button's label: "More actions". Hidden behind three dots' place when `button` is given.
    #[prop(into)]
    label: String,
    /// Opens upwards, for menus at the foot of the sidebar.
    #[prop(optional)]
    upwards: bool,
    /// What the button shows in place of the label.
    #[prop(optional, into)]
    button: ViewFn,
    /// The entries.
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    close_when_left(details);
    let on_key = move |event: KeyboardEvent| {
        let Some(details) = details.get_untracked().filter(|details| details.open() && event.key() == "Escape") else {
            return;
        };
        details.set_open(false);
        if let Ok(Some(summary)) = details.query_selector("summary") {
            // A summary can always take the focus.
            let _ = summary.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    view! {
        <details class="menu" node_ref=details on:keydown=on_key data-upwards=upwards.then_some("true")>
            <summary><span class="menu-label">{label}</span>{button.run()}<Icon of=Glyph::ChevronDown/></summary>
            <div class="menu-list">{children()}</div>
        </details>
    }
}

/// An entry that goes somewhere.
#[component]
pub fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Whether it is what is shown now.
    #[prop(optional)]
    current: bool,
    /// An icon before the label.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// The label.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-link" href=href aria-current=current.then_some("true")>
            {icon.map(|of| view! { <Icon of/> })}
            <span>{children()}</span>
            {current.then(|| view! { <Icon of=Glyph::Check/> })}
        </a>
    }
}

fn close_when_left(details: NodeRef<html::Details>) {
    let url = use_url();
    Effect::new(move |_| {
        url.track();
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    });
    Effect::new(move |_| {
        let listener = window_event_listener(ev::click, move |event| {
            let Some(details) = details.get_untracked() else { return };
            let inside = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            if !details.contains(inside.as_ref()) {
                details.set_open(false);
            }
        });
        on_cleanup(move || listener.remove());
    });
}
