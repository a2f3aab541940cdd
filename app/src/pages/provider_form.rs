//! The form for a provider's credentials, new or stored.

mod events;
mod hints;

use crate::api::provider_configs::{SaveProviderConfig, SetUp};
use crate::components::{Banner, Button, CopyField, Field, SecretField, TextArea, Tone};
use crate::form::{Form, FormContext, Hidden};
use events::Events;
use hints::Typed;
use leptos::ev::Event;
use leptos::prelude::*;
use model::ids::ApplicationId;
use model::provider_configs::counted;
use model::provider_health::ClientView;
use model::providers::ProviderView;
use web_sys::{HtmlInputElement, wasm_bindgen::JsCast};

/// Redirect URI, Client ID, Client Secret, scopes, what notices need, and for a new one its key.
#[component]
pub(super) fn ProviderForm(
    save: ServerAction<SaveProviderConfig>,
    app: ApplicationId,
    of: SetUp,
    #[prop(optional, into)] cancel: String,
) -> impl IntoView {
    let SetUp { provider, redirect_uri, events_url, key, taken, config, detail, .. } = of;
    let stays = detail.and_then(|detail| staying(&detail.clients)).unwrap_or_default();
    let new = config.is_none();
    let stored = config.as_ref().map(|config| config.client_secret_ends.clone()).unwrap_or_default();
    // Of a short secret not even the end is known.
    let keep = if !new && stored.is_empty() { "Stored. Leave empty to keep it." } else { "" };
    let client_id = config.as_ref().map(|config| config.client_id.clone()).unwrap_or_default();
    let hears = config.as_ref().is_some_and(|config| config.webhook_secret_stored);
    let scopes = config.map(|config| config.scopes.join("\n")).unwrap_or_default();
    let (slug, name) = (provider.summary.slug.clone(), provider.summary.name.clone());
    let typed = RwSignal::new(Typed { client_id: client_id.clone(), ..Typed::default() });
    let typed_key = RwSignal::new(key.clone());
    let note = move |event: Event| note(&event, typed, typed_key);
    let follows_key = |address: String| {
        let (slug, parts) = (slug.clone(), Address::new(&address, if key.is_empty() { &slug } else { &key }));
        Signal::derive(move || if new { parts.of(&typed_key.get(), &slug) } else { address.clone() })
    };
    let uri = follows_key(redirect_uri);
    let events = events_url.zip(provider.events.clone()).map(|(url, words)| {
        let (url, name) = (follows_key(url), name.clone());
        view! { <Events name words url stored=hears/> }
    });
    let own_key = new.then(|| view! { <OwnKey key open=taken name=name.clone()/> });
    let kept = (!new).then(|| view! { <Hidden name="key" value=key_of(&slug, &typed_key.get_untracked())/> });
    view! {
        <Form action=save submit="Save" cancel also=SaveAnyway>
            <Hidden name="app" value=app.to_string()/>
            <Hidden name="provider" value=slug/>
            {new.then(|| view! { <Hidden name="new" value="on"/> })}
            {kept}
            {move || view! {
                <CopyField id="redirect-uri" label="Redirect URI" copy="Copy redirect URI" value=uri.get()
                    hint=format!("Paste it at {name}, exactly as it stands here.")/>
            }}
            <div class="stack" on:input=note>
                <Field name="client_id" label="Client ID" value=client_id mono=true hint=stays/>
                <SecretField name="client_secret" label="Client Secret" stored hint=keep/>
                <Hints provider typed=typed.into()/>
                <TextArea name="scopes" label="Scopes you expect" value=scopes mono=true optional=true rows=3
                    hint="One a line. Keybearer tells you when an end user grants less."/>
                {events}
                {own_key}
            </div>
        </Form>
    }
}

/// What looks odd while it is typed. What the server has said already is not said twice.
#[component]
fn Hints(provider: ProviderView, typed: Signal<Typed>) -> impl IntoView {
    let error = use_context::<FormContext>().map(|form| form.error);
    let said = move || error.and_then(|error| error.get()).is_some_and(|error| !error.notes.is_empty());
    let hints = move || {
        let hints = if said() { Vec::new() } else { hints::of(&provider, &typed.get()) };
        hints.into_iter().map(|hint| view! { <Banner tone=Tone::Warn>{hint}</Banner> }).collect_view()
    };
    view! { <div class="hints" role="status">{hints}</div> }
}

/// Another set-up of the same provider beside the first one.
#[component]
fn OwnKey(key: String, open: bool, name: String) -> impl IntoView {
    let open = open || !key.is_empty();
    view! {
        <details class="disclosure" open=open>
            <summary>"Another set-up of the same provider"</summary>
            <Field name="key" label="Key" value=key mono=true optional=true
                hint=format!("Tells a second {name} from the first: small letters, digits and dashes. The redirect URI ends in it.")/>
        </details>
    }
}

/// The second button after the provider refused the credentials. It stands after Save, which Enter presses.
#[component]
fn SaveAnyway() -> impl IntoView {
    let error = use_context::<FormContext>().map(|form| form.error);
    move || {
        let held = error?.get()?.carried.into_iter().find(|(name, _)| name == "held_secret")?.1;
        Some(view! {
            <Hidden name="held_secret" value=held/>
            <Button name="save_anyway" value="1">"Save anyway"</Button>
        })
    }
}

fn note(event: &Event, typed: RwSignal<Typed>, key: RwSignal<String>) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    match input.name().as_str() {
        "client_id" => typed.update(|typed| typed.client_id = input.value()),
        "client_secret" => typed.update(|typed| typed.client_secret = input.value()),
        "key" => key.set(input.value()),
        _ => {}
    }
}

/// What becomes of those who are connected, when another Client ID is saved.
fn staying(clients: &[ClientView]) -> Option<String> {
    let current = clients.iter().find(|client| client.is_current && client.authorizations > 0)?;
    let stay = match current.authorizations {
        1 => "1 account on this one stays with it and works".to_owned(),
        many => format!("{} accounts on this one stay with it and work", counted(many)),
    };
    Some(format!("If you save another Client ID, {stay} for as long as its secret does."))
}

fn key_of(slug: &str, key: &str) -> String {
    if key.is_empty() { slug.to_owned() } else { key.to_owned() }
}

/// An address that ends in the key, for each key that is typed.
#[derive(Clone)]
struct Address {
    before_key: String,
}

impl Address {
    fn new(address: &str, key: &str) -> Self {
        Self { before_key: address.strip_suffix(key).unwrap_or(address).to_owned() }
    }

    fn of(&self, typed: &str, slug: &str) -> String {
        let key: String =
            typed.trim().chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').collect();
        format!("{}{}", self.before_key, key_of(slug, &key))
    }
}
