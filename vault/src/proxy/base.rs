//! Where calls of an account go: the catalogue's API base, or the one that the provider named for this account, within
//! what the catalogue allows. Never what a caller says.

use crate::catalogue::Entry;
use url::Url;

/// The base for an account. `said` is what the provider's token answer named; where the entry does not allow it, the
/// entry's own counts. `None` when the entry has none.
pub(super) fn of(entry: &Entry, said: Option<&str>) -> Option<Url> {
    let own = entry.endpoints.api_base.as_deref().and_then(|base| Url::parse(base).ok());
    let said = said.and_then(|base| Url::parse(base).ok()).filter(is_plain);
    match said {
        Some(said) if is_allowed(entry, own.as_ref(), &said) => Some(said),
        _ => own,
    }
}

fn is_allowed(entry: &Entry, own: Option<&Url>, said: &Url) -> bool {
    if own.is_some_and(|own| own.origin() == said.origin()) {
        return true;
    }
    let host = said.host_str().unwrap_or_default();
    // A port of its own would be another server.
    said.scheme() == "https" && said.port().is_none() && entry.api.hosts.iter().any(|allowed| allowed.covers(host))
}

fn is_plain(base: &Url) -> bool {
    base.username().is_empty() && base.password().is_none() && base.query().is_none() && base.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(own: Option<&str>, said: Option<&str>, expected: Option<&str>) {
        let mut entry: Entry = toml::from_str(
            "name = 'X'\ncategory = 'x'\ndescription = 'x'\nicon = 'generic'\nerrors = []\nclient = { authentication = 'basic' }\n\
             [endpoints]\nauthorize = 'https://x.example/a'\ntoken = 'https://x.example/t'\n\
             [api]\nhosts = ['api-eu.x.example', '*.regions.x.example']\n",
        )
        .unwrap();
        entry.endpoints.api_base = own.map(str::to_owned);
        assert_eq!(of(&entry, said).as_ref().map(Url::as_str), expected, "{said:?}");
    }

    #[test]
    fn an_answer_may_name_only_hosts_that_the_entry_allows() {
        let own = "https://api.x.example/v2";
        check(Some(own), None, Some(own));
        check(Some(own), Some("https://api.x.example/v3"), Some("https://api.x.example/v3"));
        check(Some(own), Some("https://api-eu.x.example/v2"), Some("https://api-eu.x.example/v2"));
        check(Some(own), Some("https://a.regions.x.example/"), Some("https://a.regions.x.example/"));
        check(None, Some("https://API-EU.x.example/v2"), Some("https://api-eu.x.example/v2"));
        for said in [
            "http://api-eu.x.example/v2",
            "https://api-eu.x.example:8443/v2",
            "https://evil.example/v2",
            "https://api-eu.x.example.evil.example/",
            "https://regions.x.example/",
            "https://evilregions.x.example/",
            "https://a.b.regions.x.example.evil/",
            "https://api-eu.x.example@evil.example/",
            "https://u:p@api.x.example/",
            "http://api.x.example/v2",
            "nonsense",
            "https://api.x.example/v2?x=1",
            "ftp://api-eu.x.example/",
        ] {
            check(Some(own), Some(said), Some(own));
            check(None, Some(said), None);
        }
    }
}
