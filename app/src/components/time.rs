//! Times: relative for people, exact for those who ask.

use crate::request;
use leptos::prelude::*;
use leptos_router::hooks::use_url;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time that all [`Time`]s of a page are relative to: the server's when the page was made, so that the browser's
/// first rendering is the same; the browser's own once one goes on from there.
#[derive(Clone, Copy)]
struct Now(RwSignal<i64>);

/// Provides the time of the page. Once, in [`crate::App`], inside the router.
pub fn provide_now() {
    let now = RwSignal::new(SharedValue::new(request::now_ms).into_inner());
    provide_context(Now(now));
    let url = use_url();
    Effect::new(move |hydrated: Option<()>| {
        url.track();
        if hydrated.is_some() {
            now.set(request::now_ms());
        }
    });
}

/// A time as "5 minutes ago", with the exact instant in its title. Beyond a month it is a date.
#[component]
pub fn Time(
    /// RFC 3339 in UTC, as in every view of `model`.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let Some(instant) = Instant::parse(&at) else { return at.into_any() };
    let now = use_context::<Now>();
    let exact = instant.exact();
    let text = move || now.map_or_else(|| instant.exact(), |now| instant.relative(now.0.get().div_euclid(1000)));
    view! { <time datetime=at title=exact>{text}</time> }.into_any()
}

#[derive(Clone, Copy)]
struct Instant {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: i64,
}

impl Instant {
    /// Reads `2026-11-24T14:54:24.123Z`; the fraction is dropped.
    fn parse(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        if !text.ends_with('Z') || text.get(10..11) != Some("T") {
            return None;
        }
        let second_of_day = number(11, 13)? * HOUR + number(14, 16)? * MINUTE + number(17, 19)?;
        Some(Self { year: number(0, 4)?, month: number(5, 7)?, day: number(8, 10)?, second_of_day })
    }

    /// Seconds since 1970. The days are counted from 1 March, so that the leap day is the last of its year.
    fn unix(self) -> i64 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let month = (self.month + 9) % 12;
        let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let day_of_year = (153 * month + 2) / 5 + self.day - 1;
        (days + day_of_year - 719_468) * DAY + self.second_of_day
    }

    fn exact(self) -> String {
        let Self { year, month, day, second_of_day: second } = self;
        let (hour, minute, second) = (second / HOUR, second / MINUTE % 60, second % 60);
        format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
    }

    fn date(self) -> String {
        let month = usize::try_from(self.month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("?");
        format!("{} {month} {}", self.day, self.year)
    }

    fn relative(self, now: i64) -> String {
        // Between the making of a page and what it tells, and between two clocks, a few seconds are nothing.
        let past = now - self.unix();
        let past = if (-5..0).contains(&past) { 0 } else { past };
        let (count, unit) = match past.abs() {
            0..MINUTE => return if past < 0 { "in a moment".into() } else { "just now".into() },
            seconds if seconds < HOUR => (seconds / MINUTE, "minute"),
            seconds if seconds < DAY => (seconds / HOUR, "hour"),
            seconds if seconds < 31 * DAY => (seconds / DAY, "day"),
            _ => return self.date(),
        };
        let plural = if count == 1 { "" } else { "s" };
        if past < 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at: &str, now: &str, expected: &str) {
        let now = Instant::parse(now).unwrap().unix();
        assert_eq!(Instant::parse(at).unwrap().relative(now), expected, "{at}");
    }

    #[test]
    fn times_are_told_relative_to_the_page() {
        let now = "2026-11-24T15:00:00.000Z";
        check("2026-11-24T14:59:30.999Z", now, "just now");
        check("2026-11-24T14:59:00.000Z", now, "1 minute ago");
        check("2026-11-24T13:00:00.000Z", now, "2 hours ago");
        check("2026-11-23T15:00:00.000Z", now, "1 day ago");
        check("2026-11-24T15:00:05.000Z", now, "just now");
        check("2026-11-24T15:00:30.000Z", now, "in a moment");
        check("2026-11-24T15:30:00.000Z", now, "in 30 minutes");
        check("2026-08-14T15:00:00.000Z", now, "14 Aug 2026");
        check("2024-02-28T00:00:00.000Z", "2024-03-01T00:00:00.000Z", "2 days ago");
    }

    #[test]
    fn an_instant_is_counted_from_1970() {
        assert_eq!(Instant::parse("1970-01-01T00:00:01.000Z").unwrap().unix(), 1);
        assert_eq!(Instant::parse("2026-11-24T14:54:24.123Z").unwrap().unix(), 1_795_532_064);
        assert_eq!(Instant::parse("2026-11-24T14:54:24.123Z").unwrap().exact(), "2026-11-24 14:54:24 UTC");
    }

    #[test]
    fn other_text_is_no_time() {
        for text in ["", "yesterday", "2026-11-24", "2026-11-24T14:54:24+01:00"] {
            assert!(Instant::parse(text).is_none(), "{text}");
        }
    }
}
