//! What answers requests.

pub(crate) mod api;
pub(crate) mod assets;
pub(crate) mod brand;
pub(crate) mod connect;
pub(crate) mod docs;
pub(crate) mod exports;
pub(crate) mod health;
pub(crate) mod portal;
pub(crate) mod provider_events;

use crate::layers::request_log::RequestId;
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
        let Some(extensions) = use_context::<Parts>().map(|parts| parts.extensions) else { return };
        if let (Some(seen), Some(RequestId(request_id))) = (extensions.get::<visitor::Visitor>(), extensions.get()) {
            let (address, request_id) = (seen.address.to_string(), request_id.clone());
            provide_context(Visitor { address, set_up_code_needed: seen.set_up_code_needed, request_id });
        }
    }
}
