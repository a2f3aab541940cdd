//! The provider's error envelope: `reason` for people, `error` for programs, nearly always 400.

use crate::http::Answer;
use hyper::StatusCode;
use serde_json::json;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenError {
    pub(crate) error: &'static str,
    pub(crate) reason: &'static str,
}

impl TokenError {
    pub(crate) const WRONG_CREDENTIALS: Self = Self::new("invalid_client", "Invalid client_id or client_secret");
    pub(crate) const MISSING_CREDENTIALS: Self = Self::new("invalid_client", "Client ID or client secret is missing.");
    pub(crate) const CLIENT_DISABLED: Self = Self::new("unauthorized_client", "The app has been disabled");
    pub(crate) const BAD_REQUEST: Self = Self::new("invalid_request", "Bad Request");
    pub(crate) const MISSING_GRANT_TYPE: Self = Self::new("invalid_request", "Missing grant type.");
    pub(crate) const UNSUPPORTED_GRANT_TYPE: Self = Self::new("unsupported_grant_type", "unsupported grant type");
    pub(crate) const UNKNOWN_CODE: Self = Self::new("invalid_grant", "Invalid authorization code");
    pub(crate) const EXPIRED_CODE: Self = Self::new("invalid_grant", "Code is expired");
    pub(crate) const REDIRECT_MISMATCH: Self = Self::new("invalid_grant", "Redirect URI mismatch.");
    pub(crate) const WRONG_VERIFIER: Self = Self::new("invalid_grant", "Invalid code verifier");
    pub(crate) const DEAD_TOKEN: Self = Self::new("invalid_grant", "Invalid Token!");
    pub(crate) const OWNER_GONE: Self = Self::new("invalid_grant", "The owner of the token does not exist.");

    const fn new(error: &'static str, reason: &'static str) -> Self {
        Self { error, reason }
    }

    pub(crate) fn into_answer(self) -> Answer {
        Answer::json(StatusCode::BAD_REQUEST, json!({"reason": self.reason, "error": self.error}))
    }
}
