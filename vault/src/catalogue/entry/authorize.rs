//! What the authorization URL carries.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the authorization URL carries.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Authorize {
    /// How scopes are sent.
    pub scope: ScopeParameter,
    /// Parameters beside those of OAuth itself, which they cannot replace.
    pub parameters: BTreeMap<String, String>,
    /// Origins that the provider redirects through before it shows its page, `https://*.example.com` among them. A
    /// browser follows the way from Continue only over origins that the connect page's security policy names.
    pub redirect_origins: Vec<String>,
    /// Whether a PKCE challenge is sent (RFC 7636, always S256).
    pub pkce: Pkce,
    /// Why it is `never`.
    pub pkce_reason: Option<String>,
    /// The provider's issuer identifier: an `iss` beside a code or an error must equal it (RFC 9207), and so must the
    /// `iss` of an ID token.
    pub issuer: Option<String>,
    /// A redirect without `iss` is no answer of this provider (RFC 9207, 2.4).
    pub iss_required: bool,
}

/// How scopes are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeParameter {
    /// Not at all: they are set in the provider's own pages.
    None,
    /// One `scope` parameter with spaces.
    #[default]
    Space,
    /// One `scope` parameter with commas.
    Comma,
}

/// Whether a PKCE challenge is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pkce {
    /// Sent.
    #[default]
    Always,
    /// Not sent; the entry says why.
    Never,
}
