//! The sandbox's own time: real time plus what it was told to skip.

use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in milliseconds.
pub(crate) type Millis = i64;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    skipped: Millis,
}

impl Clock {
    pub(crate) fn now(&self) -> Millis {
        real_time().saturating_add(self.skipped)
    }

    pub(crate) fn set(&mut self, now: Millis) {
        self.skipped = now.saturating_sub(real_time());
    }

    pub(crate) fn advance_seconds(&mut self, seconds: i64) {
        self.skipped = self.skipped.saturating_add(seconds.saturating_mul(1000));
    }

    pub(crate) fn skipped_seconds(&self) -> i64 {
        self.skipped / 1000
    }
}

/// `2026-11-23T10:00:00.123Z`; a time that no calendar holds comes out as its number.
pub(crate) fn rfc3339(time: Millis) -> String {
    jiff::Timestamp::from_millisecond(time).map_or_else(|_| time.to_string(), |time| format!("{time:.3}"))
}

#[expect(clippy::disallowed_methods, reason = "this is the sandbox's clock")]
fn real_time() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| Millis::try_from(elapsed.as_millis()).unwrap_or(Millis::MAX))
}
