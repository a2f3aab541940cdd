//! Who sends a request, as far as the network tells.

use super::host::is_loopback_host;
use super::request_log::RequestId;
use crate::settings::Proxies;
use crate::state::State;
use axum::extract::{ConnectInfo, Request, State as From};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Who sends a request.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The sender's address; behind a trusted proxy, the one that the proxy names.
    pub(crate) address: IpAddr,
    /// The name under which the server was called.
    pub(crate) host: Option<String>,
    /// A stranger could have sent it, so founding asks for the set-up code.
    pub(crate) set_up_code_needed: bool,
    /// The request's name.
    pub(crate) request_id: String,
}

/// The layer.
pub(crate) async fn visitor(From(state): From<State>, mut request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let request_id = extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let visitor = look(state.is_local(), &state.trusted_proxies, peer, request.headers(), request_id);
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

fn look(local: bool, proxies: &Proxies, peer: Option<IpAddr>, headers: &HeaderMap, request_id: String) -> Visitor {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let own_host = text(header::HOST.as_str());
    // Without a peer address nothing is known, so it is taken for a stranger's.
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let local = local
        && peer.to_canonical().is_loopback()
        && own_host.as_deref().is_some_and(is_loopback_host)
        && !is_forwarded(headers);
    let trusted = proxies.contains(peer);
    let forwarded_host = text("x-forwarded-host").filter(|_| trusted);
    Visitor {
        address: if trusted { named_by_proxies(proxies, headers).unwrap_or(peer) } else { peer }.to_canonical(),
        host: forwarded_host.or(own_host),
        set_up_code_needed: !local,
        request_id,
    }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("x-forwarded-") || matches!(name, "forwarded" | "via" | "x-real-ip")
    })
}

/// The nearest address that is no proxy of ours: what stands further left, the sender may have written himself.
fn named_by_proxies(proxies: &Proxies, headers: &HeaderMap) -> Option<IpAddr> {
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    let all = lines.join(",");
    let mut addresses = all.rsplit(',').map(|text| text.trim().parse::<IpAddr>().ok());
    addresses.find(|address| address.is_none_or(|a| !proxies.contains(a))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(local: bool, peer: &str, headers: &[(&'static str, &str)]) -> Visitor {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let proxies = Proxies::parse("10.0.0.0/8").unwrap();
        look(local, &proxies, Some(peer.parse().unwrap()), &map, String::new())
    }

    #[test]
    fn founding_is_free_of_a_code_only_on_the_machine_itself() {
        let host = ("host", "localhost:4000");
        assert!(!seen(true, "127.0.0.1", &[host]).set_up_code_needed);
        assert!(!seen(true, "::ffff:127.0.0.1", &[("host", "[::1]:4000")]).set_up_code_needed);
        assert!(seen(false, "127.0.0.1", &[host]).set_up_code_needed);
        assert!(seen(true, "192.0.2.7", &[host]).set_up_code_needed);
        assert!(seen(true, "127.0.0.1", &[("host", "vault.example.com")]).set_up_code_needed);
        assert!(seen(true, "127.0.0.1", &[]).set_up_code_needed);
        for header in ["forwarded", "x-forwarded-for", "x-forwarded-anything", "via", "x-real-ip"] {
            assert!(seen(true, "127.0.0.1", &[host, (header, "x")]).set_up_code_needed, "{header}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_may_name_the_sender() {
        let forged = ("x-forwarded-for", "1.2.3.4, 192.0.2.7");
        let named = ("x-forwarded-host", "vault.example.com");
        let through = seen(false, "10.0.0.1", &[("host", "inner"), forged, named, ("x-forwarded-for", "10.9.9.9")]);
        assert_eq!(through.address.to_string(), "192.0.2.7");
        assert_eq!(through.host.as_deref(), Some("vault.example.com"));
        let straight = seen(false, "192.0.2.9", &[("host", "inner"), forged, named]);
        assert_eq!(straight.address.to_string(), "192.0.2.9");
        assert_eq!(straight.host.as_deref(), Some("inner"));
    }
}
