//! One file for each screen.

mod address;
mod api_key_revoke;
mod api_keys;
mod application;
mod application_new;
mod application_settings;
mod applications;
mod catalogue;
mod connect_session;
mod connect_sessions;
mod connected_account;
mod connected_account_revoke;
mod connected_accounts;
mod event;
mod events;
#[cfg(debug_assertions)]
mod gallery;
mod paging;
mod portal;
mod profile;
mod provider_config;
mod provider_config_remove;
mod provider_form;
mod provider_guide;
mod provider_new;
mod providers;
mod second_step;
mod security;
mod sign_in;
mod sign_out;
mod sign_up;
mod start;
mod trail;

/// The gallery is for those who work on the portal.
#[cfg(not(debug_assertions))]
pub use crate::components::NotFound as Gallery;
pub use api_key_revoke::RevokeApiKey;
pub use api_keys::ApiKeys;
pub use application::Overview;
pub use application_new::NewApplication;
pub use application_settings::ApplicationSettings;
pub use applications::Applications;
pub use catalogue::Catalogue;
pub use connect_session::ConnectSession;
pub use connect_sessions::ConnectSessions;
pub use connected_account::ConnectedAccount;
pub use connected_account_revoke::RevokeConnectedAccount;
pub use connected_accounts::ConnectedAccounts;
pub use event::{Event, OrganizationEvent};
pub use events::{Events, OrganizationEvents};
#[cfg(debug_assertions)]
pub use gallery::Gallery;
pub use portal::Portal;
pub use profile::Profile;
pub use provider_config::ProviderConfig;
pub use provider_config_remove::RemoveProviderConfig;
pub use provider_new::NewProviderConfig;
pub use providers::Providers;
pub use second_step::SecondStep;
pub use security::{Authenticator, NewPasskey, NewRecoveryCodes, Passkey, RemoveAuthenticator, Security};
pub use sign_in::SignIn;
pub use sign_out::SignOut;
pub use sign_up::SignUp;
pub use start::Start;
