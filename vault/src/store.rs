//! Storage: one implementation over `sqlx::Any` for SQLite and PostgreSQL, and the one place that knows which it is.
//!
//! The portable subset: columns are TEXT, BIGINT and BYTEA; placeholders are `$1`; nothing else is bound than `i64`,
//! text and bytes. Each file below holds one table's row and its statements.

pub(crate) mod api_keys;
pub(crate) mod applications;
pub(crate) mod attempts;
pub(crate) mod authenticators;
pub(crate) mod branding;
pub(crate) mod bulk_revocations;
pub(crate) mod clients;
mod columns;
pub(crate) mod connect_sessions;
pub(crate) mod connected_accounts;
pub(crate) mod connection_tests;
pub(crate) mod custom_providers;
pub(crate) mod data_keys;
pub(crate) mod deliveries;
pub(crate) mod end_users;
pub(crate) mod erasure;
pub(crate) mod event_chains;
pub(crate) mod events;
mod failures;
pub(crate) mod figures;
pub(crate) mod idempotency_keys;
pub(crate) mod instance;
pub(crate) mod intents;
pub(crate) mod invitations;
mod kept_connections;
pub(crate) mod last_use;
pub(crate) mod logos;
pub(crate) mod manage_links;
pub(crate) mod master_keys;
pub(crate) mod members;
mod migrations;
pub(crate) mod organizations;
pub(crate) mod passkeys;
pub(crate) mod password_resets;
pub(crate) mod people;
pub(crate) mod portability;
pub(crate) mod portal_sessions;
pub(crate) mod provider_configs;
pub(crate) mod provider_events;
pub(crate) mod recovery_codes;
pub(crate) mod retention;
pub(crate) mod scope_sets;
pub(crate) mod sent_forms;
#[cfg(feature = "testing")]
pub(crate) mod testing;
pub(crate) mod throttles;
pub(crate) mod token_reads;
pub(crate) mod token_sets;
pub(crate) mod webhook_endpoints;

use crate::clock::{Clock, Millis};
use crate::error::{VaultError, internal};
use columns::{json, parsed, parsed_option, words};
pub(crate) use failures::{is_away, is_taken, is_unfit};
use kept_connections::KeptConnections;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor, Row};
use std::time::Duration;
use token_reads::TokenReads;

/// What statements run on: a connection, or a transaction, which is one.
pub(crate) type Connection = AnyConnection;
/// A transaction; nothing is kept until `commit`.
pub(crate) type Tx = sqlx::Transaction<'static, sqlx::Any>;
/// A statement whose places are being filled.
pub(crate) type Statement<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;
/// What a statement can fail with.
pub(crate) type StoreError = sqlx::Error;
/// What a statement ends with.
pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// The database.
#[derive(Clone)]
pub(crate) struct Store {
    pool: AnyPool,
    pub(crate) token_reads: TokenReads,
    /// For the lines that token reads leave in the audit log, which one task writes.
    line_writer: KeptConnections,
    kind: Kind,
    clock: Clock,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Store {
    /// Opens the database at `sqlite:…` or `postgres://…`, and makes the file if there is none.
    ///
    /// # Errors
    /// [`VaultError::Settings`], when it cannot be reached or would lose what it has committed.
    pub(crate) async fn open(
        url: &str,
        clock: Clock,
        unsafe_durability: bool,
    ) -> std::result::Result<Self, VaultError> {
        sqlx::any::install_default_drivers();
        let kind = kind(url)?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // More readers than are busy at once make each other wait: a read's p99 with a million accounts was twice as high
        // with a few more. SQLite works on this machine's cores alone.
        let (url, most, readers) = match kind {
            Kind::Sqlite => (sqlite_url(url)?, 8, cores + 1),
            Kind::Postgres => (url.to_owned(), 16, 2 * cores + 1),
        };
        let options = AnyPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(move |connection, _| Box::pin(async move { set_up(kind, connection).await }));
        let pool = match options.connect(&url).await {
            Ok(pool) => pool,
            Err(StoreError::PoolTimedOut) => {
                // The pool keeps to itself what it has waited for.
                let why = AnyConnection::connect(&url).await.err();
                return Err(cannot_open(&why.unwrap_or(StoreError::PoolTimedOut)));
            }
            Err(error) => return Err(cannot_open(&error)),
        };
        let token_reads = TokenReads::new(KeptConnections::new(pool.clone(), readers), readers, kind == Kind::Postgres);
        let line_writer = KeptConnections::new(pool.clone(), 1);
        let store = Self { pool, token_reads, line_writer, kind, clock };
        if kind == Kind::Postgres && !unsafe_durability {
            store.check_durability().await?;
        }
        Ok(store)
    }

    /// Brings the tables up to date.
    ///
    /// # Errors
    /// When a migration fails or the database is newer than this program.
    pub(crate) async fn migrate(&self) -> std::result::Result<(), VaultError> {
        let migrator = migrations::migrator(self.bytewise());
        // Migrating takes a lock that belongs to a session, which a pooler in transaction mode may hand to somebody else:
        // not for nothing.
        if self.newest_migration().await == migrator.iter().map(|m| m.version).max() {
            return Ok(());
        }
        let migrated = migrator.run(&self.pool).await;
        migrated.map_err(|e| internal("cannot bring the database up to date", e))
    }

    /// `None` in an empty database.
    async fn newest_migration(&self) -> Option<i64> {
        let sql = "SELECT CAST(MAX(version) AS BIGINT) AS version FROM _sqlx_migrations WHERE success";
        let row = sqlx::query(sql).fetch_one(&mut *self.connection().await.ok()?).await.ok()?;
        row.try_get("version").ok()
    }

    /// Waits for what is under way and closes.
    pub(crate) async fn close(&self) {
        self.token_reads.connections.close().await;
        self.line_writer.close().await;
        self.pool.close().await;
    }

    pub(crate) async fn connection(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Any>> {
        self.pool.acquire().await
    }

    /// Begins a transaction that may write. SQLite takes the write lock at once: taking it later can fail.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        match self.kind {
            Kind::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await,
            Kind::Postgres => self.pool.begin().await,
        }
    }

    /// Begins a transaction for a page of a list. PostgreSQL is told to follow indexes: by its guesses of how much a search
    /// finds it would read whole tables, or start workers that take longer than the page.
    pub(crate) async fn begin_page(&self) -> Result<Tx> {
        let mut tx = self.pool.begin().await?;
        if self.kind == Kind::Postgres {
            let sql = "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), \
                       set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)";
            sqlx::query(sql).execute(&mut *tx).await?;
        }
        Ok(tx)
    }

    /// Puts the database's own clock in the place of `{now}`, in unix milliseconds. A manual clock's time is written
    /// out instead, so that tests decide.
    pub(crate) fn with_now(&self, sql: &str) -> AssertSqlSafe<String> {
        let now = match (self.clock.bound(), self.kind) {
            (Some(at), _) => format!("CAST({at} AS BIGINT)"),
            (None, Kind::Sqlite) => "CAST(unixepoch('subsec') * 1000 AS BIGINT)".to_owned(),
            (None, Kind::Postgres) => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)".to_owned(),
        };
        AssertSqlSafe(sql.replace("{now}", &now))
    }

    /// What makes text compare by its bytes, behind an expression: SQLite does so by itself.
    pub(crate) fn bytewise(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "",
            Kind::Postgres => " COLLATE \"C\"",
        }
    }

    /// A connection for lines of the audit log, where one statement may write to two tables.
    pub(crate) fn line_writer(&self) -> Option<&KeptConnections> {
        (self.kind == Kind::Postgres).then_some(&self.line_writer)
    }

    /// How far this machine's clock is ahead of the database's, in milliseconds.
    pub(crate) async fn clock_skew(&self, now: Millis) -> Result<Millis> {
        let mut connection = self.connection().await?;
        let row = sqlx::query(self.with_now("SELECT {now} AS at")).fetch_one(&mut *connection).await?;
        Ok(now - row.try_get::<i64, _>("at")?)
    }

    async fn check_durability(&self) -> std::result::Result<(), VaultError> {
        for setting in ["fsync", "synchronous_commit"] {
            let sql = AssertSqlSafe(format!("SELECT current_setting('{setting}') AS value"));
            let row = sqlx::query(sql).fetch_one(&mut *self.connection().await?).await?;
            if row.try_get::<String, _>("value")? == "off" {
                return Err(VaultError::Settings(format!(
                    "PostgreSQL runs with {setting}=off: a crash would lose refresh tokens that cannot be had again. \
                     Switch it on, or set KEYBEARER_UNSAFE_DURABILITY=1 for a database that holds nothing of worth."
                )));
            }
        }
        Ok(())
    }
}

fn kind(url: &str) -> std::result::Result<Kind, VaultError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => Ok(Kind::Sqlite),
        Some(("postgres" | "postgresql", _)) => Ok(Kind::Postgres),
        _ => Err(VaultError::Settings("KEYBEARER_DATABASE_URL must begin with sqlite: or postgres://".into())),
    }
}

fn sqlite_url(url: &str) -> std::result::Result<String, VaultError> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() || path.contains(":memory:") {
        return Err(VaultError::Settings("KEYBEARER_DATABASE_URL must name a file: sqlite:data/keybearer.db".into()));
    }
    if let Some(folder) = std::path::Path::new(path).parent() {
        std::fs::create_dir_all(folder).map_err(|e| {
            VaultError::Settings(format!("cannot make the folder {} for the database: {e}", folder.display()))
        })?;
    }
    make_private(path).map_err(|e| VaultError::Settings(format!("cannot make the database {path}: {e}")))?;
    Ok(format!("sqlite:{path}?mode=rwc"))
}

/// The file is for its owner alone, and SQLite gives its log the same mode.
fn make_private(path: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// FULL, since a refresh token that was rotated and then lost with the power cannot be had again.
async fn set_up(kind: Kind, connection: &mut AnyConnection) -> Result<()> {
    if kind == Kind::Sqlite {
        // What is erased is overwritten, so that the file does not hold it either.
        let erasing = "secure_delete = ON";
        for pragma in ["busy_timeout = 10000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", erasing]
        {
            connection.execute(AssertSqlSafe(format!("PRAGMA {pragma}"))).await?;
        }
    }
    Ok(())
}

fn cannot_open(error: &sqlx::Error) -> VaultError {
    VaultError::Settings(format!("cannot open the database: {}", crate::error::chain(error)))
}
