//! The audit log as a file: read page by page, so that memory does not grow with it.

use super::Event;
use super::log::{Reader, asked, narrowed};
use super::names::Names;
use crate::Vault;
use crate::caller::{ApplicationCaller, MemberCaller};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::store::events::log::{Edge, Row};
use crate::text::csv_cell;
use model::events::EventFilter;
use model::people::Role;
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// Rows of one read.
const BATCH: i64 = 500;

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180), with a head.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl FromStr for ExportFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::JsonLines),
            _ => Err(()),
        }
    }
}

impl ExportFormat {
    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl",
        }
    }
}

const COLUMNS: [&str; 12] = [
    "id",
    "at",
    "type",
    "says",
    "outcome",
    "actor_kind",
    "actor_id",
    "actor",
    "target",
    "request_id",
    "detail",
    "personal",
];

/// An export under way. [`EventExport::next`] gives it piece by piece.
pub struct EventExport {
    vault: Vault,
    reader: Reader,
    filter: EventFilter,
    format: ExportFormat,
    names: Names,
    edge: Option<Edge>,
    begun: bool,
}

impl Vault {
    /// Exports an application's audit log, newest first. For admins and owners, since the whole log leaves the house.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`]; [`VaultError::Invalid`], when the filter cannot be read.
    pub async fn export_events(
        &self,
        caller: &ApplicationCaller,
        filter: EventFilter,
        format: ExportFormat,
    ) -> Result<EventExport, VaultError> {
        caller.require(Role::Admin)?;
        let event = Event::by(caller, "application.events_exported", caller.application);
        self.begin_export(Reader::within(caller), event, filter, format).await
    }

    /// Exports what happened in the organization outside its applications.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`]; [`VaultError::Invalid`], when the filter cannot be read.
    pub async fn export_organization_events(
        &self,
        member: &MemberCaller,
        filter: EventFilter,
        format: ExportFormat,
    ) -> Result<EventExport, VaultError> {
        let reader = Reader::of_organization(member)?;
        let event = Event::in_portal(member, "organization.events_exported", member.organization);
        self.begin_export(reader, event, filter, format).await
    }

    /// Who looked at the log stands in it before the first line leaves.
    async fn begin_export(
        &self,
        reader: Reader,
        event: Event,
        filter: EventFilter,
        format: ExportFormat,
    ) -> Result<EventExport, VaultError> {
        asked(&filter)?;
        let named: Map<String, Value> = filter
            .pairs()
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let mut tx = self.store.begin().await?;
        self.record(&mut tx, event.detail(json!({ "format": format.ending(), "filter": Value::Object(named) })))
            .await?;
        tx.commit().await?;
        let names = Names::of(&mut *self.store.connection().await?, reader).await?;
        let vault = self.clone();
        Ok(EventExport { vault, reader, filter, format, names, edge: Some(Edge::Newest), begun: false })
    }
}

impl EventExport {
    /// The next piece; `None` after the last. No connection is held in between, however slowly somebody reads.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<String>, VaultError> {
        let Some(edge) = self.edge else { return Ok(None) };
        let mut db = self.vault.store.connection().await?;
        let rows = narrowed(&mut db, self.reader.scope, &self.filter, edge, BATCH).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == BATCH);
        self.edge = rows.last().filter(|_| full).map(|row| Edge::OlderThan(row.created_at, row.id));
        let mut piece = String::new();
        if !self.begun && self.format == ExportFormat::Csv {
            piece.push_str(&COLUMNS.join(","));
            piece.push_str("\r\n");
        }
        self.begun = true;
        for row in &rows {
            let values = self.values(&mut db, row).await?;
            match self.format {
                ExportFormat::Csv => push_csv(&mut piece, &values),
                ExportFormat::JsonLines => push_json(&mut piece, &values),
            }
        }
        Ok(Some(piece))
    }

    async fn values(&mut self, db: &mut crate::store::Connection, row: &Row) -> Result<[Value; 12], VaultError> {
        let line = self.names.line(db, row).await?;
        let personal = row.personal.as_deref().filter(|_| self.reader.personal);
        Ok([
            json!(row.id),
            json!(rfc3339(row.created_at)),
            json!(row.r#type),
            json!(line.says),
            json!(row.outcome),
            json!(row.actor_kind),
            json!(row.actor_id),
            json!(line.actor.name),
            json!(row.target),
            json!(row.request_id),
            row.detail.clone(),
            personal.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null),
        ])
    }
}

fn push_json(piece: &mut String, values: &[Value; 12]) {
    let object: Map<String, Value> =
        COLUMNS.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    piece.push_str(&Value::Object(object).to_string());
    piece.push('\n');
}

fn push_csv(piece: &mut String, values: &[Value; 12]) {
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            piece.push(',');
        }
        piece.push_str(&cell(value));
    }
    piece.push_str("\r\n");
}

/// A quoted cell.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(fields) if fields.is_empty() => String::new(),
        other => other.to_string(),
    };
    csv_cell(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_and_no_formula() {
        for (value, expected) in [
            (json!("plain"), "\"plain\""),
            (json!("a \"word\", and\nmore"), "\"a \"\"word\"\", and\nmore\""),
            (json!("=HYPERLINK(\"http://evil.example\")"), "\"'=HYPERLINK(\"\"http://evil.example\"\")\""),
            (json!("+1"), "\"'+1\""),
            (json!("-1"), "\"'-1\""),
            (json!("@sum"), "\"'@sum\""),
            (json!("\t=1"), "\"'\t=1\""),
            (json!({ "a": 1 }), "\"{\"\"a\"\":1}\""),
            (json!({}), "\"\""),
            (Value::Null, "\"\""),
        ] {
            assert_eq!(cell(&value), expected);
        }
    }
}
