//! The one history of the tables, for both databases.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! history {
    ($($version:literal $file:literal $name:literal,)+) => {
        [$(($version, $name, include_str!(concat!("../../../migrations/", $file, "_", $name, ".sql"))),)+]
    };
}

pub(super) fn migrator() -> Migrator {
    let history = history![
        1 "0001" "instance",
        2 "0002" "tenants",
        3 "0003" "provider_configs",
        4 "0004" "connected_accounts",
        5 "0005" "events",
        6 "0006" "webhooks",
        8 "0008" "journal_leases",
        26 "0026" "client_secrets",
        27 "0027" "provider_health",
        28 "0028" "connection_tests",
    ];
    let simple = history.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(simple.to_vec())
}
