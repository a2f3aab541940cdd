//! The sidebar. On a small screen it is behind a button, by the popover attribute: no script needed.

use super::layout::Mark;
use super::{Menu, MenuLink, ThemeChoice};
use crate::icons::{Glyph, Icon};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

/// The sidebar: a [`Switcher`], [`NavGroup`]s and a [`NavFoot`].
#[component]
pub fn Nav(
    /// Its parts.
    children: Children,
) -> impl IntoView {
    let nav = NodeRef::<html::Nav>::new();
    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        if let Some(nav) = nav.get_untracked() {
            // It is open on a small screen only.
            let _ = nav.hide_popover();
        }
    });
    view! {
        <header class="nav-bar">
            <a class="brand" href="/"><Mark/>"Keybearer"</a>
            <button class="button" type="button" data-look="quiet" popovertarget="nav" aria-label="Open the navigation"><Icon of=Glyph::Menu/></button>
        </header>
        <nav class="nav" id="nav" aria-label="Portal" popover node_ref=nav>
            <a class="brand" href="/"><Mark/>"Keybearer"</a>
            {children()}
        </nav>
    }
}

/// A few links, under a heading or without one.
#[component]
pub fn NavGroup(
    /// The heading: "Settings".
    #[prop(optional, into)]
    label: String,
    /// [`NavLink`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="nav-group">
            {(!label.is_empty()).then(|| view! { <p class="nav-label">{label}</p> })}
            <ul>{children()}</ul>
        </div>
    }
}

/// A link of the sidebar. It is current on its page and on those below it.
#[component]
pub fn NavLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Its icon.
    icon: Glyph,
    /// Current on its own page alone, for an overview whose address all others begin with.
    #[prop(optional)]
    exact: bool,
    /// The label.
    children: Children,
) -> impl IntoView {
    let location = use_location();
    let here = href.clone();
    let current = move || {
        let path = location.pathname.get();
        let below = path.strip_prefix(here.as_str())?;
        (below.is_empty() || (!exact && below.starts_with('/'))).then_some("page")
    };
    view! { <li><a class="nav-link" href=href aria-current=current><Icon of=icon/><span>{children()}</span></a></li> }
}

/// Chooses the organization or application that the links below it are about.
#[component]
pub fn Switcher(
    /// The organization.
    #[prop(into)]
    organization: String,
    /// The application; empty on pages that are about none.
    #[prop(optional, into)]
    application: String,
    /// Names and addresses to switch to.
    choices: Vec<(String, String)>,
    /// Where all of them are listed.
    #[prop(into)]
    all: String,
) -> impl IntoView {
    let shown = if application.is_empty() { "All applications".to_owned() } else { application.clone() };
    let links = choices.into_iter().map(move |(name, href)| {
        let current = name == application;
        view! { <MenuLink href current>{name}</MenuLink> }
    });
    let links = links.collect_view();
    let button = move || {
        let (organization, shown) = (organization.clone(), shown.clone());
        view! { <span class="switcher"><span>{organization}</span><strong>{shown}</strong></span> }
    };
    view! {
        <Menu label="Switch application" button>
            {links}
            <MenuLink href=all icon=Glyph::Applications>"All applications"</MenuLink>
        </Menu>
    }
}

/// The foot of the sidebar: who is signed in, the theme, and what else belongs to the person.
#[component]
pub fn NavFoot(
    /// The person's name or e-mail.
    #[prop(into)]
    person: String,
    /// [`MenuLink`]s and the form that signs out.
    children: Children,
) -> impl IntoView {
    let name = person.clone();
    view! {
        <div class="nav-foot">
            <Menu label="Your profile and theme" upwards=true button=move || view! { <Icon of=Glyph::Person/><span class="nav-person">{name.clone()}</span> }>
                {children()}
                <ThemeChoice/>
            </Menu>
        </div>
    }
}
