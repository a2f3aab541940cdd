//! API keys.

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::api_keys::ApiKeyView;
use serde::{Deserialize, Serialize};

/// A key in the one answer that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// The key itself.
    pub key: String,
}

/// The application's keys, those in use first.
#[server(output = Json)]
pub async fn read_api_keys(
    /// The application's id.
    app: String,
) -> Result<Within<Vec<ApiKeyView>>, PageError> {
    let inside = crate::session::application(&app).await?;
    let mut keys = inside.vault.api_keys(&inside.caller).await?;
    keys.sort_by_key(|key| key.revoked_at.is_some());
    Ok(inside.show(keys))
}

/// One key, to ask before it is revoked.
#[server(output = Json)]
pub async fn read_api_key(
    /// The application's id.
    app: String,
    /// The key's id.
    key: String,
) -> Result<Within<ApiKeyView>, PageError> {
    let inside = crate::session::application(&app).await?;
    let keys = inside.vault.api_keys(&inside.caller).await?;
    let found = keys.into_iter().find(|known| known.id.to_string() == key).ok_or(PageError::NotFound);
    Ok(inside.show(found.map_err(PageError::answer)?))
}

/// Makes a key. It is in this answer and nowhere else.
#[server(output = Json)]
pub async fn add_api_key(
    /// The application's id.
    #[server(default)]
    app: String,
    /// What will use it.
    #[server(default)]
    name: String,
) -> Result<NewKey, FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let made = inside.vault.add_api_key(&inside.caller, &name).await?;
    Ok(NewKey { name: made.view.name, key: made.secret.expose().clone() })
}

/// Revokes a key.
#[server(output = Json)]
pub async fn revoke_api_key(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The key's id.
    #[server(default)]
    key: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let id = key.parse().map_err(|_| vault::VaultError::NotFound)?;
    inside.vault.revoke_api_key(&inside.caller, id).await?;
    let keys = model::paths::api_keys(inside.caller.application());
    crate::flash::redirect_with(&keys, "The key is revoked: it is refused from now on.");
    Ok(())
}
