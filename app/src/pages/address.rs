//! What pages read of their address.

use crate::flash;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map, use_url};

/// A part of the path: an application's id, a provider config's key.
pub(super) fn part(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get(name).unwrap_or_default())
}

/// A value of the query; empty when it is not there.
pub(super) fn query(name: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get(name).unwrap_or_default())
}

/// How often one has come to this page, or a form on it changed what it shows. A resource that depends on it is read
/// again when a form leads back to the page that it stands on.
pub(super) fn visits() -> Memo<u32> {
    let url = use_url();
    Memo::new(move |before: Option<&u32>| {
        url.track();
        flash::track_changes();
        before.map_or(0, |count| count + 1)
    })
}
