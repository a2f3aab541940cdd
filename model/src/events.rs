//! Events: lines of the audit log.

use crate::ids::EventId;
use serde::{Deserialize, Serialize};

/// One line of the audit log, as far as a screen needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Its id.
    pub id: EventId,
    /// What happened: `connected_account.revoked`.
    pub r#type: String,
    /// Who did it: a person's id, a key's id, `end_user`, `command_line` or `keybearer`.
    pub actor: String,
    /// What it was done to.
    pub target: String,
    /// `ok` or a stable word for what went wrong.
    pub outcome: String,
    /// What happened in words.
    pub detail: Option<String>,
    /// When.
    pub at: String,
}
