//! Imports: tokens from elsewhere become connected accounts.

use crate::connected_accounts::ConnectedAccountView;
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// What is done with imported tokens beyond storing them.
    Verify {
        /// Nothing: they are refreshed when somebody first uses them.
        None = "none",
        /// They are refreshed at once, which ends them for every other system that has them.
        Refresh = "refresh",
    }
}

crate::states::states! {
    /// Whether it is known whose account an imported one is.
    ImportedIdentity {
        /// The provider has said so to Keybearer.
        Confirmed = "confirmed",
        /// The provider has not said so yet.
        Unknown = "unknown",
    }
}

crate::states::states! {
    /// What became of the refresh that an import asked for.
    ImportVerification {
        /// None was asked for.
        None = "none",
        /// The tokens work: there are new ones.
        Refreshed = "refreshed",
        /// The provider refuses them: the end user has to connect again.
        Refused = "refused",
        /// The provider gave no usable answer: the tokens are kept and tried again.
        Unfinished = "unfinished",
    }
}

/// What an import has made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportedConnectedAccount))]
pub struct ImportedAccountView {
    /// The account.
    pub connected_account: ConnectedAccountView,
    /// Whether it is known whose it is at the provider.
    pub identity: ImportedIdentity,
    /// What became of `verify`.
    pub verification: ImportVerification,
    /// What does not work yet, or soon will not, and what to do: sentences for people.
    pub warnings: Vec<String>,
}
