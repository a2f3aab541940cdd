//! Names each request, says one line about it when it is done, and finishes problems with its name.
//!
//! The line has the route's template, never the address: that may hold a connect link, a code or a state.

use crate::problem::Problem;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use model::ids::EventId;
use std::time::Instant;

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

/// A request's line, until its answer is known.
pub(super) struct Line {
    id: RequestId,
    method: Method,
    route: Option<MatchedPath>,
    began: Instant,
}

impl Line {
    /// Names the request.
    pub(super) fn begin(request: &mut Request) -> Self {
        let (id, method) = (RequestId::new(), request.method().clone());
        let route = request.extensions().get::<MatchedPath>().cloned();
        request.extensions_mut().insert(id.clone());
        Self { id, method, route, began: Instant::now() }
    }

    /// Around all that is logged meanwhile.
    pub(super) fn span(&self) -> tracing::Span {
        tracing::info_span!("request", request.id = %self.id.0)
    }

    /// Writes the line, and the request's name into the answer.
    pub(super) fn end(self, response: &mut Response, public_origin: &str) {
        let Self { id: RequestId(id), method, route, began } = self;
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            problem.write(response, &id, public_origin);
        }
        if let Ok(value) = HeaderValue::try_from(&id) {
            response.headers_mut().insert(HEADER, value);
        }
        let (status, route) = (response.status().as_u16(), route.as_ref().map_or("(none)", MatchedPath::as_str));
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if QUIET.contains(&route) {
            tracing::debug!(http.method = %method, http.route = route, http.status = status, duration_ms, request.id = id, "A request is answered.");
        } else {
            tracing::info!(http.method = %method, http.route = route, http.status = status, duration_ms, request.id = id, "A request is answered.");
        }
    }
}
