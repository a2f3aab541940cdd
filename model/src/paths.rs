//! Every path of the portal and of the pages that providers and end users see, in one place.

use crate::ids::{
    ApiKeyId, ApplicationId, BulkRevocationId, ClientId, ConnectSessionId, ConnectedAccountId, DeliveryId, EventId,
    InvitationId, MemberId, PasskeyId, WebhookEndpointId,
};

/// Where somebody founds an instance or accepts an invitation.
pub const SIGN_UP: &str = "/sign-up";
/// Where a person signs in.
pub const SIGN_IN: &str = "/sign-in";
/// The second step of signing in.
pub const SECOND_STEP: &str = "/sign-in/verify";
/// Where a person signs out.
pub const SIGN_OUT: &str = "/sign-out";
/// The list of applications.
pub const APPLICATIONS: &str = "/applications";
/// A new application.
pub const NEW_APPLICATION: &str = "/applications/new";
/// Sessions and password of the person who is signed in.
pub const SECURITY: &str = "/settings/security";
/// Sets an authenticator app up.
pub const AUTHENTICATOR: &str = "/settings/security/authenticator";
/// Asks before the authenticator app is removed.
pub const REMOVE_AUTHENTICATOR: &str = "/settings/security/authenticator/remove";
/// A new passkey.
pub const NEW_PASSKEY: &str = "/settings/security/passkeys/new";
/// New recovery codes.
pub const RECOVERY_CODES: &str = "/settings/security/recovery-codes";
/// What the organization has decided.
pub const ORGANIZATION: &str = "/settings/organization";
/// Who is signed in.
pub const PROFILE: &str = "/settings/profile";
/// Members and invitations of the organization.
pub const MEMBERS: &str = "/settings/members";
/// Invites somebody.
pub const INVITE: &str = "/settings/members/invite";
/// What every invitation's link begins with.
pub const INVITATIONS: &str = "/invitations";
/// Where somebody asks for a new password, and what every link to one begins with.
pub const RESET_PASSWORD: &str = "/reset-password";
/// Where a file waits for a proof of who it is.
pub const DOWNLOAD: &str = "/settings/download";
/// The audit log of the organization, outside its applications.
pub const ORGANIZATION_EVENTS: &str = "/settings/events";
/// The reference for developers.
pub const DOCS: &str = "/docs";
/// What every connect link begins with.
pub const CONNECT: &str = "/connect";
/// What the addresses of logos and accents begin with.
pub const BRAND: &str = "/brand";
/// What every redirect URI begins with.
pub const CALLBACK: &str = "/oauth/callback";

/// The second step of signing in, which leads to `next`, a path of the portal.
pub fn second_step(next: &str) -> String {
    // What a query cannot hold as it stands: few paths of ours have any of it.
    let next = next.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B");
    format!("{SECOND_STEP}?next={next}")
}

/// A passkey's name, and its removal.
pub fn passkey(id: PasskeyId) -> String {
    format!("{SECURITY}/passkeys/{id}")
}

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

/// The form for a new custom provider.
pub fn new_custom_provider(app: ApplicationId) -> String {
    new_provider_config(app, "custom")
}

/// A custom provider's entry.
pub fn custom_provider(app: ApplicationId, slug: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/new/{slug}/entry")
}

/// Asks before a custom provider is removed.
pub fn remove_custom_provider(app: ApplicationId, slug: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/new/{slug}/remove")
}

/// Asks before a provider config takes over a newer entry.
pub fn adopt_entry(app: ApplicationId, key: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}/adopt")
}

/// A provider config.
pub fn provider_config(app: ApplicationId, key: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}")
}

/// The scopes of a provider config: what they allow, who was granted them, and who must authorize again.
pub fn scopes(app: ApplicationId, key: &str) -> String {
    format!("{APPLICATIONS}/{app}/providers/{key}/scopes")
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

/// An application's connected accounts as a file.
pub fn connected_accounts_csv(app: ApplicationId) -> String {
    format!("{}{EXPORT}csv", connected_accounts(app))
}

/// Says what would be revoked, and asks.
pub fn revoke_connected_accounts(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/connected-accounts/revoke")
}

/// Where many connected accounts are revoked in an emergency.
pub fn break_glass(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/connected-accounts/break-glass")
}

/// A bulk revocation.
pub fn bulk_revocation(app: ApplicationId, bulk: BulkRevocationId) -> String {
    format!("{APPLICATIONS}/{app}/connected-accounts/revocations/{bulk}")
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

/// A connect session.
pub fn connect_session(app: ApplicationId, session: ConnectSessionId) -> String {
    format!("{APPLICATIONS}/{app}/connect-sessions/{session}")
}

/// An application's audit log.
pub fn events(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/events")
}

/// An event of an application.
pub fn event(app: ApplicationId, event: EventId) -> String {
    format!("{APPLICATIONS}/{app}/events/{event}")
}

/// An event of the organization.
pub fn organization_event(event: EventId) -> String {
    format!("{ORGANIZATION_EVENTS}/{event}")
}

/// What follows the path of a list where it is exported; `csv` or `jsonl` ends it.
pub const EXPORT: &str = "/export.";

/// The whole log of the organization with its chain.
pub const ORGANIZATION_CHAIN: &str = "/settings/events/export.chain.jsonl";

/// An application's API keys.
pub fn api_keys(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/api-keys")
}

/// An application's webhook endpoints.
pub fn webhook_endpoints(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/webhooks")
}

/// A new webhook endpoint.
pub fn new_webhook_endpoint(app: ApplicationId) -> String {
    format!("{APPLICATIONS}/{app}/webhooks/new")
}

/// A webhook endpoint, with what was sent to it.
pub fn webhook_endpoint(app: ApplicationId, endpoint: WebhookEndpointId) -> String {
    format!("{APPLICATIONS}/{app}/webhooks/{endpoint}")
}

/// Asks before a webhook endpoint's secret is replaced, and shows the new one.
pub fn webhook_secret(app: ApplicationId, endpoint: WebhookEndpointId) -> String {
    format!("{APPLICATIONS}/{app}/webhooks/{endpoint}/secret")
}

/// Asks before a webhook endpoint is deleted.
pub fn delete_webhook_endpoint(app: ApplicationId, endpoint: WebhookEndpointId) -> String {
    format!("{APPLICATIONS}/{app}/webhooks/{endpoint}/delete")
}

/// A delivery to a webhook endpoint.
pub fn delivery(app: ApplicationId, endpoint: WebhookEndpointId, delivery: DeliveryId) -> String {
    format!("{APPLICATIONS}/{app}/webhooks/{endpoint}/deliveries/{delivery}")
}

/// Asks before an API key is revoked.
pub fn revoke_api_key(app: ApplicationId, key: ApiKeyId) -> String {
    format!("{APPLICATIONS}/{app}/api-keys/{key}/revoke")
}

/// Another key for the place of an API key.
pub fn rotate_api_key(app: ApplicationId, key: ApiKeyId) -> String {
    format!("{APPLICATIONS}/{app}/api-keys/{key}/rotate")
}

/// A member: the role.
pub fn member(member: MemberId) -> String {
    format!("{MEMBERS}/{member}")
}

/// Asks before a member is removed.
pub fn remove_member(member: MemberId) -> String {
    format!("{MEMBERS}/{member}/remove")
}

/// An invitation as members see it.
pub fn invitation(invitation: InvitationId) -> String {
    format!("{MEMBERS}/invitations/{invitation}")
}

/// Asks before an invitation is withdrawn.
pub fn withdraw_invitation(invitation: InvitationId) -> String {
    format!("{MEMBERS}/invitations/{invitation}/withdraw")
}

/// The page behind an invitation's link.
pub fn accept_invitation(link: &str) -> String {
    format!("{INVITATIONS}/{link}")
}

/// The page behind a link that sets a new password.
pub fn new_password(link: &str) -> String {
    format!("{RESET_PASSWORD}/{link}")
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
