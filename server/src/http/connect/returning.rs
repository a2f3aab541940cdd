//! The end of a session: back to the application, by redirect, by message to the opener, or by hand.

use super::failures;
use super::page::{Page, see_other};
use super::visit::Visit;
use super::words::Words;
use app::components::{Banner, LinkButton, Look, Tone};
use app::document::Script;
use axum::response::Response;
use leptos::prelude::*;
use model::connect_sessions::{ConnectSessionStatus, ResultStatus};
use model::ids::ConnectSessionId;
use serde_json::json;
use vault::{Offer, ResultPage, Returning};

/// Posts the outcome to the page that opened the popup, at exactly the origin that the backend named.
const SCRIPT: &str = include_str!("returning.js");

/// Ends the visit.
pub(super) fn respond(visit: &Visit, id: ConnectSessionId, result: ResultPage) -> Response {
    match (&result.returning.origin, &result.returning.url) {
        (Some(_), _) => popup(visit, id, result),
        (None, Some(url)) => see_other(url),
        (None, None) => by_hand(visit, result),
    }
}

/// A page that tells its opener and closes; without an opener it goes on, and without scripts it shows where.
fn popup(visit: &Visit, id: ConnectSessionId, result: ResultPage) -> Response {
    let Ok(nonce) = vault::new_browser() else { return by_hand(visit, result) };
    let Returning { url, origin, status, code } = result.returning;
    let mut message = json!({ "type": "keybearer:connect", "connect_session": id, "status": status });
    if let (Some(code), Some(members)) = (code, message.as_object_mut()) {
        members.insert("code".to_owned(), code.into());
    }
    let script = Script { nonce: nonce.expose().clone(), source: SCRIPT };
    let application = result.offer.application_name.clone();
    let title = title(visit.words, &result.offer, result.status);
    let page = Page { script: Some(script), ..Page::of(&application, &result.offer.branding, title) };
    let (message, said) = (message.to_string(), said(visit.words, &result.offer, result.status));
    let words = visit.words;
    page.show(visit, move || {
        view! {
            <div id="returning" data-origin=origin data-message=message data-url=url.clone()></div>
            {said}
            {way_back(words, &application, url)}
        }
    })
}

fn by_hand(visit: &Visit, result: ResultPage) -> Response {
    let application = result.offer.application_name.clone();
    let words = visit.words;
    let page = Page::of(&application, &result.offer.branding, title(words, &result.offer, result.status));
    let said = said(words, &result.offer, result.status);
    page.show(visit, move || view! { {said}{way_back(words, &application, result.returning.url)} })
}

fn way_back(words: Words, application: &str, url: Option<String>) -> impl IntoView + use<> {
    let values = [("application", application)];
    match url {
        Some(url) => {
            let label = words.with("back", &values);
            view! { <LinkButton href=url look=Look::Primary>{label}</LinkButton> }.into_any()
        }
        None => view! { <p>{words.rich("close", &["application"], &values)}</p> }.into_any(),
    }
}

fn title(words: Words, offer: &Offer, status: ConnectSessionStatus) -> String {
    let good = status != ConnectSessionStatus::Failed;
    match (offer.providers.as_slice(), good) {
        ([only], true) => words.with("good", &[("provider", &only.provider.name)]),
        ([only], false) => words.with("bad", &[("provider", &only.provider.name)]),
        (_, true) => words.text("good-several"),
        (_, false) => words.text("bad-several"),
    }
}

/// What became of each provider, in the provider's words where there are any.
fn said(words: Words, offer: &Offer, status: ConnectSessionStatus) -> AnyView {
    let failures = offer.providers.iter().filter_map(|offered| {
        let result = offered.result.as_ref().filter(|r| r.status == ResultStatus::Failed)?;
        let name = offered.provider.name.clone();
        Some((failures::in_words(words, &name, result.error.as_ref()?), name))
    });
    let failures: Vec<_> = failures.collect();
    let failed = failures
        .into_iter()
        .map(|(why, name)| view! { <Banner tone=Tone::Bad><strong>{name}</strong>": "{why}</Banner> })
        .collect_view();
    let values = [("application", offer.application_name.as_str())];
    let sentence = match status {
        ConnectSessionStatus::Failed => words.with("again", &values),
        ConnectSessionStatus::AwaitingConfirmation => words.with("confirms", &values),
        _ => words.with("usable", &values),
    };
    view! { {failed}<p>{sentence}</p> }.into_any()
}
