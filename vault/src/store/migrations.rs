//! The one history of the tables, for both databases.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! history {
    ($($version:literal $file:literal,)+) => {
        [$(($version, $file, include_str!(concat!("../../../migrations/", $file, ".sql"))),)+]
    };
}

/// `bytewise` is what makes an index compare bytes, whatever the database's collation.
pub(super) fn migrator(bytewise: &str) -> Migrator {
    let history = history![
        1 "0001_instance",
        2 "0002_tenants",
        3 "0003_provider_configs",
        4 "0004_connected_accounts",
        5 "0005_events",
        6 "0006_webhooks",
        8 "0008_journal_leases",
        17 "0017_connected_accounts_by_filter",
        18 "0018_bulk_revocations",
        19 "0019_second_person",
    ];
    let simple = history.map(|(version, file, sql)| {
        let name = file.split_once('_').map_or(file, |(_, name)| name);
        let sql = sqlx::AssertSqlSafe(sql.replace("{bytewise}", bytewise)).into_sql_str();
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(simple.to_vec())
}
