//! The authorization URL (RFC 6749, 4.1.1).

use crate::catalogue::{Entry, Pkce, ScopeParameter};
use crate::error::{VaultError, internal};
use crate::random;
use crate::secret::{Secret, sha256};
use data_encoding::BASE64URL_NOPAD;
use url::Url;

/// What an authorization URL is made of.
pub(crate) struct Authorization<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: &'a str,
    pub(crate) scopes: &'a [String],
    pub(crate) verifier: Option<&'a Secret>,
    pub(crate) nonce: Option<&'a Secret>,
}

/// Whether an ID token is asked for, and so checked (OpenID Connect Core, 3.1.2.1).
pub(crate) fn asks_for_id_token(entry: &Entry, scopes: &[String]) -> bool {
    let can_be_checked = entry.endpoints.jwks.is_some() && entry.authorize.issuer.is_some();
    can_be_checked && entry.authorize.scope != ScopeParameter::None && scopes.iter().any(|scope| scope == "openid")
}

/// A PKCE verifier (RFC 7636, 4.1), where the entry wants one: 43 base62 characters, 256 bits.
pub(crate) fn new_verifier(entry: &Entry) -> Result<Option<Secret>, VaultError> {
    match entry.authorize.pkce {
        Pkce::Always => random::base62_digits(43).map(Some),
        Pkce::Never => Ok(None),
    }
}

/// The URL. Each parameter appears once, a query of the endpoint's own is kept, and nothing is sent without a value.
pub(crate) fn url(entry: &Entry, authorization: &Authorization<'_>) -> Result<String, VaultError> {
    let mut url =
        Url::parse(&entry.endpoints.authorize).map_err(|e| internal("the authorization endpoint is no URL", e))?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code");
        query.append_pair("client_id", authorization.client_id);
        query.append_pair("redirect_uri", authorization.redirect_uri);
        query.append_pair("state", authorization.state);
        let separator = match entry.authorize.scope {
            ScopeParameter::None => None,
            ScopeParameter::Space => Some(" "),
            ScopeParameter::Comma => Some(","),
        };
        if let Some(separator) = separator.filter(|_| !authorization.scopes.is_empty()) {
            query.append_pair("scope", &authorization.scopes.join(separator));
        }
        if let Some(verifier) = authorization.verifier {
            query.append_pair("code_challenge", &BASE64URL_NOPAD.encode(&sha256(verifier.expose().as_bytes())));
            query.append_pair("code_challenge_method", "S256");
        }
        if let Some(nonce) = authorization.nonce {
            query.append_pair("nonce", nonce.expose());
        }
        query.extend_pairs(&entry.authorize.parameters);
    }
    Ok(url.into())
}
