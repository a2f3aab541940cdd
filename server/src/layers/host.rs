//! Answers only for our own names, so that nobody's page can pass for ours by DNS.

use super::visitor::Visitor;
use crate::state::State;
use axum::extract::{Request, State as From};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

/// Asked by load balancers, by address.
const ANY: [&str; 2] = ["/healthz", "/readyz"];
/// What end users and providers see: answered under the connect URL's host.
const CONNECT: [&str; 3] = ["/connect", "/oauth/callback", "/provider-events"];
/// Style sheets belong to both.
const SHARED: &str = "/pkg";

/// The layer; it needs the [`Visitor`] of the layer before it.
pub(crate) async fn host(From(state): From<State>, request: Request, next: Next) -> Response {
    let host = request.extensions().get::<Visitor>().and_then(|v| v.host.as_deref()).unwrap_or_default();
    if is_ours(&state.public_url, &state.connect_url, host, request.uri().path()) {
        return next.run(request).await;
    }
    let text = "This server does not answer under that name: open it at its public URL.";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

fn is_ours(public: &Url, connect: &Url, host: &str, path: &str) -> bool {
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is = |url: &Url| matches(url, host);
    if ANY.contains(&path) || is_loopback_host(host) {
        return true;
    }
    match (below(SHARED), CONNECT.iter().any(|prefix| below(prefix))) {
        (true, _) => is(public) || is(connect),
        (false, true) => is(connect),
        (false, false) => is(public),
    }
}

/// The same host and port, whether or not a default port is written out.
fn matches(url: &Url, host: &str) -> bool {
    let Ok(named) = Url::parse(&format!("{}://{host}/", url.scheme())) else { return false };
    named.host() == url.host() && named.port_or_known_default() == url.port_or_known_default() && named.path() == "/"
}

/// Whether a `Host` header names this machine.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    Url::parse(&format!("http://{host}/")).is_ok_and(|url| crate::settings::is_loopback(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_answers_for_its_own_pages() {
        let public = Url::parse("https://vault.example.com").unwrap();
        let connect = Url::parse("https://connect.example.com").unwrap();
        let check = |host, path, expected| assert_eq!(is_ours(&public, &connect, host, path), expected, "{host}{path}");
        check("vault.example.com", "/applications", true);
        check("VAULT.example.com:443", "/v1/token", true);
        check("vault.example.com", "/connect/abc", false);
        check("connect.example.com", "/connect/abc", true);
        check("connect.example.com", "/oauth/callback/app_1/x", true);
        check("connect.example.com", "/pkg/1/connect.css", true);
        check("connect.example.com", "/applications", false);
        check("vault.example.com:8443", "/applications", false);
        check("evil.example", "/applications", false);
        check("vault.example.com.evil.example", "/applications", false);
        check("vault.example.com/evil", "/applications", false);
        check("", "/applications", false);
        check("10.0.0.7", "/healthz", true);
        check("localhost:4000", "/applications", true);
        check("127.0.0.1", "/connect/abc", true);
        check("[::1]:4000", "/connect/abc", true);
    }
}
