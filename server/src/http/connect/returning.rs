//! The end of a session: back to the application, by redirect, by message to the opener, or by hand.

use super::page::{Page, see_other};
use crate::state::State;
use app::components::{Banner, LinkButton, Look, Tone};
use app::document::Script;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use model::connect_sessions::{ConnectSessionStatus, ResultStatus};
use model::ids::ConnectSessionId;
use serde_json::json;
use vault::{Offer, ResultPage, Returning};

/// Posts the outcome to the page that opened the popup, at exactly the origin that the backend named.
const SCRIPT: &str = include_str!("returning.js");

/// Ends the visit.
pub(super) fn respond(state: &State, id: ConnectSessionId, result: ResultPage) -> Response {
    match (&result.returning.origin, &result.returning.url) {
        (Some(_), _) => popup(state, id, result),
        (None, Some(url)) => see_other(url),
        (None, None) => by_hand(state, result),
    }
}

/// A page that tells its opener and closes; without an opener it goes on, and without scripts it shows where.
fn popup(state: &State, id: ConnectSessionId, result: ResultPage) -> Response {
    let Ok(nonce) = vault::new_browser() else { return by_hand(state, result) };
    let Returning { url, origin, status, code } = result.returning;
    let mut message = json!({ "type": "keybearer:connect", "connect_session": id, "status": status });
    if let (Some(code), Some(members)) = (code, message.as_object_mut()) {
        members.insert("code".to_owned(), code.into());
    }
    let script = Script { nonce: nonce.expose().clone(), source: SCRIPT };
    let application = result.offer.application_name.clone();
    let page =
        Page { script: Some(script), ..Page::new(StatusCode::OK, &application, title(&result.offer, result.status)) };
    let (message, words) = (message.to_string(), words(&result.offer, result.status));
    page.show(state, move || {
        view! {
            <div id="returning" data-origin=origin data-message=message data-url=url.clone()></div>
            {words}
            {way_back(application, url)}
        }
    })
}

fn by_hand(state: &State, result: ResultPage) -> Response {
    let application = result.offer.application_name.clone();
    let page = Page::new(StatusCode::OK, &application, title(&result.offer, result.status));
    let words = words(&result.offer, result.status);
    page.show(state, move || view! { {words}{way_back(application, result.returning.url)} })
}

fn way_back(application: String, url: Option<String>) -> impl IntoView {
    match url {
        Some(url) => view! { <LinkButton href=url look=Look::Primary>"Back to "{application}</LinkButton> }.into_any(),
        None => {
            view! { <p>"You can close this window and go back to "<strong>{application}</strong>"."</p> }.into_any()
        }
    }
}

fn title(offer: &Offer, status: ConnectSessionStatus) -> String {
    let good = status != ConnectSessionStatus::Failed;
    match (offer.providers.as_slice(), good) {
        ([only], true) => format!("{} is connected", only.provider.name),
        ([only], false) => format!("{} is not connected", only.provider.name),
        (_, true) => "Your accounts are connected".to_owned(),
        (_, false) => "Nothing is connected".to_owned(),
    }
}

/// What became of each provider, in the provider's words where there are any.
fn words(offer: &Offer, status: ConnectSessionStatus) -> AnyView {
    let application = offer.application_name.clone();
    let failures = offer.providers.iter().filter_map(|offered| {
        let result = offered.result.as_ref().filter(|r| r.status == ResultStatus::Failed)?;
        Some((offered.provider.name.clone(), result.error.clone()?.detail))
    });
    let failures: Vec<_> = failures.collect();
    let failed = failures
        .into_iter()
        .map(|(name, detail)| view! { <Banner tone=Tone::Bad><strong>{name}</strong>": "{detail}</Banner> })
        .collect_view();
    let sentence = match status {
        ConnectSessionStatus::Failed => format!("To try again, start from {application} once more."),
        ConnectSessionStatus::AwaitingConfirmation => {
            format!("{application} finishes this as soon as you are back there.")
        }
        _ => format!("{application} can use the connection now. You can end it at any time, there or at the provider."),
    };
    view! { {failed}<p>{sentence}</p> }.into_any()
}
