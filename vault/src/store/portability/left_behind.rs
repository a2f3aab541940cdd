//! What is no part of an exported organization, each with the reason. Only tests ask.

/// Columns that stay behind, each with the reason.
pub(super) const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("token_sets", "lease_owner lease_expires_at lease_fence", "a lease is a server's"),
    ("deliveries", "lease_owner lease_expires_at", "a lease is a server's"),
    ("bulk_revocations", "lease_owner lease_expires_at", "a lease is a server's"),
];

/// Tables that stay behind, each with the reason.
pub(super) const NOT_EXPORTED: &[(&str, &str)] = &[
    ("instance", "what a database knows of itself"),
    ("master_keys", "the target has its own"),
    ("data_keys", "made anew at the target, under its master key"),
    ("throttles", "counts of the last minutes"),
    ("figure_rounds", "which rounds of counting a database has done"),
    ("account_figures", "counted anew by a round"),
    ("scope_set_figures", "counted anew by a round"),
    ("portal_sessions", "everybody signs in again at the new address"),
    ("passkey_challenges", "good for minutes"),
    ("password_resets", "good for an hour, and they lead to the old address"),
    ("sent_forms", "forms of pages that are open"),
    ("idempotency_keys", "answers of the last day, sealed; a call that is repeated across the move is made again"),
    ("manage_links", "good for a day at most, and they lead to the old address"),
    ("connect_sessions", "good for a day at most; what came of them stands in the events"),
    ("attempts", "trips to a provider that is told the old address"),
    ("connection_tests", "trials of members; they stand on connect sessions"),
    ("intents", "the journal of calls that a server makes; export when none is under way"),
    ("provider_events", "notices that were taken in; one that comes again ends nothing that was granted after it"),
];
