//! What somebody confirms before accounts are revoked in bulk.

use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::store::connected_accounts::Filter;
use crate::text::can_be_shown;
use model::ids::{BulkRevocationId, ConnectedAccountId};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// What somebody confirms.
#[derive(Clone, Debug)]
pub struct BulkRequest {
    /// As the preview said.
    pub id: BulkRevocationId,
    /// Which accounts.
    pub filter: Filter,
    /// As the preview said: later accounts are not meant.
    pub newest: ConnectedAccountId,
    /// How many accounts the preview showed.
    pub accounts: i64,
    /// What somebody typed to confirm it: that number.
    pub typed: String,
    /// Why.
    pub reason: String,
}

pub(super) fn check(request: &BulkRequest) -> Result<(), VaultError> {
    let mut fields = Vec::new();
    let mut wrong = |field: &str, why: String| fields.push((field.to_owned(), why));
    let reason = request.reason.trim();
    if reason.is_empty() && request.filter.ids.is_none() {
        wrong("reason", "Say why: it is kept in the audit log.".to_owned());
    }
    if reason.chars().count() > LONGEST_REASON || !can_be_shown(reason) {
        wrong("reason", "At most 500 characters on one line.".to_owned());
    }
    // Some write 1,000 or 1.000.
    let number: String = request.typed.chars().filter(char::is_ascii_digit).collect();
    if number.parse() != Ok(request.accounts) {
        wrong("typed", format!("Type {} to confirm.", request.accounts));
    }
    VaultError::check("Nothing is revoked yet: check the fields below.", fields)
}

/// What a filter lets through, for whoever has to confirm it.
pub(super) fn in_words(filter: &Filter) -> Vec<String> {
    let mut words = Vec::new();
    let mut add = |called: &str, value: Option<String>| words.extend(value.map(|value| format!("{called}: {value}")));
    add("Accounts chosen one by one", filter.ids.as_ref().map(|ids| ids.len().to_string()));
    add("Provider", filter.provider_config.clone().or_else(|| filter.provider.clone()));
    add("End user", filter.end_user_id.clone());
    add("Group", filter.group.clone());
    add("Status", filter.status.map(|status| status.as_str().replace('_', " ")));
    add("Reason", filter.status_reason.map(|reason| reason.as_str().replace('_', " ")));
    add("Begins with", filter.search.clone());
    add("Not used since", filter.not_used_since.map(rfc3339));
    add("Connected from", filter.created_from.map(rfc3339));
    add("Connected before", filter.created_before.map(rfc3339));
    words.extend(filter.never_used.then(|| "Never used".to_owned()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DAY;

    #[test]
    fn whoever_confirms_reads_which_accounts_are_meant() {
        let filter = Filter {
            provider_config: Some("meetline".to_owned()),
            created_before: Some(DAY),
            never_used: true,
            live: true,
            ..Filter::default()
        };
        let expected = ["Provider: meetline", "Connected before: 1970-01-02T00:00:00.000Z", "Never used"];
        assert_eq!(in_words(&filter), expected);
        assert_eq!(in_words(&Filter { live: true, ..Filter::default() }), Vec::<String>::new());
    }
}
