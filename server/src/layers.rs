//! What every request passes on its way to a handler and back: one layer, whose steps are plain functions. A layer for
//! each step would cost a request more than the steps do.

mod body_limit;
mod host;
mod panic;
pub(crate) mod quotas;
pub(crate) mod rate_limit;
pub(crate) mod request_log;
mod same_origin;
mod security_headers;
pub(crate) mod visitor;

use crate::problem::Problem;
use crate::state::State;
use axum::extract::{Request, State as From};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use quotas::Counted;
use std::sync::Arc;
use tracing::Instrument as _;

/// What the steps know of this server.
pub(crate) struct Entrance {
    state: State,
    /// Of the public URL and of the connect URL: `https://vault.example.com`, no path.
    origins: [String; 2],
    https: bool,
    /// Only this machine is meant to see the server.
    local: bool,
}

/// A request that no handler sees.
enum Refusal {
    Text(StatusCode, &'static str),
    Problem(Problem),
}

impl Entrance {
    pub(crate) fn new(state: State) -> Arc<Self> {
        let origins = [&state.public_url, &state.connect_url].map(|url| url.origin().ascii_serialization());
        let (https, local) = (state.public_url.scheme() == "https", state.is_local());
        Arc::new(Self { state, origins, https, local })
    }

    /// Lets a request in that may come in, with its [`visitor::Visitor`].
    fn admit(&self, mut request: Request, counted: &mut Counted) -> Result<Request, Refusal> {
        let seen = visitor::look(self.local, &self.state.trusted_proxies, &request);
        host::check(&self.state.public_url, &self.state.connect_url, seen.host, request.uri().path())?;
        same_origin::check(&request, &self.origins)?;
        let visitor = seen.visitor;
        if request.uri().path().starts_with("/v1/") {
            let (key, now) = (crate::auth::bearer(request.headers()), self.state.vault.clock().now());
            let key = key.filter(|key| vault::is_api_key(key));
            self.state.quotas.count(counted, visitor.address, key, now).map_err(Refusal::Problem)?;
        }
        request.extensions_mut().insert(visitor);
        body_limit::limit(request)
    }
}

/// The layer: `.layer(from_fn_with_state(Entrance::new(state), every_request))`, outermost.
pub(crate) async fn every_request(From(entrance): From<Arc<Entrance>>, mut request: Request, next: Next) -> Response {
    let line = request_log::Line::begin(&mut request);
    let connect = security_headers::is_connect(request.uri().path());
    let mut counted = Counted::default();
    let answer = async {
        match entrance.admit(request, &mut counted) {
            Ok(request) => next.run(request).await,
            Err(refusal) => refusal.into_response(),
        }
    };
    let mut response = panic::catch(answer).instrument(line.span()).await;
    security_headers::apply(response.headers_mut(), connect, entrance.https);
    entrance.state.quotas.write(&counted, response.headers_mut());
    let [public_origin, _] = &entrance.origins;
    line.end(&mut response, public_origin);
    response
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Text(status, words) => (status, words).into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}
