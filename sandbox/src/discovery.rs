//! What the sandbox announces of itself (RFC 8414, OpenID Connect Discovery), and documents that say something else.

use crate::http::{Answer, Content};
use hyper::{StatusCode, header};
use serde_json::{Value, json};

/// What a path answers instead of the sandbox's own answer.
#[derive(Clone, Debug)]
pub struct Document {
    /// The status.
    pub status: u16,
    /// For a redirect.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}

impl Document {
    /// JSON with status 200.
    pub fn json(body: &Value) -> Self {
        Self { status: 200, location: None, body: body.to_string() }
    }

    /// A redirect.
    pub fn redirect(location: &str) -> Self {
        Self { status: 302, location: Some(location.to_owned()), body: String::new() }
    }

    pub(crate) fn answer(&self) -> Answer {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let answer = Answer::new(status, Content::Raw { media_type: "application/json", text: self.body.clone() });
        match &self.location {
            Some(location) => answer.with(header::LOCATION, location),
            None => answer,
        }
    }
}

pub(crate) fn metadata(base_url: &str) -> Value {
    let at = |path: &str| format!("{base_url}{path}");
    json!({
        "issuer": base_url,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "revocation_endpoint": at("/oauth/revoke"),
        "userinfo_endpoint": at("/oauth/userinfo"),
        "jwks_uri": at("/oauth/jwks"),
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
    })
}
