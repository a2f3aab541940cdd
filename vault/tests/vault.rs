//! The vault through its public functions, against the sandbox provider over a real socket, on SQLite or, with
//! `DATABASE_URL`, on PostgreSQL.

#[cfg(test)]
mod vault {
    mod catalogue;
    mod client_secrets;
    mod confirmation;
    mod connect;
    mod connection_tests;
    mod founding;
    mod one_live_set;
    mod outage;
    mod provider_configs;
    mod provider_events;
    mod quarantine;
    mod race;
    mod reaper;
    mod refresh;
    mod refresher;
    mod revocation;
    mod seeding;
    mod tenancy;
    mod timeline;
    mod token_reads;
    mod tokens;
}
