//! `/v1/providers`: the catalogue.

use super::path::Id;
use crate::auth::Backend;
use crate::problem::Problem;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use model::Page;
use model::applications::Environment;
use model::providers::{ProviderSummary, ProviderView};
use vault::ApplicationCaller;

/// Every provider that the application can use.
pub(crate) async fn list(From(state): From<State>, Backend(caller): Backend) -> Json<Page<ProviderSummary>> {
    let data = state.vault.catalogue().list(is_development(&caller)).map(|provider| provider.summary()).collect();
    Json(Page { data, next_cursor: None })
}

/// One provider with its facts and guide.
pub(crate) async fn get(
    From(state): From<State>,
    Backend(caller): Backend,
    Id(slug): Id<String>,
) -> Result<Json<ProviderView>, Problem> {
    let provider = state.vault.catalogue().list(is_development(&caller)).find(|provider| provider.slug == slug);
    provider.map(|provider| Json(provider.view())).ok_or_else(Problem::not_found)
}

fn is_development(caller: &ApplicationCaller) -> bool {
    caller.environment() == Environment::Development
}
