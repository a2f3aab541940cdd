//! The one history of the tables, for both databases.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! history {
    ($($version:literal $name:literal,)+) => {
        [$(($version, $name, include_str!(concat!("../../../migrations/", stringify!($version), "_", $name, ".sql"))),)+]
    };
}

pub(super) fn migrator() -> Migrator {
    let history = history![
        0001 "instance",
        0002 "tenants",
        0003 "provider_configs",
        0004 "connected_accounts",
        0005 "events",
        0006 "webhooks",
        0008 "journal_leases",
        0023 "logos",
        0024 "manage_links",
    ];
    let simple = history.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(simple.to_vec())
}
