//! `/oauth/callback/{application}/{key}`: the browser is back from a provider.

use super::browser::Browser;
use super::page::see_other;
use super::visit::Visit;
use super::{is_prefetch, problems};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use model::ids::ApplicationId;
use model::paths;
use vault::{Callback, Ended, Secret};

/// Takes what the provider sent along, once, and goes on to an address without it.
pub(crate) async fn get(
    visit: Visit,
    Path((application, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    // A code works once, so only a visit that a person sees may spend it.
    if method == Method::HEAD || is_prefetch(&headers) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let (Ok(application), Some(parameters)) = (application.parse(), Parameters::read(query.as_deref())) else {
        return problems::ended(&visit, Ended::StateUnknown);
    };
    let (browser, place) = (Browser::of(&visit.state, &headers), key.clone());
    match visit.state.vault.complete(parameters.of(application, key), browser.as_ref().map(Browser::value)).await {
        Ok(Ended::Session(session)) => see_other(&paths::connect_result(session)),
        Ok(other) => problems::ended(&visit.of_redirect_uri(application, &place).await, other),
        Err(error) => problems::failure(&visit.of_redirect_uri(application, &place).await, error),
    }
}

#[derive(Default)]
struct Parameters {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Parameters {
    /// Reads the query; `None` when a parameter comes twice (RFC 6749, 3.1).
    fn read(query: Option<&str>) -> Option<Self> {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let place = match name.as_ref() {
                "code" => &mut read.code,
                "state" => &mut read.state,
                "iss" => &mut read.iss,
                "error" => &mut read.error,
                "error_description" => &mut read.error_description,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(read)
    }

    fn of(self, application: ApplicationId, key: String) -> Callback {
        let code = self.code.filter(|code| !code.is_empty()).map(Secret::new);
        let error = self.error.filter(|error| !error.is_empty());
        let Self { state, iss, error_description, .. } = self;
        Callback { application, key, code, state, iss, error, error_description }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_comes_twice_is_no_answer() {
        assert!(Parameters::read(Some("code=a&state=b&foo=1&foo=2")).is_some());
        assert!(Parameters::read(Some("code=a&state=b&state=c")).is_none());
        assert!(Parameters::read(None).is_some());
    }
}
