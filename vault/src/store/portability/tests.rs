//! Whether the list of what travels says something of every table and column that there is.

use super::left_behind::{LEFT_OUT, NOT_EXPORTED};
use super::{Kind, TABLES, Table};
use crate::clock::Clock;
use crate::store::{Connection, Store};
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::BTreeSet;
use std::path::Path;

/// A column as the database has it: its name, its type, and its place in the primary key.
type Column = (String, String, i64);

async fn empty_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let store = Store::open(&url, Clock::manual(0), true).await.unwrap();
    store.migrate().await.unwrap();
    (folder, store)
}

async fn texts(db: &mut Connection, sql: String, column: &str) -> Vec<String> {
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(db).await.unwrap();
    rows.iter().map(|row| row.try_get(column).unwrap()).collect()
}

async fn tables(db: &mut Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'";
    texts(db, sql.to_owned(), "name").await
}

async fn columns(db: &mut Connection, table: &str) -> Vec<Column> {
    let sql = format!("SELECT name, type, pk FROM pragma_table_info('{table}')");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(db).await.unwrap();
    let column = |row: &sqlx::any::AnyRow| {
        (row.try_get("name").unwrap(), row.try_get("type").unwrap(), row.try_get("pk").unwrap())
    };
    rows.iter().map(column).collect()
}

#[tokio::test]
async fn every_table_travels_or_stays_behind_for_a_reason() {
    let (_folder, store) = empty_store().await;
    let there: BTreeSet<String> = tables(&mut store.connection().await.unwrap()).await.into_iter().collect();
    let named = TABLES.iter().map(|table| table.name).chain(NOT_EXPORTED.iter().map(|(name, _)| *name));
    let named: Vec<String> = named.map(str::to_owned).collect();
    let once: BTreeSet<String> = named.iter().cloned().collect();
    assert_eq!(once.len(), named.len(), "a table is named twice");
    assert_eq!(
        once, there,
        "name new tables in store/portability/tables.rs: in TABLES, or in left_behind.rs with the reason"
    );
    assert!(NOT_EXPORTED.iter().all(|(_, reason)| !reason.is_empty()));
}

#[tokio::test]
async fn every_column_of_a_table_that_travels_is_named_as_what_it_is() {
    let (_folder, store) = empty_store().await;
    let mut db = store.connection().await.unwrap();
    for table in TABLES {
        let there = columns(&mut db, table.name).await;
        let left_out = LEFT_OUT.iter().filter(|(name, ..)| *name == table.name);
        let left_out = left_out.flat_map(|(_, names, _)| names.split_ascii_whitespace());
        let named: Vec<&str> = table.columns().map(|(_, name)| name).chain(left_out).collect();
        let (once, all): (BTreeSet<&str>, BTreeSet<&str>) =
            (named.iter().copied().collect(), there.iter().map(|(name, ..)| name.as_str()).collect());
        assert_eq!(once.len(), named.len(), "a column of {} is named twice", table.name);
        assert_eq!(
            once, all,
            "{}: name new columns in store/portability/tables.rs, or in left_behind.rs with the reason",
            table.name
        );
        for (kind, column) in table.columns() {
            let (_, r#type, _) = there.iter().find(|(name, ..)| name == column).unwrap();
            let expected = match kind {
                Kind::Number => "BIGINT",
                Kind::Bytes | Kind::Sealed | Kind::SealedForInstance => "BYTEA",
                Kind::Text | Kind::Person | Kind::PersonOrOther | Kind::OfMembers => "TEXT",
            };
            assert_eq!(r#type, expected, "{}.{column}", table.name);
        }
        let mut key: Vec<&Column> = there.iter().filter(|(_, _, place)| *place > 0).collect();
        key.sort_by_key(|(_, _, place)| *place);
        assert_eq!(key.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), table.key, "{}", table.name);
    }
}

#[tokio::test]
async fn each_table_follows_those_that_it_refers_to_and_its_references_are_checked() {
    let (_folder, store) = empty_store().await;
    let mut db = store.connection().await.unwrap();
    for (at, table) in TABLES.iter().enumerate() {
        let sql = format!("SELECT \"from\" || ' ' || \"table\" AS line FROM pragma_foreign_key_list('{}')", table.name);
        for reference in texts(&mut db, sql, "line").await {
            let (column, parent) = reference.split_once(' ').unwrap();
            let (place, _) = Table::named(parent).expect(parent);
            assert!(place < at, "{} refers to {parent}, which comes later", table.name);
            let by_person = table.columns().any(|(kind, name)| name == column && kind == Kind::Person);
            let checked = by_person || table.scope.contains(column) || table.parents.contains(&(column, parent));
            assert!(checked, "nothing shows that {}.{column} is of the same organization", table.name);
        }
    }
}

#[test]
fn every_column_that_is_sealed_is_known_as_sealed() {
    let mut places = BTreeSet::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut places);
    assert!(places.len() > 10, "the search finds them: {places:?}");
    let stays = |table: &str| NOT_EXPORTED.iter().any(|(name, _)| *name == table);
    // What a form keeps is in no table.
    places.retain(|(table, _)| !stays(table) && table != "forms");
    let sealed = TABLES.iter().flat_map(|table| {
        let sealed = table.columns().filter(|(kind, _)| matches!(kind, Kind::Sealed | Kind::SealedForInstance));
        sealed.map(|(_, column)| (table.name.to_owned(), column.to_owned()))
    });
    assert_eq!(sealed.collect::<BTreeSet<_>>(), places);
}

/// The table and column of each `Place` that is written out.
fn gather(folder: &Path, places: &mut BTreeSet<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, places);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            for rest in source.split("Place { table: \"").skip(1) {
                let Some((table, rest)) = rest.split_once("\", column: \"") else { continue };
                let (column, _) = rest.split_once('"').unwrap();
                places.insert((table.to_owned(), column.to_owned()));
            }
        }
    }
}
