//! A handler that panics answers 500 like any other failure of ours.

use crate::problem::Problem;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// The layer. What the panic said stays out of the answer; the hook has it on standard error.
pub(crate) async fn catch(request: Request, next: Next) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!("A handler panicked; the message is on standard error.");
            Problem::internal().into_response()
        }
    }
}
