//! Reads an organization in: in one transaction, which is only committed once the whole file has turned out to be whole.

use super::fields::{self, Field};
use super::lines::{Line, LineReader, Rows};
use super::people::People;
use super::report::{Gathered, Imported};
use super::seal::Identities;
use super::{Begin, End, FORMAT, KEYBEARER, VERSION, refused};
use crate::Vault;
use crate::caller::Actor;
use crate::error::{VaultError, internal};
use crate::events::Event;
use crate::keyring::{FreshKey, Place};
use crate::secret::Secret;
use crate::store::portability::{self, Cell, Kind, TABLES, Table};
use crate::store::{Tx, data_keys, instance, is_taken, is_unfit, organizations};
use model::ids::ApplicationId;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::BufRead;

/// Whether an import is for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importing {
    /// The file is read and compared with what is here, and nothing is written.
    Check,
    /// The organization lives here from now on. Its source must be off: of two that refresh the same tokens, each loses
    /// connections to the other.
    SourceIsOff,
}

/// The first line, as far as any version of the format has it.
#[derive(Deserialize)]
struct AnyBegin {
    format: String,
    version: u32,
    keybearer: String,
    schema: Vec<i64>,
}

/// An import under way.
struct Import<'v> {
    vault: &'v Vault,
    tx: Tx,
    writes: bool,
    begin: Begin,
    /// Whether the file comes from the same tables, so that no column may be missing.
    complete: bool,
    /// The place of the table whose rows are being read.
    table: usize,
    rows: Rows,
    people: People,
    keys: HashMap<String, FreshKey>,
    gathered: Gathered,
}

impl Vault {
    /// Reads an organization from an export. Everything is sealed anew for this database, and ids stay as they are.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the file is cut off, changed, sealed for somebody else or of a newer program, when
    /// anything of it is here already, or when this database is in quarantine. Nothing was changed then.
    pub async fn import_organization_from_command_line(
        &self,
        identities: &Identities,
        input: impl BufRead + Send,
        importing: Importing,
    ) -> Result<Imported, VaultError> {
        if self.is_quarantined() {
            return Err(refused("this database is in quarantine; see to that first: keybearer instance show"));
        }
        let mut lines = LineReader::new(identities.open(input)?);
        let known = self.store.migrations();
        let begin = read_begin(lines.begin()?, &known)?;
        let writes = importing == Importing::SourceIsOff;
        let tx = if writes { self.store.begin().await? } else { self.store.begin_snapshot().await? };
        let mut import = Import {
            vault: self,
            tx,
            writes,
            complete: known.iter().all(|migration| begin.schema.contains(migration)),
            begin,
            table: 0,
            rows: Rows::new(),
            people: People::default(),
            keys: HashMap::new(),
            gathered: Gathered::default(),
        };
        if organizations::exists(&mut import.tx, import.begin.organization).await? {
            return Err(refused(format!("{} is here already; nothing was changed", import.begin.organization)));
        }
        loop {
            match lines.next()? {
                Line::Row { table, row } => import.row(&table, row).await?,
                Line::End(end) => return import.end(end).await,
            }
        }
    }
}

fn read_begin(line: &[u8], known: &[i64]) -> Result<Begin, VaultError> {
    let none = || refused("the file is no exported organization: its first line is not one");
    let any: AnyBegin = serde_json::from_slice(line).map_err(|_| none())?;
    if any.format != FORMAT {
        return Err(none());
    }
    if any.version > VERSION || any.schema.iter().any(|migration| !known.contains(migration)) {
        return Err(refused(format!(
            "the file is of a newer Keybearer than this one ({KEYBEARER}): import it with {:.30} or newer",
            any.keybearer
        )));
    }
    serde_json::from_slice(line).map_err(|_| none())
}

impl Import<'_> {
    async fn row(&mut self, table: &str, row: Map<String, Value>) -> Result<(), VaultError> {
        let Some((at, table)) = Table::named(table) else {
            return Err(refused(format!("this program knows no table {table:.60}")));
        };
        if at < self.table {
            return Err(refused(format!("a row of {} stands where none belongs", table.name)));
        }
        if self.rows.is_empty() != (table.name == "organizations") {
            return Err(refused("the rows of the file do not begin with its one organization"));
        }
        self.table = at;
        let mut fields = fields::read(table, row, self.complete)?;
        *self.rows.entry(table.name.to_owned()).or_default() += 1;
        self.gathered.row(table.name, &fields);
        let comes = match table.name {
            "people" => self.people.meet(&mut self.tx, &fields).await?,
            _ => self.people.translate(table.name, &mut fields)?,
        };
        if !comes {
            return Ok(());
        }
        if table.name == "members" {
            self.people.keep_first_membership(&mut fields);
        }
        if self.writes { self.write(table, fields).await } else { self.compare(table, &fields).await }
    }

    /// Whether the row could be written, as far as its key tells.
    async fn compare(&mut self, table: &'static Table, fields: &[Field]) -> Result<(), VaultError> {
        let cell = |name: &&str| fields.iter().find(|(column, ..)| column == name).map(|(_, _, cell)| cell);
        let key: Vec<&Cell> = table.key.iter().filter_map(cell).collect();
        let whole = key.len() == table.key.len();
        if whole && portability::is_there(&mut self.tx, table, &key).await? {
            return Err(is_here(table, fields));
        }
        Ok(())
    }

    async fn write(&mut self, table: &'static Table, mut fields: Vec<Field>) -> Result<(), VaultError> {
        self.seal(table, &mut fields)?;
        let written = portability::insert(&mut self.tx, table, &fields).await;
        written.map_err(|error| match () {
            () if is_taken(&error) => is_here(table, &fields),
            () if is_unfit(&error) => {
                refused(format!("the file was changed: a row of {} lacks what it refers to, or is none", table.name))
            }
            () => internal(&format!("a row of {} cannot be written", table.name), error),
        })?;
        if table.name == "applications" {
            self.add_key(fields::text(&fields, "id").unwrap_or_default()).await?;
        }
        Ok(())
    }

    /// Each application has a data key of its own here.
    async fn add_key(&mut self, application: &str) -> Result<(), VaultError> {
        let id: ApplicationId = application.parse().map_err(|_| refused("an application's id in the file is none"))?;
        let key = self.vault.keyring.fresh_key(id)?;
        data_keys::insert(&mut self.tx, &key.row, self.vault.clock.now()).await?;
        self.keys.insert(application.to_owned(), key);
        Ok(())
    }

    /// Seals what is sealed in this table, for its place.
    fn seal(&self, table: &'static Table, fields: &mut [Field]) -> Result<(), VaultError> {
        let named = |name| fields::text(fields, name).unwrap_or_default().to_owned();
        let (row, application) = (named(table.place()), named("application_id"));
        for (column, kind, cell) in fields.iter_mut() {
            let place = Place { table: table.name, column, row: &row };
            let sealed = match (kind, &*cell) {
                (Kind::Sealed, Cell::Text(plain)) => {
                    let key = self.keys.get(&application);
                    let key = key
                        .ok_or_else(|| refused(format!("a row of {} is of no application in the file", table.name)))?;
                    key.seal(place, plain.expose())?
                }
                (Kind::SealedForInstance, Cell::Bytes(plain)) => {
                    self.vault.keyring.seal_for_instance(place, plain.expose())?
                }
                _ => continue,
            };
            *cell = Cell::Bytes(Secret::new(sealed));
        }
        Ok(())
    }

    /// The whole file has been read, and its end fits the lines before it.
    async fn end(mut self, end: End) -> Result<Imported, VaultError> {
        if self.rows != end.rows || self.rows.is_empty() {
            return Err(refused("the file was changed: it does not have the rows that its end states"));
        }
        if self.writes {
            self.check_tenancy(&end.rows).await?;
            let organization = self.begin.organization;
            let event = Event::of_organization(organization, Actor::CommandLine, "organization.imported", organization);
            let event = event.detail(json!({
                "from": self.begin.public_url,
                "exported_at": self.begin.exported_at,
                "keybearer": self.begin.keybearer,
                "rows": end.rows,
                "sha256": end.sha256,
            }));
            self.vault.record(&mut self.tx, event).await?;
            // Whoever runs this has given it an owner: nobody founds it any more.
            instance::found(&mut self.tx, self.vault.clock.now()).await?;
        }
        let Self { vault, tx, writes, begin, people, gathered, .. } = self;
        if writes {
            tx.commit().await?
        } else {
            tx.rollback().await?
        }
        Ok(gathered.report(vault, begin, end, &people, writes))
    }

    /// Anybody can seal a file for a public key. Whatever it says, its rows are this one organization's, and name no others.
    async fn check_tenancy(&mut self, rows: &Rows) -> Result<(), VaultError> {
        let organization = self.begin.organization;
        for table in TABLES {
            let expected = rows.get(table.name).copied().unwrap_or_default();
            let there = portability::count(&mut self.tx, table, organization).await?;
            let all = People::own(table.name) || u64::try_from(there) == Ok(expected);
            let stray = portability::stray(&mut self.tx, table, organization).await?;
            if !all || stray.is_some() {
                let what = stray.map(|column| format!(" ({column})")).unwrap_or_default();
                return Err(refused(format!("rows of {}{what} in the file are of another organization", table.name)));
            }
        }
        Ok(())
    }
}

fn is_here(table: &Table, fields: &[Field]) -> VaultError {
    let id = fields::key(table, fields);
    refused(format!("{id} ({}) is here already: an organization is imported once, where nothing of it is", table.name))
}
