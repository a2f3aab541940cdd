//! What a page of the list of connected accounts costs with many accounts: the first, a deep one, and each filter.

use crate::pages::PAGE_BUDGET;
use crate::plan::Plan;
use crate::process::{machine_load, most_during, resident};
use model::connected_accounts::{ConnectedAccountStatus as Status, StatusReasonCode as Reason};
use model::lists::Turn;
use std::time::{Duration, Instant};
use vault::testing::{Onlooker, TestVault, seeded_account};
use vault::{DAY, Filter};

/// Each page is read so often.
const TIMES: usize = 60;

/// Makes the accounts differ as those of a real application do: few are revoked, some groups are large, most are used.
const DIFFERENCES: [&str; 5] = [
    "UPDATE end_users SET end_user_group = CASE WHEN CAST(substr(external_id, 6) AS BIGINT) % 3 = 0 THEN 'Large' \
     WHEN CAST(substr(external_id, 6) AS BIGINT) % 10000 = 1 THEN 'Small' END, \
     name = 'User ' || substr(external_id, 6), email = external_id || '@example.com'",
    "UPDATE connected_accounts SET provider_user_name = 'Person ' || substr(provider_user_id, 5), \
     provider_user_email = provider_user_id || '@provider.example', last_used_at = created_at, \
     created_at = created_at - 1000 * (1000000 - CAST(substr(provider_user_id, 5) AS BIGINT))",
    "UPDATE connected_accounts SET status = 'needs_reconnect', status_at = 1, status_reason = \
     CASE WHEN CAST(substr(provider_user_id, 5) AS BIGINT) % 1000 = 0 THEN 'superseded' ELSE 'refresh_rejected' END \
     WHERE CAST(substr(provider_user_id, 5) AS BIGINT) % 10 = 0",
    "UPDATE connected_accounts SET status = 'revoked', status_at = 1, status_reason = 'revoked_by_member' \
     WHERE provider_user_id IN ('user17', 'user171', 'user1717')",
    "UPDATE connected_accounts SET last_used_at = NULL WHERE provider_user_id IN ('user19', 'user191', 'user1919')",
];

/// What PostgreSQL does by itself a minute after such changes. SQLite has no statistics, as in the field.
const SETTLE: &str = "VACUUM (ANALYZE) connected_accounts, end_users, token_sets, provider_configs";

fn filters(newest: i64) -> Vec<(&'static str, Filter)> {
    let none = Filter::default;
    let text = |text: &str| Some(text.to_owned());
    vec![
        ("no filter", none()),
        ("status active", Filter { status: Some(Status::Active), ..none() }),
        ("status needs_reconnect", Filter { status: Some(Status::NeedsReconnect), ..none() }),
        ("status revoked (3)", Filter { status: Some(Status::Revoked), ..none() }),
        ("provider config", Filter { provider_config: text("zoom"), ..none() }),
        ("provider config, revoked", Filter { provider_config: text("zoom"), status: Some(Status::Revoked), ..none() }),
        ("reason superseded (1,000)", Filter { status_reason: Some(Reason::Superseded), ..none() }),
        (
            "reason, status",
            Filter { status_reason: Some(Reason::RefreshRejected), status: Some(Status::NeedsReconnect), ..none() },
        ),
        ("end user", Filter { end_user_id: text("user_500000"), ..none() }),
        ("small group (100)", Filter { group: text("Small"), ..none() }),
        ("large group (a third)", Filter { group: text("Large"), ..none() }),
        ("large group, revoked", Filter { group: text("Large"), status: Some(Status::Revoked), ..none() }),
        (
            "large group, needs_reconnect",
            Filter { group: text("Large"), status: Some(Status::NeedsReconnect), ..none() },
        ),
        ("never used (3)", Filter { never_used: true, ..none() }),
        ("not used since (all)", Filter { not_used_since: Some(newest + DAY), ..none() }),
        (
            "created range",
            Filter { created_from: Some(newest - 5 * DAY), created_before: Some(newest - 4 * DAY), ..none() },
        ),
        (
            "created range, needs_reconnect",
            Filter {
                created_from: Some(newest - 5 * DAY),
                created_before: Some(newest - 4 * DAY),
                status: Some(Status::NeedsReconnect),
                ..none()
            },
        ),
        ("search user_77777 (11)", Filter { search: text("user_77777"), ..none() }),
        ("search user_777 (1,111)", Filter { search: text("USER_777"), ..none() }),
        ("search user_7 (a ninth)", Filter { search: text("user_7"), ..none() }),
        ("search an e-mail address", Filter { search: text("user77777@prov"), ..none() }),
        ("search nothing like it", Filter { search: text("nobody"), ..none() }),
        ("search user_7, revoked", Filter { search: text("user_7"), status: Some(Status::Revoked), ..none() }),
        (
            "search user_777, needs_reconnect",
            Filter { search: text("user_777"), status: Some(Status::NeedsReconnect), ..none() },
        ),
    ]
}

/// Prints p50 and p95 of each page in milliseconds, and whether it ended early.
pub(crate) async fn measure(plan: &Plan) {
    let accounts = plan.sizes.iter().copied().max().unwrap_or(1_000);
    let test = TestVault::new("zoom").await;
    let now = test.clock.now();
    test.seed_without_tokens(accounts, now).await;
    let mut db = Onlooker::at(&test.database_url).await;
    for sql in DIFFERENCES {
        db.run(sql).await;
    }
    if test.database_url.starts_with("postgres") {
        db.run(SETTLE).await;
    }
    let deep = |newer| Turn { cursor: seeded_account(accounts / 2), newer };
    println!("\nPages of {accounts} connected accounts, ms, load {}{:31}p50     p95", machine_load(), "");
    for (name, filter) in filters(now) {
        for (which, turn) in [("first", Turn::default()), ("older", deep(false)), ("newer", deep(true))] {
            let mut times = Vec::new();
            let (mut rows, mut early) = (0, false);
            for _ in 0..TIMES {
                let begun = Instant::now();
                let page = test.vault.connected_accounts_page(&test.caller, &filter, &turn, 50).await.unwrap();
                times.push(begun.elapsed());
                (rows, early) = (page.page.data.len(), page.looked_through);
            }
            times.sort();
            let at = |part: usize| times.get(TIMES * part / 100).copied().unwrap_or(Duration::ZERO).as_secs_f64() * 1e3;
            let early = if early { ", ended early" } else { "" };
            let mark = if at(95) > PAGE_BUDGET.as_secs_f64() * 1e3 { "  over budget" } else { "" };
            println!("{name:36} {which:6} {:7.1} {:7.1}  {rows:3} rows{early}{mark}", at(50), at(95));
        }
    }
    export(&test).await;
}

/// Reads all accounts as the file that a member takes away, and prints how long it took and what memory it needed.
async fn export(test: &TestVault) {
    let (me, begun) = (std::process::id(), Instant::now());
    let before = resident(me);
    let read = async {
        let mut export = test.vault.export_connected_accounts(&test.caller, Filter::default()).await.unwrap();
        let (mut bytes, mut lines) = (0, 0);
        while let Some(piece) = export.next().await.unwrap() {
            bytes += piece.len();
            lines += piece.matches("\r\n").count();
        }
        (bytes, lines)
    };
    let ((bytes, lines), most) = most_during(me, read).await;
    let (seconds, megabytes) = (begun.elapsed().as_secs_f64(), bytes / 1_000_000);
    println!(
        "export: {lines} lines, {megabytes} MB in {seconds:.1} s; memory {before:.0} MB before, {most:.0} MB at most"
    );
}
