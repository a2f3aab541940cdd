//! `/v1/end-users`: the developer's customers, by the developer's own ids.

use super::body::Body;
use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::{Path, State as From, rejection::PathRejection};
use axum::http::StatusCode;
use model::end_users::ManageLinkView;
use vault::NewManageLink;

/// A link with which the end user sees and ends what it has connected; the answer alone has its `url`.
pub(crate) async fn manage_link(
    From(state): From<State>,
    Backend(caller): Backend,
    id: Result<Path<String>, PathRejection>,
    mut body: Body,
) -> Result<(StatusCode, Json<ManageLinkView>), Problem> {
    let Path(id) = id.map_err(|_| Problem::not_found())?;
    let new = NewManageLink { expires_in: body.optional("expires_in"), return_url: body.optional("return_url") };
    body.finish()?;
    Ok((StatusCode::CREATED, Json(state.vault.open_manage_link(&caller, &id, new).await?)))
}
