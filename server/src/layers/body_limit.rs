//! No request of ours is large.

use super::Refusal;
use crate::problem::Problem;
use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::StatusCode;
use http_body_util::Limited;

/// More than any form or API call holds.
const MAX_BODY: u64 = 64 * 1024;

/// Refuses a body that says it is too large, and ends one that turns out to be.
pub(super) fn limit(request: Request) -> Result<Request, Refusal> {
    let size = request.body().size_hint();
    if size.lower() > MAX_BODY {
        let words = "This request is larger than 64 KiB.";
        return Err(if request.uri().path().starts_with("/v1/") {
            Refusal::Problem(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "The request is too large",
                words,
            ))
        } else {
            Refusal::Text(StatusCode::PAYLOAD_TOO_LARGE, words)
        });
    }
    // The connection gives no more than was announced.
    if size.exact().is_some() {
        return Ok(request);
    }
    Ok(request.map(|body| Body::new(Limited::new(body, MAX_BODY as usize))))
}
