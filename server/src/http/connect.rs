//! What an end user's browser sees: plain HTML without wasm, rendered from the portal's components.

mod browser;
pub(crate) mod callback;
mod failures;
mod languages;
pub(crate) mod link;
pub(crate) mod manage;
mod offer;
mod page;
mod problems;
pub(crate) mod result;
mod returning;
mod visit;
mod words;

use axum::http::HeaderMap;

/// Whether a browser only guesses that this page may be wanted. Such a visit must not count.
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose"].iter().any(|name| {
        headers.get(*name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("prefetch"))
    })
}
