//! What the provider's notices need: where they go, and the secret that they are signed with.

use crate::components::{Checkbox, CopyField, SecretField};
use leptos::prelude::*;
use model::providers::EventsWords;

/// The address for the provider's notices, the webhook secret under the provider's own word, and a way to forget it.
#[component]
pub(super) fn Events(name: String, words: EventsWords, url: Signal<String>, stored: bool) -> impl IntoView {
    let EventsWords { url_label, secret_label } = words;
    let hint = if stored {
        "Stored. Leave empty to keep it.".to_owned()
    } else {
        format!("{name} signs its notices with it; without it they are refused.")
    };
    let forget = stored.then(|| {
        view! {
            <Checkbox name="remove_webhook_secret" label=format!("Remove the stored {secret_label}")
                hint="Removals at the provider are then noticed at the next refresh only."/>
        }
    });
    view! {
        <SecretField name="webhook_secret" label=secret_label.clone() hint optional=true/>
        {forget}
        {move || view! {
            <CopyField id="provider-events-url" label="Provider events URL" copy="Copy provider events URL" value=url.get()
                hint=format!("Paste it at {name} as {url_label}. {name} says there when somebody removes the app.")/>
        }}
    }
}
