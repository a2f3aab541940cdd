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
pub struct ConnectSessionView {
    /// Its id.
    pub id: ConnectSessionId,
    /// Where to send the end user. Only in the answer that created the session.
    #[serde(skip_serializing_if = "Option::is_none", default)]
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
pub struct ConnectResult {
    /// The provider config's key.
    pub provider: String,
    /// The outcome.
    pub status: ResultStatus,
    /// The connected account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub connected_account: Option<ConnectedAccountId>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<ConnectError>,
}

/// Why an account was not connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectError {
    /// A stable word: `access_denied`, `different_account`, `provider_refused`, …
    pub code: String,
    /// A sentence.
    pub detail: String,
}
