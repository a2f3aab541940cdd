//! Refreshes that helped nothing. A provider may call every token expired, a new one as well; then a refresh for each
//! proxied call would spend its limits, and a rotation each time, for the same refusal.

use crate::clock::{Millis, SECOND};
use model::ids::ConnectedAccountId;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// For so long after a new token was refused as well, the provider's word alone fetches no other one.
const PAUSE: Millis = 10 * SECOND;
/// Accounts that are remembered, of about 50 bytes each. Beyond it one is not, and is refreshed as before.
const MOST: usize = 10_000;

/// The accounts whose new token was refused too, and when; what this server alone has seen.
#[derive(Default)]
pub(crate) struct FutileRefreshes(Mutex<HashMap<ConnectedAccountId, Millis>>);

impl FutileRefreshes {
    /// Whether a refresh would be one more of the same kind.
    pub(super) fn expects_another(&self, id: ConnectedAccountId, now: Millis) -> bool {
        self.lock().get(&id).is_some_and(|at| is_recent(*at, now))
    }

    /// A token fetched for this call was called expired like the one before.
    pub(super) fn note(&self, id: ConnectedAccountId, now: Millis) {
        let mut noted = self.lock();
        if noted.len() >= MOST {
            noted.retain(|_, at| is_recent(*at, now));
        }
        if noted.len() < MOST || noted.contains_key(&id) {
            noted.insert(id, now);
        }
    }

    /// The provider has taken a token of the account.
    pub(super) fn forget(&self, id: ConnectedAccountId) {
        self.lock().remove(&id);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectedAccountId, Millis>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set back must not lengthen the pause.
fn is_recent(at: Millis, now: Millis) -> bool {
    (0..PAUSE).contains(&(now - at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_remembered_than_there_is_room_for() {
        let (futile, mut latest) = (FutileRefreshes::default(), None);
        for _ in 0..=MOST {
            let id = ConnectedAccountId::new();
            futile.note(id, 0);
            latest = Some(id);
        }
        assert_eq!(futile.lock().len(), MOST);
        assert!(!futile.expects_another(latest.unwrap(), 0));
        futile.note(latest.unwrap(), PAUSE);
        assert_eq!(futile.lock().len(), 1, "what is over makes room");
        assert!(futile.expects_another(latest.unwrap(), PAUSE) && !futile.expects_another(latest.unwrap(), 0));
    }
}
