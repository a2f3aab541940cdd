//! What a set-up needs before end users come.

use model::applications::Environment;
use serde::{Deserialize, Serialize};

/// A point of the list of what a set-up needs before end users come.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadinessPoint {
    /// What is to be so: "The app is published".
    pub title: String,
    /// How to check it, and what to do.
    pub text: String,
    /// How it can be seen from here.
    #[serde(default)]
    pub check: ReadinessCheck,
    /// Concerns applications of this environment only.
    pub environment: Option<Environment>,
}

/// How a point of the readiness list can be seen from here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessCheck {
    /// Only in the provider's own pages.
    #[default]
    ByHand,
    /// The provider has accepted the credentials.
    Credentials,
    /// The developer has said which scopes are expected.
    Scopes,
    /// A test of the connection has passed.
    Tested,
    /// The secret is stored that the provider's notices are signed with.
    WebhookSecret,
    /// Redirect URIs are https.
    HttpsAddress,
    /// Accounts of several tenants are connected.
    SeveralTenants,
    /// A notice of the provider has come in the last days.
    NoticeSeen,
}
