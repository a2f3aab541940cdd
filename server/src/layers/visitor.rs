//! Who sends a request, as far as the network tells.

use super::host::is_loopback_host;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use vault::Networks;

/// Who sends a request.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The sender's address; behind a trusted proxy, the one that the proxy names.
    pub(crate) address: IpAddr,
    /// A stranger could have sent it, so founding asks for the set-up code.
    pub(crate) set_up_code_needed: bool,
}

/// The visitor, and the name under which the server was called.
pub(super) struct Seen<'a> {
    pub(super) visitor: Visitor,
    pub(super) host: Option<&'a str>,
}

/// `local` says that only this machine is meant to see the server.
pub(super) fn look<'a>(local: bool, proxies: &Networks, request: &'a Request) -> Seen<'a> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Of two nobody knows which one counts (RFC 9112, 3.2).
    let own_host = text(header::HOST.as_str()).filter(|_| headers.get_all(header::HOST).iter().count() == 1);
    // Without a peer address nothing is known, so it is taken for a stranger's.
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let local =
        local && peer.to_canonical().is_loopback() && own_host.is_some_and(is_loopback_host) && !is_forwarded(headers);
    let trusted = proxies.contains(peer);
    let forwarded_host = text("x-forwarded-host").filter(|_| trusted);
    let address = if trusted { named_by_proxies(proxies, headers).unwrap_or(peer) } else { peer }.to_canonical();
    Seen { visitor: Visitor { address, set_up_code_needed: !local }, host: forwarded_host.or(own_host) }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("x-forwarded-") || matches!(name, "forwarded" | "via" | "x-real-ip")
    })
}

/// The nearest address that is no proxy of ours: what stands further left, the sender may have written himself.
fn named_by_proxies(proxies: &Networks, headers: &HeaderMap) -> Option<IpAddr> {
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    let all = lines.join(",");
    let mut addresses = all.rsplit(',').map(|text| text.trim().parse::<IpAddr>().ok());
    addresses.find(|address| address.is_none_or(|a| !proxies.contains(a))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(peer: &str, headers: &[(&'static str, &str)]) -> Request {
        let mut request = Request::default();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        request
    }

    #[track_caller]
    fn check_code(local: bool, peer: &str, headers: &[(&'static str, &str)], needed: bool) {
        let request = request(peer, headers);
        let seen = look(local, &Networks::parse("10.0.0.0/8").unwrap(), &request);
        assert_eq!(seen.visitor.set_up_code_needed, needed, "{peer} {headers:?}");
    }

    #[track_caller]
    fn check_sender(peer: &str, headers: &[(&'static str, &str)], address: &str, host: &str) {
        let request = request(peer, headers);
        let seen = look(false, &Networks::parse("10.0.0.0/8").unwrap(), &request);
        assert_eq!((seen.visitor.address.to_string().as_str(), seen.host), (address, Some(host)));
    }

    #[test]
    fn founding_is_free_of_a_code_only_on_the_machine_itself() {
        let host = ("host", "localhost:4000");
        check_code(true, "127.0.0.1", &[host], false);
        check_code(true, "::ffff:127.0.0.1", &[("host", "[::1]:4000")], false);
        check_code(false, "127.0.0.1", &[host], true);
        check_code(true, "192.0.2.7", &[host], true);
        check_code(true, "127.0.0.1", &[("host", "vault.example.com")], true);
        check_code(true, "127.0.0.1", &[], true);
        check_code(true, "127.0.0.1", &[host, host], true);
        for header in ["forwarded", "x-forwarded-for", "x-forwarded-anything", "via", "x-real-ip"] {
            check_code(true, "127.0.0.1", &[host, (header, "x")], true);
        }
    }

    #[test]
    fn only_a_trusted_proxy_may_name_the_sender() {
        let forged = ("x-forwarded-for", "1.2.3.4, 192.0.2.7");
        let named = ("x-forwarded-host", "vault.example.com");
        let through = [("host", "inner"), forged, named, ("x-forwarded-for", "10.9.9.9")];
        check_sender("10.0.0.1", &through, "192.0.2.7", "vault.example.com");
        check_sender("192.0.2.9", &[("host", "inner"), forged, named], "192.0.2.9", "inner");
    }
}
