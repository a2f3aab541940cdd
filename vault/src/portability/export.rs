//! Writes an organization out: everything as it was at one moment, row by row.

use super::lines::LineWriter;
use super::seal::Recipients;
use super::{Begin, End, FORMAT, KEYBEARER, VERSION, refused};
use crate::Vault;
use crate::caller::Actor;
use crate::clock::rfc3339;
use crate::error::{VaultError, internal};
use crate::events::Event;
use crate::keyring::Place;
use crate::store::portability::{self, Cell, Kind, TABLES, Table};
use crate::store::{Tx, instance, organizations};
use futures::stream::StreamExt as _;
use model::ids::{ApplicationId, OrganizationId};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;

/// What was written.
#[derive(Debug, Serialize)]
pub struct Exported {
    /// Whose data.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// The public keys that it is sealed for.
    pub recipients: Vec<String>,
}

/// What becomes of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exporting {
    /// It goes on as before.
    Copy,
    /// It goes into quarantine before anything is read: nothing is refreshed, revoked or sent from here any more.
    HandOver,
}

impl Vault {
    /// Writes everything of an organization to `out`, sealed for the recipients, as it is at one moment. Memory does not
    /// grow with it. Servers may go on meanwhile; what they refresh afterwards is not in the export.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when there is no such organization; [`VaultError::Invalid`], when it has to be named, or
    /// is not the only one of a database that is to be handed over; [`VaultError::Unsealable`], when a secret does not open.
    /// What was written by then is no export, and nothing is handed over.
    pub async fn export_organization_from_command_line(
        &self,
        organization: Option<OrganizationId>,
        recipients: &Recipients,
        exporting: Exporting,
        out: impl Write + Send,
    ) -> Result<Exported, VaultError> {
        let (organization, handed_over) = self.record_export(organization, recipients, exporting).await?;
        let exported = self.write_export(organization, recipients, out).await;
        if exported.is_err() && handed_over {
            instance::end_quarantine(&mut *self.store.connection().await?).await?;
        }
        self.check_quarantine().await?;
        exported
    }

    async fn write_export(
        &self,
        organization: OrganizationId,
        recipients: &Recipients,
        out: impl Write + Send,
    ) -> Result<Exported, VaultError> {
        // The chain ends with the line of this export, signed.
        self.chain_events_of(organization).await?;
        self.sign_chain(organization).await?;
        let mut tx = self.store.begin_snapshot().await?;
        let begin = self.begin_of_export(&mut tx, organization).await?;
        let mut lines = LineWriter::begin(recipients.seal(out)?, &begin)?;
        for table in TABLES {
            self.write_table(&mut tx, table, organization, &mut lines).await?;
        }
        tx.rollback().await?;
        let (sealed, End { rows, .. }) = lines.end()?;
        let written = sealed.finish().and_then(|mut out| out.flush());
        written.map_err(|e| internal("cannot write the export", e))?;
        Ok(Exported { organization, name: begin.name, rows, recipients: recipients.public_keys() })
    }

    /// Writes down who may read the export, before anybody can. Whether the database went into quarantine with that.
    async fn record_export(
        &self,
        organization: Option<OrganizationId>,
        recipients: &Recipients,
        exporting: Exporting,
    ) -> Result<(OrganizationId, bool), VaultError> {
        let mut tx = self.store.begin().await?;
        let organization = self.organization_for_command_line(&mut tx, organization).await?;
        let handed_over = exporting == Exporting::HandOver && self.hand_over(&mut tx, organization).await?;
        let mut rows = BTreeMap::new();
        for table in TABLES {
            rows.insert(table.name, portability::count(&mut tx, table, organization).await?);
        }
        let event = Event::of_organization(organization, Actor::CommandLine, "organization.exported", organization);
        let detail = json!({ "recipients": recipients.public_keys(), "rows": rows, "handed_over": handed_over });
        self.record(&mut tx, event.detail(detail)).await?;
        tx.commit().await?;
        Ok((organization, handed_over))
    }

    /// A quarantine is the whole database's.
    async fn hand_over(&self, tx: &mut Tx, organization: OrganizationId) -> Result<bool, VaultError> {
        if organizations::first_two(tx).await?.len() > 1 {
            return Err(refused(
                "there are other organizations in this database, and --hand-over stops it as a whole: switch this one's \
                 providers off instead (keybearer provider-config disable), wait two minutes, and export without --hand-over",
            ));
        }
        let now = self.clock.now();
        let reason = format!("{organization} was handed over to another instance at {}", rfc3339(now));
        Ok(instance::quarantine(tx, &reason, now).await?)
    }

    async fn begin_of_export(&self, tx: &mut Tx, organization: OrganizationId) -> Result<Begin, VaultError> {
        Ok(Begin {
            format: FORMAT.to_owned(),
            version: VERSION,
            keybearer: KEYBEARER.to_owned(),
            schema: self.store.migrations(),
            organization,
            name: organizations::name(tx, organization).await?,
            public_url: self.public_url.to_string(),
            connect_url: self.connect_url.to_string(),
            exported_at: rfc3339(self.clock.now()),
        })
    }

    async fn write_table<W: Write>(
        &self,
        tx: &mut Tx,
        table: &'static Table,
        organization: OrganizationId,
        lines: &mut LineWriter<W>,
    ) -> Result<(), VaultError> {
        let mut rows = portability::rows(tx, table, organization);
        while let Some(row) = rows.next().await {
            let mut cells = row?;
            self.open_cells(table, &mut cells).await?;
            lines.row(table, &cells)?;
        }
        Ok(())
    }

    /// Opens what is sealed in a row.
    async fn open_cells(&self, table: &'static Table, cells: &mut [Cell]) -> Result<(), VaultError> {
        if !table.columns().any(|(kind, _)| matches!(kind, Kind::Sealed | Kind::SealedForInstance)) {
            return Ok(());
        }
        let (row, application) = (text(table, cells, table.place()), text(table, cells, "application_id"));
        for ((kind, column), cell) in table.columns().zip(cells) {
            let Cell::Bytes(sealed) = cell else { continue };
            let place = Place { table: table.name, column, row: &row };
            match kind {
                Kind::Sealed if !sealed.expose().is_empty() => {
                    let application: ApplicationId =
                        application.parse().map_err(|e| internal("an application's id cannot be read", e))?;
                    *cell = Cell::Text(self.keyring.open(&self.store, application, place, sealed.expose()).await?);
                }
                Kind::SealedForInstance => {
                    *cell = Cell::Bytes(self.keyring.open_for_instance(place, sealed.expose())?);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn text(table: &'static Table, cells: &[Cell], wanted: &str) -> String {
    let cell = table.columns().zip(cells).find(|((_, name), _)| *name == wanted);
    match cell {
        Some((_, Cell::Text(text))) => text.expose().clone(),
        _ => String::new(),
    }
}
