//! `/connect/result/{cs}`: what the browser that made a trip sees after it.

use super::browser::Browser;
use super::link::field;
use super::page::{Page, see_other};
use super::visit::Visit;
use super::{offer, problems, returning};
use app::components::{Button, Look};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use leptos::prelude::*;
use model::connect_sessions::{ConnectSessionStatus, ResultStatus};
use model::ids::ConnectSessionId;
use model::paths;
use vault::{Begun, LinkPage, ResultPage};

/// Shows what is connected and what can follow, or goes back to the application.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let (Ok(id), Some(browser)) = (id.parse::<ConnectSessionId>(), Browser::of(&visit.state, &headers)) else {
        return problems::not_this_browser(&visit);
    };
    match visit.state.vault.result_page(id, browser.value()).await {
        Ok(Some(result)) => match result.status {
            ConnectSessionStatus::Open => more(&visit, result),
            ConnectSessionStatus::Expired => problems::link(&visit.of_session(id, &browser).await, &LinkPage::Expired),
            _ => returning::respond(&visit, id, result),
        },
        Ok(None) => problems::not_this_browser(&visit),
        Err(error) => problems::failure(&visit.of_session(id, &browser).await, error),
    }
}

/// Goes on with another provider, or ends the session.
pub(crate) async fn go_on(visit: Visit, Path(id): Path<String>, headers: HeaderMap, form: Bytes) -> Response {
    let (Ok(id), Some(browser)) = (id.parse::<ConnectSessionId>(), Browser::of(&visit.state, &headers)) else {
        return problems::not_this_browser(&visit);
    };
    let begun = match field(&form, "done") {
        Some(_) => visit.state.vault.finish_session(id, browser.value()).await.map(|_| Begun::Choose),
        None => visit.state.vault.begin_again(id, browser.value(), field(&form, "provider").as_deref()).await,
    };
    match begun {
        Ok(Begun::GoTo(address)) => see_other(&address),
        Ok(Begun::Choose) => see_other(&paths::connect_result(id)),
        // Whatever it is, this browser's own page says it best.
        Ok(Begun::Stopped(LinkPage::Finished)) => see_other(&paths::connect_result(id)),
        Ok(Begun::Stopped(LinkPage::Unknown)) => problems::not_this_browser(&visit),
        Ok(Begun::Stopped(page)) => problems::link(&visit.of_session(id, &browser).await, &page),
        Err(error) => problems::failure(&visit.of_session(id, &browser).await, error),
    }
}

/// Some providers are left: pick the next, or be done.
fn more(visit: &Visit, result: ResultPage) -> Response {
    let offer = result.offer;
    let connected = offer.providers.iter().filter_map(|o| o.result.as_ref()).any(|r| r.status != ResultStatus::Failed);
    let words = visit.words;
    let title = if connected { words.text("more") } else { words.text("first") };
    let mut leads_to = offer::leads_to(&offer);
    leads_to.extend(result.returning.url);
    let page = Page { leads_to, ..Page::of(&offer.application_name, &offer.branding, title) };
    let (look, label) = if connected { (Look::Primary, words.text("done")) } else { (Look::Plain, words.text("stop")) };
    page.show(visit, move || {
        view! {
            {offer::choice(words, offer.providers)}
            <form method="post"><Button look name="done" value="1">{label}</Button></form>
        }
    })
}
