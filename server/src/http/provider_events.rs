//! `/provider-events/{application}/{key}`: what a provider tells of its users. Believed for its signature alone.

use crate::layers::visitor::Visitor;
use crate::problem::log_failure;
use crate::state::State;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State as From};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use vault::{ProviderEvent, Taken, VaultError};

/// Takes a notice in. What could not be stored is a 5xx and never a 4xx, so that the provider sends it again.
pub(crate) async fn post(
    From(state): From<State>,
    Path((application, key)): Path<(String, String)>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(application) = application.parse() else { return nowhere() };
    let event = ProviderEvent { application, key, headers, body: body.to_vec() };
    match state.vault.take_provider_event(event).await {
        Ok(Taken::In) => StatusCode::OK.into_response(),
        Ok(Taken::Challenge(answer)) => ([(header::CONTENT_TYPE, "application/json")], answer).into_response(),
        Ok(Taken::Refused) => refused(&state, &visitor),
        Err(VaultError::NotFound) => nowhere(),
        Err(error) => {
            log_failure(&error);
            (StatusCode::SERVICE_UNAVAILABLE, "This could not be stored. Send it again.").into_response()
        }
    }
}

fn nowhere() -> Response {
    (StatusCode::NOT_FOUND, "No provider config takes notices here. Copy the address from its page again.")
        .into_response()
}

/// 401, until an address has been refused too often. Signed requests from there still pass.
fn refused(state: &State, visitor: &Visitor) -> Response {
    match state.refusals.count(visitor.address, state.vault.clock().now()) {
        Ok(()) => (
            StatusCode::UNAUTHORIZED,
            "The signature, its time or the webhook secret stored here does not fit; the log says which.",
        )
            .into_response(),
        Err(_) => StatusCode::TOO_MANY_REQUESTS.into_response(),
    }
}
