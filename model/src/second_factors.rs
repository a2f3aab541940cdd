//! How a person proves who it is, besides a password.

use crate::ids::PasskeyId;
use serde::{Deserialize, Serialize};

/// What a person can prove with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// A password is set.
    pub password: bool,
    /// An authenticator app is set up.
    pub authenticator: bool,
    /// There is at least one passkey.
    pub passkey: bool,
    /// There is at least one recovery code left.
    pub recovery_code: bool,
}

impl Ways {
    /// Whether signing in takes two steps.
    pub fn second_factor(self) -> bool {
        self.authenticator || self.passkey
    }
}

/// What the security page shows of the person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorsView {
    /// Whether a password is set.
    pub has_password: bool,
    /// Since when an authenticator app counts.
    pub authenticator_since: Option<String>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Whether browsers have passkeys for this server's address: only where it is a name.
    pub passkeys_possible: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
}

impl SecondFactorsView {
    /// Whether signing in takes two steps.
    pub fn second_factor(&self) -> bool {
        self.authenticator_since.is_some() || !self.passkeys.is_empty()
    }
}

/// A passkey as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyView {
    /// Its id.
    pub id: PasskeyId,
    /// The name that its owner gave it.
    pub name: String,
    /// When it was added.
    pub created_at: String,
    /// When it was last used.
    pub last_used_at: Option<String>,
}
