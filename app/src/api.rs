//! Server functions, one file for each noun. They read a form, call the vault once and shape the answer.

pub mod api_keys;
pub mod applications;
pub mod branding;
pub mod bulk_revocations;
pub mod connect_sessions;
pub mod connected_accounts;
pub mod connection_tests;
pub mod custom_providers;
pub mod events;
pub mod members;
pub mod organizations;
pub mod password_reset;
pub mod people;
pub mod portal_sessions;
pub mod proof;
pub mod provider_clients;
pub mod provider_configs;
pub mod scopes;
pub mod second_factors;
pub mod sent_forms;
pub mod sign_in;
pub mod webhook_endpoints;

use model::applications::Environment;
use model::ids::ApplicationId;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {model::lists::Mistakes, vault::VaultError};

/// What was read of a list; where its address cannot be read, nothing of the list and what is wrong.
#[cfg(feature = "ssr")]
fn or_mistakes<T>(read: Result<T, VaultError>, nothing: T) -> Result<(T, Mistakes), VaultError> {
    match read {
        Ok(read) => Ok((read, Mistakes::new())),
        Err(VaultError::Invalid(invalid)) => Ok((nothing, invalid.fields)),
        Err(error) => Err(error),
    }
}

/// What a page of an application shows, with what it says of the application around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within<T> {
    /// The application.
    pub id: ApplicationId,
    /// Its name.
    pub name: String,
    /// Development or production.
    pub environment: Environment,
    /// Whether the member may change anything here.
    pub may_change: bool,
    /// What the page is about.
    pub here: T,
}
