//! `/docs`: the reference for developers, made of the API's own description. Plain pages without script, for everybody.

mod fields;
mod introduction;
mod operations;
mod page;
mod problems;
mod webhooks;
mod words;

use crate::openapi::{Description, Served};
use axum::Extension;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use std::sync::{Arc, OnceLock};

/// The pages may load their sheet and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The description and the pages made of it; each is made once, when somebody first asks.
pub(crate) struct Reference {
    description: Description,
    page: OnceLock<Served>,
    problems: OnceLock<Served>,
}

impl Reference {
    /// What there is to read of a description.
    pub(crate) fn of(description: Description) -> Self {
        Self { description, page: OnceLock::new(), problems: OnceLock::new() }
    }
}

/// `/v1/openapi.json`: the description itself.
pub(crate) async fn description(Extension(reference): Extension<Arc<Reference>>, headers: HeaderMap) -> Response {
    reference.description.served().answer(&headers)
}

/// How to use the API, and every operation.
pub(crate) async fn show(Extension(reference): Extension<Arc<Reference>>, headers: HeaderMap) -> Response {
    let page = reference.page.get_or_init(|| html(page::reference(reference.description.document())));
    with_policy(page.answer(&headers))
}

/// Every code that a problem can have, with what to do. The `type` of a problem leads here.
pub(crate) async fn problems(Extension(reference): Extension<Arc<Reference>>, headers: HeaderMap) -> Response {
    let page = reference.problems.get_or_init(|| html(page::problems()));
    with_policy(page.answer(&headers))
}

fn html(page: String) -> Served {
    Served::new("text/html; charset=utf-8", page.into_bytes())
}

fn with_policy(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
