//! Ending an authorization at the provider (RFC 7009).

use super::error::{retry_after, words};
use super::{Credentials, client_authentication};
use crate::catalogue::{Entry, RevokeToken};
use crate::clock::{Clock, Millis, SECOND};
use crate::error::VaultError;
use crate::http::{Answer, Request};
use crate::secret::Secret;
use http::StatusCode;
use serde_json::Value;

/// What the provider made of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Ended, or the provider never knew the token, which is the same (RFC 7009, 2.2).
    Revoked,
    /// It does not end tokens of this kind (RFC 7009, 2.2.1): asking again is of no use.
    Unsupported(String),
    /// To be asked again; `Some` when the provider says after how many milliseconds.
    Later(String, Option<Millis>),
}

pub(crate) fn request(
    entry: &Entry,
    credentials: &Credentials,
    address: &str,
    token: &Secret,
) -> Result<Request, VaultError> {
    let hint = match entry.revoke.token {
        RevokeToken::AccessToken => "access_token",
        RevokeToken::RefreshToken => "refresh_token",
    };
    let fields = [("token", token.expose().as_str()), ("token_type_hint", hint)];
    client_authentication::post(entry, credentials, address, &fields, 10 * SECOND)
}

pub(crate) fn outcome(answer: &Answer, clock: &Clock) -> Outcome {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let code = body.as_ref().and_then(|b| b.get("error")).and_then(Value::as_str);
    match (answer.status, code) {
        (status, None) if status.is_success() => Outcome::Revoked,
        // The token is unknown or over: there is nothing left to end.
        (
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED,
            Some("invalid_token" | "invalid_grant" | "invalid_request"),
        ) => Outcome::Revoked,
        (status, Some("unsupported_token_type")) => Outcome::Unsupported(words(status, body.as_ref())),
        (status, _) => Outcome::Later(words(status, body.as_ref()), retry_after(&answer.headers, clock)),
    }
}
