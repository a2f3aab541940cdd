//! The OAuth clients of a provider config and their secrets.

use crate::api::Within;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::provider_health::ClientView;
use serde::{Deserialize, Serialize};

/// A client, with what its pages say of the provider config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The provider config's key.
    pub key: String,
    /// The provider's name.
    pub provider: String,
    /// The client.
    pub client: ClientView,
}

/// One client of a provider config.
#[server(output = Json)]
pub async fn read_client(
    /// The application's id.
    app: String,
    /// The provider config's key.
    key: String,
    /// The client's id.
    client: String,
) -> Result<Within<Client>, PageError> {
    let inside = crate::session::application(&app).await?;
    let provider = inside.vault.provider_config(&inside.caller, &key).await?.provider.name;
    let clients = inside.vault.provider_config_detail(&inside.caller, &key).await?.clients;
    let client = clients.into_iter().find(|known| known.id.to_string() == client);
    let client = client.ok_or(PageError::NotFound).map_err(PageError::answer)?;
    Ok(inside.show(Client { key, provider, client }))
}

/// Stores a new secret beside a client's old one.
#[server(output = Json)]
pub async fn add_client_secret(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
    /// The client's id.
    #[server(default)]
    client: String,
    /// The new secret.
    #[server(default)]
    client_secret: String,
    /// The day on which it ends; empty when it does not.
    #[server(default)]
    expires_on: String,
    /// Present when a secret is stored that the provider refuses now.
    #[server(default)]
    store_anyway: Option<String>,
) -> Result<(), FormError> {
    use vault::{NewClientSecret, Secret, SecretAdded};
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let client = client.parse().map_err(|_| PageError::NotFound.answer())?;
    let name = inside.vault.provider_config(&inside.caller, &key).await?.provider.name;
    let new = NewClientSecret { secret: Secret::new(client_secret), expires_on, store_anyway: store_anyway.is_some() };
    let said = match inside.vault.add_client_secret(&inside.caller, &key, client, new).await? {
        SecretAdded::Refused(words) => {
            let why = format!("{name} refuses it: “{words}”. Copy it again; or store it for when it becomes valid.");
            let error = FormError::new("The new secret is not stored: check the fields below.");
            return error.field("client_secret", why).refuse();
        }
        SecretAdded::Replaced => {
            format!("The new secret has taken the old one's place: {name} knows the old one no longer.")
        }
        SecretAdded::Beside(verdict, _) => crate::session::saved::secret_added(&name, verdict),
    };
    let page = model::paths::provider_config(inside.caller.application(), &key);
    crate::flash::redirect_with(&page, &said);
    Ok(())
}

/// Ends the replacement of a client's secret.
#[server(output = Json)]
pub async fn end_client_secret(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
    /// The client's id.
    #[server(default)]
    client: String,
    /// `new` forgets the old secret, anything else the new one.
    #[server(default)]
    keep: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let client = client.parse().map_err(|_| PageError::NotFound.answer())?;
    if keep == "new" {
        inside.vault.finish_client_secret(&inside.caller, &key, client).await?;
        crate::flash::say("The old secret is forgotten; the new one is in use.");
    } else {
        inside.vault.cancel_client_secret(&inside.caller, &key, client).await?;
        crate::flash::say("The new secret is forgotten; the old one stays in use.");
    }
    Ok(())
}

/// Says on which day a client's secret ends.
#[server(output = Json)]
pub async fn set_secret_expiry(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
    /// The client's id.
    #[server(default)]
    client: String,
    /// The day; empty when it does not end.
    #[server(default)]
    expires_on: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let client = client.parse().map_err(|_| PageError::NotFound.answer())?;
    inside.vault.set_secret_expiry(&inside.caller, &key, client, &expires_on).await?;
    let page = model::paths::provider_config(inside.caller.application(), &key);
    crate::flash::redirect_with(&page, "The day on which the secret ends is saved.");
    Ok(())
}

/// Removes a client that is not the current one.
#[server(output = Json)]
pub async fn remove_client(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The provider config's key.
    #[server(default)]
    key: String,
    /// The client's id.
    #[server(default)]
    client: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let client = client.parse().map_err(|_| PageError::NotFound.answer())?;
    inside.vault.remove_client(&inside.caller, &key, client).await?;
    let page = model::paths::provider_config(inside.caller.application(), &key);
    crate::flash::redirect_with(&page, "The client is removed.");
    Ok(())
}
