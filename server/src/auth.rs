//! How a backend signs in: an API key as a bearer token.

use crate::layers::request_log::RequestId;
use crate::layers::visitor::Visitor;
use crate::problem::Problem;
use crate::state::State;
use axum::extract::{FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use vault::ApplicationCaller;

/// The application whose key the request carries.
pub(crate) struct Backend(pub(crate) ApplicationCaller);

impl FromRequestParts<State> for Backend {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let caller = match bearer(&parts.headers) {
            Some(key) => state.vault.authenticate(key).await?,
            None => None,
        };
        let Some(caller) = caller else { return Err(refuse(address(parts), state).await) };
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(Self(caller.in_request(request_id)))
    }
}

/// The key that a request carries, not looked up yet: a token read does so in the statement that reads the token.
pub(crate) struct Presented {
    pub(crate) key: String,
    pub(crate) request_id: String,
    address: Option<IpAddr>,
}

impl Presented {
    /// What to answer when it is nobody's key.
    pub(crate) async fn refuse(&self, state: &State) -> Problem {
        refuse(self.address, state).await
    }
}

impl FromRequestParts<State> for Presented {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let address = address(parts);
        let Some(key) = bearer(&parts.headers) else { return Err(refuse(address, state).await) };
        let key = key.to_owned();
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(Self { key, request_id, address })
    }
}

/// Refuses keys in the address, valid or not: addresses end up in logs and histories.
pub(crate) async fn no_key_in_query(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let is_key = |text: &str| ["kb_live_", "kb_test_"].iter().any(|prefix| text.contains(prefix));
    if form_urlencoded::parse(query.as_bytes()).any(|(name, value)| is_key(&name) || is_key(&value)) {
        let detail =
            "Addresses are written down in logs: replace this key, and send the new one as Authorization: Bearer.";
        return Problem::new(StatusCode::BAD_REQUEST, "key_in_query", "An API key stands in the address", detail)
            .into_response();
    }
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

fn address(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<Visitor>().map(|visitor| visitor.address)
}

/// 401, until an address has been refused too often. What this process has counted too often already is not counted in
/// the database again: whoever floods it with bad keys makes it write nothing.
async fn refuse(address: Option<IpAddr>, state: &State) -> Problem {
    let Some(address) = address else { return Problem::unauthorized() };
    if let Err(wait) = state.refusals.count(address, state.vault.clock().now()) {
        return Problem::too_many(wait);
    }
    match state.vault.count_refused_key(&address.to_string()).await {
        Ok(()) => Problem::unauthorized(),
        Err(error) => error.into(),
    }
}
