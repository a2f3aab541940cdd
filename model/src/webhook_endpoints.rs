//! Webhook endpoints, and the deliveries on their way to them.

use crate::ids::{ConnectedAccountId, DeliveryId, WebhookEndpointId};
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// What an application can hear of.
    WebhookType {
        /// An end user connected an account.
        ConnectedAccountConnected = "connected_account.connected",
        /// An account works again.
        ConnectedAccountReconnected = "connected_account.reconnected",
        /// Refreshes of an account began to fail; everything is kept and tried again.
        ConnectedAccountRefreshFailed = "connected_account.refresh_failed",
        /// An account's end user has to connect again.
        ConnectedAccountNeedsReconnect = "connected_account.needs_reconnect",
        /// An account is revoked, which is final.
        ConnectedAccountRevoked = "connected_account.revoked",
        /// An account has other scopes than before.
        ConnectedAccountScopesChanged = "connected_account.scopes_changed",
        /// A connect session brought at least one account.
        ConnectSessionCompleted = "connect_session.completed",
        /// A connect session ended without one.
        ConnectSessionFailed = "connect_session.failed",
        /// A provider refused an application's credentials.
        ProviderConfigRejected = "provider_config.rejected",
    }
}

/// The type of the example that a test sends. Nobody subscribes to it.
pub const TEST_TYPE: &str = "webhook.test";

crate::states::states! {
    /// Whether an endpoint is sent anything.
    EndpointStatus {
        /// Deliveries go out.
        Active = "active",
        /// Deliveries wait until it is resumed.
        Paused = "paused",
    }
}

crate::states::states! {
    /// Why an endpoint is paused.
    PauseReason {
        /// Somebody paused it.
        Requested = "requested",
        /// It answered 410 Gone.
        Gone = "gone",
        /// Nothing reached it for three days.
        Failing = "failing",
        /// The database is a copy of one that still sends.
        Copied = "copied",
    }
}

impl PauseReason {
    /// What it says, and what to do.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Requested => "It was paused by hand. Deliveries are kept and sent when it is resumed.",
            Self::Gone => {
                "The endpoint answered 410 Gone, which asks for nothing more. Deliveries are kept; resume it if that was a mistake."
            }
            Self::Failing => {
                "No delivery reached the endpoint for three days. Deliveries are kept: repair it, send a test, then resume it."
            }
            Self::Copied => {
                "This database was adopted as a copy of one that still sends. Resume it if this address is meant for the copy."
            }
        }
    }
}

crate::states::states! {
    /// How far a delivery has come.
    DeliveryStatus {
        /// It will be sent, or sent again.
        Pending = "pending",
        /// The endpoint took it.
        Delivered = "delivered",
        /// Given up after the last attempt.
        Failed = "failed",
    }
}

/// Why an endpoint is paused, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WebhookEndpointPause))]
pub struct Pause {
    /// A stable word.
    pub code: PauseReason,
    /// A sentence.
    pub detail: String,
    /// Since when.
    pub at: String,
}

/// A webhook endpoint, as the API shows it. The secret is no part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WebhookEndpoint))]
pub struct WebhookEndpointView {
    /// Its id.
    pub id: WebhookEndpointId,
    /// Where deliveries go.
    pub url: String,
    /// What its maker says of it.
    pub description: String,
    /// What it hears of; empty for everything.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<WebhookType>))]
    pub types: Vec<String>,
    /// Whether it is sent anything.
    pub status: EndpointStatus,
    /// Why not.
    pub paused: Option<Pause>,
    /// Since when every attempt has failed.
    pub failing_since: Option<String>,
    /// When the secret that signs was made.
    pub secret_added_at: String,
    /// Until when the secret before it signs too.
    pub previous_secret_until: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

/// A delivery, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Delivery))]
pub struct DeliveryView {
    /// Its id, which is the `webhook-id` of every attempt.
    pub id: DeliveryId,
    /// What it tells of: one of the types of an endpoint, or `webhook.test`.
    pub r#type: String,
    /// How far it has come.
    pub status: DeliveryStatus,
    /// The account that it is about.
    pub connected_account: Option<ConnectedAccountId>,
    /// Its place among those of the account.
    pub seq: Option<i64>,
    /// How often it was sent.
    pub attempts: i64,
    /// When it is sent next.
    pub next_attempt_at: Option<String>,
    /// The status of the last answer.
    pub last_status: Option<i64>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When the endpoint took it.
    pub delivered_at: Option<String>,
    /// When it was given up.
    pub given_up_at: Option<String>,
    /// When it was written.
    pub created_at: String,
}

/// Everything about one delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryDetail {
    /// What lists show.
    #[serde(flatten)]
    pub delivery: DeliveryView,
    /// The body, as it is sent and signed.
    pub body: String,
    /// The newest attempts, the last one first.
    pub attempt_log: Vec<AttemptLine>,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DeliveryAttempt))]
pub struct AttemptLine {
    /// Counted from one.
    pub number: i64,
    /// When it was sent.
    pub at: String,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// The status of the answer, if there was one.
    pub status: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
    /// The first characters of the answer.
    pub answer: String,
}
