//! The API for an application's backend: JSON under `/v1`, with an API key.

pub(crate) mod application;
pub(crate) mod body;
pub(crate) mod connect_sessions;
pub(crate) mod connected_accounts;
pub(crate) mod end_users;
pub(crate) mod events;
pub(crate) mod imports;
mod path;
pub(crate) mod provider_configs;
pub(crate) mod providers;
pub(crate) mod proxy;
mod query;
pub(crate) mod timeline;
pub(crate) mod tokens;
pub(crate) mod webhook_endpoints;

use crate::problem::{Code, Problem};

/// Nothing is at this address.
pub(crate) async fn nothing() -> Problem {
    let detail = "The API has nothing at this address; compare it with the documentation.";
    Problem::new(Code::NotFound, detail)
}

/// Something is at this address, but not for this method.
pub(crate) async fn method_not_allowed() -> Problem {
    let detail = "This address does not take this method; the Allow header lists those that it takes.";
    Problem::new(Code::MethodNotAllowed, detail)
}
