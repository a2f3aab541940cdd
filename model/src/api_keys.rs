//! API keys: how an application's backend signs in, and what each is restricted to.

use crate::ids::ApiKeyId;
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// A part of the API that a key opens.
    KeyScope {
        /// Fetching access tokens.
        TokensRead = "tokens:read",
        /// Reading connected accounts.
        ConnectedAccountsRead = "connected_accounts:read",
        /// Changing, refreshing and revoking them.
        ConnectedAccountsWrite = "connected_accounts:write",
        /// Bringing tokens from elsewhere. Only a key that names it has it.
        ConnectedAccountsImport = "connected_accounts:import",
        /// Reading connect sessions.
        ConnectSessionsRead = "connect_sessions:read",
        /// Opening and confirming them, reconnect links among them.
        ConnectSessionsWrite = "connect_sessions:write",
        /// Reading end users.
        EndUsersRead = "end_users:read",
        /// Changing and erasing end users, and making manage links.
        EndUsersWrite = "end_users:write",
        /// Calling providers through the proxy.
        ProxyCall = "proxy:call",
        /// Reading the audit log.
        EventsRead = "events:read",
        /// Reading provider configs.
        ProviderConfigsRead = "provider_configs:read",
        /// Saving and removing them.
        ProviderConfigsWrite = "provider_configs:write",
        /// Reading the application's settings.
        ApplicationRead = "application:read",
        /// Changing them.
        ApplicationWrite = "application:write",
        /// Reading webhook endpoints and their deliveries.
        WebhookEndpointsRead = "webhook_endpoints:read",
        /// Changing webhook endpoints.
        WebhookEndpointsWrite = "webhook_endpoints:write",
    }
}

impl KeyScope {
    /// What it allows, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TokensRead => "Fetch access tokens",
            Self::ConnectedAccountsRead => "Read connected accounts",
            Self::ConnectedAccountsWrite => "Change, refresh and revoke connected accounts",
            Self::ConnectedAccountsImport => "Import tokens from elsewhere",
            Self::ConnectSessionsRead => "Read connect sessions",
            Self::ConnectSessionsWrite => "Open and confirm connect sessions",
            Self::EndUsersRead => "Read end users",
            Self::EndUsersWrite => "Change and erase end users",
            Self::ProxyCall => "Call providers through the proxy",
            Self::EventsRead => "Read the audit log",
            Self::ProviderConfigsRead => "Read provider configs",
            Self::ProviderConfigsWrite => "Save and remove provider configs",
            Self::ApplicationRead => "Read the application's settings",
            Self::ApplicationWrite => "Change the application's settings",
            Self::WebhookEndpointsRead => "Read webhook endpoints",
            Self::WebhookEndpointsWrite => "Change webhook endpoints",
        }
    }

    /// Whether a key has it that names no scopes: everything but imports.
    pub const fn is_usual(self) -> bool {
        !matches!(self, Self::ConnectedAccountsImport)
    }
}

/// What the proxy does for a key. What is absent allows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Slugs of providers, or keys of provider configs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub providers: Option<Vec<String>>,
    /// Methods, in capitals: `GET`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methods: Option<Vec<String>>,
    /// Patterns of paths below the provider's API base: `/users/*/meetings` with `*` within a segment, `/users/**` with `**`
    /// across segments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paths: Option<Vec<String>>,
}

/// An API key as lists show it. The secret itself appears once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyView {
    /// Its id.
    pub id: ApiKeyId,
    /// The name its maker gave it.
    pub name: String,
    /// The first characters of the secret, enough to recognise it by: `kb_live_Ab3d`.
    pub starts_with: String,
    /// The parts of the API that it opens; none means everything but imports.
    pub scopes: Vec<KeyScope>,
    /// The networks that it is taken from; none means everywhere.
    pub sources: Vec<String>,
    /// No token is handed out to it.
    pub proxy_only: bool,
    /// What the proxy does for it; without one everything.
    pub policy: Option<Policy>,
    /// When it was made.
    pub created_at: String,
    /// When it ends.
    pub expires_at: Option<String>,
    /// Whether it has ended by its time.
    pub expired: bool,
    /// When it was last used, to the minute.
    pub last_used_at: Option<String>,
    /// Since when it is refused.
    pub revoked_at: Option<String>,
    /// The key that takes its place.
    pub replaced_by: Option<ApiKeyId>,
}
