//! Which headers pass, in each direction.

#[cfg(test)]
mod tests;

use crate::secret::Secret;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// What belongs to one connection (RFC 9110, 7.6.1) or frames a body, which each side does for itself.
const OF_THE_CONNECTION: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What a caller cannot say to a provider: who it is, through whom it comes, and what else it wants than the method and
/// the path that were judged.
const NOT_SENT: [&str; 14] = [
    "authorization",
    "cookie",
    "cookie2",
    "forwarded",
    "forwarded-for",
    "host",
    "remote-user",
    "via",
    "x-forwarded",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];
/// The names by which proxies and content networks say the same, often unasked.
const NOT_SENT_EITHER: [&str; 18] = [
    "cdn-loop",
    "client-ip",
    "do-connecting-ip",
    "fastly-client-ip",
    "fly-client-ip",
    "true-client-ip",
    "wl-proxy-client-ip",
    "x-azure-clientip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-host",
    "x-original-forwarded-for",
    "x-originating-ip",
    "x-proxyuser-ip",
    "x-real-ip",
    "x-remote-addr",
    "x-remote-ip",
    "x-scheme",
];
/// And the beginnings of others.
const NOT_SENT_BEGIN: [&str; 8] =
    ["cf-", "cloudfront-", "keybearer-", "proxy-", "x-appengine-", "x-envoy-", "x-forwarded-", "x-vercel-"];

/// What a provider cannot say about this server: sessions, sign-ins, rules for browsers and caches, and files that a web
/// server in front of this one would send instead.
const NOT_RETURNED: [&str; 36] = [
    "accept-ch",
    "alt-svc",
    "authentication-info",
    "cache-control",
    "cdn-cache-control",
    "clear-site-data",
    "content-security-policy",
    "content-security-policy-report-only",
    "critical-ch",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "expect-ct",
    "expires",
    "feature-policy",
    "idempotent-replayed",
    "nel",
    "origin-agent-cluster",
    "permissions-policy",
    "pragma",
    "public-key-pins",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "set-login",
    "sourcemap",
    "speculation-rules",
    "strict-transport-security",
    "surrogate-control",
    "x-lighttpd-send-file",
    "x-lighttpd-send-tempfile",
    "x-sendfile",
    "x-sourcemap",
];

/// What Keybearer says of itself, and the name under which the provider's own word passes.
const RENAMED: [(HeaderName, HeaderName); 4] = [
    (header::WWW_AUTHENTICATE, HeaderName::from_static("keybearer-upstream-www-authenticate")),
    (HeaderName::from_static("x-request-id"), HeaderName::from_static("keybearer-upstream-request-id")),
    (HeaderName::from_static("ratelimit"), HeaderName::from_static("keybearer-upstream-ratelimit")),
    (HeaderName::from_static("ratelimit-policy"), HeaderName::from_static("keybearer-upstream-ratelimit-policy")),
];
/// On every answer that is the provider's, and on none of Keybearer's own.
const UPSTREAM: HeaderName = HeaderName::from_static("keybearer-upstream");
/// The provider has refused the token as expired, another one was fetched, and this request could not be sent again.
pub(super) const REFRESHED: HeaderName = HeaderName::from_static("keybearer-token-refreshed");

/// The headers that go to the provider, the token aside.
pub(super) fn to_provider(from_caller: &HeaderMap, websocket: bool) -> HeaderMap {
    let named = named_by_connection(from_caller);
    let passes = |name: &HeaderName| {
        let text = name.as_str();
        !OF_THE_CONNECTION.contains(&text)
            && !NOT_SENT.contains(&text)
            && !NOT_SENT_EITHER.contains(&text)
            && !NOT_SENT_BEGIN.iter().any(|prefix| text.starts_with(prefix))
            && !named.contains(name)
    };
    let mut headers = only(from_caller, passes);
    if websocket {
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
    headers
}

/// The token as a header, which is marked so that nothing prints it.
pub(super) fn bearer(token: &Secret) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The headers that go back to the caller. One that holds the token is dropped.
pub(super) fn to_caller(from_provider: &HeaderMap, token: &Secret, switched: bool) -> HeaderMap {
    let named = named_by_connection(from_provider);
    let passes = |name: &HeaderName| {
        let text = name.as_str();
        let framing = name == header::CONTENT_LENGTH;
        (framing || !OF_THE_CONNECTION.contains(&text))
            && !NOT_RETURNED.contains(&text)
            && !["proxy-", "access-control-", "keybearer-", "x-accel-"].iter().any(|prefix| text.starts_with(prefix))
            && (framing || !named.contains(name))
    };
    let mut headers = only(from_provider, passes);
    let echoes = |value: &HeaderValue| holds(value.as_bytes(), token.expose().as_bytes());
    let telling: Vec<HeaderName> =
        headers.iter().filter(|(_, value)| echoes(value)).map(|(name, _)| name.clone()).collect();
    for name in telling {
        headers.remove(name);
    }
    // Of two that differ nobody knows which one counts.
    if headers.get_all(header::CONTENT_LENGTH).iter().count() > 1 {
        headers.remove(header::CONTENT_LENGTH);
    }
    for (ours, theirs) in RENAMED {
        let said: Vec<HeaderValue> = headers.get_all(&ours).iter().cloned().collect();
        headers.remove(&ours);
        for value in said {
            headers.append(&theirs, value);
        }
    }
    if switched {
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
    headers.insert(UPSTREAM, HeaderValue::from_static("provider"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
}

/// Whether the caller asks to go on as a WebSocket (RFC 6455, 4.1). Other protocols are not switched to: within them
/// requests could be made that nobody judges.
pub(super) fn is_websocket(headers: &HeaderMap) -> bool {
    let says = |name: HeaderName, word: &str| {
        let values = headers.get_all(name);
        values
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(','))
            .any(|v| v.trim().eq_ignore_ascii_case(word))
    };
    says(header::CONNECTION, "upgrade") && says(header::UPGRADE, "websocket")
}

fn only(headers: &HeaderMap, passes: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let mut kept = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers.iter().filter(|(name, _)| passes(name)) {
        kept.append(name.clone(), value.clone());
    }
    kept
}

/// Headers that this connection alone concerns, as its `Connection` names them.
fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(header::CONNECTION);
    let words = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    words.filter_map(|word| HeaderName::try_from(word.trim()).ok()).collect()
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
