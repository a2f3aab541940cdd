//! A page for every way it can go wrong: what happened, and what to do.

use super::page::Page;
use super::visit::Visit;
use crate::problem::log_failure;
use app::components::{Banner, Tone};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use leptos::prelude::*;
use vault::{Ended, LinkPage, Millis, SECOND, VaultError};

/// A link that leads no further.
pub(super) fn link(visit: &Visit, page: &LinkPage) -> Response {
    let words = visit.words;
    let (status, title, text) = match page {
        LinkPage::Unknown => (StatusCode::NOT_FOUND, words.text("unknown"), words.text("unknown.text")),
        LinkPage::Expired => (StatusCode::GONE, words.text("expired"), words.text("expired.text")),
        LinkPage::Finished => (StatusCode::GONE, words.text("finished"), words.text("finished.text")),
        LinkPage::Paused => (StatusCode::SERVICE_UNAVAILABLE, words.text("paused"), words.text("paused.text")),
        LinkPage::StartedElsewhere | LinkPage::Offer(_) => {
            (StatusCode::CONFLICT, words.text("elsewhere"), words.text("elsewhere.text"))
        }
    };
    plain(visit, status, title, text)
}

/// A callback that belongs to no session here.
pub(super) fn ended(visit: &Visit, ended: Ended) -> Response {
    let words = visit.words;
    let (status, title, text) = match ended {
        Ended::BeganAtProvider { application_name, provider_name } => {
            return began_at_provider(visit, &application_name, &provider_name);
        }
        Ended::OtherBrowser => (StatusCode::FORBIDDEN, words.text("other-browser"), words.text("other-browser.text")),
        Ended::Empty => (StatusCode::BAD_REQUEST, words.text("empty"), words.text("empty.text")),
        Ended::StateUnknown | Ended::Session(_) => {
            (StatusCode::BAD_REQUEST, words.text("unexpected"), words.text("unexpected.text"))
        }
    };
    plain(visit, status, title, text)
}

/// Another browser's page, or nobody's.
pub(super) fn not_this_browser(visit: &Visit) -> Response {
    plain(visit, StatusCode::NOT_FOUND, visit.words.text("not-here"), visit.words.text("not-here.text"))
}

/// A cookie could not be made.
pub(super) fn no_browser(visit: &Visit) -> Response {
    plain(visit, StatusCode::INTERNAL_SERVER_ERROR, visit.words.text("broken"), visit.words.text("broken.text"))
}

/// Tried too often; `wait` says how long to wait.
pub(super) fn too_often(visit: &Visit, wait: Millis) -> Response {
    let (title, text) = (visit.words.text("too-often"), visit.words.text("too-often.text"));
    let mut response = plain(visit, StatusCode::TOO_MANY_REQUESTS, title, text);
    let seconds = (wait + SECOND - 1).max(SECOND) / SECOND;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// What the vault refused or failed at.
pub(super) fn failure(visit: &Visit, error: VaultError) -> Response {
    let words = visit.words;
    let (status, title, text) = match error {
        VaultError::Invalid(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, words.text("not-offered"), words.text("not-offered.text"))
        }
        VaultError::ProviderConfigDisabled | VaultError::NotFound | VaultError::Revoked => {
            (StatusCode::CONFLICT, words.text("switched-off"), words.text("switched-off.text"))
        }
        VaultError::TooManyAttempts { retry_after } => return too_often(visit, retry_after),
        error => {
            log_failure(&error);
            return broken(visit);
        }
    };
    plain(visit, status, title, text)
}

/// Our own failure, with the id under which the log knows more.
fn broken(visit: &Visit) -> Response {
    let page = Page::of_problem(visit, StatusCode::INTERNAL_SERVER_ERROR, visit.words.text("broken"));
    let (text, id) = (visit.words.text("broken.request"), visit.request_id.clone());
    page.show(visit, move || view! { <p>{text}</p><p><code>{id}</code></p> })
}

/// An install that began at the provider, with a code that nobody asked for.
fn began_at_provider(visit: &Visit, application: &str, provider: &str) -> Response {
    let words = visit.words;
    let values = [("application", application), ("provider", provider)];
    let title = words.with("began", &[("application", application)]);
    let page = Page { application: application.to_owned(), ..Page::of_problem(visit, StatusCode::OK, title) };
    let said = words.with("began.said", &values);
    let text = words.rich("began.text", &["application"], &values);
    page.show(visit, move || view! { <Banner tone=Tone::Accent>{said}</Banner><p>{text}</p> })
}

fn plain(visit: &Visit, status: StatusCode, title: String, text: String) -> Response {
    Page::of_problem(visit, status, title).show(visit, move || view! { <p>{text}</p> })
}
