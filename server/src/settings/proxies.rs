//! Networks whose forwarding headers are believed.

use std::net::{IpAddr, Ipv6Addr};

/// A list of networks.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Network>);

#[derive(Clone, Debug)]
struct Network {
    address: u128,
    mask: u128,
}

impl Proxies {
    /// Reads CIDRs with commas between them: `10.0.0.0/8, ::1`.
    ///
    /// # Errors
    /// A sentence naming the entry that cannot be read.
    pub fn parse(list: &str) -> Result<Self, String> {
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether an address belongs to one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = mapped(address);
        self.0.iter().any(|network| address & network.mask == network.address)
    }
}

fn network(entry: &str) -> Result<Network, String> {
    let wrong = || format!("\"{entry}\" is not an address or a network such as 10.0.0.0/8");
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| wrong())?)),
        None => (entry, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(width);
    if bits > width {
        return Err(wrong());
    }
    let mask = u128::MAX.checked_shl(width - bits).unwrap_or_default();
    Ok(Network { address: mapped(address) & mask, mask })
}

/// IPv4 stands in IPv6 as `::ffff:a.b.c.d`, as a listener on `[::]` sees it.
fn mapped(address: IpAddr) -> u128 {
    let address = match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    };
    u128::from_be_bytes(Ipv6Addr::octets(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_its_networks_alone() {
        let proxies = Proxies::parse("10.0.0.0/8, 192.168.1.7,2001:db8::/32").unwrap();
        for inside in ["10.1.2.3", "192.168.1.7", "2001:db8::1", "::ffff:10.0.0.1"] {
            assert!(proxies.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["11.0.0.1", "192.168.1.8", "2001:db9::1", "::1"] {
            assert!(!proxies.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!(Proxies::parse("0.0.0.0/0").unwrap().contains("8.8.8.8".parse().unwrap()));
        assert!(Proxies::parse("10.0.0.0/33").is_err() && Proxies::parse("proxy").is_err());
    }
}
