//! Ends what is overdue, and finds out what became of calls whose end nobody knows. Takes no input but the clock, and
//! may be called as often as one likes, on any server.

use crate::Vault;
use crate::clock::{DAY, HOUR};
use crate::error::VaultError;
use crate::store::{
    clients, connect_sessions, deliveries, idempotency_keys, passkeys, password_resets, portal_sessions,
    provider_configs, provider_events, sent_forms, throttles, token_sets, webhook_endpoints,
};
use model::connect_sessions::ConnectSessionStatus;

/// What one round has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Connect sessions whose time was over.
    pub connect_sessions: usize,
    /// Revocations that a provider was asked for again.
    pub revocations: usize,
    /// Refreshes whose end was not known.
    pub refreshes: usize,
    /// Attempts whose process is gone.
    pub attempts: usize,
}

const AT_ONCE: i64 = 50;
/// So many deliveries are forgotten in a round.
const OLD_DELIVERIES: i64 = 1_000;

impl Vault {
    /// One round.
    ///
    /// # Errors
    /// When the database fails; the next round goes on where this one stopped.
    pub async fn reap(&self) -> Result<Reaped, VaultError> {
        self.check_quarantine().await?;
        self.record_public_url().await?;
        let attempts = self.resume_attempts().await?;
        let connect_sessions = self.reap_connect_sessions().await?;
        let now = self.clock.now();
        let refreshes = if self.is_quarantined() { 0 } else { self.resolve_open_refreshes().await? };
        if !self.is_quarantined() {
            self.identify_imports().await?;
        }
        self.retry_rejected_configs().await?;
        self.look_after_secrets().await?;
        self.end_removals().await?;
        let at_once = if self.is_quarantined() { 0 } else { AT_ONCE };
        let due = token_sets::revocations_due(&mut *self.store.connection().await?, now, at_once).await?;
        let revocations = due.len();
        for tokens in due {
            self.revoke_at_provider(tokens.application_id, tokens.id).await;
        }
        self.forget_manage_links().await?;
        self.finish_erasures().await?;
        self.look_after_deliveries().await?;
        let mut db = self.store.connection().await?;
        portal_sessions::delete_expired(&mut db, now).await?;
        passkeys::delete_expired_challenges(&mut db, now).await?;
        password_resets::delete_expired(&mut db, now).await?;
        idempotency_keys::forget_expired(&mut db, now).await?;
        sent_forms::forget_older_than(&mut db, now - crate::sent_forms::KEPT).await?;
        throttles::forget_older_than(&mut db, now - DAY).await?;
        provider_events::forget_older_than(&mut db, now - 2 * DAY).await?;
        token_sets::forget_superseded(&mut db, now - DAY, now).await?;
        clients::erase_of_removed(&mut db, now).await?;
        drop(db);
        self.keep_to_retention().await?;
        Ok(Reaped { connect_sessions, revocations, refreshes, attempts })
    }

    /// Deliveries are kept for 30 days, and a replaced secret signs for one.
    async fn look_after_deliveries(&self) -> Result<(), VaultError> {
        let (mut tx, now) = (self.store.begin().await?, self.clock.now());
        webhook_endpoints::drop_previous(&mut tx, now).await?;
        deliveries::forget_older_than(&mut tx, now - 30 * DAY, OLD_DELIVERIES).await?;
        if let Some(deleted) = webhook_endpoints::to_empty(&mut tx).await?
            && deliveries::forget_some_of(&mut tx, deleted, OLD_DELIVERIES).await?
        {
            webhook_endpoints::set_emptied(&mut tx, deleted, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Credentials that a provider has refused are tried once an hour: it may have been the provider's mistake.
    async fn retry_rejected_configs(&self) -> Result<(), VaultError> {
        let before = self.clock.now() - HOUR;
        for config in provider_configs::rejected_since(&mut *self.store.connection().await?, before, AT_ONCE).await? {
            self.retry_rejected(&config).await?;
        }
        Ok(())
    }

    /// Sessions nobody finished expire; those nobody confirmed lose their tokens.
    async fn reap_connect_sessions(&self) -> Result<usize, VaultError> {
        let now = self.clock.now();
        let overdue = connect_sessions::overdue(&mut *self.store.connection().await?, now, AT_ONCE).await?;
        for row in &overdue {
            let mut tx = self.store.begin().await?;
            let ended = connect_sessions::finish(&mut tx, row.id, ConnectSessionStatus::Expired, now).await?;
            let later = if ended { self.discard_unconfirmed(&mut tx, row).await? } else { Vec::new() };
            tx.commit().await?;
            self.revoke_at_provider_later(row.application_id, later);
        }
        Ok(overdue.len())
    }
}
