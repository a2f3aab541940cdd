//! Webhook endpoints and their deliveries.

use crate::api::Within;
#[cfg(feature = "ssr")]
use crate::api::or_mistakes;
use crate::error::{FormError, PageError};
use crate::wire::Json;
use leptos::prelude::*;
use model::lists::{BothWays, Mistakes, Turn};
use model::webhook_endpoints::{DeliveryDetail, DeliveryView, WebhookEndpointView};
use serde::{Deserialize, Serialize};

/// A secret in the one answer that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSecret {
    /// The endpoint's id.
    pub id: String,
    /// The secret itself.
    pub secret: String,
}

/// What the page of an endpoint shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointLog {
    /// The endpoint.
    pub endpoint: WebhookEndpointView,
    /// One page of its deliveries.
    pub page: BothWays<DeliveryView>,
    /// What of the address cannot be read; the page is empty then.
    pub mistakes: Mistakes,
}

/// The application's endpoints, newest first.
#[server(output = Json)]
pub async fn read_webhook_endpoints(
    /// The application's id.
    app: String,
) -> Result<Within<Vec<WebhookEndpointView>>, PageError> {
    let inside = crate::session::application(&app).await?;
    let all = inside.vault.webhook_endpoints(&inside.caller, None, 100).await?.data;
    Ok(inside.show(all))
}

/// One endpoint.
#[server(output = Json)]
pub async fn read_webhook_endpoint(
    /// The application's id.
    app: String,
    /// The endpoint's id.
    endpoint: String,
) -> Result<Within<WebhookEndpointView>, PageError> {
    let inside = crate::session::application(&app).await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let view = inside.vault.webhook_endpoint(&inside.caller, id).await?;
    Ok(inside.show(view))
}

/// One endpoint with a page of what was sent to it.
#[server(output = Json)]
pub async fn read_endpoint_log(
    /// The application's id.
    app: String,
    /// The endpoint's id.
    endpoint: String,
    /// What to narrow by; empty for everything.
    status: String,
    /// Which page.
    turn: Turn,
) -> Result<Within<EndpointLog>, PageError> {
    let inside = crate::session::application(&app).await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let endpoint = inside.vault.webhook_endpoint(&inside.caller, id).await?;
    let read = inside.vault.deliveries(&inside.caller, id, &status, &turn, 20).await;
    let (page, mistakes) = or_mistakes(read, BothWays::nothing())?;
    Ok(inside.show(EndpointLog { endpoint, page, mistakes }))
}

/// One delivery.
#[server(output = Json)]
pub async fn read_delivery(
    /// The application's id.
    app: String,
    /// The endpoint's id.
    endpoint: String,
    /// The delivery's id.
    delivery: String,
) -> Result<Within<DeliveryDetail>, PageError> {
    let inside = crate::session::application(&app).await?;
    let endpoint = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let id = delivery.parse().map_err(|_| vault::VaultError::NotFound)?;
    let detail = inside.vault.delivery(&inside.caller, endpoint, id).await?;
    Ok(inside.show(detail))
}

/// Adds an endpoint. Its secret is in this answer and nowhere else.
#[server(output = Json)]
pub async fn add_webhook_endpoint(
    /// The application's id.
    #[server(default)]
    app: String,
    /// Where deliveries go.
    #[server(default)]
    url: String,
    /// A note.
    #[server(default)]
    description: String,
    /// What it hears of; none for everything.
    #[server(default)]
    types: Vec<String>,
) -> Result<EndpointSecret, FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let new = vault::NewWebhookEndpoint { url, description, types };
    let added = inside.vault.add_webhook_endpoint(&inside.caller, new).await?;
    Ok(EndpointSecret { id: added.view.id.to_string(), secret: added.secret.expose().clone() })
}

/// Changes where an endpoint is and what it hears of.
#[server(output = Json)]
pub async fn change_webhook_endpoint(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The endpoint's id.
    #[server(default)]
    endpoint: String,
    /// Where deliveries go.
    #[server(default)]
    url: String,
    /// A note.
    #[server(default)]
    description: String,
    /// What it hears of; none for everything.
    #[server(default)]
    types: Vec<String>,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    // Names and addresses of end users go there from here on.
    crate::session::require_recent_proof().await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let (url, description, types) = (Some(url), Some(description), Some(types));
    let change = vault::WebhookEndpointChange { url, description, types, paused: None };
    inside.vault.change_webhook_endpoint(&inside.caller, id, change).await?;
    let page = model::paths::webhook_endpoint(inside.caller.application(), id);
    crate::flash::redirect_with(&page, "The endpoint is changed.");
    Ok(())
}

/// Pauses an endpoint or resumes it.
#[server(output = Json)]
pub async fn pause_webhook_endpoint(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The endpoint's id.
    #[server(default)]
    endpoint: String,
    /// `yes` pauses it, anything else resumes it.
    #[server(default)]
    paused: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let paused = paused == "yes";
    let change = vault::WebhookEndpointChange { paused: Some(paused), ..Default::default() };
    inside.vault.change_webhook_endpoint(&inside.caller, id, change).await?;
    let said = if paused { "The endpoint is paused: deliveries wait." } else { "The endpoint is resumed." };
    crate::flash::redirect_with(&model::paths::webhook_endpoint(inside.caller.application(), id), said);
    Ok(())
}

/// Sends an example at once, and leads to what the endpoint said.
#[server(output = Json)]
pub async fn test_webhook_endpoint(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The endpoint's id.
    #[server(default)]
    endpoint: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let sent = inside.vault.test_webhook_endpoint(&inside.caller, id).await?.delivery;
    let took = sent.status == model::webhook_endpoints::DeliveryStatus::Delivered;
    let said = if took { "The endpoint took the test." } else { "The endpoint did not take the test." };
    crate::flash::redirect_with(&model::paths::delivery(inside.caller.application(), id, sent.id), said);
    Ok(())
}

/// Makes a new secret. It is in this answer and nowhere else.
#[server(output = Json)]
pub async fn rotate_webhook_secret(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The endpoint's id.
    #[server(default)]
    endpoint: String,
) -> Result<EndpointSecret, FormError> {
    let inside = crate::session::application(&app).await?;
    crate::session::require_recent_proof().await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let made = inside.vault.rotate_webhook_secret(&inside.caller, id).await?;
    Ok(EndpointSecret { id: made.view.id.to_string(), secret: made.secret.expose().clone() })
}

/// Deletes an endpoint.
#[server(output = Json)]
pub async fn delete_webhook_endpoint(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The endpoint's id.
    #[server(default)]
    endpoint: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    inside.vault.delete_webhook_endpoint(&inside.caller, id).await?;
    let list = model::paths::webhook_endpoints(inside.caller.application());
    crate::flash::redirect_with(&list, "The endpoint is deleted: nothing is sent to it any more.");
    Ok(())
}

/// Sends a delivery again.
#[server(output = Json)]
pub async fn replay_delivery(
    /// The application's id.
    #[server(default)]
    app: String,
    /// The endpoint's id.
    #[server(default)]
    endpoint: String,
    /// The delivery's id.
    #[server(default)]
    delivery: String,
) -> Result<(), FormError> {
    let inside = crate::session::application(&app).await?;
    let id = endpoint.parse().map_err(|_| vault::VaultError::NotFound)?;
    let delivery = delivery.parse().map_err(|_| vault::VaultError::NotFound)?;
    inside.vault.replay_delivery(&inside.caller, id, delivery).await?;
    let page = model::paths::delivery(inside.caller.application(), id, delivery);
    crate::flash::redirect_with(&page, "It is sent again within a second.");
    Ok(())
}
