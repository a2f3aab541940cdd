//! Applications: what a developer integrates.

use crate::figures::Counted;
use crate::ids::ApplicationId;
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// What an application is for; fixed when it is created.
    Environment {
        /// Loopback return addresses and the sandbox provider are allowed.
        Development = "development",
        /// Real end users.
        Production = "production",
    }
}

/// An application as the portal shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationView {
    /// Its id.
    pub id: ApplicationId,
    /// Its name, which end users see at consent.
    pub name: String,
    /// Development or production.
    pub environment: Environment,
    /// Exact addresses to which an end user's browser may return.
    pub return_addresses: Vec<String>,
    /// Every connect session asks the backend to confirm who finished it.
    pub confirmation_required: bool,
    /// No token is handed out: backends call providers through the proxy alone.
    pub proxy_only: bool,
    /// When it was created.
    pub created_at: String,
}

/// How much an application has of what it needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationCounts {
    /// Provider configs that are not removed.
    pub provider_configs: i64,
    /// API keys that are not revoked.
    pub api_keys: i64,
}

/// How far a new application has come; each by what is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstSteps {
    /// It has a provider config.
    pub provider: bool,
    /// A member has opened a connect session in the portal.
    pub tried: bool,
    /// It has an API key.
    pub key: bool,
    /// A backend has opened a connect session.
    pub from_code: bool,
    /// An account was connected.
    pub connected: bool,
}

impl FirstSteps {
    /// Whether nothing is left to do. Who connects from code needs no trial.
    pub fn are_done(&self) -> bool {
        self.provider && self.key && self.from_code && self.connected
    }
}

/// An application in the organization's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationLine {
    /// The application.
    pub application: ApplicationView,
    /// Connected accounts that work.
    pub active: Counted,
    /// Connected accounts whose end users have to connect again.
    pub needs_reconnect: Counted,
    /// Provider configs that the provider refuses.
    pub rejected: usize,
}

crate::states::states! {
    /// What snippets are written in.
    Language {
        /// The command line.
        Curl = "curl",
        /// TypeScript, for Node.
        TypeScript = "typescript",
        /// Python.
        Python = "python",
        /// Rust.
        Rust = "rust",
    }
}
