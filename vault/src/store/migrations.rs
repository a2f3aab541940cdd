//! The one history of the tables, for both databases.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! history {
    ($($version:literal $file:literal,)+) => {
        [$(($version, name($file), include_str!(concat!("../../../migrations/", $file, ".sql"))),)+]
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
        10 "0010_invitations",
        11 "0011_password_resets",
        13 "0013_passkeys",
        14 "0014_authenticators",
        15 "0015_recovery_codes",
        16 "0016_custom_providers",
        17 "0017_id_tokens",
        18 "0018_figures",
        19 "0019_event_filters",
        20 "0020_scope_sets",
        21 "0021_logos",
        22 "0022_manage_links",
        23 "0023_client_secrets",
        24 "0024_provider_health",
        25 "0025_connection_tests",
        26 "0026_connected_accounts_by_filter",
        27 "0027_bulk_revocations",
        28 "0028_second_person",
        29 "0029_sent_forms",
        31 "0031_tokens_of_tests",
        32 "0032_links_of_tests",
        33 "0033_event_chain",
        34 "0034_erasure",
        40 "0040_webhooks_out",
        46 "0046_api_key_limits",
        47 "0047_idempotency_leases",
        48 "0048_imports",
        50 "0050_retention",
        51 "0051_end_users_in_order",
        52 "0052_organizations_without_their_chain",
        53 "0053_imported_anywhere",
    ];
    let simple = history.map(|(version, name, sql)| {
        let sql = sqlx::AssertSqlSafe(sql.replace("{bytewise}", bytewise)).into_sql_str();
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(simple.to_vec())
}

/// A file's name without its number: under this name a migration is remembered.
const fn name(file: &'static str) -> &'static str {
    match file.split_at_checked(5) {
        Some((_, name)) => name,
        None => file,
    }
}
