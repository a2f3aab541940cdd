//! `/v1/connected-accounts/{id}/timeline`: why an account is as it is.

use super::path::Id;
use super::query::{Paging, Query};
use crate::auth::{Backend, ConnectedAccountsRead};
use crate::openapi::tags;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::Uri;
use model::Page;
use model::ids::ConnectedAccountId;
use model::timeline::TimelineEntry;

/// Reads a connected account's timeline.
///
/// What was tried for the account and what came of it, newest first: why it is as it is, in plain words.
#[utoipa::path(
    get,
    path = "/v1/connected-accounts/{id}/timeline",
    operation_id = "listTimeline",
    tag = tags::CONNECTED_ACCOUNTS,
    params(("id" = ConnectedAccountId, Path, description = "The connected account."), Paging),
    responses((status = 200, body = Page<TimelineEntry>, description = "A page of entries.")),
    security(("api_key" = ["connected_accounts:read"])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<ConnectedAccountsRead>,
    Id(id): Id<ConnectedAccountId>,
    uri: Uri,
) -> Result<Json<Page<TimelineEntry>>, Problem> {
    let mut query = Query::of(&uri);
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    Ok(Json(state.vault.connected_account_timeline(&caller, id, cursor, limit).await?))
}
