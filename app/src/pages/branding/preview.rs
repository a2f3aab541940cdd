//! What the choices make of a connect page, in its own components and size, light and dark.

use crate::components::{ConnectFoot, ConnectFrame, Panel};
use leptos::ev::Event;
use leptos::prelude::*;
use model::branding::Branding;
use model::paths;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use web_sys::{HtmlInputElement, wasm_bindgen::JsCast};

/// What the preview shows.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// The application's own name.
    otherwise: String,
    /// What end users connect.
    provider: String,
    name: String,
    light: String,
    dark: String,
    support: String,
    logo: Option<String>,
}

impl Shown {
    /// What is stored.
    pub(super) fn of(name: &str, provider: Option<String>, stored: &Branding) -> Self {
        let accent = stored.accent.as_ref();
        Self {
            otherwise: name.to_owned(),
            provider: provider.unwrap_or_else(|| PROVIDER.to_owned()),
            name: stored.display_name.clone().unwrap_or_default(),
            light: accent.map(|accent| accent.light.clone()).unwrap_or_default(),
            dark: accent.map(|accent| accent.dark.clone()).unwrap_or_default(),
            support: stored.support.clone().unwrap_or_default(),
            logo: stored.logo.clone(),
        }
    }

    /// What is being typed in the form.
    pub(super) fn hear(&mut self, event: &Event) {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let value = input.value();
        match input.name().as_str() {
            "display_name" => self.name = value,
            // The dark one follows the light one, unless it was typed too.
            "accent" => (self.light, self.dark) = (value, String::new()),
            "accent_dark" => self.dark = value,
            "support" => self.support = value,
            _ => {}
        }
    }

    fn application(&self) -> String {
        let typed = self.name.trim();
        if typed.is_empty() { self.otherwise.clone() } else { typed.to_owned() }
    }

    /// The server reads colours; this side only passes them on.
    fn sheet(&self) -> String {
        let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        paths::accent_sheet(&part(&self.light), &part(&self.dark))
    }
}

/// The preview. It can be neither focused nor read out: the form says all that it shows.
#[component]
pub(super) fn Preview(shown: RwSignal<Shown>) -> impl IntoView {
    let sheet = Memo::new(move |_| shown.with(Shown::sheet));
    view! {
        <Panel title="Preview" text="A connect page on light and dark screens.">
            <link rel="stylesheet" href=sheet/>
            <div class="brand-preview" inert=true aria-hidden="true">
                {move || shown.with(|shown| ["light", "dark"].map(|theme| page(theme, shown)))}
            </div>
        </Panel>
    }
}

/// What a connect page says in English; a test holds it against the messages of the real ones.
const TITLE: [&str; 3] = ["Connect ", " to ", ""];
const ASKS: [&str; 3] = ["", " asks to connect an account of ", ". If that is not you, close this page."];
const CONTINUE: &str = "Continue";
const HELP: &str = "Help";
/// As long as the application has no provider.
const PROVIDER: &str = "your provider";
const FOOT: &str = "Your password stays with the provider. Keybearer keeps the connection.";

fn page(theme: &'static str, shown: &Shown) -> impl IntoView + use<> {
    let application = shown.application();
    let title = [TITLE[0], &shown.provider, TITLE[1], &application, TITLE[2]].concat();
    let support = (!shown.support.trim().is_empty()).then(|| (HELP.to_owned(), "#".to_owned()));
    let foot = move || {
        let support = support.clone();
        view! { <ConnectFoot text=FOOT support label="" languages=Vec::new()/> }
    };
    let [before, between, after] = ASKS;
    let name = application.clone();
    view! {
        <div class="brand-preview-page" data-theme=theme>
            <ConnectFrame application logo=shown.logo.as_deref().map(paths::logo) title foot picture=true>
                <p>{before}<strong>{name}</strong>{between}<strong>"Ada Lovelace"</strong>{after}</p>
                <div><span class="button brand-preview-button">{CONTINUE}</span></div>
            </ConnectFrame>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_says_what_connect_pages_say() {
        let messages = include_str!("../../../../locales/en/connect.ftl");
        for message in [
            format!("connect = {}{{ $provider }}{}{{ $application }}{}", TITLE[0], TITLE[1], TITLE[2]),
            format!("asks = {{ $application }}{}{{ $person }}{}", ASKS[1], ASKS[2]),
            format!("continue = {CONTINUE}"),
            format!("support = {HELP}"),
            format!("foot = {FOOT}"),
        ] {
            assert!(messages.lines().any(|line| line == message), "{message}");
        }
    }
}
