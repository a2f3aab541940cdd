//! `/v1/end-users`: the developer's customers, by the developer's own ids.

use super::body::Body;
use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::{Path, State as From, rejection::PathRejection};
use axum::http::StatusCode;
use model::end_users::ManageLinkView;
use vault::{NewManageLink, VaultError};

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
    match state.vault.open_manage_link(&caller, &id, new).await {
        Err(VaultError::NotFound) => Err(unknown()),
        made => Ok((StatusCode::CREATED, Json(made?))),
    }
}

/// An end user is known from its first connect session on.
fn unknown() -> Problem {
    let detail = "No end user of this id has been invited to this application yet, so there is nothing to manage: open a \
                  connect session with this end_user.id first.";
    Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
}
