//! The frames of pages: with the sidebar, and without.

use leptos::prelude::*;

/// Sidebar and content side by side: a [`super::Nav`] and a [`Main`].
#[component]
pub fn Layout(
    /// `<Nav>…</Nav><Main>…</Main>`.
    children: Children,
) -> impl IntoView {
    view! { <div class="layout">{children()}</div> }
}

/// The content beside the sidebar: the page's one `main`, where the skip link leads.
#[component]
pub fn Main(
    /// The page: usually an `<Outlet/>`.
    children: Children,
) -> impl IntoView {
    view! { <main class="main" id="main" tabindex="-1">{children()}</main> }
}

/// A page without sidebar: sign in, sign up, confirmations on their own, not found.
#[component]
pub fn Bare(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="bare">
            <header><Brand/></header>
            <main class="bare-main" id="main" tabindex="-1">{children()}</main>
        </div>
    }
}

/// The mark with the name. It leads to the start page.
#[component]
pub fn Brand() -> impl IntoView {
    view! { <a class="brand" href="/" aria-label="Keybearer, to the start page"><Mark/>"Keybearer"</a> }
}

/// The mark: a key in a rounded square.
#[component]
pub(super) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <rect width="24" height="24" rx="6"/>
            <path d="M10.5 8a3.5 3.5 0 1 0 2.45 6l3.3 0 1.25 1.25L18.75 14 20 12.75 18.5 11.25h-5.2A3.5 3.5 0 0 0 10.5 8Zm-.75 4.9a1.15 1.15 0 1 1 0-2.3 1.15 1.15 0 0 1 0 2.3Z" transform="translate(-1.9 .4)"/>
        </svg>
    }
}
