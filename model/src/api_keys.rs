//! API keys: how an application's backend signs in.

use crate::ids::ApiKeyId;
use serde::{Deserialize, Serialize};

/// An API key as lists show it. The secret itself appears once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyView {
    /// Its id.
    pub id: ApiKeyId,
    /// The name its maker gave it.
    pub name: String,
    /// The first characters of the secret, enough to recognise it by: `kb_live_Ab3d`.
    pub starts_with: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, to the minute.
    pub last_used_at: Option<String>,
    /// Since when it is refused.
    pub revoked_at: Option<String>,
}
