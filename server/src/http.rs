//! What answers requests.

pub(crate) mod api;
pub(crate) mod assets;
pub(crate) mod connect;
pub(crate) mod health;
pub(crate) mod portal;
pub(crate) mod provider_events;

use crate::layers::visitor;
use crate::state::State;
use app::session::Visitor;
use axum::http::request::Parts;
use leptos::prelude::{provide_context, use_context};

/// What every portal page and server function finds as context, besides the request's parts.
pub(crate) fn context(state: State) -> impl portal::Context {
    move || {
        provide_context(state.vault.clone());
        provide_context(state.site());
        let seen = use_context::<Parts>().and_then(|parts| parts.extensions.get::<visitor::Visitor>().cloned());
        if let Some(visitor::Visitor { address, set_up_code_needed, request_id, .. }) = seen {
            provide_context(Visitor { address: address.to_string(), set_up_code_needed, request_id });
        }
    }
}
