//! The work of bulk revocations, in the background and on any server: a lease says who is at it, and each account's
//! transaction takes the place in the list along, so that a server that dies is followed exactly where it was.

use super::summary;
use crate::Vault;
use crate::applications::caller_of;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::{MINUTE, Millis};
use crate::error::{VaultError, chain};
use crate::events::Event;
use crate::random;
use crate::store::applications;
use crate::store::bulk_revocations::{self as store, Row};
use crate::store::connected_accounts::{self, Filter};
use futures::future::join_all;
use model::bulk_revocations::{BulkRevocationState, Failure};
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use model::ids::{BulkRevocationId, ConnectedAccountId, TokenSetId};

/// A server that is silent for so long has lost the work to another one.
const LEASE: Millis = 2 * MINUTE;
/// So many accounts are revoked before their providers are asked, all at once.
const AT_ONCE: usize = 20;
/// So many batches make a round; then another server may go on.
const BATCHES: usize = 25;
/// So many failures are named.
const NAMED: usize = 20;

/// What one round has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Accounts that were revoked.
    pub revoked: usize,
    /// Bulk revocations that came to their end.
    pub finished: usize,
}

/// What is to be done next.
enum Next {
    Batch(Vec<(ConnectedAccountId, TokenSetId)>),
    End,
}

impl Vault {
    /// One round of work on one bulk revocation, if there is one that nobody works on; and the end of those that nobody
    /// confirmed. Takes no input but the clock, and may be called as often as one likes, on any server.
    ///
    /// # Errors
    /// When the database fails; the next round goes on where this one stopped.
    pub async fn work_on_bulk_revocations(&self) -> Result<Worked, VaultError> {
        self.expire_bulk_revocations().await?;
        let mut worked = Worked::default();
        if self.is_quarantined() {
            return Ok(worked);
        }
        let owner = random::base62_digits(16)?.expose().clone();
        let taken = store::take(&self.store, &mut *self.store.connection().await?, &owner, LEASE).await?;
        let Some(id) = taken else { return Ok(worked) };
        let done = self.work_on(id, &owner, &mut worked).await;
        store::release(&mut *self.store.connection().await?, id, &owner).await?;
        done.map(|()| worked)
    }

    async fn work_on(&self, id: BulkRevocationId, owner: &str, worked: &mut Worked) -> Result<(), VaultError> {
        for _ in 0..BATCHES {
            if self.closing.is_cancelled() || !self.work_on_batch(id, owner, worked).await? {
                break;
            }
        }
        Ok(())
    }

    /// Whether there is more to do for this owner.
    async fn work_on_batch(&self, id: BulkRevocationId, owner: &str, worked: &mut Worked) -> Result<bool, VaultError> {
        let Some((row, caller)) = self.bulk_row(id).await? else { return Ok(false) };
        let batch = match self.next_batch(&row, &caller).await? {
            Next::Batch(batch) => batch,
            Next::End => {
                worked.finished += usize::from(self.finish(&row, &caller).await?);
                return Ok(false);
            }
        };
        let mut to_ask = Vec::new();
        let mut failures = row.failures;
        for (account, token_set) in batch {
            match self.revoke_as_part(&caller, (id, owner), account).await {
                Ok(None) => return Ok(false),
                Ok(Some(outcome)) => {
                    worked.revoked += 1;
                    to_ask.extend((outcome == ProviderRevocation::Pending).then_some(token_set));
                }
                Err(error) if error.is_database_away() => return Err(error),
                Err(error) => {
                    tracing::error!(connected_account.id = %account, error = chain(&error), "A bulk revocation goes past an account.");
                    if failures.len() < NAMED {
                        failures.push(Failure { account, detail: error.to_string() });
                    }
                    let mut db = self.store.connection().await?;
                    if !store::step_over(&mut db, (id, owner), account, &failures).await? {
                        return Ok(false);
                    }
                }
            }
        }
        let application = caller.application;
        join_all(to_ask.into_iter().map(|token_set| self.revoke_at_provider(application, token_set))).await;
        Ok(true)
    }

    /// One account, on the path of a single revocation; the place in the list goes with it. `None` when the work is no
    /// more this owner's, and nothing is changed then.
    async fn revoke_as_part(
        &self,
        caller: &ApplicationCaller,
        (id, owner): (BulkRevocationId, &str),
        account: ConnectedAccountId,
    ) -> Result<Option<ProviderRevocation>, VaultError> {
        let mut tx = self.store.begin().await?;
        if !store::step(&self.store, &mut tx, (id, owner), account, LEASE).await? {
            return Ok(None);
        }
        let row = connected_accounts::get(&mut tx, caller.application, account).await?.ok_or(VaultError::NotFound)?;
        if row.status == ConnectedAccountStatus::Revoked {
            // Somebody else was faster.
            tx.commit().await?;
            return Ok(Some(ProviderRevocation::Revoked));
        }
        let outcome = self
            .mark_revoked(
                &mut tx,
                (caller.application, Some(caller)),
                &row,
                StatusReasonCode::RevokedByMember,
                Some(id),
            )
            .await?;
        tx.commit().await?;
        Ok(Some(outcome))
    }

    async fn next_batch(&self, row: &Row, caller: &ApplicationCaller) -> Result<Next, VaultError> {
        let filter = Filter { newest: Some(row.newest_account_id), ..row.filter.clone() };
        let limit = i64::try_from(AT_ONCE).unwrap_or(1);
        let (rows, _) = self.next_accounts(caller, &filter, row.last_account_id, limit).await?;
        if rows.is_empty() {
            return Ok(Next::End);
        }
        Ok(Next::Batch(rows.into_iter().map(|row| (row.id, row.token_set_id)).collect()))
    }

    async fn finish(&self, row: &Row, caller: &ApplicationCaller) -> Result<bool, VaultError> {
        let mut tx = self.store.begin().await?;
        let ended = store::end(&mut tx, row.id, BulkRevocationState::Finished, None, self.clock.now()).await?;
        if ended {
            self.tell(&mut tx, caller, "bulk_revocation.finished", row).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// The row, and who acts: the member who asked for it.
    async fn bulk_row(&self, id: BulkRevocationId) -> Result<Option<(Row, ApplicationCaller)>, VaultError> {
        let mut db = self.store.connection().await?;
        let Some(row) = store::get_any(&mut db, id).await? else { return Ok(None) };
        let application = applications::get(&mut db, row.organization_id, row.application_id).await?;
        let actor = row.requested_by.map_or(Actor::CommandLine, Actor::Member);
        Ok(application.map(|application| (row, caller_of(&application, actor))))
    }

    async fn expire_bulk_revocations(&self) -> Result<(), VaultError> {
        let now = self.clock.now();
        for row in store::overdue(&mut *self.store.connection().await?, now).await? {
            let mut tx = self.store.begin().await?;
            if store::end(&mut tx, row.id, BulkRevocationState::Expired, None, now).await? {
                let event = Event::of(row.application_id, Actor::Keybearer, "bulk_revocation.expired", row.id);
                self.record(&mut tx, event.detail(summary(&row))).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}

/// A server that took the work on and stopped in the midst of it; for tests.
#[cfg(feature = "testing")]
pub struct Stopped {
    vault: Vault,
    id: BulkRevocationId,
    owner: String,
    next: ConnectedAccountId,
}

#[cfg(feature = "testing")]
impl Vault {
    /// Takes the work on, revokes one account and goes no further, with the lease still standing.
    ///
    /// # Panics
    /// When the work cannot be taken.
    #[expect(clippy::unwrap_used, clippy::expect_used, reason = "test support fails loudly")]
    pub async fn revoke_first_of_bulk(&self, id: BulkRevocationId) -> Stopped {
        let owner = "stopped".to_owned();
        let mut db = self.store.connection().await.unwrap();
        assert_eq!(store::take(&self.store, &mut db, &owner, LEASE).await.unwrap(), Some(id), "the work is free");
        drop(db);
        let (row, caller) = self.bulk_row(id).await.unwrap().expect("it runs");
        let Next::Batch(batch) = self.next_batch(&row, &caller).await.unwrap() else { unreachable!("there are some") };
        let mut accounts = batch.into_iter().map(|(account, _)| account);
        let first = accounts.next().expect("a first account");
        self.revoke_as_part(&caller, (id, &owner), first).await.unwrap();
        Stopped { vault: self.clone(), id, owner, next: accounts.next().expect("a second account") }
    }
}

#[cfg(feature = "testing")]
impl Stopped {
    /// Comes back and tries the next account. Whether it still could.
    ///
    /// # Panics
    /// When the database fails.
    #[expect(clippy::unwrap_used, reason = "test support fails loudly")]
    pub async fn step_again(&mut self) -> bool {
        let vault = &self.vault;
        let mut tx = vault.store.begin().await.unwrap();
        store::step(&vault.store, &mut tx, (self.id, &self.owner), self.next, LEASE).await.unwrap()
    }
}
