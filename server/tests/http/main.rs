//! The server by its door: a real listener, a real database, and the sandbox provider on a port. Paths mirror URLs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect fails loudly"
)]

mod api_keys;
mod brand;
mod connect;
mod connected_accounts;
mod docs;
mod exports;
mod health;
mod host;
mod invitations;
mod oauth;
mod provider_events;
mod reset_password;
mod roles;
mod same_origin;
mod secrets;
mod security;
mod sent_forms;
mod sign_in;
mod support;
mod v1;
