//! A code for tokens (RFC 6749, 4.1.3).

use super::{Credentials, client_authentication};
use crate::catalogue::Entry;
use crate::clock::Millis;
use crate::error::VaultError;
use crate::http::Request;
use crate::secret::Secret;

/// What the callback brought, and what the authorization request had said.
pub(crate) struct Code<'a> {
    pub(crate) code: &'a Secret,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: Option<&'a Secret>,
}

pub(crate) fn request(
    entry: &Entry,
    credentials: &Credentials,
    code: &Code<'_>,
    deadline: Millis,
) -> Result<Request, VaultError> {
    let mut fields =
        vec![("grant_type", "authorization_code"), ("code", code.code.expose()), ("redirect_uri", code.redirect_uri)];
    if let Some(verifier) = code.verifier {
        fields.push(("code_verifier", verifier.expose()));
    }
    client_authentication::post(entry, credentials, &entry.endpoints.token, &fields, deadline)
}
