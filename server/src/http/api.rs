//! The API for an application's backend: JSON under `/v1`, with an API key.

pub(crate) mod application;
mod body;
pub(crate) mod connect_sessions;
pub(crate) mod connected_accounts;
pub(crate) mod end_users;
mod path;
pub(crate) mod provider_configs;
pub(crate) mod providers;
mod query;
pub(crate) mod timeline;
pub(crate) mod tokens;

use crate::problem::Problem;
use axum::http::StatusCode;

/// Nothing is at this address.
pub(crate) async fn nothing() -> Problem {
    let detail = "The API has nothing at this address; compare it with the documentation.";
    Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
}

/// Something is at this address, but not for this method.
pub(crate) async fn method_not_allowed() -> Problem {
    let detail = "This address does not take this method; the Allow header lists those that it takes.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed", detail)
}
