//! A page for every way it can go wrong: what happened, and what to do.

use super::page::Page;
use crate::layers::request_log::RequestId;
use crate::problem::log_failure;
use crate::state::State;
use app::components::{Banner, Tone};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use vault::{Ended, LinkPage, VaultError};

/// A link that leads no further.
pub(super) fn link(state: &State, page: &LinkPage) -> Response {
    match page {
        LinkPage::Unknown => plain(
            state,
            StatusCode::NOT_FOUND,
            "This link is not known",
            "It may be incomplete: open it once more from where you got it, or ask the application for a new one.",
        ),
        LinkPage::Expired => plain(
            state,
            StatusCode::GONE,
            "This link has expired",
            "Links like this work for a short time only. Go back to the application and start again.",
        ),
        LinkPage::Finished => plain(
            state,
            StatusCode::GONE,
            "This link was used already",
            "Each link works once. If something is still missing, go back to the application and start again.",
        ),
        LinkPage::Paused => plain(
            state,
            StatusCode::SERVICE_UNAVAILABLE,
            "Connecting is paused",
            "This service is being moved or restored. Nothing is lost: open this link again in a while.",
        ),
        LinkPage::StartedElsewhere | LinkPage::Offer(_) => plain(
            state,
            StatusCode::CONFLICT,
            "Already started elsewhere",
            "Somebody pressed Continue in another browser. Go on there. If that was not you, tell the application, and \
             start again from it.",
        ),
    }
}

/// A callback that belongs to no session here.
pub(super) fn ended(state: &State, ended: Ended) -> Response {
    match ended {
        Ended::BeganAtProvider { application_name, provider_name } => {
            began_at_provider(state, application_name, provider_name)
        }
        Ended::OtherBrowser => plain(
            state,
            StatusCode::FORBIDDEN,
            "This was started in another browser",
            "Nothing is connected. Go back to the browser in which you pressed Continue, or start again from the \
             application in this one.",
        ),
        Ended::Empty => plain(
            state,
            StatusCode::BAD_REQUEST,
            "The provider sent nothing back",
            "There was neither a permission nor an error in its answer, so nothing is connected. Start again from the \
             application.",
        ),
        Ended::StateUnknown | Ended::Session(_) => plain(
            state,
            StatusCode::BAD_REQUEST,
            "This answer was not expected",
            "It belongs to no connection that was started here, or to one that is long over. Nothing is connected. Start \
             again from the application.",
        ),
    }
}

/// Another browser's page, or nobody's.
pub(super) fn not_this_browser(state: &State) -> Response {
    plain(
        state,
        StatusCode::NOT_FOUND,
        "Nothing to see in this browser",
        "Only the browser that pressed Continue sees how it went. Cookies may be off or deleted: then start again from the \
         application.",
    )
}

/// A cookie could not be made.
pub(super) fn no_browser(state: &State) -> Response {
    plain(state, StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here", "Try again in a moment.")
}

/// What the vault refused or failed at.
pub(super) fn failure(state: &State, error: VaultError, request: &RequestId) -> Response {
    match error {
        VaultError::Invalid(invalid) => {
            plain(state, StatusCode::UNPROCESSABLE_ENTITY, "That is not on offer", &invalid.summary)
        }
        VaultError::ProviderConfigDisabled | VaultError::NotFound => plain(
            state,
            StatusCode::CONFLICT,
            "Not possible at the moment",
            "The application has switched this provider off. Go back to it and try again later.",
        ),
        error => {
            log_failure(&error);
            let page = Page::new(StatusCode::INTERNAL_SERVER_ERROR, "", "Something went wrong here");
            let id = request.0.clone();
            page.show(state, move || {
                view! {
                    <p>"Nothing is connected. Try again in a moment; if it goes on, tell the application this id:"</p>
                    <p><code>{id}</code></p>
                }
            })
        }
    }
}

/// An install that began at the provider, with a code that nobody asked for.
fn began_at_provider(state: &State, application: String, provider: String) -> Response {
    let title = format!("Start from {application}");
    let page = Page::new(StatusCode::OK, &application, title);
    page.show(state, move || {
        let said = format!("You added {application} at {provider}, but {application} does not know yet for whom.");
        view! {
            <Banner tone=Tone::Accent>{said}</Banner>
            <p>"Nothing is connected so far. Sign in to "<strong>{application}</strong>" and connect "{provider}" from there: \
               only so does it know that this account is yours."</p>
        }
    })
}

fn plain(state: &State, status: StatusCode, title: &str, text: &str) -> Response {
    let text = text.to_owned();
    Page::new(status, "", title).show(state, move || view! { <p>{text}</p> })
}
