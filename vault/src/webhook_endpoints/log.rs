//! The delivery log: what was sent to an endpoint, what it answered, and sending it again.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::events::Event;
use crate::lists;
use crate::store::deliveries::{self, Logged, Row};
use crate::store::webhook_endpoints as store;
use model::ids::{DeliveryId, WebhookEndpointId};
use model::lists::{BothWays, Turn};
use model::people::Role;
use model::webhook_endpoints::{AttemptLine, DeliveryDetail, DeliveryStatus, DeliveryView};
use serde_json::json;

/// So many attempts of a delivery are shown.
const MOST_SHOWN: i64 = 50;

impl Vault {
    /// An endpoint's deliveries of the last 30 days, newest first.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Invalid`], when status or turn cannot be read.
    pub async fn deliveries(
        &self,
        caller: &ApplicationCaller,
        endpoint: WebhookEndpointId,
        status: &str,
        turn: &Turn,
        limit: u8,
    ) -> Result<BothWays<DeliveryView>, VaultError> {
        let mut mistakes = Vec::new();
        let status: Option<DeliveryStatus> = lists::one_of("status", status, &mut mistakes);
        lists::check(mistakes)?;
        let cursor: Option<DeliveryId> = lists::cursor(turn)?;
        let mut db = self.store.connection().await?;
        store::url(&mut db, caller.application, endpoint).await?.ok_or(VaultError::NotFound)?;
        let edge = (cursor.unwrap_or(DeliveryId::LAST), turn.newer);
        let rows = deliveries::page(&mut db, endpoint, status, edge, i64::from(limit) + 1).await?;
        Ok(BothWays::new(rows, turn, usize::from(limit), |row| row.id.to_string()).map(view))
    }

    /// One delivery with its body and its attempts.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn delivery(
        &self,
        caller: &ApplicationCaller,
        endpoint: WebhookEndpointId,
        id: DeliveryId,
    ) -> Result<DeliveryDetail, VaultError> {
        let mut db = self.store.connection().await?;
        store::url(&mut db, caller.application, endpoint).await?.ok_or(VaultError::NotFound)?;
        let (row, body) = deliveries::get(&mut db, endpoint, id).await?.ok_or(VaultError::NotFound)?;
        let attempts = deliveries::attempts(&mut db, id, MOST_SHOWN).await?;
        Ok(DeliveryDetail { delivery: view(row), body, attempt_log: attempts.into_iter().map(line).collect() })
    }

    /// Sends a delivery again under the same id, with all attempts before it if need be.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Conflict`], while the endpoint is paused; [`VaultError::Forbidden`].
    pub async fn replay_delivery(
        &self,
        caller: &ApplicationCaller,
        endpoint: WebhookEndpointId,
        id: DeliveryId,
    ) -> Result<DeliveryView, VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let row = store::get(&mut tx, caller.application, endpoint).await?.ok_or(VaultError::NotFound)?;
        deliveries::get(&mut tx, endpoint, id).await?.ok_or(VaultError::NotFound)?;
        if row.paused_at.is_some() {
            let detail = "The endpoint is paused: resume it first. What waits for it is sent then.".to_owned();
            return Err(VaultError::Conflict { code: "webhook_endpoint_paused", detail });
        }
        deliveries::replay(&mut tx, id, self.clock.now()).await?;
        let detail = json!({ "delivery": id });
        self.record(&mut tx, Event::by(caller, "webhook_endpoint.replayed", endpoint).detail(detail)).await?;
        let (row, _) = deliveries::get(&mut tx, endpoint, id).await?.ok_or(VaultError::NotFound)?;
        tx.commit().await?;
        Ok(view(row))
    }
}

/// A delivery, as lists show it.
pub(super) fn view(row: Row) -> DeliveryView {
    let status = match (row.delivered_at, row.given_up_at) {
        (Some(_), _) => DeliveryStatus::Delivered,
        (None, Some(_)) => DeliveryStatus::Failed,
        (None, None) => DeliveryStatus::Pending,
    };
    DeliveryView {
        id: row.id,
        r#type: row.r#type,
        status,
        connected_account: row.connected_account_id,
        seq: row.seq,
        attempts: row.attempts,
        next_attempt_at: row.next_attempt_at.map(rfc3339),
        last_status: row.last_status,
        last_error: row.last_error,
        delivered_at: row.delivered_at.map(rfc3339),
        given_up_at: row.given_up_at.map(rfc3339),
        created_at: rfc3339(row.created_at),
    }
}

fn line(logged: Logged) -> AttemptLine {
    AttemptLine {
        number: logged.number,
        at: rfc3339(logged.sent_at),
        took_ms: logged.took,
        status: logged.status,
        error: logged.error,
        answer: logged.answer,
    }
}
