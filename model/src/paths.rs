//! Every path of the portal and of the pages that providers and end users see, in one place.

use crate::ids::{ApiKeyId, ApplicationId, ConnectSessionId, ConnectedAccountId};

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
/// What the addresses of logos and accents begin with.
pub const BRAND: &str = "/brand";
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

/// How an application's connect pages look.
pub fn branding(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/branding")
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

/// Where an end user sees what it has connected, and ends it.
pub fn manage(link: &str) -> String {
    format!("{CONNECT}/manage/{link}")
}

/// Asks before an end user's account is disconnected.
pub fn disconnect(link: &str, account: ConnectedAccountId) -> String {
    format!("{CONNECT}/manage/{link}/disconnect/{account}")
}

/// An application's logo, by the hash of its bytes.
pub fn logo(hash: &str) -> String {
    format!("{BRAND}/logo/{hash}")
}

/// The style sheet that puts an accent on connect pages; both colours as they stand in a query.
pub fn accent_sheet(light: &str, dark: &str) -> String {
    format!("{BRAND}/accent.css?light={light}&dark={dark}")
}

/// The redirect URI of a provider config, below the connect URL: known before the credentials exist.
pub fn callback(app: ApplicationId, key: &str) -> String {
    format!("{CALLBACK}/{app}/{key}")
}

/// Where a provider reports deauthorizations of a provider config, below the connect URL.
pub fn provider_events(app: ApplicationId, key: &str) -> String {
    format!("/provider-events/{app}/{key}")
}
