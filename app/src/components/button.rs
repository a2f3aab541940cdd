//! Buttons, and links that look like them.

use crate::icons::{Glyph, Icon};
use leptos::prelude::*;

/// How a button looks. At most one [`Look::Primary`] on a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// What the page is for.
    Primary,
    /// Everything else.
    #[default]
    Plain,
    /// Destroys something.
    Danger,
    /// No frame: Cancel, and actions inside rows.
    Quiet,
}

impl Look {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Plain => "plain",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// A button. It keeps its label and width while it is busy.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Whether its request is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// An icon before the label.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// `submit` unless said otherwise.
    #[prop(default = "submit")]
    kind: &'static str,
    /// Name of the form field that carries `value`, for forms with several buttons.
    #[prop(optional, into)]
    name: String,
    /// What the button says to the form.
    #[prop(optional, into)]
    value: String,
    /// The label: a verb, in sentence case.
    children: Children,
) -> impl IntoView {
    view! {
        <button class="button" type=kind data-look=look.as_str()
            name=(!name.is_empty()).then_some(name)
            value=(!value.is_empty()).then_some(value)
            aria-busy=move || busy.try_get().unwrap_or_default().then_some("true")
            aria-disabled=move || busy.try_get().unwrap_or_default().then_some("true")>
            {icon.map(|of| view! { <Icon of/> })}
            <span>{children()}</span>
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// An icon before the label.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Leaves this site, in a new tab.
    #[prop(optional)]
    external: bool,
    /// Brings a file instead of a page.
    #[prop(optional)]
    download: bool,
    /// Its whole name, where the label says too little on its own; it contains the label.
    #[prop(optional, into)]
    label: String,
    /// The label.
    children: Children,
) -> impl IntoView {
    // external: the browser itself follows the link, the router would look for a page. No `download` attribute: where
    // the server answers with a question first, the browser would save that page as the file.
    let rel = if external { Some("noopener noreferrer external") } else { download.then_some("external") };
    view! {
        <a class="button" href=href data-look=look.as_str() aria-label=(!label.is_empty()).then_some(label)
            target=external.then_some("_blank") rel=rel>
            {icon.map(|of| view! { <Icon of/> })}
            <span>{children()}</span>
            {external.then(|| view! { <Icon of=Glyph::External/> })}
        </a>
    }
}
