//! Rows by the thousand, and single statements without anything around them: what benchmarks stand on.

#![expect(clippy::unwrap_used, reason = "test support fails loudly")]

use super::super::{Connection, Result, Store, scope_sets, token_reads};
use crate::clock::{Clock, DAY, Millis};
use sqlx::{AssertSqlSafe, Row as _};

/// Twenty-six digits of a number: they make a valid id that anybody can name.
macro_rules! digits {
    () => {
        "substr('00000000000000000000000000' || CAST(i AS TEXT), length(CAST(i AS TEXT)) + 1)"
    };
}

/// What all rows have in common.
pub(crate) struct Common {
    pub(crate) application: String,
    pub(crate) config: String,
    pub(crate) client: String,
    pub(crate) now: Millis,
}

impl Common {
    /// Of the application's one provider config.
    pub(crate) async fn of(db: &mut Connection, application: String, now: Millis) -> Self {
        let sql = "SELECT id, current_client_id FROM provider_configs WHERE application_id = $1";
        let row = sqlx::query(sql).bind(&application).fetch_one(db).await.unwrap();
        let (config, client) = (row.try_get("id").unwrap(), row.try_get("current_client_id").unwrap());
        Self { application, config, client, now }
    }
}

/// A token set's id and its two sealed tokens.
pub(crate) type SealedRow = (String, Vec<u8>, Vec<u8>);

/// Token sets whose access tokens are good for a month.
pub(crate) async fn token_sets(db: &mut Connection, common: &Common, rows: &[SealedRow]) -> Result<()> {
    let places: Vec<String> = (0..rows.len())
        .map(|row| {
            let at = 6 + row * 3;
            format!("(${}, ${}, ${}, $1, $2, $3, 'user:read:user', $4, $4, $5, $4)", at, at + 1, at + 2)
        })
        .collect();
    let sql = format!(
        "INSERT INTO token_sets (id, access_token, refresh_token, application_id, provider_config_id, client_id, scopes, \
         granted_at, issued_at, expires_at, created_at) VALUES {}",
        places.join(", ")
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(&common.application).bind(&common.config).bind(&common.client);
    let query = query.bind(common.now).bind(common.now + 30 * DAY);
    let query = rows.iter().fold(query, |query, (id, access_token, refresh_token)| {
        query.bind(id).bind(access_token.as_slice()).bind(refresh_token.as_slice())
    });
    query.execute(db).await.map(drop)
}

/// Token sets from 1 to `last` that hold no token: for lists, which open none.
pub(crate) async fn empty_token_sets(db: &mut Connection, common: &Common, last: i64) -> Result<()> {
    let sql = format!(
        "INSERT INTO token_sets (id, application_id, provider_config_id, client_id, granted_at, issued_at, created_at) \
         WITH RECURSIVE numbers(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i < $1) \
         SELECT 'ts_' || {digits}, $2, $3, $4, $5, $5, $5 FROM numbers",
        digits = digits!()
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(last).bind(&common.application).bind(&common.config);
    query.bind(&common.client).bind(common.now).execute(db).await.map(drop)
}

/// An end user and an active account for each of the token sets from 1 to `last`.
pub(crate) async fn accounts(db: &mut Connection, common: &Common, last: i64) -> Result<()> {
    let numbers =
        "WITH RECURSIVE numbers(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i < $2)";
    let end_users = format!(
        "INSERT INTO end_users (id, application_id, external_id, name, created_at, updated_at) {numbers} \
         SELECT 'eu_' || {digits}, $3, 'user_' || CAST(i AS TEXT), 'User', $4, $4 FROM numbers",
        digits = digits!()
    );
    let query = sqlx::query(AssertSqlSafe(end_users)).bind(1_i64).bind(last);
    query.bind(&common.application).bind(common.now).execute(&mut *db).await?;
    let accounts = format!(
        "INSERT INTO connected_accounts (id, application_id, provider_config_id, end_user_id, token_set_id, provider_user_id, \
         status, scopes, scope_set, created_at, updated_at) {numbers} SELECT 'ca_' || {digits}, $3, $4, 'eu_' || {digits}, \
         'ts_' || {digits}, 'user' || CAST(i AS TEXT), 'active', 'user:read:user', $6, $5, $5 FROM numbers",
        digits = digits!()
    );
    let query = sqlx::query(AssertSqlSafe(accounts)).bind(1_i64).bind(last).bind(&common.application);
    let query = query.bind(&common.config).bind(common.now).bind(scope_sets::id(&["user:read:user".to_owned()]));
    query.execute(&mut *db).await?;
    // As PostgreSQL does by itself. SQLite does not, and plans a statement anew for each value bound to it once it has
    // statistics (SQLITE_ENABLE_STAT4).
    if db.backend_name() == "SQLite" {
        return Ok(());
    }
    sqlx::query("ANALYZE").execute(db).await.map(drop)
}

/// Gives an account other scopes than it was seeded with.
pub(crate) async fn grant(db: &mut Connection, account: &str, scopes: &[String]) -> Result<()> {
    let sql = "UPDATE connected_accounts SET scopes = $2, scope_set = $3 WHERE id = $1";
    let query = sqlx::query(sql).bind(account).bind(scopes.join(" ")).bind(scope_sets::id(scopes));
    query.execute(db).await.map(drop)
}

/// The statements of a token read and nothing else, over connections like the vault's own.
#[derive(Clone)]
pub struct BareReads {
    store: Store,
    key_hash: Vec<u8>,
}

impl BareReads {
    /// Opens the database of an address as servers are given it, to read with this API key.
    pub async fn open(database_url: &str, key: &str) -> Self {
        let store = Store::open(database_url, Clock::system(), true).await.unwrap();
        Self { store, key_hash: crate::secret::sha256(key.as_bytes()).to_vec() }
    }

    /// The statement of a token read. Whether it found the account.
    pub async fn token_read(&self, account: &str) -> bool {
        let (hash, now) = (self.key_hash.as_slice(), Clock::system().now());
        let read =
            self.store.token_reads.connections.row(|| sqlx::query(token_reads::SQL).bind(hash).bind(account).bind(now));
        read.await.unwrap().is_some()
    }

    /// One row by its primary key: the least that the database can be asked for.
    pub async fn one_row(&self, token_set: &str) -> bool {
        let sql = "SELECT access_token, expires_at FROM token_sets WHERE id = $1";
        self.store.token_reads.connections.row(|| sqlx::query(sql).bind(token_set)).await.unwrap().is_some()
    }

    /// How many token sets were refreshed since they were made.
    pub async fn refreshed(&self) -> i64 {
        let mut db = self.store.connection().await.unwrap();
        let sql = "SELECT COUNT(*) AS refreshed FROM token_sets WHERE version > 1";
        sqlx::query(sql).fetch_one(&mut *db).await.unwrap().try_get("refreshed").unwrap()
    }

    /// Closes its connections.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
