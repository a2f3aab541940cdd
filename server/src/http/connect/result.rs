//! `/connect/result/{cs}`: what the browser that made a trip sees after it.

use super::browser::Browser;
use super::link::field;
use super::page::{Page, see_other};
use super::{offer, problems, returning};
use crate::layers::request_log::RequestId;
use crate::state::State;
use app::components::{Button, Look};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State as From};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use model::connect_sessions::{ConnectSessionStatus, ResultStatus};
use model::ids::ConnectSessionId;
use model::paths;
use vault::{Begun, LinkPage, ResultPage};

/// Shows what is connected and what can follow, or goes back to the application.
pub(crate) async fn show(
    From(state): From<State>,
    Path(id): Path<String>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
) -> Response {
    let (Ok(id), Some(browser)) = (id.parse::<ConnectSessionId>(), Browser::of(&state, &headers)) else {
        return problems::not_this_browser(&state);
    };
    match state.vault.result_page(id, browser.value()).await {
        Ok(Some(result)) => match result.status {
            ConnectSessionStatus::Open => more(&state, result),
            ConnectSessionStatus::Expired => problems::link(&state, &LinkPage::Expired),
            _ => returning::respond(&state, id, result),
        },
        Ok(None) => problems::not_this_browser(&state),
        Err(error) => problems::failure(&state, error, &request),
    }
}

/// Goes on with another provider, or ends the session.
pub(crate) async fn go_on(
    From(state): From<State>,
    Path(id): Path<String>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    let (Ok(id), Some(browser)) = (id.parse::<ConnectSessionId>(), Browser::of(&state, &headers)) else {
        return problems::not_this_browser(&state);
    };
    let begun = match field(&form, "done") {
        Some(_) => state.vault.finish_session(id, browser.value()).await.map(|_| Begun::Choose),
        None => state.vault.begin_again(id, browser.value(), field(&form, "provider").as_deref()).await,
    };
    match begun {
        Ok(Begun::GoTo(address)) => see_other(&address),
        Ok(Begun::Choose) => see_other(&paths::connect_result(id)),
        // Whatever it is, this browser's own page says it best.
        Ok(Begun::Stopped(LinkPage::Finished)) => see_other(&paths::connect_result(id)),
        Ok(Begun::Stopped(LinkPage::Unknown)) => problems::not_this_browser(&state),
        Ok(Begun::Stopped(page)) => problems::link(&state, &page),
        Err(error) => problems::failure(&state, error, &request),
    }
}

/// Some providers are left: pick the next, or be done.
fn more(state: &State, result: ResultPage) -> Response {
    let offer = result.offer;
    let connected = offer.providers.iter().filter_map(|o| o.result.as_ref()).any(|r| r.status != ResultStatus::Failed);
    let title = if connected { "Connect more, or be done" } else { "Connect your accounts" };
    let mut leads_to = offer::leads_to(&offer);
    leads_to.extend(result.returning.url);
    let page = Page { leads_to, ..Page::new(StatusCode::OK, &offer.application_name, title) };
    let (look, label) = if connected { (Look::Primary, "Done") } else { (Look::Plain, "Stop here") };
    page.show(state, move || {
        view! {
            {offer::choice(offer.providers)}
            <form method="post"><Button look name="done" value="1">{label}</Button></form>
        }
    })
}
