//! What the types of an entry do not check: addresses, and fields that need each other.

use super::{Entry, Pkce, Sources, provider_events};
use crate::http::{AllowedHosts, Reach, is_private_literal, kept_from};
use url::Url;

/// Which addresses an entry may name.
pub(crate) struct Addresses<'a> {
    /// The sandbox provider's, if it runs.
    pub(crate) sandbox: Option<&'a str>,
    /// Hosts that may be private or without TLS.
    pub(crate) allowed: &'a AllowedHosts,
    /// Whose entry it is.
    pub(crate) reach: Reach,
}

impl<'a> Addresses<'a> {
    pub(super) fn of(sources: &'a Sources<'a>) -> Self {
        Self { sandbox: sources.sandbox, allowed: &sources.allowed, reach: Reach::Operator }
    }

    fn may_be_plain(&self, text: &str, url: &Url) -> bool {
        self.sandbox.is_some_and(|s| text.starts_with(s)) || self.allowed.contains(self.reach, url)
    }
}

/// Parameters that belong to OAuth itself.
const RESERVED: [&str; 9] = [
    "client_id",
    "redirect_uri",
    "state",
    "response_type",
    "scope",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request_uri",
];

/// Checks what the types do not.
///
/// # Errors
/// A sentence that names the field.
pub(crate) fn check(entry: &Entry, addresses: &Addresses<'_>) -> Result<(), String> {
    let endpoints = &entry.endpoints;
    let urls =
        [Some(&endpoints.authorize), Some(&endpoints.token), endpoints.revoke.as_ref(), endpoints.api_base.as_ref()];
    for url in urls.into_iter().flatten().chain(&entry.identity.url).chain(&endpoints.jwks) {
        check_url(url, addresses)?;
    }
    let word = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if entry.icon.is_empty() || !entry.icon.bytes().all(word) {
        return Err(format!("icon: \"{}\" is no name of an icon", entry.icon));
    }
    if (endpoints.jwks.is_some() || entry.authorize.iss_required) && entry.authorize.issuer.is_none() {
        return Err("endpoints.jwks and authorize.iss_required need authorize.issuer".into());
    }
    if let Some(name) = entry.authorize.parameters.keys().find(|k| RESERVED.contains(&k.as_str())) {
        return Err(format!("authorize.parameters cannot set {name}"));
    }
    if entry.authorize.pkce == Pkce::Never && entry.authorize.pkce_reason.is_none() {
        return Err("authorize.pkce = \"never\" needs authorize.pkce_reason".into());
    }
    if let Some(origin) = entry.authorize.redirect_origins.iter().find(|o| !is_origin(o)) {
        return Err(format!(
            "authorize.redirect_origins: \"{origin}\" must be https:// and a host, or https://*. and a domain"
        ));
    }
    if entry.token_response.scope_separator.is_empty() {
        return Err("token_response.scope_separator is empty".into());
    }
    if let Some((scope, _)) = entry.scopes.words.iter().find(|(_, words)| !words.contains_key("en")) {
        return Err(format!("scopes.words.\"{scope}\" has no English: add en"));
    }
    super::entry::check_api(&entry.api)?;
    entry.provider_events.as_ref().map_or(Ok(()), provider_events::check)
}

/// It becomes part of a security policy, so nothing but an origin will do.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").map(|host| host.strip_prefix("*.").unwrap_or(host));
    host.is_some_and(|host| {
        host.contains('.') && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b))
    })
}

/// An endpoint: https, unless whoever runs Keybearer named its host.
///
/// # Errors
/// A sentence on what is wrong with it.
pub(crate) fn check_url(text: &str, addresses: &Addresses<'_>) -> Result<(), String> {
    let url = Url::parse(text).map_err(|e| format!("\"{text}\" is not a URL: {e}"))?;
    if url.scheme() != "https" && !addresses.may_be_plain(text, &url) {
        return Err(match addresses.reach {
            Reach::Operator => format!("\"{text}\" must be https, or its host named in KEYBEARER_ALLOW_PRIVATE_HOSTS"),
            Reach::Tenant => format!("\"{text}\" must be https"),
        });
    }
    if leads_inwards(addresses, &url) {
        return Err(format!("\"{text}\" is a private or loopback address: {}", kept_from(addresses.reach, &url)));
    }
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("\"{text}\" must have neither a fragment nor user information"));
    }
    Ok(())
}

/// A name is judged when it is resolved, at each call.
fn leads_inwards(addresses: &Addresses<'_>, url: &Url) -> bool {
    addresses.reach == Reach::Tenant && !addresses.allowed.contains(Reach::Tenant, url) && is_private_literal(url)
}
