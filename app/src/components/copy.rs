//! Text to copy: beside an id, or as a labelled read-only field.

use crate::clipboard;
use crate::icons::{Glyph, Icon};
use leptos::prelude::*;
use std::time::Duration;

/// How long "Copied" stays.
const SAID_FOR: Duration = Duration::from_secs(2);

/// An icon button that copies `text`. It shows only once the page is hydrated; until then the text can be selected.
#[component]
pub fn CopyButton(
    /// Its name: "Copy redirect URI".
    #[prop(into)]
    label: String,
    /// What is copied.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        clipboard::copy(&text);
        copied.set(true);
        set_timeout(move || _ = copied.try_set(false), SAID_FOR);
    };
    view! {
        <span class="copy-button">
            <button type="button" title=label.clone() on:click=copy data-done=move || copied.get().then_some("true")>
                // Text, not an aria-label: "Redirect URI" then names the field alone.
                <span class="visually-hidden">{label.clone()}</span>
                <Icon of=Glyph::Copy/>
                <Icon of=Glyph::Check/>
            </button>
            <span class="copy-said" role="status">{move || copied.get().then_some("Copied")}</span>
        </span>
    }
}

/// An id, URL or key in the text, with its copy button.
#[component]
pub fn Copy(
    /// The button's name: "Copy application id".
    #[prop(into)]
    label: String,
    /// What is shown and copied.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class="copy"><code>{text.clone()}</code><CopyButton label text/></span> }
}

/// A labelled read-only field with a copy button: "Redirect URI" with "Copy redirect URI".
#[component]
pub fn CopyField(
    /// The visible label.
    #[prop(into)]
    label: String,
    /// What is shown and copied.
    #[prop(into)]
    value: String,
    /// The button's name: "Copy redirect URI".
    #[prop(into)]
    copy: String,
    /// The input's id, unique on the page.
    #[prop(into)]
    id: String,
    /// What to do with it.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="copy-field">
                <input id=id type="text" readonly value=value.clone() aria-describedby=described spellcheck="false"/>
                <CopyButton label=copy text=value/>
            </div>
            {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}
