//! What tests put in: forms, sessions, and what a browser brings back.

use super::{CLIENT_ID, CLIENT_SECRET};
use crate::{Callback, NewConnectSession, NewImport, SaveProviderConfig, Secret};
use model::connect_sessions::{Completion, ConnectSessionView};
use model::connected_accounts::EndUserView;
use model::ids::ApplicationId;
use model::imports::Verify;
use sandbox::Client;
use std::collections::BTreeMap;
use url::Url;

/// The client that the sandbox knows.
pub fn client() -> Client {
    let mut client = Client::new(CLIENT_ID, CLIENT_SECRET, &[]);
    client.any_redirect_uri = true;
    client
}

/// The form of the provider config.
pub fn form(slug: &str, client_id: &str, secret: &str, save_anyway: bool) -> SaveProviderConfig {
    SaveProviderConfig {
        provider: slug.to_owned(),
        key: String::new(),
        client_id: client_id.to_owned(),
        client_secret: Secret::new(secret.to_owned()),
        webhook_secret: Secret::new(String::new()),
        remove_webhook_secret: false,
        held_secret: String::new(),
        scopes: Vec::new(),
        save_anyway,
    }
}

/// A session with nothing special about it.
pub fn new_session(end_user: &str, key: &str) -> NewConnectSession {
    NewConnectSession {
        end_user: EndUserView { id: end_user.to_owned(), name: None, email: None, group: None, row: None },
        providers: vec![key.to_owned()],
        return_url: None,
        origin: None,
        reconnect: None,
        completion: Completion::Automatic,
        scopes: BTreeMap::new(),
        metadata: BTreeMap::new(),
        expires_in: None,
    }
}

/// An import with nothing special about it: access token and refresh token.
pub fn new_import(end_user: &str, key: &str, access_token: Option<&str>, refresh_token: Option<&str>) -> NewImport {
    let secret = |token: &str| Secret::new(token.to_owned());
    NewImport {
        end_user: EndUserView { id: end_user.to_owned(), name: None, email: None, group: None, row: None },
        provider_config: key.to_owned(),
        access_token: access_token.map(secret),
        refresh_token: refresh_token.map(secret),
        expires_at: None,
        issued_at: None,
        scopes: None,
        label: None,
        metadata: BTreeMap::new(),
        verify: Verify::None,
    }
}

/// The secret in a session's link.
pub fn link(session: &ConnectSessionView) -> &str {
    session.url.as_deref().and_then(|url| url.rsplit('/').next()).expect("the link is in the first answer")
}

/// A callback from the address that a provider sent a browser to.
pub fn callback(address: &str) -> Callback {
    let url = Url::parse(address).expect("an address");
    let mut path = url.path().rsplit('/');
    let key = path.next().unwrap_or_default().to_owned();
    let application: ApplicationId = path.next().unwrap_or_default().parse().expect("an application in the path");
    let value = |name: &str| url.query_pairs().find(|(n, _)| n == name).map(|(_, v)| v.into_owned());
    Callback {
        application,
        key,
        code: value("code").map(Secret::new),
        state: value("state"),
        iss: value("iss"),
        error: value("error"),
        error_description: value("error_description"),
    }
}
