//! The credential vault: the product, with no HTML and no web framework.
//!
//! A [`Vault`] is handles: clone it freely. Verbs are methods on it, in one file for each noun, and take a caller
//! ([`ApplicationCaller`], [`EndUserCaller`] or [`MemberCaller`]): nothing that a tenant owns can be read without one.
#![deny(missing_docs)]

mod api_keys;
mod applications;
mod attention;
mod authenticators;
mod branding;
mod bulk_revocations;
mod caller;
pub mod catalogue;
mod clock;
mod connect_sessions;
mod connected_accounts;
mod connection_tests;
mod custom_providers;
mod end_users;
mod erasure;
mod error;
mod events;
mod figures;
mod http;
mod idempotency;
mod imports;
mod instance;
mod invitations;
mod keyring;
mod last_use;
mod lists;
mod mail;
mod manage_links;
mod members;
mod networks;
mod oauth;
mod organizations;
mod passkeys;
mod password_reset;
mod passwords;
mod people;
mod policies;
mod portability;
mod portal_sessions;
mod provider_configs;
mod provider_events;
mod proxy;
mod quarantine;
mod random;
mod reaper;
mod recovery_codes;
mod refresher;
mod retention;
mod scopes;
mod second_factors;
mod secret;
mod sent_forms;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod throttle;
mod tokens;
mod webhook_endpoints;

pub use api_keys::{ApiKeyForm, KeyExpiry, NewApiKey, is_api_key};
pub use applications::{ApplicationChange, ApplicationSettings};
pub use authenticators::AuthenticatorSetup;
pub use branding::{Brand, BrandingChange, Logo, preview_accent};
#[cfg(feature = "testing")]
pub use bulk_revocations::Stopped;
pub use bulk_revocations::{BulkRequest, Worked};
pub use caller::{Actor, ApplicationCaller, EndUserCaller, MemberCaller};
pub use clock::{Clock, DAY, HOUR, MINUTE, Millis, SECOND, instant, rfc3339};
pub use connect_sessions::{
    Begun, Callback, Ended, LinkPage, NewConnectSession, Offer, Offered, ResultPage, Returning, is_connect_link,
    new_browser,
};
pub use connected_accounts::{AccountChange, AccountExport, AccountPage};
pub use end_users::{EndUserChange, EndUserFilter};
pub use error::{Invalid, VaultError, chain};
pub use events::{
    ChainExport, ChainFault, ChainReport, ChainVerifier, EntryActor, EventActors, EventEntry, EventExport,
    ExportFormat, ReadEvents,
};
pub use http::{AllowedHosts, Reach};
pub use idempotency::{KeptAnswer, Once, Outcome, Turn};
pub use imports::NewImport;
pub use instance::{MasterKeys, Options};
pub use invitations::NewInvitation;
pub use keyring::{generate as generate_master_key, parse as parse_master_keys};
pub use mail::{MailServer, Mailer, Sender};
pub use manage_links::{ManageLink, NewManageLink, OwnAccount, OwnAccounts};
pub use networks::Networks;
pub use passkeys::{Ceremony, PasskeyAnswer, Purpose};
pub use people::{Founding, SignIn};
pub use portability::{Exported, Exporting, Identities, Imported, Importing, Recipients, Redirect};
pub use portal_sessions::session_keys;
pub use provider_configs::{NewClientSecret, SaveProviderConfig, Saved, SecretAdded};
pub use provider_events::{ProviderEvent, Taken};
pub use proxy::{NotProxied, NotProxiedCode, ProxyAnswer, ProxyBody, ProxyLimits, ProxyRequest, ProxyUpgrade};
pub use quarantine::{Adoption, InstanceView};
pub use reaper::Reaped;
pub use retention::Retention;
pub use second_factors::{Proof, SecondFactor};
pub use secret::{Secret, same, sha256};
pub use sent_forms::new_form_token;
pub use store::connected_accounts::Filter;
pub use tokens::{AccessToken, Refreshed, RequestSource, TokenRequest};
pub use webhook_endpoints::{NewSecret, NewWebhookEndpoint, WebhookEndpointChange};

use crate::catalogue::Catalogue;
use crate::http::Http;
use crate::keyring::Keyring;
use crate::store::Store;
use model::people::SignUp;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// The vault. A clone shares everything with its original.
#[derive(Clone)]
pub struct Vault {
    store: Store,
    catalogue: Arc<Catalogue>,
    keyring: Arc<Keyring>,
    http: Http,
    proxy_limits: ProxyLimits,
    futile: Arc<proxy::FutileRefreshes>,
    retention: Retention,
    clock: Clock,
    public_url: Arc<Url>,
    connect_url: Arc<Url>,
    refreshes: Arc<tokens::Refreshes>,
    hosts: Arc<tokens::Hosts>,
    waiting: Arc<refresher::Waiting>,
    quarantined: Arc<AtomicBool>,
    /// Cancelled when this process begins no more token calls.
    closing: CancellationToken,
    last_use: Arc<last_use::LastUse>,
    reads: Arc<events::ReadLog>,
    refused: Arc<provider_events::Refusals>,
    lanes: Arc<webhook_endpoints::Lanes>,
    calls: TaskTracker,
    process: Arc<str>,
    hashing: Arc<tokio::sync::Semaphore>,
    mail: Option<Mailer>,
    sign_up: SignUp,
}
