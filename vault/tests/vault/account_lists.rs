//! Lists of connected accounts: pages both ways, each filter, search, export.

use model::connected_accounts::{ConnectedAccountStatus, StatusReasonCode};
use model::ids::ConnectedAccountId;
use model::lists::Turn;
use model::people::Role;
use vault::testing::{Onlooker, TestVault, seeded_account};
use vault::{DAY, Filter, VaultError};

fn number(id: ConnectedAccountId) -> u64 {
    id.to_string().trim_start_matches("ca_").trim_start_matches('0').parse().unwrap()
}

fn newest() -> Turn {
    Turn::default()
}

fn older(than: impl ToString) -> Turn {
    Turn { cursor: than.to_string(), newer: false }
}

fn newer(than: impl ToString) -> Turn {
    Turn { cursor: than.to_string(), newer: true }
}

fn account(number: u64) -> ConnectedAccountId {
    seeded_account(number).parse().unwrap()
}

/// The numbers of the accounts on one page.
async fn page(test: &TestVault, filter: &Filter, turn: &Turn, limit: u8) -> Vec<u64> {
    let page = test.vault.connected_accounts_page(&test.caller, filter, turn, limit).await.unwrap();
    page.page.data.iter().map(|account| number(account.id)).collect()
}

async fn all(test: &TestVault, filter: &Filter) -> Vec<u64> {
    page(test, filter, &newest(), 100).await
}

/// Twelve accounts of end users `user_1` to `user_12`, told apart by hand.
async fn twelve() -> TestVault {
    let test = TestVault::new("zoom").await;
    test.seed(12, test.clock.now()).await;
    let mut db = Onlooker::at(&test.database_url).await;
    for sql in [
        "UPDATE end_users SET end_user_group = 'Acme' WHERE external_id IN ('user_3', 'user_4')",
        "UPDATE end_users SET name = 'Grace Hopper', email = 'Grace@Example.com' WHERE external_id = 'user_5'",
        "UPDATE connected_accounts SET provider_user_name = '100%_Sure', provider_user_email = 'ada@provider.example' WHERE provider_user_id = 'user6'",
        "UPDATE connected_accounts SET status = 'needs_reconnect', status_reason = 'superseded', status_at = 1 WHERE provider_user_id IN ('user7', 'user8')",
        "UPDATE connected_accounts SET status = 'revoked', status_reason = 'revoked_by_member', status_at = 1 WHERE provider_user_id = 'user9'",
        "UPDATE connected_accounts SET last_used_at = created_at + 1000 WHERE provider_user_id IN ('user1', 'user2')",
        "UPDATE connected_accounts SET last_used_at = created_at + 864000000 WHERE provider_user_id = 'user2'",
        "UPDATE connected_accounts SET created_at = created_at - 86400000 WHERE provider_user_id IN ('user1', 'user2', 'user3')",
    ] {
        db.run(sql).await;
    }
    test
}

#[tokio::test]
async fn every_filter_lets_through_what_it_names_and_nothing_else() {
    let test = twelve().await;
    let now = test.clock.now();
    let some = |text: &str| Some(text.to_owned());
    let live = [12, 11, 10, 8, 7, 6, 5, 4, 3, 2, 1];
    let table: Vec<(Filter, Vec<u64>)> = vec![
        (Filter::default(), (1..=12).rev().collect()),
        (Filter { end_user_id: some("user_4"), ..Filter::default() }, vec![4]),
        (Filter { end_user_id: some("nobody"), ..Filter::default() }, vec![]),
        (Filter { group: some("Acme"), ..Filter::default() }, vec![4, 3]),
        (Filter { provider: some("zoom"), ..Filter::default() }, (1..=12).rev().collect()),
        (Filter { provider: some("other"), ..Filter::default() }, vec![]),
        (Filter { status: Some(ConnectedAccountStatus::NeedsReconnect), ..Filter::default() }, vec![8, 7]),
        (Filter { status_reason: Some(StatusReasonCode::RevokedByMember), ..Filter::default() }, vec![9]),
        (
            Filter {
                provider_config: some("zoom"),
                status: Some(ConnectedAccountStatus::Revoked),
                ..Filter::default()
            },
            vec![9],
        ),
        (
            Filter {
                status: Some(ConnectedAccountStatus::Active),
                status_reason: Some(StatusReasonCode::RevokedByMember),
                ..Filter::default()
            },
            vec![],
        ),
        (
            Filter { end_user_id: some("user_9"), status: Some(ConnectedAccountStatus::Active), ..Filter::default() },
            vec![],
        ),
        (Filter { never_used: true, ..Filter::default() }, (3..=12).rev().collect()),
        (Filter { not_used_since: Some(now + DAY), ..Filter::default() }, (3..=12).rev().chain([1]).collect()),
        (Filter { created_before: Some(now), ..Filter::default() }, vec![3, 2, 1]),
        (Filter { created_from: Some(now), ..Filter::default() }, (4..=12).rev().collect()),
        (
            Filter {
                created_from: Some(now - DAY),
                created_before: Some(now),
                group: some("Acme"),
                ..Filter::default()
            },
            vec![3],
        ),
        (Filter { live: true, ..Filter::default() }, live.to_vec()),
        (Filter { ids: Some(vec![account(2), account(11), account(99)]), ..Filter::default() }, vec![11, 2]),
        (Filter { newest: Some(account(3)), ..Filter::default() }, vec![3, 2, 1]),
    ];
    for (filter, expected) in table {
        assert_eq!(all(&test, &filter).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn a_search_finds_what_begins_so_in_capitals_or_not() {
    let test = twelve().await;
    for (search, expected) in [
        ("user_1", vec![12, 11, 10, 1]),
        ("USER_12", vec![12]),
        ("grace h", vec![5]),
        ("GRACE@", vec![5]),
        ("100%_s", vec![6]),
        ("100x", vec![]),
        ("ada@provider", vec![6]),
        ("hopper", vec![]),
        (&seeded_account(7), vec![7]),
        ("ca_0000000000000000000000001", vec![12, 11, 10]),
        ("ca_'; DROP", vec![]),
        ("$1", vec![]),
    ] {
        let filter = Filter { search: Some(search.to_owned()), ..Filter::default() };
        assert_eq!(all(&test, &filter).await, expected, "{search}");
    }
    let both =
        Filter { search: Some("user_1".to_owned()), created_before: Some(test.clock.now()), ..Filter::default() };
    assert_eq!(all(&test, &both).await, [1]);
    let in_group = Filter { search: Some("user_".to_owned()), group: Some("Acme".to_owned()), ..Filter::default() };
    assert_eq!(all(&test, &in_group).await, [4, 3]);
}

/// Goes through the list towards the old ones, and back.
async fn there_and_back(test: &TestVault, filter: &Filter) {
    let read =
        async |turn: Turn| test.vault.connected_accounts_page(&test.caller, filter, &turn, 5).await.unwrap().page;
    let mut pages = vec![read(newest()).await];
    while let Some(last) = pages.last().unwrap().older.clone() {
        pages.push(read(older(last)).await);
    }
    let seen: Vec<u64> = pages.iter().flat_map(|page| page.data.iter().map(|a| number(a.id))).collect();
    assert_eq!(seen, (1..=12).rev().collect::<Vec<u64>>());
    let mut back = pages.pop().unwrap();
    while let Some(before) = pages.pop() {
        back = read(newer(back.newer.unwrap())).await;
        assert_eq!(back.data, before.data);
    }
    assert_eq!(back.newer, None, "it is the first page again");
}

#[tokio::test]
async fn pages_go_both_ways_and_repeat_and_miss_nothing() {
    let test = TestVault::new("zoom").await;
    test.seed(12, test.clock.now()).await;
    there_and_back(&test, &Filter::default()).await;
    let created = Filter { created_from: Some(1), ..Filter::default() };
    there_and_back(&test, &created).await;
    let searched = Filter { search: Some("user_".into()), ..Filter::default() };
    there_and_back(&test, &searched).await;
}

#[tokio::test]
async fn accounts_that_are_connected_meanwhile_shift_no_page() {
    let test = TestVault::new("zoom").await;
    test.seed(12, test.clock.now()).await;
    let first = page(&test, &Filter::default(), &newest(), 5).await;
    assert_eq!(first, [12, 11, 10, 9, 8]);
    test.connect("late", "ada@example.com").await;
    assert_eq!(page(&test, &Filter::default(), &older(account(8)), 5).await, [7, 6, 5, 4, 3]);
    let turn = newer(account(7));
    let back = test.vault.connected_accounts_page(&test.caller, &Filter::default(), &turn, 5).await.unwrap().page;
    let ids: Vec<_> = back.data.iter().map(|account| account.id).collect();
    assert_eq!(ids, [12, 11, 10, 9, 8].map(account), "the page is the same as before");
    let turn = newer(account(12));
    let first = test.vault.connected_accounts_page(&test.caller, &Filter::default(), &turn, 5).await.unwrap().page;
    assert_eq!((first.data.len(), first.newer), (5, None), "what is new is on a whole first page");
}

#[tokio::test]
async fn a_rare_thing_among_many_is_found_page_by_page_and_by_backends_at_once() {
    let test = TestVault::new("zoom").await;
    test.seed_without_tokens(25_000, test.clock.now()).await;
    let mut db = Onlooker::at(&test.database_url).await;
    db.run("UPDATE connected_accounts SET last_used_at = 5").await;
    db.run("UPDATE connected_accounts SET last_used_at = NULL WHERE provider_user_id = 'user7'").await;
    let filter = Filter { never_used: true, ..Filter::default() };
    let (mut turn, mut looked) = (newest(), 0);
    let found = loop {
        let page = test.vault.connected_accounts_page(&test.caller, &filter, &turn, 50).await.unwrap();
        looked += 1;
        match page.page.older {
            Some(until) => {
                assert!(page.looked_through && page.page.data.is_empty());
                turn = older(until);
            }
            None => break page.page.data,
        }
    };
    assert_eq!((looked, number(found[0].id)), (3, 7));
    let at_once = test.vault.connected_accounts(&test.caller, &filter, None, 20).await.unwrap();
    assert_eq!((number(at_once.data[0].id), at_once.next_cursor), (7, None));
    let everybody = Filter { search: Some("user".into()), ..Filter::default() };
    let page = test.vault.connected_accounts_page(&test.caller, &everybody, &newest(), 50).await.unwrap();
    assert_eq!(page.page.data.len(), 50, "a search that fits nearly all looks through the list");
    let count =
        async |filter| test.vault.connected_accounts_page(&test.caller, filter, &newest(), 1).await.unwrap().count;
    assert_eq!((count(&Filter::default()).await, count(&filter).await), (Some(1_001), None));
}

/// The lines of the file, without its head.
async fn exported(test: &TestVault, filter: &Filter) -> Vec<String> {
    let mut export = test.vault.export_connected_accounts(&test.caller, filter.clone()).await.ok().unwrap();
    let (mut text, mut pieces) = (String::new(), 0);
    while let Some(piece) = export.next().await.unwrap() {
        assert!(piece.matches("\r\n").count() <= 501, "no piece is larger than a part");
        text.push_str(&piece);
        pieces += 1;
    }
    let lines: Vec<String> = text.trim_end().split("\r\n").map(str::to_owned).collect();
    assert_eq!(pieces, lines.len().div_ceil(500).max(1), "{} lines", lines.len());
    assert!(lines[0].starts_with("id,end_user_id,"));
    lines[1..].to_vec()
}

#[tokio::test]
async fn an_export_has_each_account_once_and_is_written_down() {
    let test = TestVault::new("zoom").await;
    test.seed_without_tokens(1_203, test.clock.now()).await;
    let filter = Filter { search: Some("user_1".into()), ..Filter::default() };
    let all = exported(&test, &Filter::default()).await;
    let ids: Vec<String> = all.iter().map(|line| line.split(',').next().unwrap().to_owned()).collect();
    let expected: Vec<String> = (1..=1_203).rev().map(|number| format!("\"{}\"", seeded_account(number))).collect();
    assert_eq!(ids, expected);
    assert_eq!(exported(&test, &filter).await.len(), 1 + 10 + 100 + 204);
    let nobody = Filter { search: Some("nobody".into()), ..Filter::default() };
    assert_eq!(exported(&test, &nobody).await, Vec::<String>::new());
    let application = test.caller.application().to_string();
    let events = test.vault.events_of(&test.caller, &application).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.r#type == "application.accounts_exported").count(), 3);
    let viewer = test.member_as("viewer@example.com", Role::Viewer).await;
    let viewer = test.vault.enter(&viewer, test.caller.application()).await.unwrap();
    let refused = test.vault.export_connected_accounts(&viewer, filter).await;
    assert!(matches!(refused, Err(VaultError::Forbidden)));
}
