//! The address guard: a provider's host must not lead into our own network.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::Url;

/// Hosts that may be private or loopback because the operator said so: `host` or `host:port`.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    operator: Vec<Host>,
    tenants: Vec<Host>,
}

/// A host, with a port or for all of them.
type Host = (String, Option<u16>);

/// Whose word an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The operator's: files of the catalogue.
    Operator,
    /// A tenant's: custom providers. They lead to public hosts, or where `tenants:host:port` allows.
    Tenant,
}

impl AllowedHosts {
    /// Reads a comma-separated list. Entries that begin with `tenants:` concern what tenants name, and that alone.
    ///
    /// # Errors
    /// A sentence naming the entry that cannot be read.
    pub fn parse(list: &str) -> Result<Self, String> {
        let mut hosts = Self::default();
        for entry in list.split(',').map(str::trim).filter(|e| !e.is_empty()) {
            match entry.strip_prefix("tenants:") {
                Some(entry) => hosts.tenants.push(parse_entry(entry)?),
                None => hosts.operator.push(parse_entry(entry)?),
            }
        }
        Ok(hosts)
    }

    /// Adds the host and port of an address, for the operator's entries.
    pub fn add(&mut self, address: SocketAddr) {
        self.operator.push((address.ip().to_string(), Some(address.port())));
    }

    /// Whether the guard lets this address through unlooked.
    pub fn contains(&self, reach: Reach, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_or_known_default();
        let hosts = if reach == Reach::Operator { &self.operator } else { &self.tenants };
        hosts.iter().any(|(h, p)| h.eq_ignore_ascii_case(host) && (p.is_none() || *p == port))
    }
}

fn parse_entry(entry: &str) -> Result<(String, Option<u16>), String> {
    // A scheme, a path or a range of addresses would be taken as far as its host, and then let nothing through.
    if entry.contains(['/', '@', '?', '#']) {
        return Err(format!(
            "\"{entry}\" is not host or host:port: neither a scheme nor a path nor a range belongs to it"
        ));
    }
    let url =
        Url::parse(&format!("http://{entry}")).map_err(|e| format!("\"{entry}\" is not host or host:port: {e}"))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    // The URL parser drops a default port, so the text is asked for it.
    let port = entry.rsplit_once(':').filter(|(_, p)| !p.ends_with(']')).and_then(|(_, p)| p.parse().ok());
    Ok((host, port))
}

/// Whether the host is an IP address that is not public.
pub(crate) fn is_private_literal(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => !is_public_v4(ip),
        Some(url::Host::Ipv6(ip)) => !is_public_v6(ip),
        Some(url::Host::Domain(_)) => false,
        None => true,
    }
}

/// What the guard says of a host, with what to do. Addresses stay our own.
pub(crate) fn kept_from(reach: Reach, url: &Url) -> String {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    let whose = if reach == Reach::Tenant { "tenants:" } else { "" };
    format!(
        "{host} is on a private network, where nothing is sent. Ask who runs this Keybearer to allow {host}:{port} \
         (KEYBEARER_ALLOW_PRIVATE_HOSTS={whose}{host}:{port})"
    )
}

/// A name without a public address.
#[derive(Debug, thiserror::Error)]
#[error("the host has no public address")]
pub(super) struct NoPublicAddress;

/// Whether a name leads nowhere else than to addresses that are not public. A name that cannot be looked up does not.
pub(super) async fn leads_inwards(name: &str) -> bool {
    let Ok(found) = tokio::net::lookup_host((name, 0)).await else { return false };
    let found: Vec<SocketAddr> = found.collect();
    !found.is_empty() && !found.iter().any(|address| is_public(address.ip()))
}

/// Resolves names and drops every address that is not public, so that a name cannot be pointed inwards later.
#[derive(Clone, Copy)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|a| is_public(a.ip())).collect();
            if public.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// By the IANA IPv4 special-purpose registry.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Only global unicast, and whatever embeds an IPv4 address is judged by it.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = ip.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (s0, s1, s2, s3, s4, s5) {
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => embedded(s6, s7),
        (0x2002, ..) => embedded(s1, s2),
        (0x2001, 0xdb8, ..) | (0x2001, 0, ..) => false,
        _ => s0 & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        let private = "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 255.255.255.255 \
                       224.0.0.1 198.18.0.1 192.0.0.1 ::1 :: fe80::1 fc00::1 ff02::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::1";
        for ip in private.split_whitespace() {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in "1.1.1.1 170.114.52.2 2606:4700::1111 ::ffff:1.1.1.1".split_whitespace() {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn allowed_hosts_are_exact() {
        let allowed = AllowedHosts::parse("localhost:4001, internal.example, [::1]:80, tenants:10.0.0.1:5").unwrap();
        let check = |url: &str| allowed.contains(Reach::Operator, &url.parse().unwrap());
        assert!(check("http://localhost:4001/x") && check("https://internal.example/") && check("http://[::1]/"));
        assert!(!check("http://localhost:4002/") && !check("http://localhost/") && !check("http://10.0.0.1:5/"));
        let tenants = |url: &str| allowed.contains(Reach::Tenant, &url.parse().unwrap());
        assert!(tenants("http://10.0.0.1:5/") && !tenants("http://10.0.0.1:6/"));
        // Checklist 116: what is open to the operator's entries is not open to what a tenant writes.
        assert!(!tenants("http://localhost:4001/x") && !tenants("https://internal.example/"));
        for refused in
            ["a b", "tenants:a b", "http://internal.example", "internal.example/x", "10.0.0.0/8", "me@internal.example"]
        {
            assert!(AllowedHosts::parse(refused).is_err(), "{refused}");
        }
    }
}
