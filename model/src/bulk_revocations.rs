//! Bulk revocations: many connected accounts that are revoked together.

use crate::connected_accounts::ConnectedAccountView;
use crate::ids::{BulkRevocationId, ConnectedAccountId};
use serde::{Deserialize, Serialize};

crate::states::states! {
    /// How far a bulk revocation has come.
    BulkRevocationState {
        /// A second person has not confirmed it yet.
        Waiting = "waiting",
        /// Accounts are being revoked.
        Running = "running",
        /// Every account was seen to.
        Finished = "finished",
        /// A member stopped it.
        Stopped = "stopped",
        /// Nobody confirmed it in time.
        Expired = "expired",
    }
}

/// A bulk revocation, as the portal shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRevocationView {
    /// Its id.
    pub id: BulkRevocationId,
    /// How far it has come.
    pub state: BulkRevocationState,
    /// Which accounts, in words; each of these narrows it.
    pub which: Vec<String>,
    /// Why, in the words of who asked for it.
    pub reason: String,
    /// How many accounts there were to revoke when it was asked for.
    pub accounts: i64,
    /// How many it has revoked.
    pub revoked: i64,
    /// How many could not be revoked.
    pub failed: i64,
    /// The first few of those, and why.
    pub failures: Vec<Failure>,
    /// Who asked for it; `null` for the command line.
    pub requested_by: Option<String>,
    /// The second person who confirmed it.
    pub confirmed_by: Option<String>,
    /// Who stopped it.
    pub stopped_by: Option<String>,
    /// When it was asked for.
    pub created_at: String,
    /// Until when a second person may confirm it.
    pub confirm_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// An account that could not be revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The account.
    pub account: ConnectedAccountId,
    /// Why not.
    pub detail: String,
}

/// What a bulk revocation would do. Nothing is changed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPreview {
    /// The id that it will have: the same form sent twice makes one.
    pub id: BulkRevocationId,
    /// How many accounts that are not revoked, as far as they were counted.
    pub accounts: i64,
    /// Whether there are more than that.
    pub or_more: bool,
    /// How many of them by provider config, of those that were counted.
    pub by_provider: Vec<PreviewOfProvider>,
    /// The newest of them; `null` when there is none.
    pub newest: Option<ConnectedAccountId>,
    /// A few of them.
    pub examples: Vec<ConnectedAccountView>,
    /// Whether somebody else must confirm it.
    pub second_person: bool,
}

/// The part of one provider config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewOfProvider {
    /// The key of the provider config.
    pub key: String,
    /// The provider's name, with the key where that is another.
    pub name: String,
    /// How many accounts.
    pub accounts: i64,
    /// Whether the provider is asked to end the authorizations.
    pub is_asked: bool,
}
