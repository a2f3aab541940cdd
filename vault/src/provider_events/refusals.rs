//! Says in the log why a provider's request was refused, once a minute for each provider config and reason.

use crate::catalogue::Signature;
use crate::clock::{MINUTE, Millis};
use crate::store::provider_configs;
use http::HeaderMap;
use model::ids::ProviderConfigId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// When this process last said so. It has a line for provider configs that exist, so it stays small.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<HashMap<(ProviderConfigId, String), Millis>>);

impl Refusals {
    /// Says why, and which of the headers that matter were there: never what they held.
    pub(super) fn tell(
        &self,
        config: &provider_configs::Row,
        scheme: &Signature,
        headers: &HeaderMap,
        why: &str,
        now: Millis,
    ) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.get(&(config.id, why.to_owned())).is_some_and(|at| now - at < MINUTE) {
            return;
        }
        told.insert((config.id, why.to_owned()), now);
        drop(told);
        let names = [&scheme.header, &scheme.timestamp_header].into_iter().chain(&scheme.other_headers);
        let present: Vec<&str> = names
            .map(crate::catalogue::Header::name)
            .filter(|name| headers.contains_key(*name))
            .map(|name| name.as_str())
            .collect();
        tracing::warn!(
            provider_config.id = %config.id,
            headers.present = present.join(" "),
            reason = why,
            "A provider event was refused. If the provider did send it, save the webhook secret of the environment that the client id belongs to."
        );
    }
}
