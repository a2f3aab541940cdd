//! The hosted connect pages. They carry no script, so everything here is plain HTML; see [`crate::document`].

use crate::icons::{Glyph, Icon, ProviderIcon};
use leptos::prelude::*;

/// The frame of every page that an end user sees: a card with the application's name on top.
#[component]
pub fn ConnectFrame(
    /// The application, as the end user knows it.
    #[prop(into)]
    application: String,
    /// The heading: "Connect Meetline to Acme".
    #[prop(into)]
    title: String,
    /// What follows the heading.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="connect">
            <p class="connect-application">{application}</p>
            <h1>{title}</h1>
            {children()}
            <p class="connect-foot"><Icon of=Glyph::Lock/>"Your password stays with the provider. Keybearer keeps the connection."</p>
        </div>
    }
}

/// The list of [`ConnectProvider`]s to choose from.
#[component]
pub fn ConnectProviders(
    /// The providers.
    children: Children,
) -> impl IntoView {
    view! { <ul class="connect-providers">{children()}</ul> }
}

/// A provider: mark, name, and on the right the form or badge that its state calls for.
#[component]
pub fn ConnectProvider(
    /// The provider's SVG.
    #[prop(into)]
    icon: String,
    /// The provider's name.
    #[prop(into)]
    name: String,
    /// A sentence below the name: what is connected, or why not.
    #[prop(optional, into)]
    text: String,
    /// The control on the right.
    children: Children,
) -> impl IntoView {
    view! {
        <li class="connect-provider">
            <ProviderIcon svg=icon/>
            <div class="connect-provider-body">
                <strong>{name}</strong>
                {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            </div>
            {children()}
        </li>
    }
}
