//! `/v1/providers`: the catalogue.

use super::path::Id;
use crate::auth::{AnyKey, Backend};
use crate::openapi::tags;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use model::Page;
use model::applications::Environment;
use model::providers::{ProviderSummary, ProviderView};
use vault::ApplicationCaller;

/// Lists the catalogue.
///
/// Every provider that an application of this environment can use. Any key may read it.
#[utoipa::path(
    get,
    path = "/v1/providers",
    operation_id = "listProviders",
    tag = tags::PROVIDERS,
    responses((status = 200, body = Page<ProviderSummary>, description = "The whole catalogue.")),
    security(("api_key" = [])),
)]
pub(crate) async fn list(
    From(state): From<State>,
    Backend(caller, ..): Backend<AnyKey>,
) -> Json<Page<ProviderSummary>> {
    let data = state.vault.catalogue().list(is_development(&caller)).map(|provider| provider.summary()).collect();
    Json(Page { data, next_cursor: None })
}

/// Reads a provider.
///
/// Its facts, and the way through its own pages to an OAuth client.
#[utoipa::path(
    get,
    path = "/v1/providers/{slug}",
    operation_id = "getProvider",
    tag = tags::PROVIDERS,
    params(("slug" = String, Path, description = "The provider.")),
    responses((status = 200, body = ProviderView, description = "The provider.")),
    security(("api_key" = [])),
)]
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller, ..): Backend<AnyKey>,
    Id(slug): Id<String>,
) -> Result<Json<ProviderView>, Problem> {
    let provider = state.vault.catalogue().list(is_development(&caller)).find(|provider| provider.slug == slug);
    provider.map(|provider| Json(provider.view())).ok_or_else(Problem::not_found)
}

fn is_development(caller: &ApplicationCaller) -> bool {
    caller.environment() == Environment::Development
}
