//! States as badges: the word and the tone of each stand here and nowhere else.

use super::{Badge, Tone};
use leptos::prelude::*;
use model::applications::Environment;
use model::bulk_revocations::BulkRevocationState;
use model::connect_sessions::ConnectSessionStatus;
use model::connected_accounts::ConnectedAccountStatus;
use model::connection_tests::TestState;
use model::members::{InvitationStatus, Mail};
use model::provider_configs::{ProviderConfigState, ProviderConfigView};
use model::webhook_endpoints::{DeliveryStatus, EndpointStatus};

/// Whether a connected account works.
#[component]
pub fn AccountStatus(
    /// The status.
    of: ConnectedAccountStatus,
) -> impl IntoView {
    let (tone, word) = match of {
        ConnectedAccountStatus::Active => (Tone::Good, "Active"),
        ConnectedAccountStatus::NeedsReconnect => (Tone::Warn, "Needs reconnect"),
        ConnectedAccountStatus::Revoked => (Tone::Neutral, "Revoked"),
    };
    view! { <Badge tone word/> }
}

/// What a provider config does at the moment.
#[component]
pub fn ConfigState(
    /// The provider config.
    of: ProviderConfigView,
) -> impl IntoView {
    let (tone, word) = match of.state {
        ProviderConfigState::Active if of.verified_at.is_none() => (Tone::Warn, "Active, not verified yet"),
        ProviderConfigState::Active => (Tone::Good, "Active"),
        ProviderConfigState::Rejected => (Tone::Bad, "Rejected"),
        ProviderConfigState::Disabled => (Tone::Neutral, "Disabled"),
        ProviderConfigState::Removed => (Tone::Neutral, "Removed"),
    };
    view! { <Badge tone word/> }
}

/// What an application is for.
#[component]
pub fn EnvironmentBadge(
    /// The environment.
    of: Environment,
) -> impl IntoView {
    let (tone, word) = match of {
        Environment::Development => (Tone::Neutral, "Development"),
        Environment::Production => (Tone::Accent, "Production"),
    };
    view! { <Badge tone word/> }
}

/// Whether an invitation can be accepted, and whether its mail has gone out.
#[component]
pub fn InvitationState(
    /// Open or expired.
    status: InvitationStatus,
    /// What became of the mail.
    mail: Mail,
) -> impl IntoView {
    let (tone, word) = match (status, mail) {
        (InvitationStatus::Expired, _) => (Tone::Neutral, "Expired"),
        (InvitationStatus::Open, Mail::Failed) => (Tone::Warn, "Open, mail not sent"),
        (InvitationStatus::Open, Mail::UnderWay) => (Tone::Accent, "Open, mail under way"),
        (InvitationStatus::Open, Mail::Sent) => (Tone::Accent, "Open, mailed"),
        (InvitationStatus::Open, Mail::Off) => (Tone::Accent, "Open"),
    };
    view! { <Badge tone word/> }
}

/// How far a connect session has come.
#[component]
pub fn SessionStatus(
    /// The status.
    of: ConnectSessionStatus,
) -> impl IntoView {
    let (tone, word) = match of {
        ConnectSessionStatus::Open => (Tone::Accent, "Open"),
        ConnectSessionStatus::AwaitingConfirmation => (Tone::Warn, "Awaiting confirmation"),
        ConnectSessionStatus::Completed => (Tone::Good, "Completed"),
        ConnectSessionStatus::Failed => (Tone::Bad, "Failed"),
        ConnectSessionStatus::Expired => (Tone::Neutral, "Expired"),
    };
    view! { <Badge tone word/> }
}

/// How a test of a provider config stands.
#[component]
pub fn TestStatus(
    /// The state.
    of: TestState,
) -> impl IntoView {
    let (tone, word) = match of {
        TestState::Waiting => (Tone::Accent, "Waiting"),
        TestState::Passed => (Tone::Good, "Passed"),
        TestState::Failed => (Tone::Bad, "Failed"),
        TestState::Expired => (Tone::Neutral, "Expired"),
    };
    view! { <Badge tone word/> }
}

/// How far a bulk revocation has come.
#[component]
pub fn BulkState(
    /// The state.
    of: BulkRevocationState,
) -> impl IntoView {
    let (tone, word) = match of {
        BulkRevocationState::Waiting => (Tone::Warn, "Waits for a second person"),
        BulkRevocationState::Running => (Tone::Accent, "Running"),
        BulkRevocationState::Finished => (Tone::Good, "Finished"),
        BulkRevocationState::Stopped => (Tone::Neutral, "Stopped"),
        BulkRevocationState::Expired => (Tone::Neutral, "Not confirmed in time"),
    };
    view! { <Badge tone word/> }
}

/// Whether a webhook endpoint is sent anything.
#[component]
pub fn EndpointState(
    /// The status.
    of: EndpointStatus,
) -> impl IntoView {
    let (tone, word) = match of {
        EndpointStatus::Active => (Tone::Good, "Active"),
        EndpointStatus::Paused => (Tone::Warn, "Paused"),
    };
    view! { <Badge tone word/> }
}

/// How far a delivery has come.
#[component]
pub fn DeliveryState(
    /// The status.
    of: DeliveryStatus,
) -> impl IntoView {
    let (tone, word) = delivery_word(of);
    view! { <Badge tone word/> }
}

/// A delivery's status in a word.
pub(crate) fn delivery_word(of: DeliveryStatus) -> (Tone, &'static str) {
    match of {
        DeliveryStatus::Pending => (Tone::Accent, "Pending"),
        DeliveryStatus::Delivered => (Tone::Good, "Delivered"),
        DeliveryStatus::Failed => (Tone::Bad, "Failed"),
    }
}
