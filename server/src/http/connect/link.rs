//! `/connect/{link}`: who asks for what, and Continue.

use super::browser::Browser;
use super::page::see_other;
use super::{offer, problems};
use crate::layers::request_log::RequestId;
use crate::state::State;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State as From};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use model::paths;
use vault::{Begun, LinkPage};

/// Shows the link. Looking changes nothing and may be repeated; link previews bind nothing.
pub(crate) async fn show(
    From(state): From<State>,
    Path(link): Path<String>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
) -> Response {
    let browser = Browser::of(&state, &headers);
    match state.vault.link_page(&link, browser.as_ref().map(Browser::value)).await {
        Ok(LinkPage::Offer(offer)) => offer::page(&state, *offer),
        Ok(other) => problems::link(&state, &other),
        Err(error) => problems::failure(&state, error, &request),
    }
}

/// Continue: binds the session to this browser, and sends it to the provider or to the choice of providers.
pub(crate) async fn begin(
    From(state): From<State>,
    Path(link): Path<String>,
    Extension(request): Extension<RequestId>,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    let Some(browser) = Browser::of_or_new(&state, &headers) else { return problems::no_browser(&state) };
    let provider = field(&form, "provider");
    let mut response = match state.vault.begin(&link, browser.value(), provider.as_deref()).await {
        Ok(Begun::GoTo(address)) => see_other(&address),
        Ok(Begun::Choose) => see_other(&paths::connect(&link)),
        Ok(Begun::Stopped(page)) => return problems::link(&state, &page),
        Err(error) => return problems::failure(&state, error, &request),
    };
    if let Some(cookie) = browser.cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A field of a form, unless it is empty.
pub(super) fn field(form: &[u8], name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(form);
    fields.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
}
