//! The round that sends what is due, on any server. Whoever holds a delivery's lease sends it; an endpoint's deliveries go
//! out a few at a time, and one at a time while it fails, so that no endpoint holds up another.

use super::PAUSED;
use super::lanes::Lane;
use super::send::Sent;
use crate::Vault;
use crate::caller::Actor;
use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND};
use crate::error::{VaultError, chain};
use crate::events::Event;
use crate::random;
use crate::store::deliveries::{self, Attempt, Claimed};
use crate::store::webhook_endpoints::{self as store, Row};
use futures::future::join_all;
use http::StatusCode;
use model::ids::WebhookEndpointId;
use model::webhook_endpoints::PauseReason;

/// A server that is silent for so long has lost a delivery to another one; an attempt takes 17 seconds at most.
const LEASE: Millis = MINUTE;
/// How long to wait after the first failure, the second and so on, give or take a tenth; then it is given up.
const PAUSES: [Millis; 10] =
    [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/// An endpoint that took nothing for so long is paused.
const PATIENCE: Millis = 3 * DAY;
/// So many deliveries of one endpoint are under way in a process.
const AT_ONCE: i64 = 4;
/// So many times a lane takes on more before others may have its place.
const BATCHES: usize = 25;
/// An endpoint that takes longer than this shares the places of the slow.
const SLOW: Millis = 3 * SECOND;

impl Vault {
    /// One round: sends what is due. Gives how many attempts it made. Takes no input but the clock, and may be called as
    /// often as one likes, on any server; an endpoint that an earlier round is still at is left to that.
    ///
    /// # Errors
    /// When the database fails; the next round goes on.
    pub async fn deliver_due(&self) -> Result<usize, VaultError> {
        if self.is_quarantined() || self.closing.is_cancelled() {
            return Ok(0);
        }
        let due = deliveries::due_endpoints(&self.store, &mut *self.store.connection().await?).await?;
        let mut under_way = Vec::new();
        for (endpoint, failing) in due {
            let Some(lane) = self.lanes.enter(endpoint) else { continue };
            let vault = self.clone();
            under_way.push(self.calls.spawn(async move { vault.run_lane(&lane, endpoint, failing).await }));
        }
        Ok(join_all(under_way).await.into_iter().map(Result::unwrap_or_default).sum())
    }

    async fn run_lane(&self, lane: &Lane, endpoint: WebhookEndpointId, failing: bool) -> usize {
        let Some(_place) = lane.place(failing || lane.is_slow()).await else { return 0 };
        let (mut attempts, at_once) = (0, if failing { 1 } else { AT_ONCE });
        for _ in 0..BATCHES {
            if self.closing.is_cancelled() {
                break;
            }
            match self.deliver_some(lane, endpoint, at_once).await {
                Ok((0, _)) => break,
                Ok((some, all_good)) => {
                    attempts += some;
                    // What else waits is tried in the next round, among those that fail.
                    if !all_good {
                        break;
                    }
                }
                Err(error) => {
                    tracing::error!(webhook_endpoint.id = %endpoint, error = chain(&error), "Deliveries could not be sent; they are tried again.");
                    break;
                }
            }
        }
        attempts
    }

    /// How many were sent, and whether all of them were taken.
    async fn deliver_some(
        &self,
        lane: &Lane,
        endpoint: WebhookEndpointId,
        at_once: i64,
    ) -> Result<(usize, bool), VaultError> {
        let owner = random::base62_digits(16)?.expose().clone();
        let turn = self.lanes.turn().await;
        let mut db = self.store.connection().await?;
        let claimed = deliveries::claim(&self.store, &mut db, endpoint, (&owner, LEASE), at_once).await?;
        let row = store::get_any(&mut db, endpoint).await?;
        drop((db, turn));
        // Paused or deleted between the two: the leases run out by themselves.
        let Some(row) = row else { return Ok((0, true)) };
        let sent = join_all(claimed.iter().map(|delivery| self.deliver_one(&row, &owner, delivery))).await;
        let (mut all_good, mut slow) = (true, false);
        for outcome in sent {
            let (good, took) = outcome?;
            all_good &= good;
            slow |= took > SLOW;
        }
        lane.set_slow(slow);
        Ok((claimed.len(), all_good && !slow))
    }

    async fn deliver_one(&self, row: &Row, owner: &str, delivery: &Claimed) -> Result<(bool, Millis), VaultError> {
        let sent = self.send_delivery(row, delivery.id, &delivery.body).await?;
        self.settle(row, owner, delivery, &sent).await?;
        Ok((sent.error.is_none(), sent.took))
    }

    /// Writes down what became of an attempt. The endpoint comes before the delivery, as it does wherever both change.
    async fn settle(&self, row: &Row, owner: &str, delivery: &Claimed, sent: &Sent) -> Result<(), VaultError> {
        let _turn = self.lanes.turn().await;
        let (mut tx, now) = (self.store.begin().await?, self.clock.now());
        if sent.error.is_none() {
            store::works(&mut tx, row.id).await?;
            deliveries::delivered(&mut tx, delivery.id, now).await?;
        } else {
            let Some(since) = store::fails(&mut tx, row.id, now).await? else { return Ok(()) };
            let event = Event::of(row.application_id, Actor::Keybearer, PAUSED, row.id);
            if sent.status == Some(StatusCode::GONE) {
                self.pause_endpoint(&mut tx, event, row.id, PauseReason::Gone).await?;
            } else if now - since >= PATIENCE {
                self.pause_endpoint(&mut tx, event, row.id, PauseReason::Failing).await?;
            }
            match pause_after(delivery.tries)? {
                Some(pause) => deliveries::retry(&mut tx, (delivery.id, owner), now + pause).await?,
                None => deliveries::give_up(&mut tx, (delivery.id, owner), now).await?,
            }
        }
        deliveries::log_attempt(&mut tx, delivery.id, &attempt(sent)).await?;
        Ok(tx.commit().await?)
    }
}

/// An attempt as it is kept.
pub(super) fn attempt(sent: &Sent) -> Attempt<'_> {
    Attempt {
        sent_at: sent.at,
        took: sent.took,
        status: sent.status.map(|status| i64::from(status.as_u16())),
        error: sent.error.as_deref(),
        answer: &sent.answer,
    }
}

/// How long to wait after one more failure than these; `None` when it was the last attempt.
fn pause_after(tries: i64) -> Result<Option<Millis>, VaultError> {
    let Some(pause) = usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries)) else { return Ok(None) };
    let [jitter] = random::bytes::<1>()?;
    Ok(Some(pause * (900 + Millis::from(jitter) * 200 / 255) / 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        for (tries, pause) in PAUSES.iter().enumerate() {
            let waits = pause_after(i64::try_from(tries).unwrap()).unwrap().unwrap();
            assert!(waits >= pause * 9 / 10 && waits <= pause * 11 / 10, "{waits} for {pause}");
        }
        assert_eq!(pause_after(10).unwrap(), None);
        assert!(PAUSES.iter().sum::<Millis>() > PATIENCE);
    }
}
