//! What the address of a list asks for: filters, chosen accounts, the place in the list.

use model::connected_accounts::ConnectedAccountStatus;
use model::ids::ConnectedAccountId;
use model::lists::Turn;
use serde::{Deserialize, Serialize};

/// The filters as they stand in the address, for the form that shows them again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFields {
    /// What an id, a name or an e-mail address begins with.
    pub search: String,
    /// The status.
    pub status: String,
    /// The key of the provider config.
    pub provider: String,
    /// The developer's own id of the end user.
    pub end_user: String,
    /// The end user's group.
    pub group: String,
    /// Why it does not work.
    pub reason: String,
    /// For how many days it was not used; `never` for those never used.
    pub unused: String,
    /// The first day of connection.
    pub from: String,
    /// The last day of connection.
    pub to: String,
}

/// One filter in words, and the address without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowing {
    /// "Status: Revoked".
    pub words: String,
    /// The list without it.
    pub without: String,
}

impl AccountFields {
    /// Names and values as they stand in the address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        self.all().into_iter().map(|(name, _, value)| (name, value.to_owned())).collect()
    }

    /// Names in the address, and what each is called.
    fn all(&self) -> [(&'static str, &'static str, &str); 9] {
        [
            ("q", "Begins with", &self.search),
            ("status", "Status", &self.status),
            ("provider", "Provider", &self.provider),
            ("end_user", "End user", &self.end_user),
            ("group", "Group", &self.group),
            ("reason", "Reason", &self.reason),
            ("unused", "Not used for", &self.unused),
            ("from", "Connected from", &self.from),
            ("to", "Connected until", &self.to),
        ]
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The query, with an `&` behind each part.
    pub fn query(&self) -> String {
        self.query_without("")
    }

    fn query_without(&self, left_out: &str) -> String {
        let given = self.all().into_iter().filter(|(name, _, value)| !value.is_empty() && *name != left_out);
        given.map(|(name, _, value)| format!("{name}={}&", encoded(value))).collect()
    }

    /// Each filter that is set, in words.
    pub fn narrowings(&self, list: &str) -> Vec<Narrowing> {
        let given = self.all().into_iter().filter(|(_, _, value)| !value.is_empty());
        let narrowing = |(name, called, value): (&str, &str, &str)| Narrowing {
            words: in_words(name, called, value),
            without: format!("{list}?{}", self.query_without(name)).trim_end_matches(['?', '&']).to_owned(),
        };
        given.map(narrowing).collect()
    }
}

/// What a filter says.
fn in_words(name: &str, called: &str, value: &str) -> String {
    match (name, value) {
        ("status", _) => format!("{called}: {}", status_in_words(value)),
        ("reason", _) => format!("{called}: {}", value.replace('_', " ")),
        ("unused", "never") => "Never used".to_owned(),
        ("unused", days) => format!("{called} {days} days"),
        _ => format!("{called}: {value}"),
    }
}

fn status_in_words(value: &str) -> &str {
    match value.parse() {
        Ok(ConnectedAccountStatus::Active) => "Active",
        Ok(ConnectedAccountStatus::NeedsReconnect) => "Needs reconnect",
        Ok(ConnectedAccountStatus::Revoked) => "Revoked",
        Err(_) => value,
    }
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// An address that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The filters as they stand there. One that cannot be lets nothing through.
    pub fields: AccountFields,
    /// Accounts that were chosen one by one, perhaps none; `None` when the filters say which.
    pub chosen: Option<Vec<ConnectedAccountId>>,
    /// The place in the list.
    pub turn: Turn,
}

#[cfg(feature = "ssr")]
mod read {
    use super::{AccountFields, Asked, ConnectedAccountStatus, Turn};
    use model::connected_accounts::StatusReasonCode;
    use model::lists::Mistakes;
    use vault::{DAY, Filter, Millis, instant};

    /// No more can be chosen on one page.
    const MOST_CHOSEN: usize = 100;

    impl AccountFields {
        /// The filters that cannot be, and why.
        pub fn mistakes(&self) -> Mistakes {
            let none = "is none of these: choose one of the list";
            let no_day = "is no day: give one as 2026-11-24";
            let unused = |value: &str| value == "never" || value.parse::<u16>().is_ok();
            let checks = [
                ("status", &self.status, none, self.status.parse::<ConnectedAccountStatus>().is_ok()),
                ("reason", &self.reason, none, self.reason.parse::<StatusReasonCode>().is_ok()),
                ("unused", &self.unused, none, unused(&self.unused)),
                ("from", &self.from, no_day, instant(&self.from).is_some()),
                ("to", &self.to, no_day, instant(&self.to).is_some()),
            ];
            let wrong = checks.into_iter().filter(|(_, value, _, fits)| !value.is_empty() && !fits);
            wrong.map(|(name, value, words, _)| (name.to_owned(), format!("\"{value}\" {words}."))).collect()
        }
    }

    impl Asked {
        /// Reads a query.
        pub fn read(query: &str) -> Self {
            let query = query.trim_start_matches('?');
            let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let value = |name: &str| {
                let found = pairs.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.trim().chars().take(255).collect::<String>()).unwrap_or_default()
            };
            let ids = pairs.iter().filter(|(name, _)| name == "id");
            // Whoever chooses nothing does not mean everything.
            let chooses = ids.clone().count() > 0 || pairs.iter().any(|(name, _)| name == "chosen");
            let chosen = ids.filter_map(|(_, id)| id.parse().ok()).take(MOST_CHOSEN).collect();
            Self {
                fields: AccountFields {
                    search: value("q"),
                    status: value("status"),
                    provider: value("provider"),
                    end_user: value("end_user"),
                    group: value("group"),
                    reason: value("reason"),
                    unused: value("unused"),
                    from: value("from"),
                    to: value("to"),
                },
                chosen: Some(chosen).filter(|_| chooses),
                turn: Turn { cursor: value("cursor"), newer: value("direction") == "newer" },
            }
        }

        /// What to narrow by. Accounts that were chosen stand for themselves.
        pub fn filter(&self, now: Millis) -> Filter {
            if let Some(chosen) = &self.chosen {
                return Filter { ids: Some(chosen.clone()), ..Filter::default() };
            }
            let fields = &self.fields;
            // A filter with a slip in it must not stand for everything: the same address revokes and exports.
            if !fields.mistakes().is_empty() {
                return Filter { ids: Some(Vec::new()), ..Filter::default() };
            }
            let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let days = fields.unused.parse::<Millis>().ok();
            Filter {
                search: given(&fields.search),
                status: fields.status.parse().ok(),
                provider_config: given(&fields.provider),
                end_user_id: given(&fields.end_user),
                group: given(&fields.group),
                status_reason: fields.reason.parse().ok(),
                never_used: fields.unused == "never",
                not_used_since: days.map(|days| now - days * DAY),
                created_from: instant(&fields.from),
                // The last day counts as a whole.
                created_before: instant(&fields.to).map(|at| at + DAY),
                ..Filter::default()
            }
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use vault::{DAY, Filter};

    #[test]
    fn an_address_is_read_and_written_the_same() {
        let query = "q=a%26b&status=revoked&unused=30&from=2026%2D11%2D01&to=2026%2D11%2D02&";
        let asked = Asked::read(query);
        assert_eq!(asked.fields.query(), query);
        let filter = asked.filter(100 * DAY);
        assert_eq!((filter.search.as_deref(), filter.not_used_since), (Some("a&b"), Some(70 * DAY)));
        assert_eq!(filter.created_before.unwrap() - filter.created_from.unwrap(), 2 * DAY);
    }

    #[test]
    fn a_filter_that_cannot_be_lets_nothing_through() {
        for query in ["status=gone", "reason=x", "unused=long", "from=yesterday", "to=bogus&status=active"] {
            let asked = Asked::read(query);
            assert_eq!(asked.filter(0), Filter { ids: Some(Vec::new()), ..Filter::default() }, "{query}");
            assert!(!asked.fields.narrowings("/list").is_empty(), "the page shows it, to be taken away: {query}");
            let name = query.split('=').next().unwrap_or_default();
            assert_eq!(asked.fields.mistakes().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [name]);
        }
        assert_eq!(Asked::read("?q=+&status=").filter(0), Filter::default());
    }

    #[test]
    fn who_chooses_nothing_does_not_mean_everything() {
        for query in ["chosen=1", "id=nothing", "chosen=1&status=active"] {
            let filter = Asked::read(query).filter(0);
            assert_eq!(filter, Filter { ids: Some(Vec::new()), ..Filter::default() }, "{query}");
        }
    }

    #[test]
    fn each_filter_can_be_taken_away() {
        let unused = Asked::read("unused=never").fields.narrowings("/list");
        assert_eq!(unused, [Narrowing { words: "Never used".to_owned(), without: "/list".to_owned() }]);
        let fields = Asked::read("status=active&group=Acme").fields;
        let narrowings = fields.narrowings("/list");
        let expected = [("Status: Active", "/list?group=Acme"), ("Group: Acme", "/list?status=active")];
        let found: Vec<_> = narrowings.iter().map(|n| (n.words.as_str(), n.without.as_str())).collect();
        assert_eq!(found, expected);
    }
}
