//! Refuses unsafe requests that come from another site: the protection against forged forms.
//!
//! It rests on `GET` never changing anything. Browsers send `Sec-Fetch-Site` to https and loopback and `Origin`
//! everywhere else; a request with neither and no `Referer` comes from no browser, and automation has the API.

use super::Refusal;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};

/// Not signed in by cookie: bearer keys, signed provider events.
const EXEMPT: [&str; 2] = ["/v1/", "/provider-events/"];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// `ours` are the origins of the public URL and of the connect URL.
pub(super) fn check(request: &Request, ours: &[String]) -> Result<(), Refusal> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let exempt = EXEMPT.iter().any(|prefix| request.uri().path().starts_with(prefix));
    if safe || exempt || from_here(request.headers(), ours) {
        return Ok(());
    }
    let text = "This form was sent from another site. Go back, reload the page and try again.";
    Err(Refusal::Text(StatusCode::FORBIDDEN, text))
}

fn from_here(headers: &HeaderMap, ours: &[String]) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let host = text(header::HOST);
    let is_ours = |origin: &str| {
        let equals_host = |host: &str| origin.split_once("://").is_some_and(|(_, rest)| rest == host);
        ours.iter().any(|known| known == origin) || host.is_some_and(equals_host)
    };
    if let Some(site) = text(SEC_FETCH_SITE) {
        return site == "same-origin" || site == "none";
    }
    if let Some(origin) = text(header::ORIGIN) {
        return is_ours(origin);
    }
    text(header::REFERER).is_some_and(|referer| is_ours(&origin_of(referer)))
}

fn origin_of(address: &str) -> String {
    address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], allowed: bool) {
        let ours = ["https://vault.example.com".to_owned()];
        let mut map = HeaderMap::new();
        map.insert(header::HOST, "localhost:4000".parse().unwrap());
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        assert_eq!(from_here(&map, &ours), allowed, "{headers:?}");
    }

    #[test]
    fn only_our_own_pages_may_send_forms() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "none")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "https://vault.example.com")], false);
        check(&[("origin", "https://vault.example.com")], true);
        check(&[("origin", "http://localhost:4000")], true);
        check(&[("origin", "http://localhost:4000.evil.example")], false);
        check(&[("origin", "https://evil.example")], false);
        check(&[("origin", "null")], false);
        check(&[("referer", "https://vault.example.com/applications")], true);
        check(&[("referer", "https://vault.example.com.evil.example/applications")], false);
        check(&[("referer", "https://evil.example/?https://vault.example.com/")], false);
    }

    #[test]
    fn a_request_that_says_nothing_of_its_origin_is_refused() {
        check(&[], false);
    }
}
