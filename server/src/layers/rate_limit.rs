//! How often an address may be wrong before it has to wait. In memory, for this process: a first barrier before the count
//! that all servers share.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use vault::{MINUTE, Millis};

/// Refusals an address may collect in a window: far more than a mistyped key causes, far fewer than guessing needs.
const MOST: u32 = 120;
const WINDOW: Millis = MINUTE;
/// Addresses that are remembered; beyond it those whose window is over are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts refusals by address.
#[derive(Default)]
pub(crate) struct RateLimit(Mutex<HashMap<IpAddr, Window>>);

struct Window {
    began: Millis,
    refusals: u32,
}

impl RateLimit {
    /// Counts one refusal.
    ///
    /// # Errors
    /// How long to wait, in milliseconds, when it is one too many.
    pub(crate) fn count(&self, address: IpAddr, now: Millis) -> Result<(), Millis> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= REMEMBERED {
            windows.retain(|_, window| now - window.began < WINDOW);
        }
        if windows.len() >= REMEMBERED && !windows.contains_key(&address) {
            return Ok(());
        }
        let window = windows.entry(address).or_insert(Window { began: now, refusals: 0 });
        if now - window.began >= WINDOW {
            *window = Window { began: now, refusals: 0 };
        }
        window.refusals = window.refusals.saturating_add(1);
        if window.refusals > MOST { Err(window.began + WINDOW - now) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_wrong_too_often_waits_for_its_window_to_pass() {
        let (limit, address, other) = (RateLimit::default(), [192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        for _ in 0..MOST {
            assert_eq!(limit.count(address, 1_000), Ok(()));
        }
        assert_eq!(limit.count(address, 2_000), Err(59_000));
        assert_eq!(limit.count(other, 2_000), Ok(()));
        assert_eq!(limit.count(address, 61_000), Ok(()));
    }
}
