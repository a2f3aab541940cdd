//! No request of ours is large.

use crate::problem::Problem;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;

/// More than any form or API call holds.
pub(crate) const MAX_BODY: usize = 64 * 1024;

/// Refuses a body that says it is too large, and ends one that turns out to be.
pub(crate) async fn body_limit(request: Request, next: Next) -> Response {
    let announced = request.body().size_hint().lower();
    if usize::try_from(announced).is_ok_and(|size| size <= MAX_BODY) {
        return next.run(request.map(|body| Body::new(Limited::new(body, MAX_BODY)))).await;
    }
    let words = "This request is larger than 64 KiB.";
    if request.uri().path().starts_with("/v1/") {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The request is too large", words)
            .into_response();
    }
    (StatusCode::PAYLOAD_TOO_LARGE, words).into_response()
}
