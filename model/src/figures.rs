//! Figures of an application: how many connected accounts are in which state, what happened over time, and what needs
//! attention first.

use serde::{Deserialize, Serialize};

crate::states::states! {
    /// The time that figures tell of.
    Window {
        /// 24 hours, by the hour.
        Day = "24h",
        /// 7 days, by six hours.
        Week = "7d",
        /// 30 days, by the day.
        Month = "30d",
    }
}

/// How many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The number; with `or_more`, at least so many.
    pub count: i64,
    /// There are more than were counted.
    pub or_more: bool,
    /// When it was counted, where that was not just now.
    pub counted_at: Option<String>,
}

/// Connected accounts by state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFigures {
    /// They work.
    pub active: Counted,
    /// Their end users have to connect again.
    pub needs_reconnect: Counted,
    /// Final.
    pub revoked: Counted,
}

/// A step of time and what happened in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// When it begins.
    pub at: String,
    /// The same for people: "24 Nov, 14:00".
    pub label: String,
    /// Refreshes that brought new tokens.
    pub refreshed: i64,
    /// Refreshes that did not.
    pub failed: i64,
}

/// What happened within a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// Step by step, the oldest first.
    pub slots: Vec<Slot>,
    /// Refreshes that brought new tokens.
    pub refreshed: i64,
    /// Refreshes that did not.
    pub failed: i64,
    /// Accounts that were connected.
    pub connected: i64,
    /// Accounts that lost their tokens, and how many in the window before.
    pub lost: (i64, i64),
    /// Up to when events are counted.
    pub counted_at: Option<String>,
}

/// How much something presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Something does not work.
    Bad,
    /// Something will not work soon, or not for somebody.
    Warn,
}

/// Something that needs attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// How much it presses.
    pub urgency: Urgency,
    /// What is wrong: "Meetline refuses the credentials of work".
    pub title: String,
    /// What follows from it and what to do.
    pub text: String,
    /// Where to do it; empty where it is not done in the portal.
    pub path: String,
    /// What that page is called.
    pub action: String,
}
