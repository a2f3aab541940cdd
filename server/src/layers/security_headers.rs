//! The headers that keep browsers from doing more than a page needs, by what kind of page it is.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// What end users see: it may stand in a popup, and its address holds a secret or an authorization code.
const CONNECT: [&str; 2] = ["/connect", "/oauth/callback"];

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Whether a path belongs to what end users see.
pub(super) fn is_connect(path: &str) -> bool {
    let below = |prefix: &&str| path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    CONNECT.iter().any(below)
}

/// Sets what the kind of page asks for. `https` says how the public URL is spoken to.
pub(super) fn apply(headers: &mut HeaderMap, connect: bool, https: bool) {
    let mut always = |name, value| headers.insert(name, HeaderValue::from_static(value));
    always(X_CONTENT_TYPE_OPTIONS, "nosniff");
    always(X_FRAME_OPTIONS, "DENY");
    always(CORP, "same-origin");
    always(PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if https {
        always(STRICT_TRANSPORT_SECURITY, "max-age=63072000");
    }
    if connect {
        always(REFERRER_POLICY, "no-referrer");
        always(CACHE_CONTROL, "no-store");
        // Anything stricter would cut a popup off from the page that opened it and waits for its message.
        always(COOP, "unsafe-none");
    } else {
        // Server functions learn from the Referer which page called them.
        always(REFERRER_POLICY, "same-origin");
        always(COOP, "same-origin");
    }
    let mut otherwise = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    otherwise(CACHE_CONTROL, "no-store");
    otherwise(
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(path: &str, https: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public"));
        apply(&mut headers, is_connect(path), https);
        headers
    }

    #[test]
    fn connect_pages_keep_their_opener_and_tell_nobody_their_address() {
        for path in ["/connect", "/connect/abc", "/oauth/callback/app_1/sandbox"] {
            let headers = headers(path, false);
            assert_eq!(headers[COOP], "unsafe-none", "{path}");
            assert_eq!(headers[REFERRER_POLICY], "no-referrer", "{path}");
            assert_eq!(headers[CACHE_CONTROL], "no-store", "{path}");
        }
    }

    #[test]
    fn portal_pages_are_isolated_and_may_set_their_own_cache_rule() {
        for path in ["/applications", "/connected", "/oauth/callbacks"] {
            let headers = headers(path, false);
            assert_eq!(headers[COOP], "same-origin", "{path}");
            assert_eq!(headers[CACHE_CONTROL], "public", "{path}");
        }
    }

    #[test]
    fn https_is_remembered_only_where_it_is_spoken() {
        assert!(headers("/", true).contains_key(STRICT_TRANSPORT_SECURITY));
        assert!(!headers("/", false).contains_key(STRICT_TRANSPORT_SECURITY));
    }
}
