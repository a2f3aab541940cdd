//! Networks of addresses, as CIDRs.

use std::net::{IpAddr, Ipv6Addr};

/// A list of networks.
#[derive(Clone, Debug, Default)]
pub struct Networks(Vec<Network>);

#[derive(Clone, Debug)]
struct Network {
    address: u128,
    mask: u128,
}

impl Networks {
    /// Reads CIDRs and single addresses with commas between them: `10.0.0.0/8, ::1`.
    ///
    /// # Errors
    /// A sentence naming the entry that cannot be read.
    pub fn parse(list: &str) -> Result<Self, String> {
        Self::of(list.split(',').map(str::trim).filter(|entry| !entry.is_empty()))
    }

    /// The same of entries that stand by themselves.
    ///
    /// # Errors
    /// A sentence naming the entry that cannot be read.
    pub(crate) fn of<'a>(entries: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether an address belongs to one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = mapped(address);
        self.0.iter().any(|network| address & network.mask == network.address)
    }
}

/// An entry as it is written down: a network by its first address. One that has bits behind its prefix is refused, since it
/// may have been meant otherwise.
pub(crate) fn written(entry: &str) -> Result<String, String> {
    let known = network(entry)?;
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (entry, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong(entry))?;
    let Some(bits) = bits.and_then(|bits| bits.parse::<u32>().ok()) else { return Ok(address.to_string()) };
    if mapped(address) != known.address {
        return Err(format!(
            "\"{entry}\" has bits behind its prefix; the network is {}/{bits}",
            first(&known, address)
        ));
    }
    Ok(format!("{address}/{bits}"))
}

/// A network's first address, in the family of `like`.
fn first(network: &Network, like: IpAddr) -> IpAddr {
    let v6 = Ipv6Addr::from_bits(network.address);
    if like.is_ipv4() { IpAddr::V6(v6).to_canonical() } else { IpAddr::V6(v6) }
}

fn wrong(entry: &str) -> String {
    let entry: String = entry.chars().take(60).collect();
    format!("\"{entry}\" is not an address or a network such as 10.0.0.0/8")
}

fn network(entry: &str) -> Result<Network, String> {
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| wrong(entry))?)),
        None => (entry, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong(entry))?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(width);
    if bits > width {
        return Err(wrong(entry));
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
        let networks = Networks::parse("10.0.0.0/8, 192.168.1.7,2001:db8::/32").unwrap();
        for inside in ["10.1.2.3", "192.168.1.7", "2001:db8::1", "::ffff:10.0.0.1"] {
            assert!(networks.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["11.0.0.1", "192.168.1.8", "2001:db9::1", "::1"] {
            assert!(!networks.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!(Networks::parse("0.0.0.0/0").unwrap().contains("8.8.8.8".parse().unwrap()));
        assert!(Networks::parse("10.0.0.0/33").is_err() && Networks::parse("proxy").is_err());
    }

    #[test]
    fn a_network_is_written_by_its_first_address() {
        for (entry, expected) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7/32", "192.0.2.7/32"),
            ("2001:DB8:0::/32", "2001:db8::/32"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(written(entry).as_deref(), Ok(expected));
        }
        assert!(written("10.1.2.3/8").unwrap_err().ends_with("the network is 10.0.0.0/8"));
        assert!(written("2001:db8::1/32").unwrap_err().ends_with("the network is 2001:db8::/32"));
        for entry in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0", "example.com", "10.0.0.0/8 "] {
            assert!(written(entry).is_err(), "{entry}");
        }
    }
}
