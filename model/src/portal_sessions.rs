//! Sessions of people who are signed in to the portal.

use serde::{Deserialize, Serialize};

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSessionView {
    /// Names it; the session's secret cannot be had from it.
    pub id: String,
    /// Browser and system in words: "Firefox on Windows".
    pub device: String,
    /// Where it was last seen from.
    pub address: String,
    /// When it began.
    pub began_at: String,
    /// When it was last seen, to five minutes.
    pub seen_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}
