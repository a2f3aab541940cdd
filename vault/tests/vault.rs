//! The vault through its public functions, against the sandbox provider over a real socket, on SQLite or, with
//! `DATABASE_URL`, on PostgreSQL.

#[cfg(test)]
mod vault {
    mod account_lists;
    mod api_keys;
    mod application_settings;
    mod authenticators;
    mod branding;
    mod bulk_revocations;
    mod catalogue;
    mod client_secrets;
    mod confirmation;
    mod connect;
    mod connection_tests;
    mod custom_providers;
    mod discovery;
    mod end_users;
    mod entry;
    mod erasure;
    mod event_chain;
    mod events;
    mod figures;
    mod founding;
    mod id_tokens;
    mod idempotency;
    mod import_verification;
    mod imports;
    mod invitations;
    mod mail;
    mod manage_links;
    mod members;
    mod one_live_set;
    mod organization_files;
    mod organization_moves;
    mod organization_refusals;
    mod outage;
    mod passkeys;
    mod password_reset;
    mod portal_sessions;
    mod provider_configs;
    mod provider_events;
    mod quarantine;
    mod race;
    mod reaper;
    mod refresh;
    mod refresher;
    mod retention;
    mod revocation;
    mod roles;
    mod scopes;
    mod second_factors;
    mod seeding;
    mod session_log;
    mod tenancy;
    mod timeline;
    mod token_reads;
    mod tokens;
    mod webhook_deliveries;
    mod webhook_endpoints;
    mod webhook_outbox;
}
