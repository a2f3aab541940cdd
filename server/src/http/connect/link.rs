//! `/connect/{link}`: who asks for what, and Continue.

use super::browser::Browser;
use super::page::see_other;
use super::visit::Visit;
use super::{offer, problems};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use model::paths;
use vault::{Begun, LinkPage};

/// Shows the link. Looking changes nothing and may be repeated; link previews bind nothing.
pub(crate) async fn show(visit: Visit, Path(link): Path<String>, headers: HeaderMap) -> Response {
    let browser = Browser::of(&visit.state, &headers);
    match visit.state.vault.link_page(&link, browser.as_ref().map(Browser::value)).await {
        Ok(LinkPage::Offer(offer)) => offer::page(&visit, *offer),
        Ok(other) => problems::link(&visit.of_connect_link(&link).await, &other),
        Err(error) => problems::failure(&visit.of_connect_link(&link).await, error),
    }
}

/// Continue: binds the session to this browser, and sends it to the provider or to the choice of providers.
pub(crate) async fn begin(visit: Visit, Path(link): Path<String>, headers: HeaderMap, form: Bytes) -> Response {
    let Some(browser) = Browser::of_or_new(&visit.state, &headers) else { return problems::no_browser(&visit) };
    let provider = field(&form, "provider");
    let mut response = match visit.state.vault.begin(&link, browser.value(), provider.as_deref()).await {
        Ok(Begun::GoTo(address)) => see_other(&address),
        Ok(Begun::Choose) => see_other(&paths::connect(&link)),
        Ok(Begun::Stopped(page)) => return problems::link(&visit.of_connect_link(&link).await, &page),
        Err(error) => return problems::failure(&visit.of_connect_link(&link).await, error),
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
