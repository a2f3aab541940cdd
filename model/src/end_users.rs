//! End users: the developer's customers, named by the developer's own ids.

use serde::{Deserialize, Serialize};

/// A link with which an end user sees and ends what it has connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManageLinkView {
    /// Where to send the end user. Only in this answer.
    pub url: String,
    /// When the link ends.
    pub expires_at: String,
}
