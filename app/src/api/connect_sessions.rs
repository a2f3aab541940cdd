//! Connect sessions.

use crate::api::Within;
#[cfg(feature = "ssr")]
use crate::api::or_mistakes;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::connect_sessions::{ConnectSessionDetail, ConnectSessionFilter, ConnectSessionLine, ConnectSessionView};
use model::lists::{BothWays, Mistakes, Turn};
use model::provider_configs::ProviderChoice;
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

/// What the list shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// One page.
    pub page: BothWays<ConnectSessionLine>,
    /// What of the address cannot be read; the page is empty then.
    pub mistakes: Mistakes,
    /// The application's provider configs, for the filter.
    pub providers: Vec<ProviderChoice>,
}

/// The application's connect sessions, newest first.
#[server(output = Json)]
pub async fn read_connect_sessions(
    /// The application's id.
    app: String,
    /// What to narrow by.
    filter: ConnectSessionFilter,
    /// Which page.
    turn: Turn,
) -> Result<Within<Sessions>, PageError> {
    let inside = crate::session::application(&app).await?;
    let read = inside.vault.connect_session_log(&inside.caller, &filter, &turn, 50).await;
    let (page, mistakes) = or_mistakes(read, BothWays::nothing())?;
    let providers = inside.vault.provider_choices(&inside.caller).await?;
    Ok(inside.show(Sessions { page, mistakes, providers }))
}

/// One connect session with everything that happened in it.
#[server(output = Json)]
pub async fn read_connect_session(
    /// The application's id.
    app: String,
    /// The connect session's id.
    session: String,
) -> Result<Within<ConnectSessionDetail>, PageError> {
    let inside = crate::session::application(&app).await?;
    let id = session.parse().map_err(|_| vault::VaultError::NotFound)?;
    let detail = inside.vault.connect_session_detail(&inside.caller, id).await?;
    Ok(inside.show(detail))
}

/// Opens a session like an earlier one, with a new link.
#[server(output = Json)]
pub async fn repeat_connect_session(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The earlier connect session's id.
    #[server(default)]
    session: String,
) -> Result<ConnectLink, FormError> {
    let inside = crate::session::application(&app).await?;
    let id = session.parse().map_err(|_| vault::VaultError::NotFound)?;
    Ok(inside.vault.repeat_connect_session(&inside.caller, id).await?.into())
}

/// Opens a connect session as a backend would, to try the application out.
#[server(output = Json)]
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
