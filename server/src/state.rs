//! What every request needs: handles, and facts about this server.

use crate::layers::quotas::Quotas;
use crate::layers::rate_limit::RateLimit;
use crate::settings::{RateLimits, is_loopback};
use app::request::Site;
use std::ops::Deref;
use std::sync::Arc;
use url::Url;
use vault::catalogue::Catalogue;
use vault::{Networks, Vault};

const QUARANTINE: &str =
    "Quarantine: this database may be a copy, so nothing is refreshed, revoked or sent. Run keybearer instance show.";

/// Handles and facts; a clone shares everything with its original.
#[derive(Clone)]
pub struct State(Arc<Shared>);

/// What [`State`] shares.
pub struct Shared {
    /// The product.
    pub vault: Vault,
    /// What browsers see.
    pub public_url: Url,
    /// The base of connect pages and callbacks.
    pub connect_url: Url,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: Networks,
    /// The sentence on every page of the portal.
    pub notice: Option<String>,
    /// Names of the real providers for which the sandbox stands in.
    pub(crate) stand_ins: Vec<String>,
    pub(crate) refusals: RateLimit,
    pub(crate) quotas: Quotas,
}

impl State {
    /// Puts a server's parts together. `sandbox` is the address of the sandbox provider, if it runs.
    pub fn new(vault: Vault, public_url: Url, trusted_proxies: Networks, sandbox: Option<&str>) -> Self {
        let stand_ins = sandbox.map(|address| stand_ins(vault.catalogue(), address)).unwrap_or_default();
        let notice = stand_in_notice(&stand_ins);
        let connect_url = vault.connect_url().clone();
        let (refusals, quotas) = (RateLimit::default(), Quotas::new(RateLimits::default()));
        Self(Arc::new(Shared { vault, public_url, connect_url, trusted_proxies, notice, stand_ins, refusals, quotas }))
    }

    /// The same with limits of its own for the API; for a server that does not answer yet.
    #[must_use]
    pub fn with_rate_limits(mut self, limits: RateLimits) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.quotas = Quotas::new(limits);
        }
        self
    }

    /// What pages read of the server.
    pub(crate) fn site(&self) -> Site {
        Site {
            https: self.public_url.scheme() == "https",
            now_ms: self.vault.clock().now(),
            notice: if self.vault.is_quarantined() { Some(QUARANTINE.to_owned()) } else { self.notice.clone() },
        }
    }

    /// Whether only this machine is meant to see the server.
    pub(crate) fn is_local(&self) -> bool {
        is_loopback(&self.public_url)
    }
}

impl Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The real providers for which the sandbox stands in, if an overlay points any there.
fn stand_ins(catalogue: &Catalogue, sandbox: &str) -> Vec<String> {
    let moved = |url: &str| url.strip_prefix(sandbox).is_some_and(|rest| rest.starts_with('/'));
    let real = catalogue.list(false);
    let moved = real.filter(|p| moved(&p.entry.endpoints.authorize) || moved(&p.entry.endpoints.token));
    moved.map(|p| p.entry.name.clone()).collect()
}

fn stand_in_notice(names: &[String]) -> Option<String> {
    let (last, others) = names.split_last()?;
    let (names, verb) = match others {
        [] => (last.clone(), "points"),
        _ => (format!("{} and {last}", others.join(", ")), "point"),
    };
    Some(format!("Development: {names} {verb} at the sandbox provider on this machine."))
}
