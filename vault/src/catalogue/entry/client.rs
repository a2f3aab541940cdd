//! How a client signs in at the token endpoint, and how its credentials are tried.

use serde::{Deserialize, Serialize};

/// How a client signs in at the token endpoint (RFC 6749, 2.3).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// In the header or in the body, never both.
    pub authentication: ClientAuthentication,
    /// What the body of a token request is written in.
    #[serde(default)]
    pub body_format: BodyFormat,
    /// How many characters a client id usually has; another length is worth a warning.
    pub id_length: Option<usize>,
    /// How many characters a client secret usually has.
    pub secret_length: Option<usize>,
}

/// Where the client's credentials stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// `Authorization: Basic`, each half form-encoded first.
    Basic,
    /// `client_id` and `client_secret` beside the other fields.
    Body,
}

/// What the body of a token request is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`.
    #[default]
    Form,
    /// `application/json`.
    Json,
}

/// One way to try credentials without an end user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeStep {
    /// What is asked for.
    pub grant_type: ProbeGrant,
}

/// What a probe asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeGrant {
    /// A made-up code: "bad code" proves the credentials, "bad client" disproves them.
    AuthorizationCode,
    /// A token for the client itself, dropped at once.
    ClientCredentials,
}
