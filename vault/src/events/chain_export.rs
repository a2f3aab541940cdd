//! An organization's whole log in the order of its chain, so that anybody can verify it later without this database.

use super::Event;
use super::chain::{self, genesis, link};
use super::verify::{Begin, End, Exported, FORMAT, Line, Signed};
use crate::Vault;
use crate::caller::{Actor, MemberCaller};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::store::Connection;
use crate::store::event_chains::{self, Checkpoint};
use crate::store::events::chained;
use data_encoding::{BASE64, HEXLOWER};
use model::ids::OrganizationId;
use model::people::Role;

/// Rows of one read; each may stand for some hundred lines.
const BATCH: i64 = 100;

/// An export of a chain under way. [`ChainExport::next`] gives it piece by piece, as JSON Lines.
pub struct ChainExport {
    vault: Vault,
    organization: OrganizationId,
    next: Next,
    chain: event_chains::Row,
    /// Where the export ends.
    end: Checkpoint,
    /// How many checkpoints stand in it so far.
    checkpoints: u64,
    /// The last line so far.
    seq: i64,
}

enum Next {
    Begin,
    Events,
    End,
    Nothing,
}

impl Vault {
    /// Exports the whole log of the member's organization, all applications in it, in the order of its chain. `after`: only
    /// what stands behind this place.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn export_event_chain(&self, member: &MemberCaller, after: i64) -> Result<ChainExport, VaultError> {
        member.require(Role::Admin)?;
        let what = "organization.event_chain_exported";
        self.begin_chain_export(member.organization, Event::in_portal(member, what, member.organization), after).await
    }

    /// The same from the command line.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when there is no such organization; [`VaultError::Invalid`], when it has to be named.
    pub async fn export_event_chain_from_command_line(
        &self,
        organization: Option<OrganizationId>,
        after: i64,
    ) -> Result<ChainExport, VaultError> {
        let mut tx = self.store.begin().await?;
        let organization = self.organization_for_command_line(&mut tx, organization).await?;
        tx.rollback().await?;
        let what = "organization.event_chain_exported";
        let event = Event::of_organization(organization, Actor::CommandLine, what, organization);
        self.begin_chain_export(organization, event, after).await
    }

    /// Who took the log away stands in it, and everything up to there is in the export.
    async fn begin_chain_export(
        &self,
        organization: OrganizationId,
        event: Event,
        after: i64,
    ) -> Result<ChainExport, VaultError> {
        let mut tx = self.store.begin().await?;
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        self.chain_events_of(organization).await?;
        let (chain, end) = self.sign_chain(organization).await?;
        let (vault, seq) = (self.clone(), after.clamp(0, chain.seq));
        Ok(ChainExport { vault, organization, next: Next::Begin, chain, end, checkpoints: 0, seq })
    }
}

impl ChainExport {
    /// The next piece; `None` after the last. No connection is held in between, however slowly somebody reads.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<String>, VaultError> {
        let mut piece = String::new();
        match self.next {
            Next::Begin => {
                push(&mut piece, &self.begin().await?);
                self.next = Next::Events;
            }
            Next::Events => self.events(&mut piece).await?,
            Next::End => {
                let Self { chain, end, checkpoints, .. } = self;
                let signature = self.vault.sign_end(self.organization, chain, end, *checkpoints)?;
                let signed = Signed { signature: BASE64.encode(&signature), ..signed(end) };
                push(&mut piece, &Line::End(End { signed, checkpoints: *checkpoints }));
                self.next = Next::Nothing;
            }
            Next::Nothing => return Ok(None),
        }
        Ok(Some(piece))
    }

    /// Where the export begins: at the last checkpoint before the place that was asked for, or where the log itself begins.
    async fn begin(&mut self) -> Result<Line, VaultError> {
        let mut db = self.vault.store.connection().await?;
        let mut checkpoint = event_chains::checkpoint_at(&mut db, self.organization, self.seq).await?;
        self.seq = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.seq);
        let first = chained::of_organization(&mut db, self.organization, self.seq, 1).await?;
        if let Some(gone) = first.first().map(before).filter(|place| *place > self.seq) {
            // Old lines were forgotten up to a checkpoint.
            checkpoint = event_chains::checkpoint_at(&mut db, self.organization, gone).await?;
            self.seq = gone;
        }
        let checkpoint = checkpoint.filter(|checkpoint| checkpoint.seq == self.seq).as_ref().map(signed);
        self.checkpoints = checkpoint.is_some().into();
        let after_hash = match (&checkpoint, first.first()) {
            (Some(checkpoint), _) => checkpoint.hash.clone(),
            (None, Some(row)) => HEXLOWER.encode(&row.previous_hash),
            (None, None) => HEXLOWER.encode(&genesis(self.organization)),
        };
        Ok(Line::Begin(Begin {
            format: FORMAT.to_owned(),
            organization: self.organization,
            public_key: BASE64.encode(&self.chain.public_key),
            after_seq: self.seq,
            after_hash,
            checkpoint,
        }))
    }

    async fn events(&mut self, piece: &mut String) -> Result<(), VaultError> {
        let mut db = self.vault.store.connection().await?;
        let mut rows = chained::of_organization(&mut db, self.organization, self.seq, BATCH).await?;
        // What came after the export began is for the next one.
        rows.retain(|row| row.seq <= self.end.seq);
        let (from, up_to) = (self.seq, rows.last().map_or(i64::MAX, |row| row.seq));
        let mut checkpoints = event_chains::checkpoints(&mut db, self.organization, (from, up_to)).await?.into_iter();
        let mut checkpoint = checkpoints.next();
        for row in &rows {
            self.row(&mut db, row, piece).await?;
            while let Some(passed) = checkpoint.take_if(|checkpoint| checkpoint.seq <= row.seq) {
                self.checkpoint(&passed, piece);
                checkpoint = checkpoints.next();
            }
            self.seq = row.seq;
        }
        if rows.is_empty() {
            // Older checkpoints beyond the end: there were more lines once, and whoever verifies must see it.
            let beyond = |c: &Checkpoint| c.seq > self.end.seq && c.created_at < self.end.created_at;
            let beyond: Vec<_> = checkpoint.into_iter().chain(checkpoints).filter(beyond).collect();
            for checkpoint in &beyond {
                self.checkpoint(checkpoint, piece);
            }
            self.next = Next::End;
        }
        Ok(())
    }

    fn checkpoint(&mut self, checkpoint: &Checkpoint, piece: &mut String) {
        push(piece, &Line::Checkpoint(signed(checkpoint)));
        self.checkpoints += 1;
    }

    /// The lines of a row. All hashes but the last follow from what stands in the database; the last is what stands there.
    async fn row(&self, db: &mut Connection, row: &chained::Row, piece: &mut String) -> Result<(), VaultError> {
        let (mut seq, mut hash) = (before(row), row.previous_hash.clone());
        let entries = chain::entries(db, row, 0).await?;
        for entry in entries {
            seq += 1;
            hash = link(self.organization, &hash, seq, &entry).to_vec();
            let shown = if seq == row.seq { &row.hash } else { &hash };
            let personal = entry.personal.as_ref();
            let line = Exported {
                seq,
                hash: HEXLOWER.encode(shown),
                personal: personal.and_then(|(text, _)| serde_json::from_str(text).ok()),
                personal_salt: personal.map(|(_, salt)| HEXLOWER.encode(salt)),
                entry,
            };
            push(piece, &Line::Event(Box::new(line)));
        }
        Ok(())
    }
}

/// The place before a row's first line.
fn before(row: &chained::Row) -> i64 {
    row.seq - row.lines.unwrap_or(1)
}

fn signed(checkpoint: &Checkpoint) -> Signed {
    Signed {
        seq: checkpoint.seq,
        hash: HEXLOWER.encode(&checkpoint.hash),
        at: rfc3339(checkpoint.created_at),
        signature: BASE64.encode(&checkpoint.signature),
    }
}

fn push(piece: &mut String, line: &Line) {
    piece.push_str(&serde_json::to_string(line).unwrap_or_default());
    piece.push('\n');
}
