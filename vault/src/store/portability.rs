//! An organization's rows, whatever their table: one small engine over the list in [`tables`].

#[cfg(test)]
mod left_behind;
mod tables;
#[cfg(test)]
mod tests;

pub(crate) use tables::TABLES;

use super::{Connection, Result, Store, Tx};
use crate::secret::Secret;
use futures::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use model::ids::OrganizationId;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

/// A table that is exported.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Which rows are the organization's: a condition on `{t}`, with the organization's id as `$1`.
    scope: &'static str,
    /// The primary key. A sealed column is bound to its first column.
    pub(crate) key: &'static [&'static str],
    /// Names with spaces between them, by what they hold.
    columns: &'static [(Kind, &'static str)],
    /// Columns that name a row of another table, which must be the same organization's.
    parents: &'static [(&'static str, &'static str)],
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Bytes,
    /// Text under the data key of the row's application.
    Sealed,
    /// Bytes under the master key.
    SealedForInstance,
    /// The id of a person, who may be another one at the target.
    Person,
    /// The same, or something that is no person.
    PersonOrOther,
    /// Text of people who are members still; nothing of those who were.
    OfMembers,
}

/// What stands in a column.
pub(crate) enum Cell {
    Null,
    Text(Secret),
    Number(i64),
    Bytes(Secret<Vec<u8>>),
}

impl Table {
    /// A table by its name.
    pub(crate) fn named(name: &str) -> Option<(usize, &'static Self)> {
        TABLES.iter().enumerate().find(|(_, table)| table.name == name)
    }

    /// The columns in order.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (Kind, &'static str)> {
        self.columns.iter().flat_map(|(kind, names)| names.split_ascii_whitespace().map(|name| (*kind, name)))
    }

    /// The first column of the primary key, to which what is sealed is bound.
    pub(crate) fn place(&self) -> &'static str {
        self.key.first().copied().unwrap_or("id")
    }

    fn within(&self, alias: &str) -> String {
        self.scope.replace("{t}", alias)
    }
}

impl Store {
    /// Begins a transaction that reads everything as it was at one moment.
    pub(crate) async fn begin_snapshot(&self) -> Result<Tx> {
        let mut tx = self.pool.begin().await?;
        if self.kind == super::Kind::Postgres {
            sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(&mut *tx).await?;
        }
        Ok(tx)
    }

    /// The migrations that this program knows of.
    pub(crate) fn migrations(&self) -> Vec<i64> {
        super::migrations::migrator(self.bytewise()).iter().map(|migration| migration.version).collect()
    }
}

/// The organization's rows of a table in the order of its key, one after the other: memory does not grow with them.
pub(crate) fn rows<'c>(
    db: &'c mut Connection,
    table: &'static Table,
    of: OrganizationId,
) -> BoxStream<'c, Result<Vec<Cell>>> {
    let columns: Vec<String> = table.columns().map(|(kind, name)| reading(kind, name)).collect();
    let key: Vec<String> = table.key.iter().map(|name| format!("t.{name}")).collect();
    let (columns, name, scope, key) = (columns.join(", "), table.name, table.within("t"), key.join(", "));
    let sql = format!("SELECT {columns} FROM {name} t WHERE {scope} ORDER BY {key}");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(of.to_string()).fetch(db);
    rows.and_then(async |row| cells(table, &row)).boxed()
}

fn reading(kind: Kind, name: &str) -> String {
    match kind {
        Kind::OfMembers => format!(
            "CASE WHEN EXISTS (SELECT 1 FROM members m WHERE m.person_id = t.id AND m.organization_id = $1 \
             AND m.removed_at IS NULL) THEN t.{name} END AS {name}"
        ),
        _ => format!("t.{name}"),
    }
}

fn cells(table: &Table, row: &AnyRow) -> Result<Vec<Cell>> {
    let cell = |(kind, name): (Kind, &'static str)| {
        Ok(match kind {
            Kind::Number => row.try_get::<Option<i64>, _>(name)?.map_or(Cell::Null, Cell::Number),
            Kind::Bytes | Kind::Sealed | Kind::SealedForInstance => {
                row.try_get::<Option<Vec<u8>>, _>(name)?.map_or(Cell::Null, |bytes| Cell::Bytes(Secret::new(bytes)))
            }
            Kind::Text | Kind::Person | Kind::PersonOrOther | Kind::OfMembers => {
                row.try_get::<Option<String>, _>(name)?.map_or(Cell::Null, |text| Cell::Text(Secret::new(text)))
            }
        })
    };
    table.columns().map(cell).collect()
}

/// How many rows of a table are the organization's.
pub(crate) async fn count(db: &mut Connection, table: &'static Table, of: OrganizationId) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) AS counted FROM {} t WHERE {}", table.name, table.within("t"));
    sqlx::query(AssertSqlSafe(sql)).bind(of.to_string()).fetch_one(db).await?.try_get("counted")
}

/// Writes a row. Columns that are not named get their defaults.
pub(crate) async fn insert(db: &mut Connection, table: &Table, row: &[(&'static str, Kind, Cell)]) -> Result<()> {
    let names: Vec<&str> = row.iter().map(|(name, ..)| *name).collect();
    let places: Vec<String> = (1..=row.len()).map(|at| format!("${at}")).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), places.join(", "));
    let query = row.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, (_, kind, cell)| match (kind, cell) {
        (_, Cell::Number(number)) => query.bind(*number),
        (_, Cell::Text(text)) => query.bind(text.expose().as_str()),
        (_, Cell::Bytes(bytes)) => query.bind(bytes.expose().as_slice()),
        (Kind::Number, Cell::Null) => query.bind(None::<i64>),
        (Kind::Bytes | Kind::Sealed | Kind::SealedForInstance, Cell::Null) => query.bind(None::<Vec<u8>>),
        (Kind::Text | Kind::Person | Kind::PersonOrOther | Kind::OfMembers, Cell::Null) => query.bind(None::<String>),
    });
    query.execute(db).await.map(drop)
}

/// Whether a row with this key is there; `key` is in the order of the table's.
pub(crate) async fn is_there(db: &mut Connection, table: &Table, key: &[&Cell]) -> Result<bool> {
    let fits: Vec<String> = table.key.iter().zip(1..).map(|(name, at)| format!("{name} = ${at}")).collect();
    let sql = format!("SELECT 1 AS found FROM {} WHERE {}", table.name, fits.join(" AND "));
    let query = key.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, cell| match cell {
        Cell::Null => query.bind(None::<String>),
        Cell::Text(text) => query.bind(text.expose().as_str()),
        Cell::Number(number) => query.bind(*number),
        Cell::Bytes(bytes) => query.bind(bytes.expose().as_slice()),
    });
    Ok(query.fetch_optional(db).await?.is_some())
}

/// A column by which a row of the organization names one that is not the organization's, if there is any.
pub(crate) async fn stray(
    db: &mut Connection,
    table: &'static Table,
    of: OrganizationId,
) -> Result<Option<&'static str>> {
    for (column, parent) in table.parents {
        let Some((_, parent)) = Table::named(parent) else { return Ok(Some(column)) };
        let (name, scope) = (table.name, table.within("t"));
        let (of_parent, key, parent) = (parent.within("p"), parent.place(), parent.name);
        let sql = format!(
            "SELECT 1 AS found FROM {name} t WHERE {scope} AND t.{column} IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM {parent} p WHERE p.{key} = t.{column} AND {of_parent}) LIMIT 1"
        );
        if sqlx::query(AssertSqlSafe(sql)).bind(of.to_string()).fetch_optional(&mut *db).await?.is_some() {
            return Ok(Some(column));
        }
    }
    Ok(None)
}
