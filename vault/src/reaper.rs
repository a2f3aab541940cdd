//! Ends what is overdue. Takes no input but the clock, and may be called as often as one likes, on any server.

use crate::Vault;
use crate::clock::DAY;
use crate::error::VaultError;
use crate::store::{clients, connect_sessions, portal_sessions, throttles, token_sets};
use model::connect_sessions::ConnectSessionStatus;

/// What one round has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Connect sessions whose time was over.
    pub connect_sessions: usize,
    /// Revocations that a provider was asked for again.
    pub revocations: usize,
}

const AT_ONCE: i64 = 50;

impl Vault {
    /// One round.
    ///
    /// # Errors
    /// When the database fails; the next round goes on where this one stopped.
    pub async fn reap(&self) -> Result<Reaped, VaultError> {
        let connect_sessions = self.reap_connect_sessions().await?;
        let now = self.clock.now();
        let due = token_sets::revocations_due(&mut *self.store.connection().await?, now, AT_ONCE).await?;
        let revocations = due.len();
        for tokens in due {
            self.revoke_at_provider(tokens.application_id, tokens.id).await;
        }
        let mut db = self.store.connection().await?;
        portal_sessions::delete_expired(&mut db, now).await?;
        throttles::forget_older_than(&mut db, now - DAY).await?;
        token_sets::forget_superseded(&mut db, now - DAY, now).await?;
        clients::erase_of_removed(&mut db, now).await?;
        Ok(Reaped { connect_sessions, revocations })
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
