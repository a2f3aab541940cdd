//! A secret in the one response that shows it.

use super::CopyButton;
use crate::icons::{Glyph, Icon};
use leptos::{ev, prelude::*};

/// A new secret in full, with a copy button. The browser asks before the page is left.
#[component]
pub fn SecretOnce(
    /// What it is: "API key".
    #[prop(into)]
    label: String,
    /// The secret.
    #[prop(into)]
    value: String,
    /// The copy button's name: "Copy API key".
    #[prop(into)]
    copy: String,
    /// Where to keep it: one sentence.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    ask_before_leaving();
    view! {
        <div class="secret-once" role="status">
            <p><Icon of=Glyph::Warning/><strong>{label.clone()}</strong>"You will not see this again."</p>
            <div class="copy-field">
                <input type="text" readonly aria-label=label value=value.clone() autocomplete="off" spellcheck="false"/>
                <CopyButton label=copy text=value/>
            </div>
            {(!hint.is_empty()).then(|| view! { <p>{hint}</p> })}
        </div>
    }
}

/// New recovery codes, with one copy button for all of them. The browser asks before the page is left.
#[component]
pub fn RecoveryCodes(
    /// The codes.
    codes: Vec<String>,
) -> impl IntoView {
    ask_before_leaving();
    let text = codes.join("\n");
    let codes = codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view();
    view! {
        <div class="secret-once" role="status">
            <p>
                <Icon of=Glyph::Warning/><strong>"Recovery codes"</strong>"You will not see them again."
                <CopyButton label="Copy recovery codes" text/>
            </p>
            <ul class="recovery-codes" aria-label="Recovery codes">{codes}</ul>
            <p>"Keep them where you can get at them without this device. Each signs you in once in the place of a second factor."</p>
        </div>
    }
}

/// New links in full, with one copy button and a file for all of them. The browser asks before the page is left.
#[component]
pub fn LinksOnce(
    /// What they are: "2 reconnect links".
    #[prop(into)]
    label: String,
    /// Whom each is for, and the link.
    links: Vec<(String, String)>,
    /// The same as a file of comma-separated values.
    #[prop(into)]
    csv: String,
    /// The file's name.
    #[prop(into)]
    file: String,
    /// What they can be used for: one sentence.
    #[prop(into)]
    hint: String,
) -> impl IntoView {
    ask_before_leaving();
    let encoded = percent_encoding::utf8_percent_encode(&csv, percent_encoding::NON_ALPHANUMERIC);
    let href = format!("data:text/csv;charset=utf-8,{encoded}");
    let links = links.into_iter().map(|(name, link)| view! { <li><span>{name}</span><code>{link}</code></li> });
    view! {
        <div class="secret-once" role="status">
            <p>
                <Icon of=Glyph::Warning/><strong>{label.clone()}</strong>"You will not see them again."
                <CopyButton label=format!("Copy {label}") text=csv/>
            </p>
            <ul class="links-once" tabindex="0" aria-label=label>{links.collect_view()}</ul>
            <p>{hint}</p>
            <p><a class="button" data-look="plain" href=href download=file>"Download CSV"</a></p>
        </div>
    }
}

fn ask_before_leaving() {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::beforeunload, |event| event.prevent_default());
        on_cleanup(move || listener.remove());
    });
}
