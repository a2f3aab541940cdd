//! What tells people how things stand: banner, empty list, failure, waiting.

use super::Tone;
use crate::error::PageError;
use crate::icons::{Glyph, Icon};
use crate::request;
use leptos::prelude::*;

/// A sentence that matters for the page, or for every page.
#[component]
pub fn Banner(
    /// How good the news is.
    #[prop(default = Tone::Accent)]
    tone: Tone,
    /// The sentence, with a link or button where there is something to do.
    children: Children,
) -> impl IntoView {
    let of = match tone {
        Tone::Warn => Glyph::Warning,
        Tone::Bad => Glyph::Error,
        Tone::Good => Glyph::Check,
        Tone::Neutral | Tone::Accent => Glyph::Info,
    };
    view! { <div class="banner" data-tone=tone.as_str()><Icon of/><div>{children()}</div></div> }
}

/// A list with nothing in it: first use, no match, or not allowed, each in its own words.
#[component]
pub fn EmptyState(
    /// "No connected accounts yet".
    #[prop(into)]
    title: String,
    /// One sentence: how something gets here.
    #[prop(into)]
    text: String,
    /// An icon that says what would be here.
    #[prop(default = Glyph::Empty)]
    icon: Glyph,
    /// The one action, a [`super::LinkButton`].
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <Icon of=icon/>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// What failed, what to do about it, and the id under which the log knows more. It replaces only the part that failed.
#[component]
pub fn ErrorPanel(
    /// What the server function answered.
    error: PageError,
    /// What cannot be shown: "The API keys".
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let (title, text) = words(&error, &what);
    let request_id = match &error {
        PageError::Internal { request_id } if !request_id.is_empty() => Some(request_id.clone()),
        _ => None,
    };
    let (label, href) = match &error {
        PageError::Internal { .. } => ("Try again", String::new()),
        PageError::SignInNeeded => ("Sign in", request::sign_in()),
        PageError::NotFound | PageError::Forbidden => ("All applications", model::paths::APPLICATIONS.to_owned()),
    };
    view! {
        <div class="error-panel" role="alert">
            <Icon of=Glyph::Error/>
            <h2>{title}</h2>
            <p>{text}</p>
            // rel=external: the browser loads the page anew, the router would stay.
            <a class="button" data-look="plain" href=href rel="external">{label}</a>
            {request_id.map(|id| view! { <p class="error-panel-id">"Request "<code>{id}</code></p> })}
        </div>
    }
}

fn words(error: &PageError, what: &str) -> (String, String) {
    match error {
        PageError::NotFound => {
            ("Not found".into(), "It may have been removed, or it belongs to another organization.".into())
        }
        PageError::SignInNeeded => ("Sign in to go on".into(), "Your session has ended.".into()),
        PageError::Forbidden => {
            ("Your role does not reach".into(), "Ask an owner or admin of the organization for access.".into())
        }
        PageError::Internal { .. } => {
            (format!("{what} cannot be shown"), "The failure is in the log. Try again in a moment.".into())
        }
    }
}

/// Grey lines in the place of content that is on its way; they show after 300 ms.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 5)]
    lines: usize,
) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <span></span> }).collect_view();
    view! { <div class="skeleton" role="status" aria-label="Loading">{lines}</div> }
}
