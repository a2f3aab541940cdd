//! Connect sessions.

use crate::api::Within;
use crate::error::{FormError, PageError};
use leptos::prelude::*;
use model::Page;
use model::connect_sessions::ConnectSessionView;
use serde::{Deserialize, Serialize};

/// A connect link in the one answer that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectLink {
    /// The connect session's id.
    pub session: String,
    /// The link.
    pub url: String,
    /// When it ends.
    pub expires_at: String,
}

impl From<ConnectSessionView> for ConnectLink {
    fn from(view: ConnectSessionView) -> Self {
        Self { session: view.id.to_string(), url: view.url.unwrap_or_default(), expires_at: view.expires_at }
    }
}

/// The application's connect sessions, newest first.
#[server]
pub async fn read_connect_sessions(
    /// The application's id.
    app: String,
    /// The last one seen; empty for the first page.
    cursor: String,
) -> Result<Within<Page<ConnectSessionView>>, PageError> {
    let inside = crate::session::application(&app).await?;
    let page = inside.vault.connect_sessions(&inside.caller, cursor.parse().ok(), 50).await?;
    Ok(inside.show(page))
}

/// Opens a connect session as a backend would, to try the application out.
#[server]
pub async fn open_connect_session(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The developer's own id of the end user.
    #[server(default)]
    end_user: String,
    /// The key of the provider config; empty for all.
    #[server(default)]
    provider: String,
) -> Result<ConnectLink, FormError> {
    use model::connect_sessions::Completion;
    use model::connected_accounts::EndUserView;
    let inside = crate::session::application(&app).await?;
    if end_user.trim().is_empty() {
        let error = FormError::new("The connect session is not created.");
        return error.field("end_user", "Enter an id, such as user_42.").refuse();
    }
    let id = end_user.trim().to_owned();
    let new = vault::NewConnectSession {
        end_user: EndUserView { id, name: None, email: None, group: None, row: None },
        providers: Some(provider).filter(|key| !key.is_empty()).into_iter().collect(),
        return_url: None,
        origin: None,
        reconnect: None,
        completion: Completion::Automatic,
        scopes: Default::default(),
        metadata: Default::default(),
        expires_in: None,
    };
    Ok(inside.vault.open_connect_session(&inside.caller, new).await?.into())
}
