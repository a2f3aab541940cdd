//! Columns, read as what they mean.

use super::Result;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::str::FromStr;

/// A column as text that has a meaning: an id or a state.
pub(super) fn parsed<T: FromStr>(row: &AnyRow, column: &str) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.try_get::<String, _>(column)?.parse().map_err(|e: T::Err| decode(column, e))
}

pub(super) fn parsed_option<T: FromStr>(row: &AnyRow, column: &str) -> Result<Option<T>>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text = row.try_get::<Option<String>, _>(column)?;
    text.map(|t| t.parse().map_err(|e: T::Err| decode(column, e))).transpose()
}

/// A column of words with spaces between them.
pub(super) fn words(row: &AnyRow, column: &str) -> Result<Vec<String>> {
    Ok(row.try_get::<String, _>(column)?.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect())
}

/// A column of JSON.
pub(super) fn json<T: serde::de::DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T> {
    serde_json::from_str(&row.try_get::<String, _>(column)?).map_err(|e| decode(column, e))
}

fn decode(column: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: source.into() }
}
