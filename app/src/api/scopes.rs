//! Scopes of a provider config.

use crate::api::Within;
#[cfg(feature = "ssr")]
use crate::api::or_mistakes;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::lists::{BothWays, Mistakes, Turn};
use model::scopes::{LackingAccount, ReconnectLink, ScopesView};
use serde::{Deserialize, Serialize};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopesPage {
    /// The scopes.
    pub scopes: ScopesView,
    /// One page of the accounts whose grant lacks a requested scope.
    pub lacking: BothWays<LackingAccount>,
    /// What of the address cannot be read; that page is empty then.
    pub mistakes: Mistakes,
}

/// The scopes of a provider config.
#[server(output = Json)]
pub async fn read_scopes(
    /// The application's id.
    app: String,
    /// The key of the provider config.
    key: String,
    /// Which page of the accounts.
    turn: Turn,
) -> Result<Within<ScopesPage>, PageError> {
    let inside = crate::session::application(&app).await?;
    let scopes = inside.vault.scopes(&inside.caller, &key).await?;
    let read = inside.vault.accounts_lacking_scopes(&inside.caller, &key, &turn, 20).await;
    let (lacking, mistakes) = or_mistakes(read, BothWays::nothing())?;
    Ok(inside.show(ScopesPage { scopes, lacking, mistakes }))
}

/// Makes a link that can only renew this account.
#[server(output = Json)]
pub async fn make_link_for_scopes(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The connected account's id.
    #[server(default)]
    account: String,
) -> Result<ReconnectLink, FormError> {
    let inside = crate::session::application(&app).await?;
    let account = account.parse().map_err(|_| vault::VaultError::NotFound)?;
    let session = inside.vault.open_reconnect_link(&inside.caller, account).await?;
    Ok(ReconnectLink {
        account,
        end_user: session.end_user.id,
        url: session.url.unwrap_or_default(),
        expires_at: session.expires_at,
    })
}

/// Makes such a link for each of several accounts.
#[server(output = Json)]
pub async fn make_links_for_scopes(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The ids of connected accounts, with spaces between them.
    #[server(default)]
    accounts: String,
) -> Result<Vec<ReconnectLink>, FormError> {
    let inside = crate::session::application(&app).await?;
    let ids: Vec<_> = accounts.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    crate::session::require_recent_proof().await?;
    Ok(inside.vault.open_reconnect_links(&inside.caller, &ids).await?)
}
