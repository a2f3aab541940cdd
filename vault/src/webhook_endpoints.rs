//! Webhook endpoints: where an application hears of what happens to its accounts. What is told is written with the change
//! itself (`events/outbox.rs`); here it is sent, and members and backends look after the endpoints.

mod deliver;
mod form;
mod lanes;
mod log;
mod rotation;
mod send;
mod signature;
mod test;

pub(crate) use lanes::Lanes;
pub use rotation::NewSecret;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::webhook_endpoints::{self as store, Row};
use crate::store::{Tx, deliveries};
use model::Page;
use model::ids::WebhookEndpointId;
use model::people::Role;
use model::webhook_endpoints::{EndpointStatus, Pause, PauseReason, WebhookEndpointView};
use serde_json::json;
use url::Url;

/// So many endpoints an application may have.
const MOST: usize = 20;

/// An endpoint that is about to be.
#[derive(Clone, Debug, Default)]
pub struct NewWebhookEndpoint {
    /// Where deliveries go.
    pub url: String,
    /// A note of the developer's own.
    pub description: String,
    /// What it hears of; empty for everything.
    pub types: Vec<String>,
}

/// What is changed of an endpoint; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct WebhookEndpointChange {
    /// Where deliveries go.
    pub url: Option<String>,
    /// A note of the developer's own.
    pub description: Option<String>,
    /// What it hears of; empty for everything.
    pub types: Option<Vec<String>>,
    /// Whether deliveries wait.
    pub paused: Option<bool>,
}

impl Vault {
    /// The application's endpoints, newest first. `cursor` is the id of the last one seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhook_endpoints(
        &self,
        caller: &ApplicationCaller,
        cursor: Option<WebhookEndpointId>,
        limit: u8,
    ) -> Result<Page<WebhookEndpointView>, VaultError> {
        let (before, most) = (cursor.unwrap_or(WebhookEndpointId::LAST), i64::from(limit) + 1);
        let mut rows = store::list(&mut *self.store.connection().await?, caller.application, before, most).await?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
        let now = self.clock.now();
        Ok(Page { data: rows.into_iter().map(|row| view(row, now)).collect(), next_cursor })
    }

    /// One endpoint.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn webhook_endpoint(
        &self,
        caller: &ApplicationCaller,
        id: WebhookEndpointId,
    ) -> Result<WebhookEndpointView, VaultError> {
        let row = store::get(&mut *self.store.connection().await?, caller.application, id).await?;
        Ok(view(row.ok_or(VaultError::NotFound)?, self.clock.now()))
    }

    /// Adds an endpoint. Its secret is shown this once.
    ///
    /// # Errors
    /// [`VaultError::Invalid`]; [`VaultError::Conflict`], when there are too many; [`VaultError::Forbidden`].
    pub async fn add_webhook_endpoint(
        &self,
        caller: &ApplicationCaller,
        new: NewWebhookEndpoint,
    ) -> Result<NewSecret, VaultError> {
        caller.require(Role::Developer)?;
        let checked = self.check_endpoint(&new.url, &new.description, &new.types).await?;
        let (id, now) = (WebhookEndpointId::new(), self.clock.now());
        let (secret, sealed) = self.new_endpoint_secret(caller.application, id).await?;
        let row = Row {
            id,
            application_id: caller.application,
            url: checked.url,
            description: checked.description,
            types: checked.types,
            secret_current: sealed,
            secret_previous: None,
            previous_until_at: None,
            secret_added_at: now,
            paused_at: None,
            pause_reason: None,
            failing_since_at: None,
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.store.begin().await?;
        if store::listeners(&mut tx, caller.application).await?.len() >= MOST {
            let detail = format!("An application has at most {MOST} webhook endpoints: delete one that is not needed.");
            return Err(VaultError::Conflict { code: "too_many_webhook_endpoints", detail });
        }
        store::insert(&mut tx, &row).await?;
        let detail = json!({ "host": host(&row.url), "types": row.types });
        self.record(&mut tx, Event::by(caller, "webhook_endpoint.created", id).detail(detail)).await?;
        tx.commit().await?;
        Ok(NewSecret { view: view(row, now), secret })
    }

    /// Changes an endpoint, pauses it or resumes it. What waited while it was paused is sent at once.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn change_webhook_endpoint(
        &self,
        caller: &ApplicationCaller,
        id: WebhookEndpointId,
        change: WebhookEndpointChange,
    ) -> Result<WebhookEndpointView, VaultError> {
        caller.require(Role::Developer)?;
        let known = store::get(&mut *self.store.connection().await?, caller.application, id).await?;
        let known = known.ok_or(VaultError::NotFound)?;
        let url = change.url.as_deref().unwrap_or(&known.url);
        let description = change.description.as_deref().unwrap_or(&known.description);
        let checked = self.check_endpoint(url, description, change.types.as_deref().unwrap_or(&known.types)).await?;
        let mut tx = self.store.begin().await?;
        if !store::hold(&mut tx, id).await? {
            return Err(VaultError::NotFound);
        }
        let mut row = store::get(&mut tx, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        let before = (row.url.clone(), row.description.clone(), row.types.clone());
        // What the change does not name stays, whoever has changed it meanwhile.
        row.url = if change.url.is_some() { checked.url } else { row.url };
        row.description = if change.description.is_some() { checked.description } else { row.description };
        row.types = if change.types.is_some() { checked.types } else { row.types };
        if before != (row.url.clone(), row.description.clone(), row.types.clone()) {
            store::change(&mut tx, &row, self.clock.now()).await?;
            let detail = json!({ "host": host(&row.url), "types": row.types });
            self.record(&mut tx, Event::by(caller, "webhook_endpoint.changed", id).detail(detail)).await?;
        }
        match change.paused {
            Some(true) => {
                self.pause_endpoint(&mut tx, Event::by(caller, PAUSED, id), id, PauseReason::Requested).await?
            }
            Some(false) => self.resume_endpoint(&mut tx, caller, id).await?,
            None => {}
        }
        tx.commit().await?;
        self.webhook_endpoint(caller, id).await
    }

    /// Deletes an endpoint with its secrets; its deliveries and their log follow.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn delete_webhook_endpoint(
        &self,
        caller: &ApplicationCaller,
        id: WebhookEndpointId,
    ) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        if !store::delete(&mut tx, caller.application, id, self.clock.now()).await? {
            return Err(VaultError::NotFound);
        }
        self.record(&mut tx, Event::by(caller, "webhook_endpoint.deleted", id)).await?;
        Ok(tx.commit().await?)
    }

    /// Pauses it, if it is not paused yet.
    async fn pause_endpoint(
        &self,
        tx: &mut Tx,
        event: Event,
        id: WebhookEndpointId,
        reason: PauseReason,
    ) -> Result<(), VaultError> {
        if store::pause(tx, id, reason, self.clock.now()).await? {
            self.record(tx, event.outcome(reason.as_str()).detail(json!({ "detail": reason.says() }))).await?;
        }
        Ok(())
    }

    async fn resume_endpoint(
        &self,
        tx: &mut Tx,
        caller: &ApplicationCaller,
        id: WebhookEndpointId,
    ) -> Result<(), VaultError> {
        let now = self.clock.now();
        if store::resume(tx, id, now).await? {
            deliveries::hurry(tx, id, now).await?;
            self.record(tx, Event::by(caller, "webhook_endpoint.resumed", id)).await?;
        }
        Ok(())
    }
}

const PAUSED: &str = "webhook_endpoint.paused";

fn view(row: Row, now: Millis) -> WebhookEndpointView {
    let pause = |at: Millis| {
        let code = row.pause_reason.unwrap_or(PauseReason::Requested);
        Pause { code, detail: code.says().to_owned(), at: rfc3339(at) }
    };
    WebhookEndpointView {
        id: row.id,
        status: if row.paused_at.is_some() { EndpointStatus::Paused } else { EndpointStatus::Active },
        paused: row.paused_at.map(pause),
        failing_since: row.failing_since_at.map(rfc3339),
        secret_added_at: rfc3339(row.secret_added_at),
        previous_secret_until: row.previous_until_at.filter(|until| *until > now).map(rfc3339),
        created_at: rfc3339(row.created_at),
        updated_at: rfc3339(row.updated_at),
        url: row.url,
        description: row.description,
        types: row.types,
    }
}

/// What the audit log has of an address: the rest of it may be a secret.
fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}
