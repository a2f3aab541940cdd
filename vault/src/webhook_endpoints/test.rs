//! A test: an example is sent at once, and whoever asked is told what the endpoint said.

use super::deliver::attempt;
use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::MINUTE;
use crate::error::VaultError;
use crate::events::{Envelope, Event};
use crate::store::deliveries::{self, New};
use crate::store::webhook_endpoints as store;
use crate::throttle::Limit;
use model::ids::{DeliveryId, WebhookEndpointId};
use model::people::Role;
use model::webhook_endpoints::{DeliveryDetail, TEST_TYPE};
use serde_json::json;

/// Enough to try things out, too few to be a burden to somebody else's server.
const TESTS: Limit = Limit { what: "webhook-test", attempts: 30, window: 10 * MINUTE };

impl Vault {
    /// Sends an example to an endpoint, paused or not, and gives what became of it. It is signed like any delivery, stands in
    /// the log, and is not repeated.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::TooManyAttempts`]; [`VaultError::Conflict`], while nothing may be sent;
    /// [`VaultError::Forbidden`].
    pub async fn test_webhook_endpoint(
        &self,
        caller: &ApplicationCaller,
        id: WebhookEndpointId,
    ) -> Result<DeliveryDetail, VaultError> {
        caller.require(Role::Developer)?;
        let row = store::get(&mut *self.store.connection().await?, caller.application, id).await?;
        let row = row.ok_or(VaultError::NotFound)?;
        if self.is_quarantined() {
            let detail = "This server runs in quarantine and sends nothing; see keybearer instance show.".to_owned();
            return Err(VaultError::Conflict { code: "quarantined", detail });
        }
        self.count_attempt(TESTS, &caller.application.to_string()).await?;
        let (delivery, now) = (DeliveryId::new(), self.clock.now());
        let data = json!({ "webhook_endpoint": id, "message": "A test. Nothing has happened." });
        let body = Envelope::new(delivery, TEST_TYPE, now, caller.application, None, &data).text();
        let sent = self.send_delivery(&row, delivery, &body).await?;
        let outcome = if sent.error.is_none() { "ok" } else { "failed" };
        let mut tx = self.store.begin().await?;
        let detail = json!({ "detail": sent.error, "delivery": delivery });
        let event = Event::by(caller, "webhook_endpoint.tested", id).outcome(outcome).detail(detail);
        let event_id = self.record_and_name(&mut tx, event).await?;
        let new = New {
            id: delivery,
            application_id: caller.application,
            webhook_endpoint_id: id,
            event_id,
            r#type: TEST_TYPE,
            connected_account_id: None,
            seq: None,
            body: &body,
            next_attempt_at: None,
        };
        deliveries::insert(&mut tx, &new, now).await?;
        deliveries::log_attempt(&mut tx, delivery, &attempt(&sent)).await?;
        if sent.error.is_none() {
            deliveries::delivered(&mut tx, delivery, self.clock.now()).await?;
        } else {
            deliveries::give_up(&mut tx, (delivery, ""), self.clock.now()).await?;
        }
        tx.commit().await?;
        self.delivery(caller, id, delivery).await
    }
}
