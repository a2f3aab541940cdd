//! What machines ask: `/healthz`, whether the process is up, and `/readyz`, whether it can work.

use crate::problem::log_failure;
use crate::state::State;
use axum::Json;
use axum::extract::State as From;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// The process is up.
pub(crate) async fn live() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// The database answers.
pub(crate) async fn ready(From(state): From<State>) -> (StatusCode, Json<Value>) {
    match state.vault.check_health().await {
        Ok(()) => (StatusCode::OK, Json(json!({ "status": "ok" }))),
        Err(error) => {
            log_failure(&error);
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "no database" })))
        }
    }
}
