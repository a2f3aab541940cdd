//! Who sends a request, as far as the network tells.

use super::host::is_loopback_host;
use super::request_log::RequestId;
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
    let visitor = look(&state, peer, request.headers(), request_id);
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

fn look(state: &State, peer: Option<IpAddr>, headers: &HeaderMap, request_id: String) -> Visitor {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let own_host = text(header::HOST.as_str());
    // Without a peer address nothing is known, so it is taken for a stranger's.
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let local = state.is_local()
        && peer.to_canonical().is_loopback()
        && own_host.as_deref().is_some_and(is_loopback_host)
        && !is_forwarded(headers);
    let trusted = state.trusted_proxies.contains(peer);
    let forwarded_host = text("x-forwarded-host").filter(|_| trusted);
    Visitor {
        address: if trusted { named_by_proxies(state, headers).unwrap_or(peer) } else { peer }.to_canonical(),
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
fn named_by_proxies(state: &State, headers: &HeaderMap) -> Option<IpAddr> {
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    let all = lines.join(",");
    let mut addresses = all.rsplit(',').map(|text| text.trim().parse::<IpAddr>().ok());
    addresses.find(|address| address.is_none_or(|a| !state.trusted_proxies.contains(a))).flatten()
}
