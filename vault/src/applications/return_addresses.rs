//! Exact return addresses (RFC 9700, 2.1): nobody may be sent elsewhere.

use model::applications::Environment;
use url::{Host, Url};

/// Checks an address before it is stored, and gives it in its normal form.
pub(crate) fn check_new(environment: Environment, text: &str) -> Result<String, String> {
    let url = parse(text)?;
    if url.query().is_some() {
        return Err("Leave the query out: it is not compared, and may differ each time.".into());
    }
    match url.scheme() {
        "https" => Ok(url.into()),
        "http" if environment == Environment::Development && is_loopback(&url) => Ok(url.into()),
        "http" if is_loopback(&url) => Err("Loopback addresses are for development applications.".into()),
        "http" => Err("Use https.".into()),
        // RFC 8252, 7.1: a private-use scheme has a dot, as a domain name turned around.
        scheme if scheme.contains('.') => Ok(url.into()),
        _ => Err("Use https, or an app's own scheme with a dot in it, such as com.example.app.".into()),
    }
}

/// Whether a browser may be sent to `text`: scheme, host, port and path are those of a registered address. In a
/// development application the port of a loopback address is free (RFC 8252, 7.3).
pub(crate) fn allows(registered: &[String], environment: Environment, text: &str) -> bool {
    let Ok(url) = parse(text) else { return false };
    addresses(registered).any(|known| same_place(&known, &url, environment) && known.path() == url.path())
}

/// Whether `text` is the origin of a registered address.
pub(crate) fn allows_origin(registered: &[String], environment: Environment, text: &str) -> bool {
    let Ok(url) = parse(text) else { return false };
    let bare = url.path() == "/" && url.query().is_none() && !text.ends_with('/');
    bare && addresses(registered).any(|known| same_place(&known, &url, environment))
}

/// The address with parameters added to its query, in the place of any of the same names.
pub(crate) fn with_parameters(address: &str, parameters: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse(address) else { return address.to_owned() };
    let ours = |name: &str| parameters.iter().any(|(n, _)| *n == name);
    let theirs: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(name, _)| !ours(name)).collect();
    url.query_pairs_mut().clear().extend_pairs(theirs).extend_pairs(parameters);
    url.into()
}

fn addresses(registered: &[String]) -> impl Iterator<Item = Url> {
    registered.iter().filter_map(|r| Url::parse(r).ok())
}

fn same_place(known: &Url, url: &Url, environment: Environment) -> bool {
    let any_port = environment == Environment::Development && known.scheme() == "http" && is_loopback(known);
    let port = any_port || known.port_or_known_default() == url.port_or_known_default();
    known.scheme() == url.scheme() && known.host() == url.host() && port
}

fn parse(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim())
        .map_err(|_| "Enter a complete address such as https://example.com/connected.".to_owned())?;
    if url.fragment().is_some() {
        return Err("An address cannot have a fragment (#…).".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("An address cannot hold a user name or password.".into());
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Environment::{Development, Production};

    #[test]
    fn only_safe_addresses_are_registered() {
        let good = [
            (Production, "https://example.com/done"),
            (Production, "com.example.app:/done"),
            (Development, "http://localhost:3000/done"),
            (Development, "http://127.0.0.1/done"),
        ];
        for (environment, url) in good {
            assert_eq!(check_new(environment, url).as_deref(), Ok(url));
        }
        let bad = [
            (Production, "http://localhost:3000/done"),
            (Development, "http://example.com/done"),
            (Production, "javascript:alert(1)"),
            (Production, "data:text/html,x"),
            (Production, "https://example.com/#x"),
            (Production, "https://a:b@example.com/"),
            (Production, "https://example.com/?x=1"),
            (Production, "/done"),
        ];
        for (environment, url) in bad {
            assert!(check_new(environment, url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_return_must_be_exact() {
        let known = ["https://example.com/done".to_owned(), "http://localhost:3000/dev".to_owned()];
        let check = |environment, url| allows(&known, environment, url);
        assert!(check(Production, "https://example.com/done?user=1"));
        assert!(check(Production, "https://EXAMPLE.com:443/done"));
        assert!(check(Development, "http://localhost:5555/dev"));
        for url in [
            "https://example.com/done/",
            "https://example.com/Done",
            "https://example.com.evil.example/done",
            "https://example.com:8443/done",
            "http://example.com/done",
            "https://example.com/x/../done2",
            "https://user@example.com/done",
            "https://example.com/done#x",
            "http://localhost:5555/dev",
        ] {
            assert!(!check(Production, url), "{url}");
        }
    }

    #[test]
    fn an_origin_is_nothing_but_an_origin() {
        let known = ["https://example.com/done".to_owned()];
        assert!(allows_origin(&known, Production, "https://example.com"));
        for text in ["https://example.com/", "https://example.com/done", "https://evil.example", "null", "*"] {
            assert!(!allows_origin(&known, Production, text), "{text}");
        }
    }

    #[test]
    fn parameters_join_a_query() {
        let forged = with_parameters("https://e.com/a?status=completed&b=1", &[("status", "failed")]);
        assert_eq!(forged, "https://e.com/a?b=1&status=failed", "only ours count");
        assert_eq!(with_parameters("https://e.com/a?b=1", &[("status", "a b")]), "https://e.com/a?b=1&status=a+b");
    }
}
