//! Connect sessions: invitations for end users to connect accounts.

use crate::connected_accounts::EndUserView;
use crate::ids::{ConnectSessionId, ConnectedAccountId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::states::states! {
    /// How far a connect session has come.
    ConnectSessionStatus {
        /// The end user has not finished.
        Open = "open",
        /// Finished in a browser; the backend has not confirmed whose it was.
        AwaitingConfirmation = "awaiting_confirmation",
        /// At least one account is connected.
        Completed = "completed",
        /// Finished without a connected account.
        Failed = "failed",
        /// Not finished in time.
        Expired = "expired",
    }
}

crate::states::states! {
    /// Who makes a finished session count.
    Completion {
        /// The browser that began it.
        Automatic = "automatic",
        /// The backend, with the code that the browser brought back.
        Confirmed = "confirmed",
    }
}

crate::states::states! {
    /// What became of one provider in a session.
    ResultStatus {
        /// Connected.
        Connected = "connected",
        /// Granted; the backend has not confirmed whose it was.
        AwaitingConfirmation = "awaiting_confirmation",
        /// Not connected.
        Failed = "failed",
    }
}

/// A connect session, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConnectSession))]
pub struct ConnectSessionView {
    /// Its id.
    pub id: ConnectSessionId,
    /// Where to send the end user. Only in the answer that created the session.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub url: Option<String>,
    /// How far it has come.
    pub status: ConnectSessionStatus,
    /// Who makes it count.
    pub completion: Completion,
    /// The end user as the backend named it.
    pub end_user: EndUserView,
    /// Keys of the provider configs on offer.
    pub providers: Vec<String>,
    /// The account that this session can only renew.
    pub reconnect: Option<ConnectedAccountId>,
    /// What became of each provider.
    pub results: Vec<ConnectResult>,
    /// Where the browser goes at the end.
    pub return_url: Option<String>,
    /// Which page is told in a popup.
    pub origin: Option<String>,
    /// The backend's own notes.
    pub metadata: BTreeMap<String, String>,
    /// When the link ends.
    pub expires_at: String,
    /// When it was made.
    pub created_at: String,
}

/// What became of one provider in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectResult {
    /// The provider config's key.
    pub provider: String,
    /// The outcome.
    pub status: ResultStatus,
    /// The connected account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub connected_account: Option<ConnectedAccountId>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub error: Option<ConnectError>,
}

/// Why an account was not connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectError {
    /// A stable word: `access_denied`, `different_account`, `provider_refused`, …
    pub code: String,
    /// A sentence.
    pub detail: String,
}

/// What the list of connect sessions is narrowed by, as an address has it; what is empty lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectSessionFilter {
    /// A [`ConnectSessionStatus`].
    pub outcome: String,
    /// The key of a provider config.
    pub provider: String,
    /// The developer's own id of the end user.
    pub end_user: String,
}

impl ConnectSessionFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Names and values as an address has them.
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [("outcome", &self.outcome), ("provider", &self.provider), ("end_user", &self.end_user)]
    }
}

/// A connect session in the portal's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectSessionLine {
    /// The session.
    pub session: ConnectSessionView,
    /// The end user went to a provider, and nobody came back.
    pub never_returned: bool,
}

/// Everything about one connect session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectSessionDetail {
    /// The session.
    pub session: ConnectSessionView,
    /// Who opened it: an e-mail address, "API key Backend", "The command line".
    pub created_by: String,
    /// When a browser pressed Continue.
    pub started_at: Option<String>,
    /// When it ended.
    pub finished_at: Option<String>,
    /// Each trip to a provider, oldest first.
    pub attempts: Vec<AttemptView>,
    /// Providers from which nobody came back, with what may be the reason.
    pub why_not: Vec<WhyNot>,
}

crate::states::states! {
    /// What became of a trip to a provider.
    AttemptState {
        /// It connected an account.
        Connected = "connected",
        /// It ended with an error.
        Failed = "failed",
        /// The end user is there.
        AtProvider = "at_provider",
        /// The end user came back; the code is being exchanged.
        Returned = "returned",
        /// Granted; the backend has not confirmed whose it was.
        AwaitingConfirmation = "awaiting_confirmation",
        /// Granted, and given back since nobody confirmed it.
        NotConfirmed = "not_confirmed",
        /// The end user did not come back.
        NeverReturned = "never_returned",
    }
}

/// One trip to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    /// The provider config's key.
    pub provider: String,
    /// The provider's name.
    pub provider_name: String,
    /// What became of it.
    pub state: AttemptState,
    /// A stable word for what went wrong.
    pub error: Option<String>,
    /// A sentence on it.
    pub detail: Option<String>,
    /// When the browser left.
    pub began_at: String,
    /// When it came back.
    pub returned_at: Option<String>,
    /// The provider's user, by the best name there is.
    pub provider_account: Option<String>,
    /// The connected account.
    pub connected_account: Option<ConnectedAccountId>,
}

/// Why nobody may have come back from a provider, which shows the reason on its own page alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyNot {
    /// The provider config's key.
    pub provider: String,
    /// The provider's name.
    pub provider_name: String,
    /// The redirect URI that the trip was made with.
    pub redirect_uri: String,
    /// What is known of others.
    pub evidence: String,
    /// When somebody last came back with the same client.
    pub last_return: Option<String>,
    /// The causes, the likeliest first.
    pub causes: Vec<LikelyCause>,
}

/// One of the causes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikelyCause {
    /// The evidence speaks for it.
    pub likely: bool,
    /// What the end user sees at the provider.
    pub shows: String,
    /// Why.
    pub cause: String,
    /// What to do about it.
    pub cure: String,
}
