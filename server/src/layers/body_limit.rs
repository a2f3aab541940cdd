//! No request of ours is large, apart from forms with a file. What is on its way to a provider has limits of its own.

use super::Refusal;
use crate::http::api::proxy;
use crate::problem::{Code, Problem};
use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header::CONTENT_TYPE};
use http_body_util::Limited;

/// More than any form or API call holds.
const MAX_BODY: u64 = 64 * 1024;

/// A picture that is too large should come back with a message, so it is read; nothing keeps so much of it.
const MAX_FILES: u64 = 8 * 1024 * 1024;

/// Refuses a body that says it is too large, and ends one that turns out to be.
pub(super) fn limit(request: Request) -> Result<Request, Refusal> {
    if request.uri().path().starts_with(proxy::PREFIX) {
        return Ok(request);
    }
    let (size, most) = (request.body().size_hint(), most(&request));
    if size.lower() > most {
        let words = if most == MAX_BODY {
            "This request is larger than 64 KiB."
        } else {
            "This file is larger than 8 MiB, and nothing was changed. Go back and choose a smaller one."
        };
        return Err(if request.uri().path().starts_with("/v1/") {
            Refusal::Problem(Problem::new(Code::TooLarge, words))
        } else {
            Refusal::Text(StatusCode::PAYLOAD_TOO_LARGE, words)
        });
    }
    // The connection gives no more than was announced.
    if size.exact().is_some() {
        return Ok(request);
    }
    Ok(request.map(|body| Body::new(Limited::new(body, most as usize))))
}

/// Only pages of applications have forms with files.
fn most(request: &Request) -> u64 {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = request.method() == Method::POST && kind.starts_with("multipart/form-data");
    if is_form && request.uri().path().starts_with("/applications/") { MAX_FILES } else { MAX_BODY }
}
