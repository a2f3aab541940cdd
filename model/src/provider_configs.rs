//! Provider configs: an application's set-up of a provider.

use crate::connection_tests::{ConnectionTestView, TestUnderWay};
use crate::ids::ProviderConfigId;
use crate::provider_health::{ClientView, ConfigHealth, Readiness};
use crate::providers::ProviderSummary;
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// What a provider config does at the moment.
    ProviderConfigState {
        /// Connects and refreshes.
        Active = "active",
        /// The provider refuses the credentials: connects and refreshes stop, valid tokens are served.
        Rejected = "rejected",
        /// Switched off by a member.
        Disabled = "disabled",
        /// Gone; its connected accounts are revoked.
        Removed = "removed",
    }
}

crate::states::states! {
    /// What the provider says of the credentials when it is asked without an end user.
    ProbeVerdict {
        /// The provider knows them.
        Accepted = "accepted",
        /// The provider refuses them.
        Rejected = "rejected",
        /// The provider did not answer, or its answer says nothing about them.
        CannotTell = "cannot_tell",
    }
}

/// Counting ends here: a larger number is this one and one more, shown as "10,000+".
pub const MOST_COUNTED: i64 = 10_000;

/// A number that was counted up to [`MOST_COUNTED`]: "12", "9,500", "10,000+".
pub fn counted(count: i64) -> String {
    let shown = count.min(MOST_COUNTED);
    let more = if count > MOST_COUNTED { "+" } else { "" };
    if shown < 1_000 { format!("{shown}{more}") } else { format!("{},{:03}{more}", shown / 1_000, shown % 1_000) }
}

/// A provider config as the portal and the API show it: never with the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderConfigView {
    /// Its id.
    pub id: ProviderConfigId,
    /// Its key: the provider's slug unless a second one was wanted.
    pub key: String,
    /// The provider.
    pub provider: ProviderSummary,
    /// What it does at the moment.
    pub state: ProviderConfigState,
    /// Whether the provider has accepted the credentials since they were saved.
    pub verified_at: Option<String>,
    /// When the provider was last asked about the credentials.
    pub probed_at: Option<String>,
    /// The provider's own words, when it refused.
    pub rejection: Option<String>,
    /// The OAuth client id.
    pub client_id: String,
    /// The last four characters of the stored secret.
    pub client_secret_ends: String,
    /// Scopes the developer expects to be granted.
    pub scopes: Vec<String>,
    /// To paste at the provider.
    pub redirect_uri: String,
    /// Where the provider sends its notices; `None` when its entry knows of none.
    pub provider_events_url: Option<String>,
    /// Whether the secret that notices are signed with is stored.
    pub webhook_secret_stored: bool,
    /// Connected accounts that work, counted up to [`MOST_COUNTED`].
    pub active_accounts: i64,
    /// Connected accounts whose end user has to connect again, counted up to [`MOST_COUNTED`].
    pub accounts_needing_reconnect: i64,
    /// How it does.
    pub health: ConfigHealth,
    /// When it was first saved.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

/// A provider config as backends see it: nothing of the secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProviderConfig))]
pub struct ProviderConfigForBackends {
    /// Its id.
    pub id: ProviderConfigId,
    /// Its key.
    pub key: String,
    /// The provider's slug.
    pub provider: String,
    /// Whether it works.
    pub state: ProviderConfigState,
    /// When the provider last accepted the credentials.
    pub verified_at: Option<String>,
    /// When the provider was last asked about them.
    pub probed_at: Option<String>,
    /// The provider's own words, when it refused.
    pub rejection: Option<String>,
    /// The OAuth client id.
    pub client_id: String,
    /// Scopes the developer expects to be granted.
    pub scopes: Vec<String>,
    /// To paste at the provider.
    pub redirect_uri: String,
    /// Where the provider sends its notices.
    pub provider_events_url: Option<String>,
    /// Whether the secret is stored without which the provider's notices are refused.
    pub takes_provider_events: bool,
    /// Connected accounts that work.
    pub active_accounts: i64,
    /// Connected accounts whose end user has to connect again.
    pub accounts_needing_reconnect: i64,
    /// When it was first saved.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

impl From<ProviderConfigView> for ProviderConfigForBackends {
    fn from(view: ProviderConfigView) -> Self {
        Self {
            id: view.id,
            key: view.key,
            provider: view.provider.slug,
            state: view.state,
            verified_at: view.verified_at,
            probed_at: view.probed_at,
            rejection: view.rejection,
            client_id: view.client_id,
            scopes: view.scopes,
            redirect_uri: view.redirect_uri,
            provider_events_url: view.provider_events_url,
            takes_provider_events: view.webhook_secret_stored,
            active_accounts: view.active_accounts,
            accounts_needing_reconnect: view.accounts_needing_reconnect,
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

/// What a provider config's own page shows beyond it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderConfigDetail {
    /// Its OAuth clients, the current one first.
    pub clients: Vec<ClientView>,
    /// What is done and what is left to do.
    pub readiness: Vec<Readiness>,
    /// The last test that a member made.
    pub last_test: Option<ConnectionTestView>,
    /// The test that this member is on.
    pub under_way: Option<TestUnderWay>,
}

/// What became of a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedProviderConfig {
    /// The provider config as it is now.
    pub config: ProviderConfigView,
    /// What the provider said of the credentials; `None` when they did not change.
    pub verdict: Option<ProbeVerdict>,
    /// What looked odd but was no reason to refuse: whitespace trimmed, an unusual length.
    pub notes: Vec<String>,
}

/// A provider config to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderChoice {
    /// The provider's icon, as SVG.
    pub icon: String,
    /// Its key.
    pub key: String,
    /// The provider's name, with the key where that differs from the provider's own.
    pub label: String,
    /// Whether it is active.
    pub works: bool,
}
