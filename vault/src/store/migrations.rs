//! The one history of the tables, for both databases.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! history {
    ($($version:literal $name:literal,)+) => {
        [$(($version, $name, include_str!(concat!("../../../migrations/000", $version, "_", $name, ".sql"))),)+]
    };
}

pub(super) fn migrator() -> Migrator {
    let history = history![
        1 "instance",
        2 "tenants",
        3 "provider_configs",
        4 "connected_accounts",
        5 "events",
        6 "webhooks",
        8 "journal_leases",
    ];
    let simple = history.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(simple.to_vec())
}
