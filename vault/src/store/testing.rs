//! For tests that look at a database beside the servers that work on it: what stands there, and how to be in their way.

#![expect(clippy::unwrap_used, reason = "test support fails loudly")]

pub(crate) mod bulk;

use super::parsed;
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::{ConnectedAccountId, EventId};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _, Row as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A connected account as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// Its id.
    pub id: ConnectedAccountId,
    /// What it is.
    pub status: ConnectedAccountStatus,
    /// Why, as a code.
    pub status_reason: Option<String>,
    /// What it stands on.
    pub token_set: String,
    /// How many answers were kept: 1 after the consent, and one more for each refresh.
    pub version: i64,
    /// Whether an answer waits that fitted no version.
    pub has_spare: bool,
    /// Token calls whose end is not known.
    pub open_intents: i64,
}

/// A connection that sees all of a database, like an operator with a shell.
pub struct Onlooker(AnyConnection);

impl Onlooker {
    /// Looks at the database of an address as servers are given it.
    pub async fn at(database_url: &str) -> Self {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(database_url).await.unwrap();
        if database_url.starts_with("sqlite:") {
            connection.execute("PRAGMA busy_timeout = 10000").await.unwrap();
        }
        Self(connection)
    }

    /// Every connected account, oldest first.
    pub async fn accounts(&mut self) -> Vec<StoredAccount> {
        let sql = "SELECT a.id, a.status, a.status_reason, a.token_set_id, t.version, t.spare, \
                   (SELECT COUNT(*) FROM intents i WHERE i.token_set_id = t.id AND i.closed_at IS NULL) AS open_intents \
                   FROM connected_accounts a JOIN token_sets t ON t.id = a.token_set_id ORDER BY a.id";
        let rows = sqlx::query(sql).fetch_all(&mut self.0).await.unwrap();
        let accounts = rows.iter().map(|row| StoredAccount {
            id: parsed(row, "id").unwrap(),
            status: parsed(row, "status").unwrap(),
            status_reason: row.try_get("status_reason").unwrap(),
            token_set: row.try_get("token_set_id").unwrap(),
            version: row.try_get("version").unwrap(),
            has_spare: row.try_get::<Option<Vec<u8>>, _>("spare").unwrap().is_some(),
            open_intents: row.try_get("open_intents").unwrap(),
        });
        accounts.collect()
    }

    /// How many token reads each transaction wrote after an event; moves on to the last one.
    pub async fn read_batches(&mut self, after: &mut EventId) -> Vec<i64> {
        let sql = "SELECT id, lines FROM events WHERE lines IS NOT NULL AND id > $1 ORDER BY id";
        let rows = sqlx::query(sql).bind(after.to_string()).fetch_all(&mut self.0).await.unwrap();
        *after = rows.last().map_or(*after, |row| parsed(row, "id").unwrap());
        rows.iter().map(|row| row.try_get("lines").unwrap()).collect()
    }

    /// Every text that stands in the database, with its table's name; numbers and bytes are left out.
    pub async fn texts(&mut self) -> Vec<(String, String)> {
        let tables = if self.0.backend_name() == "SQLite" {
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        } else {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public'"
        };
        let mut texts = Vec::new();
        for table in sqlx::query(tables).fetch_all(&mut self.0).await.unwrap() {
            let table: String = table.try_get("name").unwrap();
            let sql = if self.0.backend_name() == "SQLite" {
                // Each row as the texts of its columns, by SQLite's own quoting.
                let columns = sqlx::query(AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')")));
                let columns = columns.fetch_all(&mut self.0).await.unwrap();
                let quoted = columns.iter().map(|c| format!("quote(\"{}\")", c.try_get::<String, _>("name").unwrap()));
                format!("SELECT {} AS line FROM \"{table}\"", quoted.collect::<Vec<_>>().join(" || ' ' || "))
            } else {
                format!("SELECT CAST(t.* AS TEXT) AS line FROM \"{table}\" t")
            };
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.0).await.unwrap();
            texts.extend(rows.iter().map(|row| (table.clone(), row.try_get("line").unwrap())));
        }
        texts
    }

    /// The `count` of a statement.
    pub async fn counted(&mut self, sql: &'static str) -> i64 {
        sqlx::query(sql).fetch_one(&mut self.0).await.unwrap().try_get("count").unwrap()
    }

    /// What stands there of each idempotency key, the sealed answer as it is.
    pub async fn idempotency_keys(&mut self) -> Vec<String> {
        let sql = "SELECT application_id, key, request_hash, response_sealed FROM idempotency_keys";
        let rows = sqlx::query(sql).fetch_all(&mut self.0).await.unwrap();
        let text = |row: &sqlx::any::AnyRow, column: &str| {
            let bytes = row.try_get::<Option<Vec<u8>>, _>(column).unwrap().unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let all = rows.iter().map(|row| {
            let (application, key): (String, String) =
                (row.try_get("application_id").unwrap(), row.try_get("key").unwrap());
            format!("{application} {key} {} {}", text(row, "request_hash"), text(row, "response_sealed"))
        });
        all.collect()
    }

    /// Runs a statement, for states that take long to come to.
    pub async fn run(&mut self, sql: &'static str) {
        self.0.execute(sql).await.unwrap();
    }

    /// How many rows a table has.
    pub async fn count(&mut self, table: &'static str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) AS rows_there FROM {table}"));
        sqlx::query(sql).fetch_one(&mut self.0).await.unwrap().try_get("rows_there").unwrap()
    }

    /// Ends every lease, as if its time were over by the database's clock, and makes attempts that are under way a minute
    /// older: holders that died or stand still do not know.
    pub async fn lapse(&mut self) {
        for sql in [
            "UPDATE token_sets SET lease_expires_at = 0 WHERE lease_expires_at IS NOT NULL",
            "UPDATE intents SET lease_expires_at = 0 WHERE closed_at IS NULL AND lease_expires_at IS NOT NULL",
            "UPDATE idempotency_keys SET lease_expires_at = 0 WHERE lease_expires_at IS NOT NULL",
            "UPDATE bulk_revocations SET lease_expires_at = 0 WHERE lease_expires_at IS NOT NULL",
            "UPDATE attempts SET used_at = used_at - 60000 WHERE finished_at IS NULL AND used_at IS NOT NULL",
        ] {
            self.0.execute(sql).await.unwrap();
        }
    }

    /// Cuts every other connection to the database, as a restart of its server does. SQLite has none to cut.
    pub async fn cut_connections(&mut self) {
        if self.0.backend_name() != "SQLite" {
            let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            self.0.execute(sql).await.unwrap();
        }
    }

    /// Lets nobody else write tokens or intents until [`Onlooker::unblock`].
    pub async fn block_writes(&mut self) {
        if self.0.backend_name() == "SQLite" {
            self.0.execute("BEGIN IMMEDIATE").await.unwrap();
        } else {
            self.0.execute("BEGIN").await.unwrap();
            self.0.execute("LOCK TABLE token_sets, intents IN EXCLUSIVE MODE").await.unwrap();
        }
    }

    /// Takes back [`Onlooker::block_writes`].
    pub async fn unblock(&mut self) {
        self.0.execute("ROLLBACK").await.unwrap();
    }
}

/// The databases of this process's tests, each with the folder that its test has.
static MADE: Mutex<Vec<(PathBuf, String)>> = Mutex::new(Vec::new());

/// Makes an empty database beside the one that `server` names, for a test with this folder, and gives its address. Those
/// of tests whose folder is gone go too: hundreds of databases are gigabytes.
pub async fn make_database(server: &str, folder: &Path) -> String {
    sqlx::any::install_default_drivers();
    let name = format!("test_{}", crate::random::base62_digits(16).unwrap().expose().to_lowercase());
    let over: Vec<_> = {
        let mut made = MADE.lock().unwrap();
        made.push((folder.to_owned(), name.clone()));
        made.extract_if(.., |(folder, _)| !folder.exists()).collect()
    };
    let mut connection = AnyConnection::connect(server).await.unwrap();
    for (_, name) in over {
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    url.into()
}

/// Gives a table another name, so that whoever needs it fails.
pub(crate) async fn rename_table(database: &str, from: &str, to: &str) {
    let mut connection = AnyConnection::connect(database).await.unwrap();
    connection.execute(AssertSqlSafe(format!("ALTER TABLE {from} RENAME TO {to}"))).await.unwrap();
}
