//! The pages with Continue: who asks for what, and the choice between several providers.

use super::failures;
use super::page::Page;
use super::visit::Visit;
use super::words::Words;
use app::components::{
    Badge, Banner, Button, ConnectPermission, ConnectPermissions, ConnectProvider, ConnectProviders, Look, Tone,
};
use axum::response::Response;
use leptos::prelude::*;
use model::applications::Environment;
use model::connect_sessions::ResultStatus;
use model::connected_accounts::EndUserView;
use vault::catalogue::{ScopeWords, Told};
use vault::{Offer, Offered};

/// The page behind a link.
pub(super) fn page(visit: &Visit, offer: Offer) -> Response {
    let (words, title) = (visit.words, title(visit.words, &offer));
    let page = Page { leads_to: leads_to(&offer), ..Page::of(&offer.application_name, &offer.branding, title) };
    let several = offer.providers.len() > 1;
    let show_choice = several && offer.begun;
    let permissions = permissions_of(words, &offer);
    page.show(visit, move || {
        view! {
            {about(words, &offer)}
            {if show_choice {
                choice(words, offer.providers).into_any()
            } else {
                start(words, offer, permissions).into_any()
            }}
        }
    })
}

/// Where the redirects after Continue lead: to a provider, and, where it remembers the consent, straight on to the
/// application. Chromium holds all of them against the page's policy.
pub(super) fn leads_to(offer: &Offer) -> Vec<String> {
    offer.authorize_origins.iter().chain(&offer.return_url).cloned().collect()
}

/// What an application under development says of itself.
pub(super) fn development(words: Words, environment: Environment) -> impl IntoView {
    (environment == Environment::Development).then(|| {
        let (word, text) = (words.text("development"), words.text("development.text"));
        view! { <p><Badge tone=Tone::Warn word/>" "{text}</p> }
    })
}

/// Name and e-mail address as the backend gave them, its own id where it gave neither.
pub(super) fn person(end_user: &EndUserView) -> String {
    match (&end_user.name, &end_user.email) {
        (Some(name), Some(email)) => format!("{name} ({email})"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => end_user.id.clone(),
    }
}

/// What scopes allow, in words where the catalogue has them, without repeating.
pub(super) fn permissions(words: Words, scopes: &[ScopeWords]) -> Vec<ConnectPermission> {
    let mut all = Vec::new();
    for scope in scopes {
        let told = match scope.told(words.code()) {
            Told::InWords(text) => ConnectPermission::InWords(text.to_owned()),
            Told::InEnglish(text) => ConnectPermission::InEnglish(text.to_owned()),
            Told::AsScope(text) => ConnectPermission::AsScope(text.to_owned()),
        };
        if !all.contains(&told) {
            all.push(told);
        }
    }
    all
}

/// What a single provider will be asked for; where there are several, each asks by itself.
fn permissions_of(words: Words, offer: &Offer) -> Vec<ConnectPermission> {
    match offer.providers.as_slice() {
        [only] => permissions(words, &only.scopes),
        _ => Vec::new(),
    }
}

/// What is asked of whom.
fn about(words: Words, offer: &Offer) -> impl IntoView + use<> {
    let person = person(&offer.end_user);
    let values = [("application", offer.application_name.as_str()), ("person", person.as_str())];
    let strong = ["application", "person"];
    if offer.tests {
        let said = words.rich("asks-test", &["application"], &[("application", offer.application_name.as_str())]);
        return view! { {development(words, offer.environment)}<p>{said}</p> }.into_any();
    }
    let said =
        if offer.renews { words.rich("asks-again", &strong, &values) } else { words.rich("asks", &strong, &values) };
    view! { {development(words, offer.environment)}<p>{said}</p> }.into_any()
}

/// Everything on offer and one Continue.
fn start(words: Words, offer: Offer, permissions: Vec<ConnectPermission>) -> impl IntoView {
    let application = [("application", offer.application_name.as_str())];
    if offer.providers.is_empty() {
        let text = words.with("nothing-offered", &application);
        return view! { <Banner tone=Tone::Warn>{text}</Banner> }.into_any();
    }
    let next = match offer.providers.as_slice() {
        [only] if offer.tests => words.with("next-test", &[("provider", only.provider.name.as_str())]),
        [only] => {
            let provider = ("provider", only.provider.name.as_str());
            words.with("next", &[provider, ("application", &offer.application_name)])
        }
        _ => words.with("next-several", &application),
    };
    let label = words.with("may", &application);
    let rows = offer.providers.into_iter().map(|offered| {
        view! { <ConnectProvider icon=offered.provider.icon name=offered.provider.name>""</ConnectProvider> }
    });
    let rows = rows.collect_view();
    view! {
        <ConnectProviders>{rows}</ConnectProviders>
        {(!permissions.is_empty()).then(|| view! { <ConnectPermissions label permissions/> })}
        <p>{next}</p>
        <form method="post"><Button look=Look::Primary>{words.text("continue")}</Button></form>
    }
    .into_any()
}

/// One button for each provider that is not connected.
pub(super) fn choice(words: Words, providers: Vec<Offered>) -> impl IntoView {
    let rows = providers.into_iter().map(move |offered| {
        let name = offered.provider.name;
        let (failed, done) = match &offered.result {
            Some(result) if result.status == ResultStatus::Failed => (result.error.as_ref(), false),
            Some(_) => (None, true),
            None => (None, false),
        };
        let why = failed.map(|error| failures::in_words(words, &name, error));
        let text = why.map(|why| words.with("not-connected", &[("why", &why)])).unwrap_or_default();
        view! {
            <ConnectProvider icon=offered.provider.icon name text>
                {if done {
                    view! { <Badge tone=Tone::Good word=words.text("connected")/> }.into_any()
                } else {
                    view! {
                        <form method="post">
                            <Button name="provider" value=offered.key>{words.text("continue")}</Button>
                        </form>
                    }
                    .into_any()
                }}
            </ConnectProvider>
        }
    });
    let rows = rows.collect_view();
    view! { <ConnectProviders>{rows}</ConnectProviders> }
}

fn title(words: Words, offer: &Offer) -> String {
    let application = ("application", offer.application_name.as_str());
    match (offer.providers.as_slice(), offer.renews) {
        ([only], false) => words.with("connect", &[("provider", &only.provider.name), application]),
        ([only], true) => words.with("reconnect", &[("provider", &only.provider.name), application]),
        (_, false) => words.with("connect-several", &[application]),
        (_, true) => words.with("reconnect-several", &[application]),
    }
}
