//! Tokens: where they stand in an answer, how they are renewed and how they end.

use serde::{Deserialize, Serialize};

/// Where things stand in a token answer: names of members, with dots for nested ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: String,
    /// The access token's life in seconds.
    pub expires_in: String,
    /// The granted scopes.
    pub scope: String,
    /// What stands between two scopes.
    pub scope_separator: String,
    /// The base of the API for this account, where the answer names one.
    pub api_base: Option<String>,
    /// What is put behind that base.
    pub api_base_suffix: String,
    /// Other members worth keeping with the account.
    pub keep: Vec<String>,
}

impl Default for TokenResponse {
    fn default() -> Self {
        Self {
            access_token: "access_token".into(),
            refresh_token: "refresh_token".into(),
            expires_in: "expires_in".into(),
            scope: "scope".into(),
            scope_separator: " ".into(),
            api_base: None,
            api_base_suffix: String::new(),
            keep: Vec::new(),
        }
    }
}

/// How refresh tokens behave.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Refresh {
    /// Whether each refresh gives a new refresh token and spends the old one.
    pub rotates: bool,
    /// What a second use of a spent refresh token does: `refused`, `revokes` or `window:SECONDS`.
    pub reuse: Reuse,
    /// After how many days without a refresh the provider forgets the grant.
    pub idle_days: Option<u32>,
    /// An access token's life in seconds, when the answer does not say.
    pub access_token_seconds: Option<u32>,
    /// A new consent of a provider's user ends all tokens that the client had of that user.
    pub one_live_set_per_user: bool,
    /// How many refreshes a second one server sends to the token endpoint's host at most.
    pub calls_per_second: usize,
    /// How many of them may be under way.
    pub calls_under_way: usize,
}

impl Default for Refresh {
    fn default() -> Self {
        Self {
            rotates: true,
            reuse: Reuse::Revokes,
            idle_days: None,
            access_token_seconds: None,
            one_live_set_per_user: false,
            calls_per_second: 20,
            calls_under_way: 50,
        }
    }
}

/// What a second use of a spent refresh token does. Unknown counts as `revokes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Reuse {
    /// It works again for so many seconds.
    Window(u32),
    /// It is refused, and nothing else happens.
    Refused,
    /// It ends the whole grant (RFC 9700, 4.14.2).
    Revokes,
}

impl TryFrom<String> for Reuse {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match (text.as_str(), text.strip_prefix("window:").map(str::parse)) {
            ("refused", _) => Ok(Self::Refused),
            ("revokes", _) => Ok(Self::Revokes),
            (_, Some(Ok(seconds))) => Ok(Self::Window(seconds)),
            _ => Err(format!("\"{text}\" is none of \"refused\", \"revokes\", \"window:SECONDS\"")),
        }
    }
}

impl From<Reuse> for String {
    fn from(reuse: Reuse) -> Self {
        match reuse {
            Reuse::Window(seconds) => format!("window:{seconds}"),
            Reuse::Refused => "refused".into(),
            Reuse::Revokes => "revokes".into(),
        }
    }
}

/// How an authorization is ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Revoke {
    /// The token that the endpoint takes.
    pub token: RevokeToken,
    /// What goes with it.
    pub ends: RevokeEnds,
}

impl Default for Revoke {
    fn default() -> Self {
        Self { token: RevokeToken::RefreshToken, ends: RevokeEnds::Grant }
    }
}

/// The token that a revocation endpoint takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeToken {
    /// The access token; it must still be valid.
    AccessToken,
    /// The refresh token.
    RefreshToken,
}

/// What goes with a revoked token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeEnds {
    /// Everything this client has of this user.
    Grant,
    /// This token set alone.
    TokenSet,
}
