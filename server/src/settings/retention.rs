//! How long what is over is kept.

use super::check::Check;
use clap::Args;
use vault::{DAY, Millis, Retention};

/// Times to keep things for, as they are typed.
#[derive(Args, Clone, Default)]
pub struct RetentionArguments {
    /// How many days revoked connected accounts are kept: a number, or forever [default: forever]
    #[arg(
        long = "keep-revoked-accounts",
        env = "KEYBEARER_KEEP_REVOKED_ACCOUNTS",
        value_name = "DAYS",
        hide_env_values = true
    )]
    pub keep_revoked_accounts: Option<String>,
    /// How many days connect sessions are kept once they have ended: a number, or forever [default: 90]
    #[arg(
        long = "keep-connect-sessions",
        env = "KEYBEARER_KEEP_CONNECT_SESSIONS",
        value_name = "DAYS",
        hide_env_values = true
    )]
    pub keep_connect_sessions: Option<String>,
    /// How many days the journal of token calls is kept: a number, or forever [default: 7]
    #[arg(long = "keep-journal", env = "KEYBEARER_KEEP_JOURNAL", value_name = "DAYS", hide_env_values = true)]
    pub keep_journal: Option<String>,
    /// How many days lines of the audit log are kept: a number from 31, or forever [default: forever]
    #[arg(long = "keep-events", env = "KEYBEARER_KEEP_EVENTS", value_name = "DAYS", hide_env_values = true)]
    pub keep_events: Option<String>,
}

/// Deliveries of webhooks tell of an event for 30 days.
const LEAST_DAYS_OF_EVENTS: Millis = 31;
/// A hundred years are as good as for ever.
const MOST_DAYS: Millis = 36_500;

impl RetentionArguments {
    pub(super) fn check(self, check: &mut Check) -> Retention {
        let usual = Retention::default();
        let mut kept =
            |name: &str, text, least, usual| check.parsed(name, text, |text| days(text, least)).unwrap_or(usual);
        Retention {
            revoked_accounts: kept(
                "KEYBEARER_KEEP_REVOKED_ACCOUNTS",
                self.keep_revoked_accounts,
                1,
                usual.revoked_accounts,
            ),
            connect_sessions: kept(
                "KEYBEARER_KEEP_CONNECT_SESSIONS",
                self.keep_connect_sessions,
                1,
                usual.connect_sessions,
            ),
            journal: kept("KEYBEARER_KEEP_JOURNAL", self.keep_journal, 1, usual.journal),
            events: kept("KEYBEARER_KEEP_EVENTS", self.keep_events, LEAST_DAYS_OF_EVENTS, usual.events),
        }
    }
}

/// Reads `forever`, or a number of days.
fn days(text: &str, least: Millis) -> Result<Option<Millis>, String> {
    if text.eq_ignore_ascii_case("forever") {
        return Ok(None);
    }
    match text.parse::<Millis>() {
        Ok(days) if (least..=MOST_DAYS).contains(&days) => Ok(Some(days * DAY)),
        _ => Err(format!("\"{text}\" is neither forever nor a number of days from {least} to {MOST_DAYS}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_days_or_forever() {
        assert_eq!(days("90", 1), Ok(Some(90 * DAY)));
        assert_eq!(days("Forever", 31), Ok(None));
        for (text, least) in [("30", 31), ("0", 1), ("-1", 1), ("90d", 1), ("36501", 1), ("", 1)] {
            assert!(days(text, least).is_err(), "{text}");
        }
    }
}
