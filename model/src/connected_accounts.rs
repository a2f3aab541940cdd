//! Connected accounts: what admins review and backends call with.

use crate::ids::{ConnectedAccountId, EndUserId};
use crate::timeline::{Sharer, Trouble};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::states::states! {
    /// Whether a connected account works.
    ConnectedAccountStatus {
        /// Tokens are handed out.
        Active = "active",
        /// The end user has to connect again.
        NeedsReconnect = "needs_reconnect",
        /// Final.
        Revoked = "revoked",
    }
}

crate::states::states! {
    /// Why a connected account does not work.
    StatusReasonCode {
        /// The provider refused the refresh token.
        RefreshRejected = "refresh_rejected",
        /// The refresh token was spent, and its answer never arrived.
        RefreshInterrupted = "refresh_interrupted",
        /// The authorization code was spent, and its answer never arrived.
        ExchangeInterrupted = "exchange_interrupted",
        /// The same provider's user consented again elsewhere, which ended this account's tokens.
        Superseded = "superseded",
        /// The end user or an admin removed the app at the provider.
        DeauthorizedAtProvider = "deauthorized_at_provider",
        /// Nothing was refreshed for longer than the provider keeps a grant.
        ExpiredIdle = "expired_idle",
        /// The scopes at the provider changed.
        ScopesChanged = "scopes_changed",
        /// The OAuth client is gone.
        ClientRemoved = "client_removed",
        /// The end user disconnected it.
        RevokedByEndUser = "revoked_by_end_user",
        /// The application's backend disconnected it.
        RevokedByApplication = "revoked_by_application",
        /// A member disconnected it.
        RevokedByMember = "revoked_by_member",
    }
}

crate::states::states! {
    /// What became of a revocation at the provider.
    ProviderRevocation {
        /// The provider confirmed it.
        Revoked = "revoked",
        /// It will be tried again.
        Pending = "pending",
        /// The provider has no way to revoke.
        Unsupported = "unsupported",
        /// Given up after the last try.
        Failed = "failed",
        /// Not asked for, since it would end other live accounts of the same provider's user.
        KeptForOtherAccounts = "kept_for_other_accounts",
    }
}

/// A connected account, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConnectedAccount))]
pub struct ConnectedAccountView {
    /// Its id.
    pub id: ConnectedAccountId,
    /// The provider's slug.
    pub provider: String,
    /// The key of the provider config.
    pub provider_config: String,
    /// A name that the developer gave it.
    pub label: Option<String>,
    /// Whether it works.
    pub status: ConnectedAccountStatus,
    /// Why it does not work.
    pub status_reason: Option<StatusReason>,
    /// The developer's customer.
    pub end_user: EndUserView,
    /// The provider's user.
    pub provider_account: ProviderAccount,
    /// What the provider granted.
    pub scopes: Vec<String>,
    /// What was asked for and not granted.
    pub missing_scopes: Vec<String>,
    /// Where the provider's API is for this account.
    pub api_base_url: Option<String>,
    /// When the access token ends; unknown lifetimes are `null`.
    pub expires_at: Option<String>,
    /// By when something must have been refreshed, lest the provider forgets the grant.
    pub reconnect_by: Option<String>,
    /// When tokens were last renewed.
    pub last_refreshed_at: Option<String>,
    /// When a backend last asked for a token, to the minute.
    pub last_used_at: Option<String>,
    /// When it was first connected.
    pub created_at: String,
    /// The developer's own notes.
    pub metadata: BTreeMap<String, String>,
}

/// What the portal shows beside the view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAccountDetail {
    /// The connected account.
    pub account: ConnectedAccountView,
    /// What became of the revocation at the provider.
    pub provider_revocation: Option<ProviderRevocation>,
    /// How many other accounts stand on the same authorization.
    pub shares_authorization_with: i64,
    /// The first of them.
    pub sharers: Vec<Sharer>,
    /// What is wrong with it, if anything is.
    pub trouble: Option<Trouble>,
}

/// Why a connected account does not work, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusReason {
    /// The cause.
    pub code: StatusReasonCode,
    /// The cause in words, with what to do.
    pub detail: String,
    /// Since when.
    pub at: String,
}

/// The developer's customer as the developer named it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EndUser))]
pub struct EndUserView {
    /// The developer's own id.
    pub id: String,
    /// A name to show.
    pub name: Option<String>,
    /// An e-mail address to show.
    pub email: Option<String>,
    /// The developer's grouping, such as a company.
    pub group: Option<String>,
    /// The vault's id of the row; in the portal only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub row: Option<EndUserId>,
}

/// The provider's user, as far as the provider said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderAccount {
    /// The provider's id of the user.
    pub id: Option<String>,
    /// A name.
    pub name: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// The company, workspace or account at the provider.
    pub tenant_id: Option<String>,
}

/// What became of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revocation {
    /// Always `revoked`: no token is handed out any more.
    pub status: ConnectedAccountStatus,
    /// What became of it at the provider.
    pub provider_revocation: ProviderRevocation,
}
