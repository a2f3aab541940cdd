//! Every path of the portal and of the pages that providers and end users see, in one place.

use crate::ids::{ApiKeyId, ApplicationId, ClientId, ConnectSessionId, ConnectedAccountId};

/// Where somebody founds an instance or accepts an invitation.
pub const SIGN_UP: &str = "/sign-up";
/// Where a person signs in.
pub const SIGN_IN: &str = "/sign-in";
/// Where a person signs out.
pub const SIGN_OUT: &str = "/sign-out";
/// The list of applications.
pub const APPLICATIONS: &str = "/applications";
/// A new application.
pub const NEW_APPLICATION: &str = "/applications/new";
/// Sessions and password of the person who is signed in.
pub const SECURITY: &str = "/settings/security";
/// Who is signed in.
pub const PROFILE: &str = "/settings/profile";
/// What every connect link begins with.
pub const CONNECT: &str = "/connect";
/// What every redirect URI begins with.
pub const CALLBACK: &str = "/oauth/callback";

/// An application's overview.
pub fn application(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}")
}

/// An application's name and return addresses.
pub fn application_settings(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/settings")
}

/// An application's provider configs.
pub fn providers(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/providers")
}

/// The catalogue, to add a provider from.
pub fn catalogue(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/providers/new")
}

/// The form for a new provider config.
pub fn new_provider_config(app: ApplicationId, slug: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/new/{slug}")
}

/// A provider config.
pub fn provider_config(app: ApplicationId, key: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}")
}

/// Asks before a provider config is removed.
pub fn remove_provider_config(app: ApplicationId, key: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}/remove")
}

/// Replaces the secret of a client of a provider config.
pub fn client_secret(app: ApplicationId, key: &str, client: ClientId) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}/clients/{client}/secret")
}

/// Asks before a client of a provider config is removed.
pub fn remove_client(app: ApplicationId, key: &str, client: ClientId) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}/clients/{client}/remove")
}

/// The report of a test of a provider config.
pub fn connection_test(app: ApplicationId, key: &str, test: ConnectSessionId) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}/tests/{test}")
}

/// An application's connected accounts.
pub fn connected_accounts(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/connected-accounts")
}

/// A connected account.
pub fn connected_account(app: ApplicationId, account: ConnectedAccountId) -> String {
    format!("{APPLICATIONS}/{app}/connected-accounts/{account}")
}

/// Asks before a connected account is revoked.
pub fn revoke_connected_account(app: ApplicationId, account: ConnectedAccountId) -> String {
    format!("{APPLICATIONS}/{app}/connected-accounts/{account}/revoke")
}

/// An application's connect sessions.
pub fn connect_sessions(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/connect-sessions")
}

/// An application's API keys.
pub fn api_keys(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/api-keys")
}

/// Asks before an API key is revoked.
pub fn revoke_api_key(app: ApplicationId, key: ApiKeyId) -> String {
    format!("{APPLICATIONS}/{app}/api-keys/{key}/revoke")
}

/// The hosted page behind a connect link.
pub fn connect(link: &str) -> String {
    format!("{CONNECT}/{link}")
}

/// Where a browser ends after its trip to a provider; only the browser that began it sees anything there.
pub fn connect_result(session: ConnectSessionId) -> String {
    format!("{CONNECT}/result/{session}")
}

/// The redirect URI of a provider config, below the connect URL: known before the credentials exist.
pub fn callback(app: ApplicationId, key: &str) -> String {
    format!("{CALLBACK}/{app}/{key}")
}

/// Where a provider reports deauthorizations of a provider config, below the connect URL.
pub fn provider_events(app: ApplicationId, key: &str) -> String {
    format!("/provider-events/{app}/{key}")
}
