//! The shape of an entry: one TOML file per provider. CONTRIBUTING.md documents each field for those who add one.

mod api;
mod authorize;
mod client;
mod errors;
mod readiness;
mod tokens;

pub(super) use api::check as check_api;
pub use api::{Api, ApiHost, ExpiredRule, Scalar};
pub use authorize::{Authorize, Pkce, ScopeParameter};
pub use client::{BodyFormat, Client, ClientAuthentication, ProbeGrant, ProbeStep};
pub use errors::{ErrorClass, ErrorRule};
pub use readiness::{ReadinessCheck, ReadinessPoint};
pub use tokens::{Refresh, Reuse, Revoke, RevokeEnds, RevokeToken, TokenResponse};

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
    /// Its API, as far as the proxy must know it.
    #[serde(default, skip_serializing_if = "Api::is_empty")]
    pub api: Api,
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
    /// What a set-up needs before end users come.
    #[serde(default)]
    pub readiness: Vec<ReadinessPoint>,
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
