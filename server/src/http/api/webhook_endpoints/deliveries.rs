//! `/v1/webhook-endpoints/{id}/deliveries`: what was sent to an endpoint, and what waits for it.

use crate::auth::{Backend, WebhookEndpointsRead, WebhookEndpointsWrite};
use crate::http::api::body::Body;
use crate::http::api::path::{Id, Ids};
use crate::http::api::query::{Paging, Query};
use crate::openapi::tags;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::{StatusCode, Uri};
use model::Page;
use model::ids::{DeliveryId, WebhookEndpointId};
use model::lists::Turn;
use model::webhook_endpoints::{DeliveryDetail, DeliveryStatus, DeliveryView};

/// What a list of deliveries is narrowed by.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters that `list` reads")]
pub(crate) struct Filters {
    /// How far they have come.
    status: Option<DeliveryStatus>,
}

/// Lists deliveries.
///
/// What was sent to an endpoint and what waits for it, newest first.
#[utoipa::path(
    get,
    path = "/v1/webhook-endpoints/{id}/deliveries",
    operation_id = "listDeliveries",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint."), Filters, Paging),
    responses((status = 200, body = Page<DeliveryView>, description = "A page of deliveries.")),
    security(("api_key" = ["webhook_endpoints:read"])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsRead>,
    Id(id): Id<WebhookEndpointId>,
    uri: Uri,
) -> Result<Json<Page<DeliveryView>>, Problem> {
    let mut query = Query::of(&uri);
    let status: Option<DeliveryStatus> = query.parsed("status", "One of: pending delivered failed.");
    let (cursor, limit): (Option<DeliveryId>, u8) = (query.cursor(), query.limit());
    query.finish()?;
    let status = status.map(DeliveryStatus::as_str).unwrap_or_default();
    let turn = Turn { cursor: cursor.map(|id| id.to_string()).unwrap_or_default(), newer: false };
    let page = state.vault.deliveries(&caller, id, status, &turn, limit).await?;
    Ok(Json(Page { data: page.data, next_cursor: page.older }))
}

/// Reads a delivery.
///
/// With its body and its attempts.
#[utoipa::path(
    get,
    path = "/v1/webhook-endpoints/{id}/deliveries/{delivery}",
    operation_id = "getDelivery",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint."), ("delivery" = DeliveryId, Path, description = "The delivery.")),
    responses((status = 200, body = DeliveryDetail, description = "The delivery.")),
    security(("api_key" = ["webhook_endpoints:read"])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsRead>,
    Ids(id, delivery): Ids<WebhookEndpointId, DeliveryId>,
) -> Result<Json<DeliveryDetail>, Problem> {
    Ok(Json(state.vault.delivery(&caller, id, delivery).await?))
}

/// Replays a delivery.
///
/// It is sent again as soon as possible, under the same id.
#[utoipa::path(
    post,
    path = "/v1/webhook-endpoints/{id}/deliveries/{delivery}/replay",
    operation_id = "replayDelivery",
    tag = tags::WEBHOOK_ENDPOINTS,
    params(("id" = WebhookEndpointId, Path, description = "The webhook endpoint."), ("delivery" = DeliveryId, Path, description = "The delivery.")),
    responses((status = 202, body = DeliveryView, description = "It will be sent.")),
    security(("api_key" = ["webhook_endpoints:write"])),
    extensions(("x-problems" = json!([Code::WebhookEndpointPaused]))),
)]
pub(crate) async fn replay(
    From(state): From<State>,
    Backend(caller, ..): Backend<WebhookEndpointsWrite>,
    Ids(id, delivery): Ids<WebhookEndpointId, DeliveryId>,
    body: Body,
) -> Result<(StatusCode, Json<DeliveryView>), Problem> {
    body.finish()?;
    Ok((StatusCode::ACCEPTED, Json(state.vault.replay_delivery(&caller, id, delivery).await?)))
}
