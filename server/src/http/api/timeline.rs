//! `/v1/connected-accounts/{id}/timeline`: why an account is as it is.

use super::path::Id;
use super::query::Query;
use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::Uri;
use model::Page;
use model::ids::ConnectedAccountId;
use model::timeline::TimelineEntry;

/// What was tried for the account and what came of it, newest first.
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(id): Id<ConnectedAccountId>,
    uri: Uri,
) -> Result<Json<Page<TimelineEntry>>, Problem> {
    let mut query = Query::of(&uri);
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    Ok(Json(state.vault.connected_account_timeline(&caller, id, cursor, limit).await?))
}
