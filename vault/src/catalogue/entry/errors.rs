//! What the token endpoint's errors mean.

use serde::{Deserialize, Serialize};

/// What an error of the token endpoint means.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// The meaning.
    pub class: ErrorClass,
    /// The value of the answer's `error` member.
    pub error: Option<String>,
    /// What the answer's words contain, letter case aside.
    pub words: Option<String>,
}

/// The meaning of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// The code or the refresh token is not good (any more).
    NeedsReconnect,
    /// The client's credentials or permissions are wrong.
    ProviderConfigWrong,
    /// Nothing was done; try later.
    NotProcessed,
}
