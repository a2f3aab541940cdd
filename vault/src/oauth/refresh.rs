//! A refresh token for new tokens (RFC 6749, 6). No scope is sent: it could only ask for less or for too much.

use super::{Credentials, client_authentication};
use crate::catalogue::Entry;
use crate::clock::Millis;
use crate::error::VaultError;
use crate::http::Request;
use crate::secret::Secret;

pub(crate) fn request(
    entry: &Entry,
    credentials: &Credentials,
    refresh_token: &Secret,
    deadline: Millis,
) -> Result<Request, VaultError> {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())];
    client_authentication::post(entry, credentials, &entry.endpoints.token, &fields, deadline)
}
