//! `/v1/webhook-endpoints`: where the application hears of what happens. A secret appears in the answer that made it, and
//! nowhere else.

pub(crate) mod deliveries;

use super::body::Body;
use super::path::Id;
use super::query::{Paging, Query};
use crate::auth::{Backend, WebhookEndpointsRead, WebhookEndpointsWrite};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use model::Page;
use model::ids::WebhookEndpointId;
use model::webhook_endpoints::{DeliveryDetail, WebhookEndpointView, WebhookType};
use serde::Serialize;
use utoipa::ToSchema;
use vault::{NewSecret, NewWebhookEndpoint, WebhookEndpointChange};

const NO_STORE: [(HeaderName, HeaderValue); 1] = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];

/// An endpoint with a secret that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEndpointWithSecret)]
pub(crate) struct WithSecret {
    #[serde(flatten)]
    endpoint: WebhookEndpointView,
    /// What signs: `whsec_` and base64 of the key. This answer alone has it.
    secret: String,
}

/// A webhook endpoint to add.
#[derive(ToSchema)]
#[schema(as = NewWebhookEndpoint)]
#[expect(dead_code, reason = "it describes the body that `create` reads")]
pub(crate) struct NewEndpoint {
    /// Where deliveries go: an https address.
    url: String,
    /// A note of your own.
    description: Option<String>,
    /// What it hears of; everything when absent or empty.
    types: Option<Vec<WebhookType>>,
}

/// What is to change; what is absent or null stays.
#[derive(ToSchema)]
#[schema(as = WebhookEndpointChange)]
#[expect(dead_code, reason = "it describes the body that `change` reads")]
pub(crate) struct Change {
    /// Where deliveries go: an https address.
    url: Option<String>,
    /// A note of your own.
    description: Option<String>,
    /// What it hears of; everything when empty.
    types: Option<Vec<WebhookType>>,
    /// Pauses it, or resumes it: deliveries wait meanwhile.
    paused: Option<bool>,
}

/// Lists webhook endpoints.
///
/// Newest first.
#[utoipa::path(
    get,
    path = "/v1/webhook-endpoints",
    operation_id = "listWebhookEndpoints",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(Paging),
    responses((status = 200, body = Page<WebhookEndpointView>, description = "A page of endpoints.")),
    security(("api_key" = ["webhook_endpoints:read"])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsRead>,
    uri: Uri,
) -> Result<Json<Page<WebhookEndpointView>>, Problem> {
    let mut query = Query::of(&uri);
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    Ok(Json(state.vault.webhook_endpoints(&caller, cursor, limit).await?))
}

/// Adds a webhook endpoint.
///
/// From now on it is sent what happens, signed as Standard Webhooks says. This answer alone has its secret.
#[utoipa::path(
    post,
    path = "/v1/webhook-endpoints",
    operation_id = "createWebhookEndpoint",
    tag = tags::WEBHOOK_ENDPOINTS,
    request_body = NewEndpoint,
    responses((status = 201, body = WithSecret, description = "The endpoint, with its secret.")),
    security(("api_key" = ["webhook_endpoints:write"])),
    extensions(("x-problems" = json!([Code::TooManyWebhookEndpoints]))),
)]
pub(crate) async fn create(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsWrite>,
    mut body: Body,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], Json<WithSecret>), Problem> {
    let new = NewWebhookEndpoint {
        url: body.required("url").unwrap_or_default(),
        description: body.optional("description").unwrap_or_default(),
        types: body.optional("types").unwrap_or_default(),
    };
    body.finish()?;
    let added = state.vault.add_webhook_endpoint(&caller, new).await?;
    Ok((StatusCode::CREATED, NO_STORE, Json(with_secret(added))))
}

/// Reads a webhook endpoint.
#[utoipa::path(
    get,
    path = "/v1/webhook-endpoints/{id}",
    operation_id = "getWebhookEndpoint",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint.")),
    responses((status = 200, body = WebhookEndpointView, description = "The endpoint.")),
    security(("api_key" = ["webhook_endpoints:read"])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsRead>,
    Id(id): Id<WebhookEndpointId>,
) -> Result<Json<WebhookEndpointView>, Problem> {
    Ok(Json(state.vault.webhook_endpoint(&caller, id).await?))
}

/// Changes a webhook endpoint.
///
/// Pauses or resumes it, too. What is absent or null stays as it is.
#[utoipa::path(
    patch,
    path = "/v1/webhook-endpoints/{id}",
    operation_id = "changeWebhookEndpoint",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint.")),
    request_body = Change,
    responses((status = 200, body = WebhookEndpointView, description = "The endpoint as it is now.")),
    security(("api_key" = ["webhook_endpoints:write"])),
)]
pub(crate) async fn change(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsWrite>,
    Id(id): Id<WebhookEndpointId>,
    mut body: Body,
) -> Result<Json<WebhookEndpointView>, Problem> {
    let change = WebhookEndpointChange {
        url: body.optional("url"),
        description: body.optional("description"),
        types: body.optional("types"),
        paused: body.optional("paused"),
    };
    body.finish()?;
    Ok(Json(state.vault.change_webhook_endpoint(&caller, id, change).await?))
}

/// Deletes a webhook endpoint.
///
/// With its deliveries, those that wait among them.
#[utoipa::path(
    delete,
    path = "/v1/webhook-endpoints/{id}",
    operation_id = "deleteWebhookEndpoint",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint.")),
    responses((status = 204, description = "It is deleted.")),
    security(("api_key" = ["webhook_endpoints:write"])),
)]
pub(crate) async fn delete(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsWrite>,
    Id(id): Id<WebhookEndpointId>,
) -> Result<StatusCode, Problem> {
    state.vault.delete_webhook_endpoint(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rotates a webhook endpoint's secret.
///
/// Makes a new secret. The one before it signs too for 24 hours, so that receivers can be changed one by one.
#[utoipa::path(
    post,
    path = "/v1/webhook-endpoints/{id}/rotate-secret",
    operation_id = "rotateWebhookSecret",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint.")),
    responses((status = 200, body = WithSecret, description = "The endpoint, with its new secret.")),
    security(("api_key" = ["webhook_endpoints:write"])),
    extensions(("x-problems" = json!([Code::SecretRotated]))),
)]
pub(crate) async fn rotate_secret(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsWrite>,
    Id(id): Id<WebhookEndpointId>,
    body: Body,
) -> Result<([(HeaderName, HeaderValue); 1], Json<WithSecret>), Problem> {
    body.finish()?;
    Ok((NO_STORE, Json(with_secret(state.vault.rotate_webhook_secret(&caller, id).await?))))
}

/// Tests a webhook endpoint.
///
/// Sends an example of type `webhook.test` at once, and says what the endpoint answered.
#[utoipa::path(
    post,
    path = "/v1/webhook-endpoints/{id}/test",
    operation_id = "testWebhookEndpoint",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint.")),
    responses((status = 200, body = DeliveryDetail, description = "The delivery, with what became of it.")),
    security(("api_key" = ["webhook_endpoints:write"])),
    extensions(("x-problems" = json!([Code::Quarantined]))),
)]
pub(crate) async fn test(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsWrite>,
    Id(id): Id<WebhookEndpointId>,
    body: Body,
) -> Result<Json<DeliveryDetail>, Problem> {
    body.finish()?;
    Ok(Json(state.vault.test_webhook_endpoint(&caller, id).await?))
}

fn with_secret(new: NewSecret) -> WithSecret {
    WithSecret { endpoint: new.view, secret: new.secret.expose().clone() }
}
