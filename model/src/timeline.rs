//! Why a connected account is as it is: what was tried for it, what came of that, and what to do next.

use crate::ids::{ConnectSessionId, ConnectedAccountId};
use serde::{Deserialize, Serialize};

/// One entry of a connected account's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// The id of what it tells: an event's or, for a call whose answer is still open, the intent's.
    pub id: String,
    /// When.
    pub at: String,
    /// What happened: `connected_account.refresh_failed`.
    pub r#type: String,
    /// `ok` or a stable word for what came of it: `unknown`, `refresh_rejected`.
    pub outcome: String,
    /// Why, in plain words.
    pub cause: String,
    /// The provider's own words, cut and without anything secret, or more about the cause.
    pub detail: Option<String>,
    /// What to do about it; `null` where nothing is to be done, or where it is over.
    pub next_step: Option<String>,
    /// Who did it: a person's id, a key's id, `end_user`, `command_line` or `keybearer`.
    pub actor: String,
    /// The connect session that caused it.
    pub connect_session: Option<ConnectSessionId>,
}

crate::states::states! {
    /// What keeps a connected account from giving fresh tokens.
    TroubleKind {
        /// Only its end user can help.
        NeedsReconnect = "needs_reconnect",
        /// It is revoked, for good.
        Revoked = "revoked",
        /// The provider refuses the application's credentials.
        ConfigRejected = "config_rejected",
        /// A member has switched the provider config off.
        ConfigDisabled = "config_disabled",
        /// The last refreshes failed; they are tried again.
        RefreshesFail = "refreshes_fail",
    }
}

/// What is wrong with a connected account at present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What kind of trouble.
    pub kind: TroubleKind,
    /// Why, in plain words.
    pub cause: String,
    /// The provider's own words, or more about the cause.
    pub detail: Option<String>,
    /// What to do about it.
    pub next_step: String,
    /// Since when.
    pub since: Option<String>,
    /// When the next refresh is tried.
    pub retry_at: Option<String>,
}

/// Another connected account that stands on the same authorization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharer {
    /// The account.
    pub id: ConnectedAccountId,
    /// The developer's own id of its end user.
    pub end_user: String,
}
