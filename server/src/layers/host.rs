//! Answers only for our own names, so that nobody's page can pass for ours by DNS.

use super::Refusal;
use axum::http::StatusCode;
use std::net::{IpAddr, Ipv6Addr};
use url::Url;

/// Asked by load balancers, by address.
const ANY: [&str; 2] = ["/healthz", "/readyz"];
/// What end users and providers see: answered under the connect URL's host.
const CONNECT: [&str; 3] = ["/connect", "/oauth/callback", "/provider-events"];
/// Style sheets and pictures belong to both.
const SHARED: [&str; 2] = ["/pkg", "/brand"];

pub(super) fn check(public: &Url, connect: &Url, host: Option<&str>, path: &str) -> Result<(), Refusal> {
    if is_ours(public, connect, host.unwrap_or_default(), path) {
        return Ok(());
    }
    let text = "This server does not answer under that name: open it at its public URL.";
    Err(Refusal::Text(StatusCode::MISDIRECTED_REQUEST, text))
}

fn is_ours(public: &Url, connect: &Url, host: &str, path: &str) -> bool {
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is = |url: &Url| matches(url, host);
    if ANY.contains(&path) || is_loopback_host(host) {
        return true;
    }
    match (SHARED.iter().any(|prefix| below(prefix)), CONNECT.iter().any(|prefix| below(prefix))) {
        (true, _) => is(public) || is(connect),
        (false, true) => is(connect),
        (false, false) => is(public),
    }
}

/// The same host and port, whether or not a default port is written out.
fn matches(url: &Url, host: &str) -> bool {
    let Some((name, port)) = split(host) else { return false };
    let port = port.or_else(|| url.port_or_known_default().filter(|_| url.port().is_none()));
    url.host_str().is_some_and(|own| own.eq_ignore_ascii_case(name)) && port == url.port_or_known_default()
}

/// Whether a `Host` header names this machine.
pub(super) fn is_loopback_host(host: &str) -> bool {
    let Some((name, _)) = split(host) else { return false };
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(name) => name.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
        }
    }
}

/// A name, or an address with its brackets, and a port. Anything else in it makes it another name than ours.
fn split(host: &str) -> Option<(&str, Option<u16>)> {
    let end = if host.starts_with('[') { host.find(']')? + 1 } else { host.find(':').unwrap_or(host.len()) };
    let (name, port) = host.split_at_checked(end)?;
    match port.strip_prefix(':') {
        None | Some("") => port.trim_start_matches(':').is_empty().then_some((name, None)),
        Some(digits) => Some((name, Some(digits.parse().ok()?))),
    }
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
        check("LOCALHOST", "/applications", true);
        for host in [
            "[::1]x",
            "[::1",
            "localhost:x",
            "localhost:4000:1",
            "me@localhost",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.7",
        ] {
            check(host, "/applications", false);
        }
    }
}
