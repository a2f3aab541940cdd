//! The pages with Continue: who asks for what, and the choice between several providers.

use super::page::Page;
use crate::state::State;
use app::components::{Badge, Banner, Button, ConnectProvider, ConnectProviders, Look, Tone};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use model::applications::Environment;
use model::connect_sessions::ResultStatus;
use vault::{Offer, Offered};

/// The page behind a link.
pub(super) fn page(state: &State, offer: Offer) -> Response {
    let title = title(&offer);
    let page = Page { leads_to: leads_to(&offer), ..Page::new(StatusCode::OK, &offer.application_name, title) };
    let several = offer.providers.len() > 1;
    let show_choice = several && offer.begun;
    page.show(state, move || {
        view! {
            {about(&offer)}
            {if show_choice { choice(offer.providers).into_any() } else { start(offer).into_any() }}
        }
    })
}

/// Where the redirects after Continue lead: to a provider, and, where it remembers the consent, straight on to the
/// application. Chromium holds all of them against the page's policy.
pub(super) fn leads_to(offer: &Offer) -> Vec<String> {
    offer.authorize_origins.iter().chain(&offer.return_url).cloned().collect()
}

/// What is asked of whom.
fn about(offer: &Offer) -> impl IntoView + use<> {
    let person = offer.end_user.name.as_ref().or(offer.end_user.email.as_ref()).unwrap_or(&offer.end_user.id).clone();
    let email = offer.end_user.email.clone().filter(|email| *email != person).map(|email| format!(" ({email})"));
    let verb = if offer.renews { " asks to renew a connection of " } else { " asks to connect an account of " };
    let application = offer.application_name.clone();
    let for_tests = (offer.environment == Environment::Development).then(|| {
        view! { <p><Badge tone=Tone::Warn word="Development"/>" This application is under development: for tests only."</p> }
    });
    view! {
        {for_tests}
        <p><strong>{application}</strong>{verb}<strong>{person}</strong>{email}". If that is not you, close this page."</p>
    }
}

/// Everything on offer and one Continue.
fn start(offer: Offer) -> impl IntoView {
    if offer.providers.is_empty() {
        let text = format!("{} offers no provider at the moment. Go back and try again later.", offer.application_name);
        return view! { <Banner tone=Tone::Warn>{text}</Banner> }.into_any();
    }
    let (next, at) = match offer.providers.as_slice() {
        [only] => {
            let name = only.provider.name.as_str();
            (format!("{name} opens next: sign in there and allow the access."), name)
        }
        _ => ("Next you choose where to begin, sign in there and allow the access.".to_owned(), "the provider"),
    };
    let kept = format!(
        "Keybearer then keeps the tokens for {}, until you end the access there or at {at}.",
        offer.application_name
    );
    let rows = offer.providers.into_iter().map(|offered| {
        let provider = offered.provider;
        view! { <ConnectProvider icon=provider.icon name=provider.name text=provider.description>""</ConnectProvider> }
    });
    let rows = rows.collect_view();
    view! {
        <ConnectProviders>{rows}</ConnectProviders>
        <p>{next}" "{kept}</p>
        <form method="post"><Button look=Look::Primary>"Continue"</Button></form>
    }
    .into_any()
}

/// One button for each provider that is not connected.
pub(super) fn choice(providers: Vec<Offered>) -> impl IntoView {
    let rows = providers.into_iter().map(|offered| {
        let (failed, done) = match &offered.result {
            Some(result) if result.status == ResultStatus::Failed => (result.error.clone(), false),
            Some(_) => (None, true),
            None => (None, false),
        };
        let text = failed.map_or(offered.provider.description, |error| format!("Not connected: {}", error.detail));
        view! {
            <ConnectProvider icon=offered.provider.icon name=offered.provider.name text>
                {if done {
                    view! { <Badge tone=Tone::Good word="Connected"/> }.into_any()
                } else {
                    view! {
                        <form method="post"><Button name="provider" value=offered.key>"Continue"</Button></form>
                    }
                    .into_any()
                }}
            </ConnectProvider>
        }
    });
    let rows = rows.collect_view();
    view! { <ConnectProviders>{rows}</ConnectProviders> }
}

fn title(offer: &Offer) -> String {
    let verb = if offer.renews { "Reconnect" } else { "Connect" };
    match offer.providers.as_slice() {
        [only] => format!("{verb} {} to {}", only.provider.name, offer.application_name),
        _ => format!("{verb} your accounts to {}", offer.application_name),
    }
}
