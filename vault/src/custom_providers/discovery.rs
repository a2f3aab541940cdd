//! What an issuer announces of itself (RFC 8414; OpenID Connect Discovery 1.0).

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::{Addresses, Entry, check_url};
use crate::clock::{MINUTE, SECOND};
use crate::error::{VaultError, internal};
use crate::http::{Reach, Request};
use crate::text::can_be_shown;
use crate::throttle::Limit;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method};
use model::custom_providers::{Discovered, EntryForm, Finding};
use model::people::Role;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use url::Url;

const BY_APPLICATION: Limit = Limit { what: "discovery", attempts: 30, window: 10 * MINUTE };

/// Capabilities to show before anything is saved.
const CAPABILITIES: [(&str, &str); 6] = [
    ("scopes_supported", "Scopes"),
    ("grant_types_supported", "Grant types"),
    ("token_endpoint_auth_methods_supported", "Client authentication"),
    ("code_challenge_methods_supported", "PKCE methods"),
    ("id_token_signing_alg_values_supported", "ID token signatures"),
    ("response_types_supported", "Response types"),
];

/// What of an announcement decides where something is sent or who is believed. A change of it is never adopted silently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Announced {
    pub(super) issuer: String,
    pub(super) authorize: String,
    pub(super) token: String,
    pub(super) revoke: Option<String>,
    pub(super) userinfo: Option<String>,
    pub(super) jwks: Option<String>,
    pub(super) iss_required: bool,
    /// Words for people: no change of them is a change of where anything goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) scopes: Vec<String>,
}

/// As many scopes of an announcement are kept as anybody reads.
const SCOPES: usize = 500;

impl Announced {
    /// Whether both lead to the same places and believe the same.
    pub(super) fn leads_where(&self, other: &Self) -> bool {
        let places = |of: &Self| Self { scopes: Vec::new(), ..of.clone() };
        places(self) == places(other)
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn write(&self) -> Result<String, VaultError> {
        serde_json::to_string(self).map_err(|e| internal("cannot write an announcement down", e))
    }

    /// Only endpoints and whether `iss` comes: how the client signs in, PKCE and all else stay as they are configured.
    pub(super) fn apply(self, entry: &mut Entry) {
        entry.endpoints.authorize = self.authorize;
        entry.endpoints.token = self.token;
        // An announcement without them takes nothing away that works.
        entry.endpoints.revoke = self.revoke.or(entry.endpoints.revoke.take());
        entry.endpoints.jwks = self.jwks.or(entry.endpoints.jwks.take());
        entry.identity.url = self.userinfo.or(entry.identity.url.take());
        entry.authorize.iss_required |= self.iss_required;
    }
}

/// A document that counts.
pub(super) struct Found {
    pub(super) address: String,
    pub(super) announced: Announced,
    document: Value,
}

impl Vault {
    /// Asks an issuer what it announces. Nothing is saved.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for `issuer`, [`VaultError::Forbidden`], [`VaultError::TooManyAttempts`].
    pub async fn discover(&self, caller: &ApplicationCaller, issuer: &str) -> Result<Discovered, VaultError> {
        caller.require(Role::Developer)?;
        self.count_attempt(BY_APPLICATION, &caller.application.to_string()).await?;
        let found = self.announcement(issuer.trim()).await.map_err(|why| VaultError::field("issuer", why))?;
        review(found)
    }

    /// The announcement of an issuer, from the first of its two places that has one that counts.
    ///
    /// # Errors
    /// A sentence for the developer.
    pub(super) async fn announcement(&self, issuer: &str) -> Result<Found, String> {
        if self.is_quarantined() {
            return Err("This server runs in quarantine and asks nobody; see keybearer instance show.".to_owned());
        }
        let url = self.check_issuer(issuer)?;
        let mut why = String::new();
        for address in places(&url) {
            match self.document(issuer, &address).await {
                Ok(found) => return Ok(found),
                // What the second place says is told only if the first had nothing at all.
                Err(problem) if why.is_empty() || why.contains("status 404") => why = problem,
                Err(_) => {}
            }
        }
        Err(why)
    }

    /// RFC 8414, 2: https, without query and fragment.
    fn check_issuer(&self, issuer: &str) -> Result<Url, String> {
        let addresses = Addresses { sandbox: None, allowed: self.http.allowed(), reach: Reach::Tenant };
        let sentence = |why: String| format!("{why}.");
        check_url(issuer, &addresses).map_err(sentence)?;
        let url = Url::parse(issuer).map_err(|_| "This is not a URL.".to_owned())?;
        if url.query().is_some() || issuer.contains(['?', '#']) {
            return Err(
                "An issuer has neither a query nor a fragment: enter it as the provider documents it.".to_owned()
            );
        }
        Ok(url)
    }

    async fn document(&self, issuer: &str, address: &Url) -> Result<Found, String> {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        let request = Request { method: Method::GET, url: address.clone(), headers, body: None, deadline: 10 * SECOND };
        let answer = self.http.send(Reach::Tenant, request).await.map_err(|e| format!("{address}: {e}."))?;
        if answer.status.is_redirection() {
            return Err(format!(
                "{address} redirects elsewhere. Metadata must stand at its own address: enter the issuer that it redirects to."
            ));
        }
        if !answer.status.is_success() {
            return Err(format!("{address} answers with status {}.", answer.status.as_u16()));
        }
        let document: Value =
            serde_json::from_slice(&answer.body).map_err(|_| format!("{address} is not a JSON document."))?;
        let announced = self.read(issuer, &document).map_err(|why| format!("{address}: {why}."))?;
        Ok(Found { address: address.to_string(), announced, document })
    }

    fn read(&self, issuer: &str, document: &Value) -> Result<Announced, String> {
        let text = |name: &str| document.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        match text("issuer") {
            Some(said) if said == issuer => {}
            Some(said) => {
                let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
                return Err(format!("its issuer is \"{said}\", which is not exactly what you entered"));
            }
            None => return Err("it names no issuer".to_owned()),
        }
        let addresses = Addresses { sandbox: None, allowed: self.http.allowed(), reach: Reach::Tenant };
        let endpoint = |name: &str| match text(name) {
            Some(url) => {
                check_url(url, &addresses).map(|()| Some(url.to_owned())).map_err(|why| format!("{name}: {why}"))
            }
            None => Ok(None),
        };
        let needed = |name: &str| endpoint(name)?.ok_or_else(|| format!("it has no {name}"));
        Ok(Announced {
            issuer: issuer.to_owned(),
            authorize: needed("authorization_endpoint")?,
            token: needed("token_endpoint")?,
            revoke: endpoint("revocation_endpoint")?,
            userinfo: endpoint("userinfo_endpoint")?,
            jwks: endpoint("jwks_uri")?,
            iss_required: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
            scopes: scopes(document),
        })
    }
}

/// The well-known path between host and path (RFC 8414, 3), and behind the path (OpenID Connect Discovery, 4).
fn places(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/').to_owned();
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    [
        at(format!("{path}/.well-known/openid-configuration")),
        at(format!("/.well-known/oauth-authorization-server{path}")),
    ]
}

fn review(found: Found) -> Result<Discovered, VaultError> {
    let Found { address, announced, document } = found;
    let host = |url: &str| Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let own = host(&announced.issuer);
    let endpoints = [
        ("Authorization endpoint", Some(&announced.authorize)),
        ("Token endpoint", Some(&announced.token)),
        ("Revocation endpoint", announced.revoke.as_ref()),
        ("User info endpoint", announced.userinfo.as_ref()),
        ("Keys of ID tokens", announced.jwks.as_ref()),
    ];
    let mut findings: Vec<Finding> = endpoints
        .into_iter()
        .filter_map(|(label, url)| {
            let value = url?.clone();
            Some(Finding { label: label.to_owned(), elsewhere: host(&value) != own, value })
        })
        .collect();
    let list = |name: &str| -> Option<Vec<&str>> {
        Some(document.get(name)?.as_array()?.iter().filter_map(Value::as_str).take(60).collect())
    };
    findings.extend(CAPABILITIES.into_iter().filter_map(|(name, label)| {
        let value = list(name)?.join(", ");
        Some(Finding { label: label.to_owned(), value, elsewhere: false })
    }));
    let iss = if announced.iss_required { "Yes: an answer without it is refused" } else { "Not announced" };
    findings.push(Finding { label: "Names itself in answers".to_owned(), value: iss.to_owned(), elsewhere: false });
    let methods = list("token_endpoint_auth_methods_supported");
    let form = EntryForm {
        name: own.clone().unwrap_or_default(),
        issuer: announced.issuer.clone(),
        authorize: announced.authorize.clone(),
        token: announced.token.clone(),
        revoke: announced.revoke.clone().unwrap_or_default(),
        userinfo: announced.userinfo.clone().unwrap_or_default(),
        jwks: announced.jwks.clone().unwrap_or_default(),
        authentication: authentication(methods.as_deref()).to_owned(),
        scope: "space".to_owned(),
        iss_required: announced.iss_required,
        announced: announced.write()?,
        ..EntryForm::default()
    };
    Ok(Discovered {
        warnings: warnings(&findings, methods.as_deref(), list("code_challenge_methods_supported").as_deref()),
        document: address,
        findings,
        form,
    })
}

/// What is one word and can be shown, each once.
fn scopes(document: &Value) -> Vec<String> {
    let announced = document.get("scopes_supported").and_then(Value::as_array).into_iter().flatten();
    let is_word = |scope: &&str| {
        (1..=200).contains(&scope.len()) && can_be_shown(scope) && !scope.chars().any(char::is_whitespace)
    };
    let mut seen = BTreeSet::new();
    let words = announced.filter_map(Value::as_str).filter(is_word).filter(|scope| seen.insert(*scope));
    words.take(SCOPES).map(str::to_owned).collect()
}

/// Basic unless it is not on offer (RFC 8414, 2: without a list it is what is meant).
fn authentication(methods: Option<&[&str]>) -> &'static str {
    let offers = |method: &str| methods.is_none_or(|methods| methods.contains(&method));
    if !offers("client_secret_basic") && offers("client_secret_post") { "body" } else { "basic" }
}

fn warnings(findings: &[Finding], methods: Option<&[&str]>, challenges: Option<&[&str]>) -> Vec<String> {
    let mut warnings = Vec::new();
    if findings.iter().any(|finding| finding.elsewhere) {
        warnings.push("Some endpoints are on another host than the issuer. Save only if you know that host: codes, tokens and your client secret go there.".to_owned());
    }
    if challenges.is_some_and(|methods| !methods.contains(&"S256")) {
        warnings.push("The issuer's list of PKCE methods lacks S256. Keybearer sends S256 all the same and nothing weaker; if the provider refuses it, ask the provider.".to_owned());
    }
    let known = ["client_secret_basic", "client_secret_post"];
    if methods.is_some_and(|methods| !methods.iter().any(|method| known.contains(method))) {
        warnings.push("The issuer offers no way of client authentication that Keybearer knows (client_secret_basic, client_secret_post).".to_owned());
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checklist 57.
    #[test]
    fn both_places_of_a_document_are_known() {
        let of = |issuer: &str| places(&issuer.parse().unwrap()).map(|url| url.to_string());
        assert_eq!(
            of("https://id.example/tenant/1"),
            [
                "https://id.example/tenant/1/.well-known/openid-configuration",
                "https://id.example/.well-known/oauth-authorization-server/tenant/1"
            ]
        );
        let bare = of("https://id.example/");
        assert_eq!(bare[1], "https://id.example/.well-known/oauth-authorization-server");
    }
}
