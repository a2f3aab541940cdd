//! Whose tokens these are, as the provider says.

use super::first_text;
use crate::catalogue::Entry;
use crate::clock::SECOND;
use crate::error::{VaultError, internal};
use crate::http::{Answer, Request};
use crate::secret::Secret;
use data_encoding::BASE64URL_NOPAD;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Method};
use model::connected_accounts::ProviderAccount;
use serde_json::Value;
use url::Url;

/// The identity call, where the entry has one.
pub(crate) fn request(entry: &Entry, access_token: &Secret) -> Option<Request> {
    let url = Url::parse(entry.identity.url.as_ref()?).ok()?;
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", access_token.expose())).ok()?;
    bearer.set_sensitive(true);
    let headers =
        HeaderMap::from_iter([(AUTHORIZATION, bearer), (ACCEPT, HeaderValue::from_static("application/json"))]);
    Some(Request { method: Method::GET, url, headers, body: None, deadline: 10 * SECOND })
}

/// The keys that ID tokens are signed with, asked for anew each time: so a key that is withdrawn counts at once.
pub(crate) fn keys_request(address: &str) -> Result<Request, VaultError> {
    let url = Url::parse(address).map_err(|e| internal("the address of the keys is no URL", e))?;
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    Ok(Request { method: Method::GET, url, headers, body: None, deadline: 10 * SECOND })
}

/// What the identity call said, if it succeeded.
pub(crate) fn read(entry: &Entry, answer: &Answer) -> Option<ProviderAccount> {
    let body: Value = answer.status.is_success().then(|| serde_json::from_slice(&answer.body).ok()).flatten()?;
    let at = &entry.identity;
    Some(ProviderAccount {
        id: Some(first_text(&body, &at.user_id)?),
        name: first_text(&body, &at.name),
        email: first_text(&body, &at.email),
        tenant_id: first_text(&body, &at.tenant_id),
    })
}

/// What an access token that is a JWT says. It came from the token endpoint itself over TLS, so it needs no signature
/// check to be believed about its own user; it is used when the call was refused for want of a scope.
pub(crate) fn from_access_token(entry: &Entry, access_token: &Secret) -> ProviderAccount {
    let claims = access_token.expose().split('.').nth(1).and_then(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
    let claims: Option<Value> = claims.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(claims) = claims else { return ProviderAccount::default() };
    ProviderAccount {
        id: first_text(&claims, &entry.identity.access_token_user_id),
        tenant_id: first_text(&claims, &entry.identity.access_token_tenant_id),
        ..ProviderAccount::default()
    }
}
