//! The audit log: each change writes its line in its own transaction.

mod export;
mod log;
mod names;
mod words;

pub use export::{EventExport, ExportFormat};
pub use log::EventActors;

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller, MemberCaller};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::random;
use crate::secret::sha256;
use crate::store::{Tx, events};
use model::events::EventView;
use model::ids::{ApplicationId, EventId, OrganizationId};
use serde_json::{Value, json};

/// A line that is about to be written. It must hold no secret; names and addresses go into `personal`.
pub(crate) struct Event {
    r#type: &'static str,
    organization: Option<OrganizationId>,
    application: Option<ApplicationId>,
    actor: Actor,
    target: String,
    outcome: &'static str,
    request_id: Option<String>,
    detail: Value,
    personal: Option<Value>,
}

impl Event {
    /// Something that an application's caller did.
    pub(crate) fn by(caller: &ApplicationCaller, r#type: &'static str, target: impl ToString) -> Self {
        let mut event = Self::of(caller.application, caller.actor, r#type, target);
        event.organization = Some(caller.organization);
        event.request_id.clone_from(&caller.request_id);
        event
    }

    /// Something that happened within an application.
    pub(crate) fn of(application: ApplicationId, actor: Actor, r#type: &'static str, target: impl ToString) -> Self {
        let application = Some(application);
        let (organization, request_id, personal) = (None, None, None);
        Self {
            r#type,
            organization,
            application,
            actor,
            target: target.to_string(),
            outcome: "ok",
            request_id,
            detail: json!({}),
            personal,
        }
    }

    /// Something that a member did outside any application.
    pub(crate) fn in_portal(member: &MemberCaller, r#type: &'static str, target: impl ToString) -> Self {
        Self::of_organization(member.organization, Actor::Member(member.person), r#type, target)
    }

    /// Something of an organization that not only members may do.
    pub(crate) fn of_organization(
        organization: OrganizationId,
        actor: Actor,
        r#type: &'static str,
        target: impl ToString,
    ) -> Self {
        Self {
            r#type,
            organization: Some(organization),
            application: None,
            actor,
            target: target.to_string(),
            outcome: "ok",
            request_id: None,
            detail: json!({}),
            personal: None,
        }
    }

    pub(crate) fn actor_is(&mut self, actor: Actor) {
        self.actor = actor;
    }

    pub(crate) fn outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = outcome;
        self
    }

    pub(crate) fn detail(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }

    pub(crate) fn personal(mut self, personal: Value) -> Self {
        self.personal = Some(personal);
        self
    }
}

impl Vault {
    /// Writes a line within the change's transaction.
    pub(crate) async fn record(&self, tx: &mut Tx, event: Event) -> Result<(), VaultError> {
        let personal = event.personal.map(|p| p.to_string());
        let salt = random::bytes::<16>()?;
        let digest = sha256(&[salt.as_slice(), personal.as_deref().unwrap_or_default().as_bytes()].concat());
        let row = events::NewRow {
            organization: event.organization,
            application: event.application,
            r#type: event.r#type,
            actor_kind: event.actor.kind(),
            actor_id: event.actor.id(),
            target: &event.target,
            outcome: event.outcome,
            request_id: event.request_id.as_deref(),
            detail: event.detail.to_string(),
            personal,
            personal_salt: &salt,
            personal_digest: &digest,
        };
        Ok(events::insert(tx, &row, self.clock.now()).await?)
    }

    /// What happened to one thing of an application, newest first, at most 50 lines.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_of(&self, caller: &ApplicationCaller, target: &str) -> Result<Vec<EventView>, VaultError> {
        let mut db = self.store.connection().await?;
        let all = (EventId::FIRST, EventId::LAST);
        let rows = events::of_target(&mut db, caller.application, target, all, 50).await?;
        Ok(rows.into_iter().map(view).collect())
    }
}

fn view(row: events::Row) -> EventView {
    let detail = row.detail.get("detail").and_then(Value::as_str).map(str::to_owned);
    EventView {
        id: row.id,
        r#type: row.r#type,
        actor: row.actor_id.unwrap_or(row.actor_kind),
        target: row.target,
        outcome: row.outcome,
        detail,
        at: rfc3339(row.created_at),
    }
}
