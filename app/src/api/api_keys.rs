//! API keys.
#![expect(clippy::too_many_arguments, reason = "the arguments of a server function are the fields of its form")]

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::api_keys::ApiKeyView;
#[cfg(feature = "ssr")]
use model::api_keys::{KeyScope, Policy};
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
    /// What it may do.
    #[server(default)]
    scopes: Vec<String>,
    /// When it ends: so many days, `day`, or never.
    #[server(default)]
    expires: String,
    /// The day, if it is one.
    #[server(default)]
    expires_on: String,
    /// The networks that it is taken from, one a line.
    #[server(default)]
    sources: String,
    /// Present when it gets no token.
    #[server(default)]
    proxy_only: Option<String>,
    /// The providers that the proxy calls for it.
    #[server(default)]
    providers: String,
    /// The methods.
    #[server(default)]
    methods: String,
    /// The patterns of paths, one a line.
    #[server(default)]
    paths: String,
) -> Result<NewKey, FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let entries = |text: &str| Some(words(text)).filter(|entries| !entries.is_empty());
    let form = vault::ApiKeyForm {
        name,
        scopes: chosen(&scopes)?,
        sources: words(&sources),
        expiry: expiry(&expires, expires_on),
        proxy_only: proxy_only.is_some(),
        policy: Policy { providers: entries(&providers), methods: entries(&methods), paths: entries(&paths) },
    };
    Ok(shown(inside.vault.add_api_key(&inside.caller, form).await?))
}

/// Makes a key that takes another's place. It is in this answer and nowhere else.
#[server(output = Json)]
pub async fn rotate_api_key(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The old key's id.
    #[server(default)]
    key: String,
    /// For how many hours both are good.
    #[server(default)]
    overlap: String,
) -> Result<NewKey, FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let id = key.parse().map_err(|_| vault::VaultError::NotFound)?;
    // What is no number of hours is refused as too long.
    let hours = overlap.parse::<i64>().ok().filter(|hours| (0..=8_760).contains(hours)).unwrap_or(8_760);
    Ok(shown(inside.vault.rotate_api_key(&inside.caller, id, hours * vault::HOUR).await?))
}

/// The words of a text, with spaces, commas or lines between them.
#[cfg(feature = "ssr")]
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The scopes that are ticked: the usual ones are what a key has that names none. A form without any is one whose maker has
/// unticked all.
#[cfg(feature = "ssr")]
fn chosen(ticked: &[String]) -> Result<Vec<KeyScope>, FormError> {
    let mut scopes: Vec<KeyScope> = ticked.iter().filter_map(|word| word.parse().ok()).collect();
    if scopes.is_empty() {
        let summary = "The key is not made: say what it may do.";
        return FormError::new(summary).field("scopes", "Tick what this backend needs.").refuse();
    }
    if KeyScope::ALL.iter().all(|scope| scopes.contains(scope) == scope.is_usual()) {
        scopes.clear();
    }
    Ok(scopes)
}

#[cfg(feature = "ssr")]
fn expiry(expires: &str, expires_on: String) -> vault::KeyExpiry {
    match expires.parse() {
        Ok(days) => vault::KeyExpiry::Days(days),
        // A day that was entered counts, whatever the list beside it says.
        Err(_) if expires == "day" || !expires_on.trim().is_empty() => vault::KeyExpiry::On(expires_on),
        Err(_) => vault::KeyExpiry::Never,
    }
}

#[cfg(feature = "ssr")]
fn shown(made: vault::NewApiKey) -> NewKey {
    NewKey { name: made.view.name, key: made.secret.expose().clone() }
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
