//! The lease: one refresh at a time per token set, across all copies of the server.

use crate::Vault;
use crate::catalogue::{Refresh, Reuse};
use crate::clock::{MINUTE, Millis, SECOND, boot_time};
use crate::error::VaultError;
use crate::store::intents::{self, Spends};
use crate::store::token_sets;
use model::ids::{IntentId, TokenSetId};
use std::time::Duration;

/// How long a lease lasts unless it is renewed.
pub(crate) const LEASE: Millis = 30 * SECOND;
/// A server whose clock differs more than this from the database's does not refresh.
const SKEW: Millis = 60 * SECOND;

/// The right to send one refresh, with the row as it was when it was given.
pub(super) struct Lease {
    pub(super) tokens: token_sets::Row,
    pub(super) intent: IntentId,
    wall: Millis,
    boot: Millis,
}

/// Why there is no lease.
pub(super) enum NoLease {
    /// Somebody else holds it.
    Held,
    /// Somebody has refreshed, so the stored version is another one by now; or was told that the grant is over, and a
    /// second call would only hear the same.
    Overtaken,
    /// This server must not refresh.
    ClockOff(Millis),
    /// An earlier call may have spent this version. What a second use does at the provider says how long to wait before
    /// the one that finds out.
    Unresolved(Millis),
}

impl Vault {
    /// Takes the lease, reads the row again and writes the intent, in one transaction.
    /// `access_is_dead`: the provider's API has refused the stored access token before its time.
    pub(super) async fn take_lease(
        &self,
        refresh: &Refresh,
        id: TokenSetId,
        version: i64,
        access_is_dead: bool,
    ) -> Result<Result<Lease, NoLease>, VaultError> {
        let (wall, boot) = (self.clock.now(), boot_time());
        let skew = self.store.clock_skew(wall).await?;
        if skew.abs() > SKEW {
            return Ok(Err(NoLease::ClockOff(skew)));
        }
        let mut tx = self.store.begin().await?;
        let Some(tokens) = token_sets::take_lease(&self.store, &mut tx, id, &self.process, LEASE).await? else {
            return Ok(Err(NoLease::Held));
        };
        let is_over = tokens.needs_reconnect_at.is_some() && tokens.revoked_at.is_none();
        if tokens.version != version || is_over {
            return Ok(Err(NoLease::Overtaken));
        }
        if let Some(open) = intents::open_since(&mut tx, id, version).await? {
            let access_ends = tokens.expires_at.filter(|_| !access_is_dead);
            let may_retry_at = may_retry_at(refresh, open, access_ends, wall);
            if may_retry_at > wall {
                return Ok(Err(NoLease::Unresolved(may_retry_at - wall)));
            }
        }
        let spends = Spends::Refresh(id, version);
        let intent =
            intents::insert(&mut tx, tokens.application_id, spends, &self.process, tokens.lease_fence, wall).await?;
        intents::set_sent(&mut tx, intent, wall).await?;
        tx.commit().await?;
        Ok(Ok(Lease { tokens, intent, wall, boot }))
    }

    /// The last look before the first byte: a process that slept too long must not send.
    pub(super) fn may_send(&self, lease: &Lease) -> bool {
        self.clock.now() - lease.wall < LEASE / 2 && boot_time() - lease.boot < LEASE / 2
    }

    /// Nothing was sent: the lease goes back and the intent is closed.
    pub(super) async fn return_lease(&self, lease: &Lease) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        intents::close(&mut tx, lease.intent, "not_sent", self.clock.now()).await?;
        token_sets::release_lease(&mut tx, lease.tokens.id, lease.tokens.lease_fence).await?;
        Ok(tx.commit().await?)
    }

    /// Waits for `call` and keeps the lease alive meanwhile.
    pub(super) async fn holding<T>(&self, lease: &Lease, call: impl Future<Output = T>) -> T {
        while_renewing(call, || self.renew_lease(lease)).await
    }

    async fn renew_lease(&self, lease: &Lease) {
        let renewed = async {
            let mut db = self.store.connection().await?;
            token_sets::renew_lease(&self.store, &mut db, lease.tokens.id, lease.tokens.lease_fence, LEASE).await
        };
        if !matches!(renewed.await, Ok(true)) {
            tracing::warn!(token_set.id = %lease.tokens.id, "The lease of a refresh under way could not be renewed.");
        }
    }
}

/// Waits for a token call, which is never given up here, and renews its lease three times in a lease's life.
pub(crate) async fn while_renewing<T, R: Future<Output = ()>>(
    call: impl Future<Output = T>,
    renew: impl Fn() -> R,
) -> T {
    let mut call = std::pin::pin!(call);
    let third = Duration::from_millis((LEASE / 3).unsigned_abs());
    loop {
        match tokio::time::timeout(third, &mut call).await {
            Ok(answer) => return answer,
            Err(_) => renew().await,
        }
    }
}

/// When a refresh token that may be spent is used once more. `sent`: the first and the last call that may have spent it;
/// `access_ends`: when the access token ends, `None` if it is over already or never does.
fn may_retry_at(refresh: &Refresh, sent: (Millis, Millis), access_ends: Option<Millis>, now: Millis) -> Millis {
    let (first, last) = sent;
    match refresh.reuse {
        _ if !refresh.rotates => now,
        Reuse::Window(seconds) if now < first + Millis::from(seconds) * SECOND => now,
        Reuse::Refused => access_ends.unwrap_or(now).min(last + 2 * MINUTE),
        Reuse::Window(_) | Reuse::Revokes => access_ends.unwrap_or(now).max(last + 10 * MINUTE),
    }
}
