//! Names each request, says one line about it when it is done, and finishes problems with its name.
//!
//! The line has the route's template, never the address: that may hold a connect link, a code or a state.

use crate::problem::Problem;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use model::ids::EventId;
use std::time::Instant;
use tracing::Instrument as _;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Asked every few seconds by machines.
const QUIET: [&str; 2] = ["/healthz", "/readyz"];

/// The request's name: `req_…`, in the answer's `x-request-id`, in the log and in the audit log.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    /// Shaped as all ids are, with a prefix of its own.
    fn new() -> Self {
        let id = EventId::new().to_string();
        Self(format!("req_{}", id.trim_start_matches(EventId::PREFIX).trim_start_matches('_')))
    }
}

/// The layer, outermost.
pub(crate) async fn request_log(mut request: Request, next: Next) -> Response {
    let id = RequestId::new();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(id.clone());
    let began = Instant::now();
    let span = tracing::info_span!("request", request.id = %id.0);
    let mut response = next.run(request).instrument(span).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        problem.write(&mut response, &id.0);
    }
    if let Ok(value) = HeaderValue::try_from(&id.0) {
        response.headers_mut().insert(HEADER, value);
    }
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if QUIET.contains(&route.as_str()) {
        tracing::debug!(http.method = %method, http.route = route, http.status = status, duration_ms, request.id = id.0, "A request is answered.");
    } else {
        tracing::info!(http.method = %method, http.route = route, http.status = status, duration_ms, request.id = id.0, "A request is answered.");
    }
    response
}
