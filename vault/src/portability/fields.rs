//! A row as it stands in a file, read as the columns of its table.

use super::refused;
use crate::error::VaultError;
use crate::secret::Secret;
use crate::store::portability::{Cell, Kind, Table};
use data_encoding::BASE64;
use serde_json::{Map, Value};

/// A column with what stands in it. What is sealed in the database is not yet.
pub(super) type Field = (&'static str, Kind, Cell);

/// Reads a row. `complete`: no column of the table may be missing.
///
/// # Errors
/// [`VaultError::Invalid`] with the column, never with what stands in it.
pub(super) fn read(
    table: &'static Table,
    mut row: Map<String, Value>,
    complete: bool,
) -> Result<Vec<Field>, VaultError> {
    let mut fields = Vec::new();
    for (kind, name) in table.columns() {
        match row.remove(name) {
            Some(value) => fields.push((name, kind, cell(kind, value).ok_or_else(|| wrong(table, name))?)),
            None if complete => return Err(refused(format!("a row of {} has no {name}", table.name))),
            None => {}
        }
    }
    match row.keys().next() {
        Some(unknown) => Err(refused(format!("this program knows no {unknown:.60} in {}", table.name))),
        None => Ok(fields),
    }
}

/// What stands in a column, as text.
pub(super) fn text<'f>(fields: &'f [Field], name: &str) -> Option<&'f str> {
    match fields.iter().find(|(column, ..)| *column == name) {
        Some((_, _, Cell::Text(text))) => Some(text.expose()),
        _ => None,
    }
}

/// Whether something stands in a column.
pub(super) fn is_set(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|(column, _, cell)| *column == name && !matches!(cell, Cell::Null))
}

/// The id of a row in words: all of its key that is text.
pub(super) fn key(table: &Table, fields: &[Field]) -> String {
    let parts: Vec<&str> = table.key.iter().filter_map(|name| text(fields, name)).collect();
    parts.join(" ")
}

fn cell(kind: Kind, value: Value) -> Option<Cell> {
    let bytes = |text: String| BASE64.decode(Secret::new(text).expose().as_bytes()).ok();
    match (kind, value) {
        (_, Value::Null) => Some(Cell::Null),
        (Kind::Number, Value::Number(number)) => number.as_i64().map(Cell::Number),
        (Kind::Bytes | Kind::SealedForInstance, Value::String(text)) => {
            bytes(text).map(|b| Cell::Bytes(Secret::new(b)))
        }
        (Kind::Sealed, Value::Array(nothing)) if nothing.is_empty() => Some(Cell::Bytes(Secret::new(Vec::new()))),
        (Kind::Number | Kind::Bytes | Kind::SealedForInstance, _) => None,
        // PostgreSQL takes no NUL in a text.
        (_, Value::String(text)) if !text.contains('\0') => Some(Cell::Text(Secret::new(text))),
        _ => None,
    }
}

fn wrong(table: &Table, name: &str) -> VaultError {
    refused(format!("{name} of a row of {} is not what stands in such a column", table.name))
}
