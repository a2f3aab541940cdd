//! `/v1/application`: the caller's own.

use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use model::applications::ApplicationView;

/// Name, environment and return addresses.
pub(crate) async fn get(From(state): From<State>, Backend(caller): Backend) -> Result<Json<ApplicationView>, Problem> {
    Ok(Json(state.vault.application(&caller).await?))
}
