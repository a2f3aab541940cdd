//! A handler that panics answers 500 like any other failure of ours.

use crate::problem::Problem;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;

/// What the panic said stays out of the answer; the hook has it on standard error.
pub(super) async fn catch(answer: impl Future<Output = Response>) -> Response {
    match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!("A handler panicked; the message is on standard error.");
            Problem::internal().into_response()
        }
    }
}
