//! Gives events their places in their organization's chain, after they were committed: no change waits for it, and no
//! reader who goes by places misses a line that came late.

use super::chain::{self, Said, SigningKey, Statement};
use crate::Vault;
use crate::clock::{MINUTE, Millis, rfc3339};
use crate::error::VaultError;
use crate::keyring::Place;
use crate::store::event_chains::{self, Checkpoint};
use crate::store::events::chained;
use crate::store::{Connection, Tx};
use data_encoding::{BASE64, HEXLOWER};
use model::ids::OrganizationId;

/// So many events get their places in one transaction.
const BATCH: i64 = 200;
/// A chain that grows is signed this often.
const CHECKPOINT_EVERY: Millis = MINUTE;
/// And after so many lines.
const CHECKPOINT_LINES: i64 = 10_000;
/// So many chains that stand still are signed in one round.
const RESTING: i64 = 100;

/// The end of a chain, held until its transaction ends.
struct Held {
    organization: OrganizationId,
    row: event_chains::Row,
}

impl Vault {
    /// Chains what has no place yet, and signs chains that have grown. Takes no input but the clock, and may be called as
    /// often as one likes, on any server. Gives the number of events that have got a place.
    ///
    /// # Errors
    /// When the database fails; the next round goes on where this one stopped.
    pub async fn chain_events(&self) -> Result<usize, VaultError> {
        let (mut chained, mut after) = (0, None);
        loop {
            let next = chained::waiting(&mut *self.store.connection().await?, after).await?;
            let Some(organization) = next else { break };
            chained += self.chain_events_of(organization).await?;
            after = Some(organization);
        }
        let since = self.clock.now() - CHECKPOINT_EVERY;
        let mut db = self.store.connection().await?;
        let resting = event_chains::without_checkpoint_since(&mut db, since, RESTING).await?;
        drop(db);
        for organization in resting {
            self.lengthen(organization).await?;
        }
        Ok(chained)
    }

    /// Chains what an organization's events have no place yet.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn chain_events_of(&self, organization: OrganizationId) -> Result<usize, VaultError> {
        let mut chained = 0;
        loop {
            let count = self.lengthen(organization).await?;
            chained += count;
            if i64::try_from(count).is_ok_and(|count| count < BATCH) {
                return Ok(chained);
            }
        }
    }

    /// Lengthens a chain by one batch.
    async fn lengthen(&self, organization: OrganizationId) -> Result<usize, VaultError> {
        let mut tx = self.store.begin().await?;
        let mut held = self.hold_chain(&mut tx, organization).await?;
        let rows = chained::without_place(&mut tx, organization, BATCH).await?;
        for row in &rows {
            held.append(&mut tx, row).await?;
        }
        event_chains::set_end(&mut tx, organization, held.row.seq, &held.row.hash).await?;
        let now = self.clock.now();
        let signed = if held.is_due(now) { Some(self.sign(&mut tx, &held, now).await?) } else { None };
        tx.commit().await?;
        if let Some(checkpoint) = signed {
            tell(&held, &checkpoint);
        }
        Ok(rows.len())
    }

    /// Signs an organization's chain as it is now, and gives its end.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn sign_chain(
        &self,
        organization: OrganizationId,
    ) -> Result<(event_chains::Row, Checkpoint), VaultError> {
        let mut tx = self.store.begin().await?;
        let held = self.hold_chain(&mut tx, organization).await?;
        let checkpoint = self.sign(&mut tx, &held, self.clock.now()).await?;
        tx.commit().await?;
        Ok((held.row, checkpoint))
    }

    async fn hold_chain(&self, tx: &mut Tx, organization: OrganizationId) -> Result<Held, VaultError> {
        if !event_chains::exists(tx, organization).await? {
            let (key, seed) = SigningKey::generate()?;
            let id = organization.to_string();
            let sealed = self.keyring.seal_for_instance(place(&id), seed.expose())?;
            let keys = (key.public(), sealed.as_slice());
            event_chains::insert(tx, organization, &chain::genesis(organization), keys, self.clock.now()).await?;
        }
        let row = event_chains::hold(tx, organization).await?.ok_or(VaultError::NotFound)?;
        Ok(Held { organization, row })
    }

    async fn sign(&self, db: &mut Connection, held: &Held, now: Millis) -> Result<Checkpoint, VaultError> {
        let id = held.organization.to_string();
        let seed = self.keyring.open_for_instance(place(&id), &held.row.private_key_sealed)?;
        let (seq, hash, at) = (held.row.seq, held.row.hash.clone(), rfc3339(now));
        let (of, organization) = (Said::Checkpoint, held.organization);
        let signature = SigningKey::from_seed(&seed)?.sign(&Statement { of, organization, seq, hash: &hash, at: &at });
        let checkpoint = Checkpoint { seq, hash, signature, created_at: now };
        event_chains::add_checkpoint(db, held.organization, &checkpoint).await?;
        Ok(checkpoint)
    }

    /// Signs that an export of the chain ends at this checkpoint, and how many checkpoints stand in it.
    ///
    /// # Errors
    /// When the chain's key does not open.
    pub(super) fn sign_end(
        &self,
        organization: OrganizationId,
        row: &event_chains::Row,
        checkpoint: &Checkpoint,
        checkpoints: u64,
    ) -> Result<Vec<u8>, VaultError> {
        let id = organization.to_string();
        let seed = self.keyring.open_for_instance(place(&id), &row.private_key_sealed)?;
        let (of, at) = (Said::End { checkpoints }, rfc3339(checkpoint.created_at));
        let statement = Statement { of, organization, seq: checkpoint.seq, hash: &checkpoint.hash, at: &at };
        Ok(SigningKey::from_seed(&seed)?.sign(&statement))
    }
}

impl Held {
    /// Gives an event the places of its lines.
    async fn append(&mut self, db: &mut Connection, row: &chained::Row) -> Result<(), VaultError> {
        let previous = self.row.hash.clone();
        for entry in chain::entries(db, row, 0).await? {
            self.row.seq += 1;
            self.row.hash = chain::link(self.organization, &self.row.hash, self.row.seq, &entry).to_vec();
        }
        Ok(chained::set_place(db, row.id, self.row.seq, (&previous, &self.row.hash)).await?)
    }

    fn is_due(&self, now: Millis) -> bool {
        let grown = self.row.seq - self.row.checkpoint_seq;
        grown >= CHECKPOINT_LINES || grown > 0 && now - self.row.checkpoint_at >= CHECKPOINT_EVERY
    }
}

/// Whoever collects the server's log has the checkpoints out of reach of those who can write to the database.
fn tell(held: &Held, checkpoint: &Checkpoint) {
    tracing::info!(
        organization = %held.organization,
        seq = checkpoint.seq,
        hash = HEXLOWER.encode(&checkpoint.hash),
        at = rfc3339(checkpoint.created_at),
        signature = BASE64.encode(&checkpoint.signature),
        "A checkpoint of the audit log."
    );
}

fn place(organization: &str) -> Place<'_> {
    Place { table: "event_chains", column: "private_key_sealed", row: organization }
}
