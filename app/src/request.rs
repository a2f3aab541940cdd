//! What a page reads of its request and puts on its response, on the server and in the browser.
//!
//! Apart from the bodies of server functions this is the one place where the two halves differ, so components and
//! pages need no `cfg`.

use serde::{Deserialize, Serialize};

/// What the server says to every page. The server provides it as context, anew for each request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Whether the public URL is https; cookies are `Secure` then.
    pub https: bool,
    /// The time of the request, in milliseconds since 1970. Times on the page are relative to it.
    pub now_ms: i64,
    /// A sentence for the banner on every page, such as that a provider is a local stand-in.
    pub notice: Option<String>,
}

/// The page that a form was posted to, path and query; context of the server function that is called for it.
#[derive(Clone, Debug)]
pub struct PostedTo(pub String);

/// The decoded value of a cookie. In the browser only cookies that are not `HttpOnly` are seen.
pub fn cookie(name: &str) -> Option<String> {
    half::cookies()?.split(';').find_map(|pair| {
        let value = pair.trim().strip_prefix(name)?.strip_prefix('=')?;
        let text = percent_encoding::percent_decode_str(value).decode_utf8().ok()?;
        (!text.is_empty()).then(|| text.into_owned())
    })
}

/// Sets a cookie that scripts may read; a `max_age` of 0 seconds removes it. Never for anything secret.
pub fn set_cookie(name: &str, value: &str, max_age: u32) {
    let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
    half::set_cookie(&format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={max_age}"));
}

/// The status of the answer. Does nothing in the browser.
pub fn set_status(status: u16) {
    half::set_status(status);
}

/// When the visitor may try again, in seconds (RFC 9110, Retry-After). Does nothing in the browser.
pub fn set_retry_after(seconds: i64) {
    half::set_retry_after(seconds);
}

/// Sends the visitor to `to`, a path of this portal: by a redirect on the server, by loading it in the browser.
pub fn redirect(to: &str) {
    half::redirect(to);
}

/// The page that the visitor is on, path and query: what a sign-in page should return to.
pub fn here() -> String {
    half::here().filter(|path| path.starts_with('/') && !path.starts_with("//")).unwrap_or_else(|| "/".into())
}

/// The sign-in page, which then leads back to where the visitor is.
pub fn sign_in() -> String {
    let next = percent_encoding::utf8_percent_encode(&here(), percent_encoding::NON_ALPHANUMERIC).to_string();
    format!("{}?next={next}", model::paths::SIGN_IN)
}

/// The portal's content security policy, with this answer's nonce. Does nothing in the browser.
pub(crate) fn protect() {
    half::protect();
}

/// This answer's nonce, for scripts of our own. Nothing in the browser.
pub(crate) fn nonce() -> Option<String> {
    half::nonce()
}

/// The current time in the browser; on the server the time of the request.
pub(crate) fn now_ms() -> i64 {
    half::now_ms()
}

#[cfg(feature = "ssr")]
mod half {
    use super::{PostedTo, Site};
    use http::{HeaderValue, StatusCode, header, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    pub(super) fn cookies() -> Option<String> {
        let parts = use_context::<Parts>()?;
        let all: Vec<_> = parts.headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).collect();
        Some(all.join(";"))
    }

    pub(super) fn set_cookie(cookie: &str) {
        let secure = if use_context::<Site>().is_some_and(|site| site.https) { "; Secure" } else { "" };
        let (Some(response), Ok(value)) =
            (use_context::<ResponseOptions>(), HeaderValue::try_from(format!("{cookie}{secure}")))
        else {
            return;
        };
        response.append_header(header::SET_COOKIE, value);
    }

    pub(super) fn set_status(status: u16) {
        if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
            response.set_status(status);
        }
    }

    pub(super) fn set_retry_after(seconds: i64) {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }

    pub(super) fn redirect(to: &str) {
        // leptos_axum panics on an address that is no header value.
        if HeaderValue::from_str(to).is_ok() {
            leptos_axum::redirect(to);
        }
    }

    pub(super) fn here() -> Option<String> {
        if let Some(PostedTo(page)) = use_context() {
            return Some(page);
        }
        let parts = use_context::<Parts>()?;
        if !parts.uri.path().starts_with("/api/") {
            return parts.uri.path_and_query().map(|path| path.as_str().to_owned());
        }
        // A server function called by the browser: the page is the Referer.
        let referer = parts.headers.get(header::REFERER)?.to_str().ok()?;
        let (_, rest) = referer.split_once("://")?;
        rest.find('/').and_then(|at| rest.get(at..)).map(str::to_owned)
    }

    pub(super) fn protect() {
        let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>()) else {
            return;
        };
        let policy = format!(
            "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        );
        if let Ok(policy) = HeaderValue::try_from(policy) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }

    pub(super) fn nonce() -> Option<String> {
        leptos::nonce::use_nonce().map(|nonce| nonce.to_string())
    }

    pub(super) fn now_ms() -> i64 {
        use_context::<Site>().unwrap_or_default().now_ms
    }
}

#[cfg(not(feature = "ssr"))]
mod half {
    use leptos::prelude::{document, window};
    use web_sys::{HtmlDocument, js_sys, wasm_bindgen::JsCast};

    fn html_document() -> HtmlDocument {
        document().unchecked_into()
    }

    pub(super) fn cookies() -> Option<String> {
        html_document().cookie().ok()
    }

    pub(super) fn set_cookie(cookie: &str) {
        let secure = if window().location().protocol().is_ok_and(|p| p == "https:") { "; Secure" } else { "" };
        // Refused only in documents without an origin, which ours is not.
        let _ = html_document().set_cookie(&format!("{cookie}{secure}"));
    }

    pub(super) fn set_status(_status: u16) {}

    pub(super) fn set_retry_after(_seconds: i64) {}

    pub(super) fn protect() {}

    pub(super) fn nonce() -> Option<String> {
        None
    }

    pub(super) fn redirect(to: &str) {
        // Refused only for addresses that are none.
        let _ = window().location().set_href(to);
    }

    pub(super) fn here() -> Option<String> {
        let location = window().location();
        Some(location.pathname().ok()? + &location.search().ok()?)
    }

    pub(super) fn now_ms() -> i64 {
        js_sys::Date::now() as i64
    }
}
