//! The audit log: each change writes its line in its own transaction.

mod chain;
mod chain_export;
mod chain_fault;
mod chainer;
mod export;
mod feed;
mod log;
mod names;
mod outbox;
mod reads;
mod verify;
mod words;

pub use chain_export::ChainExport;
pub use chain_fault::ChainFault;
pub use export::{EventExport, ExportFormat};
pub use feed::{EntryActor, EventEntry};
pub use log::EventActors;
pub(crate) use outbox::Envelope;
pub use reads::ReadEvents;
pub(crate) use reads::{ReadLog, Reader};
pub use verify::{ChainReport, ChainVerifier};

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller, MemberCaller};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::random;
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
    /// Whether webhook endpoints hear nothing of it.
    is_untold: bool,
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
            is_untold: false,
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
            is_untold: false,
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

    /// Keeps it from webhook endpoints, which have heard of it before.
    pub(crate) fn untold(mut self) -> Self {
        self.is_untold = true;
        self
    }

    pub(crate) fn personal(mut self, personal: Value) -> Self {
        self.personal = Some(personal);
        self
    }
}

impl Vault {
    /// Writes a line within the change's transaction, and what it tells webhook endpoints. What the line is about must be
    /// written before: endpoints are told how it stands.
    pub(crate) async fn record(&self, tx: &mut Tx, event: Event) -> Result<(), VaultError> {
        self.record_and_name(tx, event).await.map(drop)
    }

    /// The same; gives the line's id.
    pub(crate) async fn record_and_name(&self, tx: &mut Tx, event: Event) -> Result<EventId, VaultError> {
        let personal = event.personal.as_ref().map(Value::to_string);
        let salt = random::bytes::<16>()?;
        let digest = chain::personal_digest(&salt, personal.as_deref().unwrap_or_default());
        let row = events::NewRow {
            id: EventId::new(),
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
            lines: None,
        };
        events::insert(tx, &row, self.clock.now()).await?;
        let id = row.id;
        self.tell_endpoints(tx, id, &event).await?;
        Ok(id)
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
