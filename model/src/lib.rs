//! Words that browser and server share: ids, states, views and paths.
//!
//! Nothing here can hold a secret: what is defined in this crate may cross to a browser. Times are RFC 3339 text in
//! UTC with milliseconds, as in the API for backends.
#![deny(missing_docs)]

pub mod api_keys;
pub mod applications;
pub mod branding;
pub mod bulk_revocations;
pub mod connect_sessions;
pub mod connected_accounts;
pub mod connection_tests;
pub mod custom_providers;
pub mod end_users;
pub mod events;
pub mod figures;
pub mod ids;
pub mod imports;
pub mod lists;
pub mod members;
pub mod paths;
pub mod people;
pub mod portal_sessions;
pub mod provider_configs;
pub mod provider_health;
pub mod providers;
#[cfg(feature = "openapi")]
mod schemas;
pub mod scopes;
pub mod second_factors;
mod states;
pub mod timeline;
pub mod webhook_endpoints;

use serde::{Deserialize, Serialize};

/// One page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows of this page.
    pub data: Vec<T>,
    /// Give it back as `cursor` for the next page; `null` on the last one.
    pub next_cursor: Option<String>,
}
