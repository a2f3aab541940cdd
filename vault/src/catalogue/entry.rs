//! The shape of an entry: one TOML file per provider. CONTRIBUTING.md documents each field for those who add one.

use super::never_returned::NeverReturned;
use super::provider_events::ProviderEvents;
use model::providers::{Guide, Link, Property};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A provider, as its file states it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name people know it by.
    pub name: String,
    /// The category in words: "Communication".
    pub category: String,
    /// One sentence: what a connected account gives access to.
    pub description: String,
    /// A file of `providers/icons`, without `.svg`.
    pub icon: String,
    /// Offered to development applications only.
    #[serde(default)]
    pub development_only: bool,
    /// Where its OAuth endpoints are.
    pub endpoints: Endpoints,
    /// How a client signs in at the token endpoint.
    pub client: Client,
    /// What the authorization URL carries.
    #[serde(default)]
    pub authorize: Authorize,
    /// Where things stand in a token answer.
    #[serde(default)]
    pub token_response: TokenResponse,
    /// How refresh tokens behave.
    #[serde(default)]
    pub refresh: Refresh,
    /// How an authorization is ended.
    #[serde(default)]
    pub revoke: Revoke,
    /// How to learn whose tokens these are.
    #[serde(default)]
    pub identity: Identity,
    /// What the token endpoint's errors mean; the first rule that fits counts.
    pub errors: Vec<ErrorRule>,
    /// How the provider tells that a user has ended an authorization.
    pub provider_events: Option<ProviderEvents>,
    /// How credentials are tried without an end user, in this order until one step can tell.
    #[serde(default)]
    pub probe: Vec<ProbeStep>,
    /// What keeps end users at the provider, told on its own page alone.
    #[serde(default)]
    pub never_returned: Vec<NeverReturned>,
    /// What the portal says about scopes.
    #[serde(default)]
    pub scopes: Scopes,
    /// Facts in words, for the set-up page.
    #[serde(default)]
    pub properties: Vec<Property>,
    /// Pages of the provider worth opening.
    #[serde(default)]
    pub links: Vec<Link>,
    /// The way through the provider's own pages.
    #[serde(default)]
    pub guide: Guide,
}

/// OAuth endpoints. `{sandbox}` stands for the address of the sandbox provider, while that runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Where the end user's browser goes (RFC 6749, 3.1).
    pub authorize: String,
    /// Where codes and refresh tokens are exchanged (RFC 6749, 3.2).
    pub token: String,
    /// Where tokens are revoked.
    pub revoke: Option<String>,
    /// The base of the provider's API, given to backends.
    pub api_base: Option<String>,
    /// The keys that ID tokens are signed with (OpenID Connect), as a JWK set.
    pub jwks: Option<String>,
}

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

/// How to learn whose tokens these are: members of an answer, with dots for nested ones; several names are tried in
/// order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// Called with the access token; its answer is JSON.
    pub url: Option<String>,
    /// The provider's id of the user. Never an e-mail address.
    pub user_id: Vec<String>,
    /// A name to show.
    pub name: Vec<String>,
    /// An e-mail address to show.
    pub email: Vec<String>,
    /// The company, workspace or account.
    pub tenant_id: Vec<String>,
    /// The same inside an access token that is a JWT received from the token endpoint; for when the call is refused
    /// for want of a scope.
    pub access_token_user_id: Vec<String>,
    /// The tenant inside such an access token.
    pub access_token_tenant_id: Vec<String>,
}

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

/// What the portal says about scopes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scopes {
    /// What identity needs.
    pub identity: Vec<String>,
    /// A sentence on how the provider treats scopes.
    pub note: Option<String>,
    /// What a scope allows, for end users: by scope and language (`en`, `de`).
    pub words: BTreeMap<String, BTreeMap<String, String>>,
}
