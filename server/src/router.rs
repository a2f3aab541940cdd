//! Every route on one screen.

use crate::http::docs::{self, Reference};
use crate::http::{api, brand, connect, exports, health, portal, provider_events};
use crate::layers::{Entrance, every_request};
use crate::openapi::Description;
use crate::state::State;
use crate::{auth, idempotency, sessions};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use std::sync::Arc;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The whole server.
pub fn router(state: State) -> Router {
    let https = state.public_url.scheme() == "https";
    Router::new()
        .merge(health())
        .merge(connect())
        .merge(events())
        .merge(api(&state))
        .with_state(state.clone())
        .merge(portal(&state, https))
        .layer(from_fn_with_state(Entrance::new(state), every_request))
}

fn health() -> Router<State> {
    Router::new().route("/healthz", get(health::live)).route("/readyz", get(health::ready))
}

/// What end users see.
fn connect() -> Router<State> {
    Router::new()
        .route("/connect/{link}", get(connect::link::show).post(connect::link::begin))
        .route("/connect/result/{id}", get(connect::result::show).post(connect::result::go_on))
        .route("/connect/manage/{link}", get(connect::manage::show).post(connect::manage::reconnect))
        .route(
            "/connect/manage/{link}/disconnect/{account}",
            get(connect::manage::ask).post(connect::manage::disconnect),
        )
        .route("/brand/logo/{hash}", get(brand::logo))
        .route("/brand/accent.css", get(brand::accent))
        .route("/oauth/callback/{application}/{key}", get(connect::callback::get))
}

/// What providers call.
fn events() -> Router<State> {
    Router::new().route("/provider-events/{application}/{key}", post(provider_events::post))
}

/// What backends call. A handler's method and path stand above it, in `#[utoipa::path]`, as its description does.
fn api(state: &State) -> Router<State> {
    use api::{
        application, connect_sessions, connected_accounts, end_users, events, imports, provider_configs, providers,
        proxy, timeline, tokens, webhook_endpoints,
    };
    let described = OpenApiRouter::default()
        .routes(routes!(application::get, application::save))
        .routes(routes!(connect_sessions::list, connect_sessions::create))
        .routes(routes!(connect_sessions::get))
        .routes(routes!(connect_sessions::confirm))
        .routes(routes!(connected_accounts::list))
        .routes(routes!(imports::create))
        .routes(routes!(connected_accounts::get, connected_accounts::change, connected_accounts::revoke))
        .routes(routes!(timeline::list))
        .routes(routes!(tokens::by_account))
        .routes(routes!(tokens::refresh))
        .routes(routes!(connected_accounts::reconnect_link))
        .routes(routes!(end_users::list))
        .routes(routes!(end_users::get, end_users::change, end_users::erase))
        .routes(routes!(end_users::manage_link))
        .routes(routes!(tokens::by_end_user))
        .routes(routes!(events::list))
        .routes(routes!(providers::list))
        .routes(routes!(providers::get))
        .routes(routes!(provider_configs::list))
        .routes(routes!(provider_configs::get, provider_configs::save, provider_configs::remove))
        .routes(routes!(webhook_endpoints::list, webhook_endpoints::create))
        .routes(routes!(webhook_endpoints::get, webhook_endpoints::change, webhook_endpoints::delete))
        .routes(routes!(webhook_endpoints::rotate_secret))
        .routes(routes!(webhook_endpoints::test))
        .routes(routes!(webhook_endpoints::deliveries::list))
        .routes(routes!(webhook_endpoints::deliveries::get))
        .routes(routes!(webhook_endpoints::deliveries::replay));
    let (router, collected) = described.split_for_parts();
    router
        // Every method and all that follows, of which OpenAPI has no notion: `openapi/proxy.rs` describes it.
        .route("/v1/proxy/{account}", any(proxy::call))
        .route("/v1/proxy/{account}/", any(proxy::call))
        .route("/v1/proxy/{account}/{*path}", any(proxy::call))
        .route("/v1", any(api::nothing))
        .route("/v1/", any(api::nothing))
        .route("/v1/{*rest}", any(api::nothing))
        .merge(reference(Description::of(collected, state.public_url.clone())))
        .method_not_allowed_fallback(api::method_not_allowed)
        .layer(from_fn_with_state(state.clone(), idempotency::layer))
        .layer(from_fn(auth::no_key_in_query))
}

/// What developers read of it, for everybody.
fn reference(description: Description) -> Router<State> {
    Router::new()
        .route("/v1/openapi.json", get(docs::description))
        .route("/docs", get(docs::show))
        .route("/docs/problems", get(docs::problems))
        .layer(CompressionLayer::new())
        .layer(Extension(Arc::new(Reference::of(description))))
}

/// What members see, with their session.
fn portal(state: &State, https: bool) -> Router {
    let exports = Router::new()
        .route("/applications/{app}/events/export.csv", get(exports::application))
        .route("/applications/{app}/events/export.jsonl", get(exports::application))
        .route("/applications/{app}/connected-accounts/export.csv", get(exports::connected_accounts::get))
        .route("/settings/events/export.csv", get(exports::organization))
        .route("/settings/events/export.jsonl", get(exports::organization))
        .route("/settings/events/export.chain.jsonl", get(exports::chain))
        .with_state(state.clone());
    portal::router(crate::http::context(state.clone()))
        .merge(exports)
        .layer(from_fn_with_state(state.clone(), sessions::keep_alive))
        .layer(sessions::layer(state.vault.clone(), https))
}
