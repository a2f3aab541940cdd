//! Every route on one screen.

use crate::http::{api, brand, connect, exports, health, portal, provider_events};
use crate::layers::{Entrance, every_request};
use crate::state::State;
use crate::{auth, sessions};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};

/// The whole server.
pub fn router(state: State) -> Router {
    let https = state.public_url.scheme() == "https";
    Router::new()
        .merge(health())
        .merge(connect())
        .merge(events())
        .merge(api())
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

/// What backends call.
fn api() -> Router<State> {
    use api::{
        application, connect_sessions, connected_accounts, end_users, provider_configs, providers, timeline, tokens,
    };
    Router::new()
        .route("/v1/application", get(application::get))
        .route("/v1/connect-sessions", get(connect_sessions::list).post(connect_sessions::create))
        .route("/v1/connect-sessions/{id}", get(connect_sessions::get))
        .route("/v1/connect-sessions/{id}/confirm", post(connect_sessions::confirm))
        .route("/v1/connected-accounts", get(connected_accounts::list))
        .route(
            "/v1/connected-accounts/{id}",
            get(connected_accounts::get).patch(connected_accounts::change).delete(connected_accounts::revoke),
        )
        .route("/v1/connected-accounts/{id}/timeline", get(timeline::list))
        .route("/v1/connected-accounts/{id}/token", post(tokens::by_account))
        .route("/v1/connected-accounts/{id}/refresh", post(tokens::refresh))
        .route("/v1/connected-accounts/{id}/reconnect-link", post(connected_accounts::reconnect_link))
        .route("/v1/end-users/{id}/manage-link", post(end_users::manage_link))
        .route("/v1/token", post(tokens::by_end_user))
        .route("/v1/providers", get(providers::list))
        .route("/v1/providers/{slug}", get(providers::get))
        .route("/v1/provider-configs", get(provider_configs::list))
        .route(
            "/v1/provider-configs/{key}",
            get(provider_configs::get).put(provider_configs::save).delete(provider_configs::remove),
        )
        .route("/v1", any(api::nothing))
        .route("/v1/", any(api::nothing))
        .route("/v1/{*rest}", any(api::nothing))
        .method_not_allowed_fallback(api::method_not_allowed)
        .layer(from_fn(auth::no_key_in_query))
}

/// What members see, with their session.
fn portal(state: &State, https: bool) -> Router {
    let exports = Router::new()
        .route("/applications/{app}/events/export.csv", get(exports::application))
        .route("/applications/{app}/events/export.jsonl", get(exports::application))
        .route("/applications/{app}/connected-accounts/export.csv", get(exports::connected_accounts::get))
        .route("/settings/events/export.csv", get(exports::organization))
        .route("/settings/events/export.jsonl", get(exports::organization))
        .with_state(state.clone());
    portal::router(crate::http::context(state.clone()))
        .merge(exports)
        .layer(from_fn_with_state(state.clone(), sessions::keep_alive))
        .layer(sessions::layer(state.vault.clone(), https))
}
