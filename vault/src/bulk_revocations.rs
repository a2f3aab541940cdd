//! Bulk revocations: what is concerned is shown first, then confirmed, by a second person where the organization wants
//! one, and then done in the background, account by account on the path of a single revocation.

mod request;
mod work;

pub use request::BulkRequest;
#[cfg(feature = "testing")]
pub use work::Stopped;
pub use work::Worked;

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::{DAY, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::bulk_revocations::{self as store, Row};
use crate::store::connected_accounts::{self, Filter};
use crate::store::{Tx, organizations, provider_configs};
use model::bulk_revocations::{BulkPreview, BulkRevocationState, BulkRevocationView, PreviewOfProvider};
use model::ids::{BulkRevocationId, PersonId};
use model::people::Role;
use serde_json::{Value, json};

/// So many examples are shown.
const EXAMPLES: i64 = 5;
/// A preview counts so far, and a page of a million accounts is there at once; what is confirmed is counted whole.
const MOST_COUNTED: i64 = 20_000;

impl Vault {
    /// What a bulk revocation would do; nothing is changed. Chosen accounts are for developers, whatever a filter lets
    /// through for admins.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn preview_bulk_revocation(
        &self,
        caller: &ApplicationCaller,
        filter: &Filter,
    ) -> Result<BulkPreview, VaultError> {
        require(caller, filter)?;
        let filter = Filter { live: true, ..filter.clone() };
        let (examples, _) = self.next_accounts(caller, &filter, None, EXAMPLES).await?;
        let newest = examples.first().map(|row| row.id);
        let by_provider = self.parts(caller, &filter, MOST_COUNTED + 1).await?;
        let accounts: i64 = by_provider.iter().map(|part| part.accounts).sum();
        Ok(BulkPreview {
            id: BulkRevocationId::new(),
            accounts: accounts.min(MOST_COUNTED),
            or_more: accounts > MOST_COUNTED,
            by_provider,
            newest,
            examples: self.account_views(&mut *self.store.connection().await?, examples).await?,
            second_person: self.needs_second_person(caller, &filter).await?,
        })
    }

    /// Begins a bulk revocation, or has it wait for a second person. The same request again changes nothing.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`], [`VaultError::Invalid`].
    pub async fn request_bulk_revocation(
        &self,
        caller: &ApplicationCaller,
        request: BulkRequest,
    ) -> Result<BulkRevocationView, VaultError> {
        require(caller, &request.filter)?;
        request::check(&request)?;
        let reason = request.reason.trim().to_owned();
        let now = self.clock.now();
        let waits = self.needs_second_person(caller, &request.filter).await?;
        let state = if waits { BulkRevocationState::Waiting } else { BulkRevocationState::Running };
        let filter = Filter { live: true, ..request.filter };
        let accounts = if request.accounts < MOST_COUNTED {
            request.accounts
        } else {
            let until = Filter { newest: Some(request.newest), ..filter.clone() };
            self.parts(caller, &until, i64::MAX).await?.iter().map(|part| part.accounts).sum()
        };
        let row = Row {
            id: request.id,
            application_id: caller.application,
            organization_id: caller.organization,
            state,
            filter,
            newest_account_id: request.newest,
            last_account_id: None,
            reason,
            accounts,
            revoked: 0,
            failed: 0,
            failures: Vec::new(),
            requested_by: person(caller),
            confirmed_by: None,
            requested_by_email: None,
            confirmed_by_email: None,
            stopped_by_email: None,
            created_at: now,
            confirm_by: waits.then(|| now + DAY),
            ended_at: None,
        };
        let mut tx = self.store.begin().await?;
        if store::insert(&mut tx, &row).await? {
            let r#type = if waits { "bulk_revocation.requested" } else { "bulk_revocation.started" };
            self.tell(&mut tx, caller, r#type, &row).await?;
        }
        tx.commit().await?;
        self.bulk_revocation(caller, row.id).await
    }

    /// Confirms what somebody else has asked for; for admins and owners.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`], also for who asked for it; [`VaultError::Conflict`] when it waits no more.
    pub async fn confirm_bulk_revocation(
        &self,
        caller: &ApplicationCaller,
        id: BulkRevocationId,
    ) -> Result<BulkRevocationView, VaultError> {
        caller.require(Role::Admin)?;
        let second = person(caller).ok_or(VaultError::Forbidden)?;
        let mut tx = self.store.begin().await?;
        let row = store::get(&mut tx, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        if row.requested_by == Some(second) {
            return Err(VaultError::Forbidden);
        }
        if !store::confirm(&mut tx, id, second, self.clock.now()).await? {
            return Err(waits_no_more());
        }
        self.tell(&mut tx, caller, "bulk_revocation.confirmed", &row).await?;
        tx.commit().await?;
        self.bulk_revocation(caller, id).await
    }

    /// Stops one that waits or runs. What is revoked stays revoked. Who asked for it may stop it, and so may admins.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`]; [`VaultError::Conflict`] when it has ended.
    pub async fn stop_bulk_revocation(
        &self,
        caller: &ApplicationCaller,
        id: BulkRevocationId,
    ) -> Result<BulkRevocationView, VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let row = store::get(&mut tx, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        let own = row.requested_by.is_some() && row.requested_by == person(caller);
        if !own {
            caller.require(Role::Admin)?;
        }
        if !store::end(&mut tx, id, BulkRevocationState::Stopped, person(caller), self.clock.now()).await? {
            return Err(waits_no_more());
        }
        self.tell(&mut tx, caller, "bulk_revocation.stopped", &row).await?;
        tx.commit().await?;
        self.bulk_revocation(caller, id).await
    }

    /// One bulk revocation.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn bulk_revocation(
        &self,
        caller: &ApplicationCaller,
        id: BulkRevocationId,
    ) -> Result<BulkRevocationView, VaultError> {
        let row = store::get(&mut *self.store.connection().await?, caller.application, id).await?;
        Ok(view(row.ok_or(VaultError::NotFound)?))
    }

    /// The application's newest bulk revocations, at most 20.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bulk_revocations(&self, caller: &ApplicationCaller) -> Result<Vec<BulkRevocationView>, VaultError> {
        let rows = store::list(&mut *self.store.connection().await?, caller.application, 20).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// Whether the caller may confirm or refuse this one.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn may_confirm_bulk_revocation(
        &self,
        caller: &ApplicationCaller,
        id: BulkRevocationId,
    ) -> Result<bool, VaultError> {
        let row = store::get(&mut *self.store.connection().await?, caller.application, id).await?;
        let row = row.ok_or(VaultError::NotFound)?;
        let waits = row.state == BulkRevocationState::Waiting;
        let other = person(caller).is_some_and(|person| row.requested_by != Some(person));
        Ok(waits && other && caller.require(Role::Admin).is_ok())
    }

    /// What a filter lets through needs a second person where the organization says so. The command line stands outside.
    async fn needs_second_person(&self, caller: &ApplicationCaller, filter: &Filter) -> Result<bool, VaultError> {
        if filter.ids.is_some() || person(caller).is_none() {
            return Ok(false);
        }
        let mut db = self.store.connection().await?;
        Ok(organizations::second_person_at(&mut db, caller.organization).await?.is_some())
    }

    /// How many accounts fit, by their provider config; no more than `most` are looked at.
    async fn parts(
        &self,
        caller: &ApplicationCaller,
        filter: &Filter,
        most: i64,
    ) -> Result<Vec<PreviewOfProvider>, VaultError> {
        let mut db = self.store.begin_page().await?;
        let Some(narrowed) = connected_accounts::narrow(&self.store, &mut db, caller.application, filter).await? else {
            return Ok(Vec::new());
        };
        let mut parts = Vec::new();
        for (id, accounts) in connected_accounts::count_by_config(&mut db, &narrowed, most).await? {
            let config = provider_configs::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
            let entry = &self.running(&config)?.entry;
            let own = config.key == config.provider;
            let name = if own { entry.name.clone() } else { format!("{} ({})", entry.name, config.key) };
            let is_asked = entry.endpoints.revoke.is_some();
            parts.push(PreviewOfProvider { key: config.key, name, accounts, is_asked });
        }
        Ok(parts)
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        caller: &ApplicationCaller,
        r#type: &'static str,
        row: &Row,
    ) -> Result<(), VaultError> {
        self.record(
            tx,
            Event::by(caller, r#type, row.id).detail(summary(row)).personal(json!({ "filter": row.filter })),
        )
        .await
    }
}

/// What the audit log says of it; the filter may name people and stands apart.
fn summary(row: &Row) -> Value {
    json!({
        "detail": row.reason, "accounts": row.accounts, "revoked": row.revoked, "failed": row.failed,
        "requested_by": row.requested_by, "confirmed_by": row.confirmed_by,
    })
}

fn require(caller: &ApplicationCaller, filter: &Filter) -> Result<(), VaultError> {
    caller.require(if filter.ids.is_some() { Role::Developer } else { Role::Admin })
}

fn person(caller: &ApplicationCaller) -> Option<PersonId> {
    match caller.actor {
        Actor::Member(person) => Some(person),
        _ => None,
    }
}

fn waits_no_more() -> VaultError {
    let detail = "It has ended or somebody was faster: reload the page to see how it stands.";
    VaultError::Conflict { code: "bulk_revocation_ended", detail: detail.to_owned() }
}

fn view(row: Row) -> BulkRevocationView {
    BulkRevocationView {
        id: row.id,
        state: row.state,
        which: request::in_words(&row.filter),
        reason: row.reason,
        accounts: row.accounts,
        revoked: row.revoked,
        failed: row.failed,
        failures: row.failures,
        requested_by: row.requested_by_email,
        confirmed_by: row.confirmed_by_email,
        stopped_by: row.stopped_by_email,
        created_at: rfc3339(row.created_at),
        confirm_by: row.confirm_by.map(rfc3339),
        ended_at: row.ended_at.map(rfc3339),
    }
}
