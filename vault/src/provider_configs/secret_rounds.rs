//! What becomes of client secrets by itself: replacements that have proved themselves are finished, and members are
//! reminded of secrets that end. No input but the clock; any server may do it, as often as it likes.

use super::health::REMINDED_FROM;
use crate::Vault;
use crate::caller::Actor;
use crate::clock::{DAY, Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::clients;
use serde_json::json;

const AT_ONCE: i64 = 50;
/// Days before the end of a secret at which there is a reminder, and the day on which it has ended.
const THRESHOLDS: [i64; 4] = [0, 1, 7, REMINDED_FROM];

impl Vault {
    /// One round.
    pub(crate) async fn look_after_secrets(&self) -> Result<(), VaultError> {
        let now = self.clock.now();
        for client in clients::to_promote(&mut *self.store.connection().await?, now, AT_ONCE).await? {
            self.promote(&client, Actor::Keybearer).await?;
        }
        for client in clients::to_remind_of(&mut *self.store.connection().await?, now, AT_ONCE).await? {
            if let Some(at) = client.secret_expires_at {
                self.remind(&client, at, now).await?;
            }
        }
        Ok(())
    }

    /// Once for each threshold, on whichever server comes first.
    async fn remind(&self, client: &clients::Row, at: Millis, now: Millis) -> Result<(), VaultError> {
        let Some(days) = THRESHOLDS.into_iter().find(|days| at <= now + days * DAY) else { return Ok(()) };
        let mut tx = self.store.begin().await?;
        if !clients::take_reminder(&mut tx, client.id, days).await? {
            return Ok(());
        }
        let event = Event::of(
            client.application_id,
            Actor::Keybearer,
            "provider_config.secret_expiring",
            client.provider_config_id,
        );
        let detail = json!({ "client": client.id, "secret_expires_at": rfc3339(at), "days": days });
        let outcome = if days == 0 { "expired" } else { "expiring" };
        self.record(&mut tx, event.outcome(outcome).detail(detail)).await?;
        Ok(tx.commit().await?)
    }
}
