//! Applications: what a developer integrates.

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
    /// When it was created.
    pub created_at: String,
}

/// Figures of the overview page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationFigures {
    /// Provider configs that are not removed.
    pub provider_configs: i64,
    /// API keys that are not revoked.
    pub api_keys: i64,
    /// Connected accounts that work.
    pub active_accounts: i64,
    /// Connected accounts whose end user has to connect again.
    pub accounts_needing_reconnect: i64,
}
