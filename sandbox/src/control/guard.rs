//! Who may control the sandbox: whoever has the token, or on loopback whoever sits there, but no foreign page.

use crate::{
    http::{Answer, Call, is_loopback_host},
    sandbox::Inner,
};
use hyper::{
    Method, StatusCode,
    header::{self, HeaderName},
};
use serde_json::json;
use subtle::ConstantTimeEq;

pub(crate) fn check(inner: &Inner, call: &Call) -> Result<(), Answer> {
    if inner.address.ip().is_loopback() && !call.header(header::HOST).is_some_and(names_loopback) {
        // A foreign name that resolves to loopback is how a web page reaches for local servers.
        return Err(refusal(StatusCode::MISDIRECTED_REQUEST, "The sandbox is controlled under a loopback name only."));
    }
    if let Some(expected) = &inner.control_token
        && !presented(call).is_some_and(|token| bool::from(token.as_bytes().ct_eq(expected.as_bytes())))
    {
        let refusal = refusal(StatusCode::UNAUTHORIZED, "The sandbox's control token is missing or wrong.");
        return Err(
            refusal.with(header::WWW_AUTHENTICATE, "Basic realm=\"Sandbox control: the token is the password\"")
        );
    }
    if is_unsafe(call) && is_cross_site(call) {
        return Err(cross_site());
    }
    Ok(())
}

pub(crate) fn is_cross_site_post(call: &Call) -> bool {
    is_unsafe(call) && is_cross_site(call)
}

pub(crate) fn cross_site() -> Answer {
    refusal(StatusCode::FORBIDDEN, "A page from elsewhere sent this.")
}

/// The token as bearer, or as the password that a browser asks for.
fn presented(call: &Call) -> Option<String> {
    call.bearer().map(Into::into).or_else(|| call.basic().map(|(_, password)| password))
}

fn is_unsafe(call: &Call) -> bool {
    !matches!(call.method, Method::GET | Method::HEAD)
}

/// Programs send neither header; browsers send at least one.
fn is_cross_site(call: &Call) -> bool {
    if let Some(site) = call.header(HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = call.header(header::ORIGIN) else { return false };
    let own = call.header(header::HOST);
    origin.split_once("://").map(|(_, host)| host) != own
}

fn names_loopback(host: &str) -> bool {
    host.parse::<hyper::http::uri::Authority>().is_ok_and(|authority| is_loopback_host(authority.host()))
}

fn refusal(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, json!({"error": message}))
}
