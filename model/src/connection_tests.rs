//! Tests of a provider config: a member connects an account of their own, and everything is tried once.

use crate::ids::ConnectSessionId;
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// How a step of a test ended.
    StepOutcome {
        /// As it should.
        Passed = "passed",
        /// It works, but something is worth knowing.
        Noted = "noted",
        /// It does not work.
        Failed = "failed",
    }
}

crate::states::states! {
    /// How a test stands.
    TestState {
        /// The member is on the way through the provider's pages.
        Waiting = "waiting",
        /// All steps passed.
        Passed = "passed",
        /// At least one failed.
        Failed = "failed",
        /// Nobody came back from the provider.
        Expired = "expired",
    }
}

/// A step of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStep {
    /// What was tried: "Refresh at once".
    pub title: String,
    /// How it ended.
    pub outcome: StepOutcome,
    /// What was seen, in the provider's words where it has any.
    pub detail: String,
    /// What to do next, where there is something.
    pub next: Option<String>,
    /// Until when what was given is good, RFC 3339, where that is known.
    #[serde(default)]
    pub until: Option<String>,
}

/// A test of a provider config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTestView {
    /// Its id: that of its connect session.
    pub id: ConnectSessionId,
    /// How it stands.
    pub state: TestState,
    /// What was tried, in order.
    pub steps: Vec<TestStep>,
    /// Who made it, where that was asked for.
    pub tested_by: Option<String>,
    /// When it began.
    pub created_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
}

/// A test that a member has begun and can go on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestUnderWay {
    /// Its link, for the member's own browser.
    pub url: String,
    /// When it ends.
    pub expires_at: String,
}
