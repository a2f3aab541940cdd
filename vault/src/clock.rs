//! Time is asked of the clock, so that tests can set it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Unix milliseconds.
pub type Millis = i64;

/// One second in [`Millis`].
pub const SECOND: Millis = 1_000;
/// One minute in [`Millis`].
pub const MINUTE: Millis = 60 * SECOND;
/// One hour in [`Millis`].
pub const HOUR: Millis = 60 * MINUTE;
/// One day in [`Millis`].
pub const DAY: Millis = 24 * HOUR;

/// Where the time comes from.
#[derive(Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A machine's clock that is wrong by so many milliseconds; for tests.
    Skewed(Millis),
    /// A clock that stands still until a test moves it.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::System
    }

    /// A machine's clock that is ahead by `by` milliseconds.
    pub fn skewed(by: Millis) -> Self {
        Self::Skewed(by)
    }

    /// A clock that stands at `now` (unix milliseconds).
    pub fn manual(now: Millis) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(now)))
    }

    /// Now, in unix milliseconds.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> Millis {
        match self {
            Self::System => Timestamp::now().as_millisecond(),
            Self::Skewed(by) => Timestamp::now().as_millisecond() + by,
            Self::Manual(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Moves a manual clock; the machine's clock stays as it is.
    pub fn advance(&self, by: Millis) {
        if let Self::Manual(at) = self {
            at.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// The time to bind in statements that would otherwise ask the database: only a manual clock has one.
    pub(crate) fn bound(&self) -> Option<Millis> {
        match self {
            Self::System | Self::Skewed(_) => None,
            Self::Manual(_) => Some(self.now()),
        }
    }
}

/// Reads an instant as RFC 3339, or a day in UTC by its beginning: `2026-11-24`.
pub fn instant(text: &str) -> Option<Millis> {
    let text = text.trim();
    let whole = if text.len() == "2026-11-24".len() { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// Reads a day, and takes its end in UTC: `None` for an empty text.
pub(crate) fn end_of_day(text: &str) -> Result<Option<Millis>, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let at = text.parse::<Date>().ok().and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    at.map(|at| Some(at.as_millisecond() + DAY - 1)).ok_or("Enter a day such as 2027-01-31.")
}

/// RFC 3339 in UTC with milliseconds: `2026-01-02T03:04:05.678Z`.
pub fn rfc3339(at: Millis) -> String {
    match Timestamp::from_millisecond(at) {
        Ok(at) => format!("{at:.3}"),
        Err(_) => String::from("9999-12-31T23:59:59.999Z"),
    }
}

/// Milliseconds since the machine started, sleep included: it shows a pause that the wall clock hides.
pub(crate) fn boot_time() -> Millis {
    let at = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    at.tv_sec * SECOND + at.tv_nsec / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds_and_a_z() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(1_767_323_045_678), "2026-01-02T03:04:05.678Z");
        assert_eq!(rfc3339(i64::MAX), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(5);
        clock.advance(MINUTE);
        assert_eq!((clock.now(), clock.bound()), (60_005, Some(60_005)));
    }
}
