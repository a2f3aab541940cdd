//! The hosted connect pages. They carry no script and speak many languages, so everything here is plain HTML and every
//! text is handed in; see [`crate::document`].

use super::Badge;
use super::Tone;
use crate::icons::{Glyph, Icon, ProviderIcon};
use leptos::prelude::*;

/// The frame of every page that an end user sees: a card with the application's logo and name on top.
#[component]
pub fn ConnectFrame(
    /// The application, as the end user knows it.
    #[prop(into)]
    application: String,
    /// The address of its logo.
    #[prop(optional_no_strip)]
    logo: Option<String>,
    /// The heading: "Connect Meetline to Acme".
    #[prop(into)]
    title: String,
    /// What stands at the foot: [`ConnectFoot`].
    #[prop(into)]
    foot: ViewFn,
    /// A picture of a page on another one, which has a heading of its own.
    #[prop(optional)]
    picture: bool,
    /// What follows the heading.
    children: Children,
) -> impl IntoView {
    let heading = if picture {
        view! { <p class="brand-preview-title">{title}</p> }.into_any()
    } else {
        view! { <h1>{title}</h1> }.into_any()
    };
    view! {
        <div class="connect">
            <div class="connect-application">
                {logo.map(|src| view! { <img class="connect-logo" src=src alt=""/> })}
                <p>{application}</p>
            </div>
            {heading}
            {children()}
            {foot.run()}
        </div>
    }
}

/// A language to choose at the foot of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectLanguage {
    /// As `?lang=` takes it.
    pub code: &'static str,
    /// Its name in itself.
    pub name: &'static str,
    /// Whether the page is in it.
    pub current: bool,
}

/// Whom the end user trusts with what, where help is, and the languages.
#[component]
pub fn ConnectFoot(
    /// The sentence of trust.
    #[prop(into)]
    text: String,
    /// The label and the address of the application's help.
    #[prop(optional_no_strip)]
    support: Option<(String, String)>,
    /// The name of the choice of languages.
    #[prop(into)]
    label: String,
    /// The languages; none where a page cannot be loaded again.
    languages: Vec<ConnectLanguage>,
) -> impl IntoView {
    let choice = (!languages.is_empty()).then(|| {
        let items = languages.into_iter().map(|ConnectLanguage { code, name, current }| {
            let current = current.then_some("true");
            view! { <li><a href=format!("?lang={code}") lang=code hreflang=code aria-current=current>{name}</a></li> }
        });
        view! { <nav class="connect-languages" aria-label=label><ul>{items.collect_view()}</ul></nav> }
    });
    view! {
        <div class="connect-foot">
            <p><Icon of=Glyph::Lock/><span>{text}</span></p>
            {support.map(|(label, href)| view! { <p><a href=href rel="noopener noreferrer external">{label}</a></p> })}
            {choice}
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

/// A permission, told as well as the catalogue can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectPermission {
    /// In the language of the page.
    InWords(String),
    /// In English, on a page in another language.
    InEnglish(String),
    /// As the provider spells its scope.
    AsScope(String),
}

/// What an application may do, one permission in words a line.
#[component]
pub fn ConnectPermissions(
    /// "Acme may then:".
    #[prop(into)]
    label: String,
    /// The permissions.
    permissions: Vec<ConnectPermission>,
) -> impl IntoView {
    let items = permissions.into_iter().map(|permission| match permission {
        ConnectPermission::InWords(text) => view! { <li>{text}</li> }.into_any(),
        ConnectPermission::InEnglish(text) => view! { <li lang="en">{text}</li> }.into_any(),
        ConnectPermission::AsScope(text) => view! { <li><code>{text}</code></li> }.into_any(),
    });
    view! {
        <div class="connect-permissions">
            <p>{label}</p>
            <ul>{items.collect_view()}</ul>
        </div>
    }
}

/// A connected account on an end user's own page.
#[component]
pub fn ConnectAccount(
    /// The provider's SVG.
    #[prop(into)]
    icon: String,
    /// The provider's name.
    #[prop(into)]
    name: String,
    /// Whose account it is at the provider.
    #[prop(into)]
    account: String,
    /// How good its state is.
    tone: Tone,
    /// Its state in a word or two.
    #[prop(into)]
    state: String,
    /// Facts: term and text.
    facts: Vec<(String, String)>,
    /// Permissions and buttons.
    children: Children,
) -> impl IntoView {
    let facts = facts.into_iter().map(|(term, text)| view! { <div><dt>{term}</dt><dd>{text}</dd></div> });
    view! {
        <li class="connect-account">
            <div class="connect-account-head">
                <ProviderIcon svg=icon/>
                <div class="connect-provider-body">
                    <div class="connect-account-name"><h2>{name}</h2><Badge tone word=state/></div>
                    {(!account.is_empty()).then(|| view! { <p>{account}</p> })}
                </div>
            </div>
            <dl>{facts.collect_view()}</dl>
            {children()}
        </li>
    }
}

/// The list of [`ConnectAccount`]s.
#[component]
pub fn ConnectAccounts(
    /// The accounts.
    children: Children,
) -> impl IntoView {
    view! { <ul class="connect-accounts">{children()}</ul> }
}

/// Buttons beside each other, below each other where there is no room.
#[component]
pub fn ConnectActions(
    /// The buttons.
    children: Children,
) -> impl IntoView {
    view! { <div class="connect-actions">{children()}</div> }
}
