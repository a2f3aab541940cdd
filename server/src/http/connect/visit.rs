//! One visit of an end user's browser: in which language, and under which id it is logged.

use super::browser::Browser;
use super::languages::LANGUAGES;
use super::words::Words;
use crate::layers::request_log::RequestId;
use crate::layers::visitor::Visitor;
use crate::problem::log_failure;
use crate::state::State;
use app::components::ConnectLanguage;
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts};
use model::ids::{ApplicationId, ConnectSessionId};
use std::convert::Infallible;
use std::net::IpAddr;
use vault::{Brand, VaultError};

const COOKIE: &str = "keybearer-language";
const YEAR: u32 = 365 * 24 * 60 * 60;

/// What every page needs of its request.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(super) state: State,
    pub(super) words: Words,
    pub(super) request_id: String,
    pub(super) address: Option<IpAddr>,
    /// Whose page it is, where a problem is shown and that is known.
    pub(super) brand: Option<Brand>,
    /// The page has an address of its own, so that it can be shown in another language.
    can_choose: bool,
    /// This visit chose the language.
    chose: bool,
}

impl FromRequestParts<State> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        let (asked, chosen) = chosen(parts.uri.query().unwrap_or_default());
        let remembered = || cookie(&parts.headers).and_then(Words::named).filter(|_| !asked);
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let preferred = || Words::preferred(accepted.unwrap_or_default());
        Ok(Self {
            state: state.clone(),
            words: chosen.or_else(remembered).unwrap_or_else(preferred),
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
            address: parts.extensions.get::<Visitor>().map(|visitor| visitor.address),
            brand: None,
            // A callback's parameters would be lost on the way.
            can_choose: parts.method == Method::GET && parts.uri.path().starts_with(model::paths::CONNECT),
            chose: chosen.is_some() && parts.method == Method::GET,
        })
    }
}

impl Visit {
    /// The same, as a page of whoever has made the connect link.
    pub(super) async fn of_connect_link(&self, link: &str) -> Self {
        self.branded(self.state.vault.brand_of_connect_link(link).await)
    }

    /// The same, as a page of whoever has made the manage link.
    pub(super) async fn of_manage_link(&self, link: &str) -> Self {
        self.branded(self.state.vault.brand_of_manage_link(link).await)
    }

    /// The same, as a page of whoever has the redirect URI.
    pub(super) async fn of_redirect_uri(&self, application: ApplicationId, key: &str) -> Self {
        self.branded(self.state.vault.brand_of_redirect_uri(application, key).await)
    }

    /// The same, as a page of whoever this browser is connecting to.
    pub(super) async fn of_session(&self, id: ConnectSessionId, browser: &Browser) -> Self {
        self.branded(self.state.vault.brand_of_session(id, browser.value()).await)
    }

    /// A page about a problem must not have another: without a brand it is Keybearer's own.
    fn branded(&self, brand: Result<Option<Brand>, VaultError>) -> Self {
        Self { brand: brand.inspect_err(log_failure).ok().flatten(), ..self.clone() }
    }

    /// The languages to choose from; none where the page cannot be loaded again.
    pub(super) fn languages(&self) -> Vec<ConnectLanguage> {
        if !self.can_choose {
            return Vec::new();
        }
        let shown = |language: &super::languages::Language| ConnectLanguage {
            code: language.code,
            name: language.name,
            current: language.code == self.words.code(),
        };
        LANGUAGES.iter().map(shown).collect()
    }

    /// What the answer says besides its page: that it depends on the language, and which one was chosen.
    pub(super) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
        let secure = if self.state.connect_url.scheme() == "https" { "; Secure" } else { "" };
        let code = self.words.code();
        let cookie = format!("{COOKIE}={code}; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR}{secure}");
        let cookie = HeaderValue::try_from(cookie).ok().filter(|_| self.chose);
        let vary = (header::VARY, HeaderValue::from_static("accept-language, cookie"));
        [vary].into_iter().chain(cookie.map(|cookie| (header::SET_COOKIE, cookie)))
    }
}

/// `?lang=de`: whether a language is asked for, and which. One that is not spoken leaves it to the browser, whatever was
/// chosen earlier.
fn chosen(query: &str) -> (bool, Option<Words>) {
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
    (asked.is_some(), asked.and_then(|(_, code)| Words::named(&code)))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}
