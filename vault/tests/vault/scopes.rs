//! What the page of a provider config's scopes counts and lists.

use super::custom_providers::{set_up, with_tenants};
use model::lists::Turn;
use model::scopes::{ScopeRow, ScopesView};
use std::time::Instant;
use vault::testing::sandbox::Client;
use vault::testing::{CLIENT_ID, TestVault, form, seeded_account};
use vault::{Clock, MINUTE, VaultError};

const USER: &str = "user:read:user";
const LIST: &str = "meeting:read:list_meetings";
const WRITE: &str = "meeting:write:meeting";

/// Changes the scopes that the provider config requests.
async fn expect(test: &TestVault, scopes: &[&str]) {
    let mut form = form(&test.key, CLIENT_ID, "", false);
    form.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    test.vault.save_provider_config(&test.caller, form).await.map(drop).unwrap();
}

async fn view(test: &TestVault) -> ScopesView {
    test.vault.scopes(&test.caller, &test.key).await.unwrap()
}

fn row<'a>(view: &'a ScopesView, scope: &str) -> &'a ScopeRow {
    view.rows.iter().find(|row| row.names().any(|name| name.name == scope)).unwrap()
}

fn granted(view: &ScopesView, scope: &str) -> i64 {
    row(view, scope).names().find(|name| name.name == scope).unwrap().granted
}

async fn lacking(test: &TestVault, turn: &Turn) -> (Vec<String>, Option<String>, Option<String>) {
    let page = test.vault.accounts_lacking_scopes(&test.caller, &test.key, turn, 2).await.unwrap();
    (page.data.into_iter().map(|line| line.end_user).collect(), page.newer, page.older)
}

#[tokio::test]
async fn the_reference_has_each_scope_once_with_words_and_the_entry_stays_as_it_is() {
    let test = TestVault::new("zoom").await;
    let zoom = test.vault.catalogue().get("zoom").unwrap();
    let (rare, view) = ("archiving:read:archived_file_statistics:admin", view(&test).await);
    assert!(view.rows.iter().any(|row| row.names().any(|name| name.name == rare)));
    assert!(!serde_json::to_string(&zoom.entry).unwrap().contains(rare), "entries are kept without the reference");
    assert_eq!((view.rows.len(), view.groups.len(), view.sent), (251, 8, false));
    assert!(view.rows.iter().all(|row| !row.words.is_empty()));
    assert_eq!(view.rows.iter().map(|row| row.names().count()).sum::<usize>(), 590);
    let users = row(&view, USER);
    assert_eq!((users.group.as_str(), users.words.as_str()), ("Users", "Get a user"));
    assert_eq!(users.scope.classic, ["user:read", "user_info:read"]);
    assert_eq!(users.variants[0].name, "user:read:user:admin");
    assert_eq!((view.active, view.lacking, view.at_least), (0, 0, false));
}

#[tokio::test]
async fn a_changed_config_names_who_must_authorize_again_until_they_have() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    expect(&test, &[USER, WRITE]).await;
    let before = view(&test).await;
    assert_eq!((before.active, before.lacking), (1, 1));
    assert_eq!((granted(&before, USER), granted(&before, LIST), granted(&before, WRITE)), (1, 1, 0));
    assert!(row(&before, WRITE).is_requested() && !row(&before, LIST).is_requested());
    let page = test.vault.accounts_lacking_scopes(&test.caller, "zoom", &Turn::default(), 20).await.unwrap();
    assert_eq!((page.data[0].account, page.data[0].missing.as_slice()), (account, &[WRITE.to_owned()][..]));

    test.sandbox.update_client(CLIENT_ID, |client: &mut Client| client.scopes.push(WRITE.to_owned())).unwrap();
    test.advance(2 * MINUTE);
    test.vault.refresh_now(&test.caller, account).await.unwrap();
    assert_eq!(view(&test).await.lacking, 1, "a refresh brings no scopes");
    let link = test.vault.open_reconnect_link(&test.caller, account).await.unwrap();
    test.consent(&link, "ada@example.com").await;
    let after = view(&test).await;
    assert_eq!((after.active, after.lacking, granted(&after, WRITE)), (1, 0, 1));
    test.vault.revoke_connected_account(&test.caller, account).await.unwrap();
    assert_eq!(view(&test).await.active, 0);
}

#[tokio::test]
async fn a_classic_name_stands_for_what_it_became() {
    let test = TestVault::new("zoom").await;
    test.seed(3, test.clock.now()).await;
    test.grant(1..=1, &["meeting:write", USER]).await;
    test.grant(2..=2, &["meeting:write:admin", "phone:read:user"]).await;
    expect(&test, &[WRITE]).await;
    let view = view(&test).await;
    assert_eq!((view.active, view.lacking), (3, 2));
    assert_eq!(lacking(&test, &Turn::default()).await.0, ["user_3", "user_2"]);
    let classic = row(&view, "meeting:write");
    assert_eq!((classic.group.as_str(), classic.scope.granted), ("Not in the reference", 1));
    assert!(classic.words.starts_with("Classic name of 25 scopes"), "{}", classic.words);
    assert_eq!(row(&view, "phone:read:user").words, "");
}

#[tokio::test]
async fn the_list_leads_both_ways_over_several_sets() {
    let test = TestVault::new("zoom").await;
    test.seed(7, test.clock.now()).await;
    test.grant(2..=2, &[LIST]).await;
    test.grant(4..=5, &[LIST, USER]).await;
    test.grant(6..=6, &[USER, LIST]).await;
    test.grant(3..=3, &[WRITE]).await;
    expect(&test, &[LIST]).await;
    let (first, newer, older) = lacking(&test, &Turn::default()).await;
    assert_eq!((first, newer), (vec!["user_7".to_owned(), "user_3".to_owned()], None));
    let turn = Turn { cursor: older.unwrap(), newer: false };
    let (second, newer, older) = lacking(&test, &turn).await;
    assert_eq!((second, older), (vec!["user_1".to_owned()], None));
    let back = Turn { cursor: newer.unwrap(), newer: true };
    assert_eq!(lacking(&test, &back).await.0, ["user_7", "user_3"]);
    assert_eq!(granted(&view(&test).await, USER), 5, "the order of scopes makes no other set");
}

#[tokio::test]
async fn more_than_a_page_counts_is_counted_by_a_round() {
    let test = TestVault::new("zoom").await;
    test.seed(600, test.clock.now()).await;
    test.grant(1..=7, &[LIST]).await;
    expect(&test, &[LIST]).await;
    let before = view(&test).await;
    assert_eq!((before.active, before.lacking, before.at_least), (208, 201, true));
    test.vault.count_figures().await.unwrap();
    let after = view(&test).await;
    assert_eq!((after.active, after.lacking, after.at_least), (600, 593, false));
    assert!(after.counted_at.is_some());
    assert_eq!((granted(&after, LIST), granted(&after, USER)), (7, 593));
}

#[tokio::test]
async fn links_are_made_for_a_page_and_for_no_more() {
    let test = TestVault::new("zoom").await;
    let (one, gone) = (test.connected().await, test.connect("user_7", "grace@example.com").await);
    test.vault.revoke_connected_account(&test.caller, gone).await.unwrap();
    let unknown = seeded_account(9).parse().unwrap();
    let links = test.vault.open_reconnect_links(&test.caller, &[one, gone, unknown]).await.unwrap();
    assert_eq!(links.iter().map(|link| link.account).collect::<Vec<_>>(), [one]);
    assert!(links[0].url.contains("/connect/"));
    let too_many = vec![one; 51];
    assert!(matches!(test.vault.open_reconnect_links(&test.caller, &too_many).await, Err(VaultError::Invalid(_))));
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.unwrap();
    assert!(matches!(test.vault.open_reconnect_links(&test.caller, &[one]).await, Err(VaultError::Invalid(_))));
    assert!(!view(&test).await.works);
}

#[tokio::test]
async fn a_custom_provider_has_the_scopes_that_its_issuer_announces() {
    let mut test = with_tenants(&["openid", "profile"]).await;
    let mut entry = test.vault.discover(&test.caller, &test.sandbox.base_url()).await.unwrap().form;
    entry.name = "Acme ID".to_owned();
    set_up(&mut test, &entry, &["openid", "offline"]).await;
    let view = view(&test).await;
    let names: Vec<_> = view.rows.iter().map(|row| (row.group.as_str(), row.scope.name.as_str())).collect();
    let announced = "Announced by the issuer";
    let expected =
        [(announced, "openid"), (announced, "profile"), (announced, "email"), ("Not in the reference", "offline")];
    assert_eq!((names.as_slice(), view.sent), (&expected[..], true));
}

/// `SCOPES_OF=1000000 .ci/with-postgres cargo test --release -p vault --test vault how_long -- --ignored --nocapture`
#[tokio::test]
#[ignore = "takes minutes: for measurements"]
async fn how_long_the_page_takes_with_many_accounts() {
    let many = option_env!("SCOPES_OF").and_then(|many| many.parse().ok()).unwrap_or(100_000);
    let test = TestVault::new("zoom").await;
    test.seed(many, Clock::system().now()).await;
    for set in 0..20 {
        let scopes = [USER, LIST, &format!("meeting:read:poll_{set}")];
        test.grant(set * 1_000 + 1..=set * 1_000 + 1_000, &scopes[..]).await;
    }
    test.grant(30_001..=30_003, &[LIST]).await;
    expect(&test, &[USER]).await;
    test.vault.count_figures().await.unwrap();
    for (what, turn) in
        [("first page", Turn::default()), ("deep page", Turn { cursor: seeded_account(30_002), newer: false })]
    {
        let mut took = Vec::new();
        for _ in 0..100 {
            let began = Instant::now();
            let view = view(&test).await;
            let page = test.vault.accounts_lacking_scopes(&test.caller, "zoom", &turn, 20).await.unwrap();
            assert_eq!((view.lacking, page.data.is_empty()), (3, false));
            took.push(began.elapsed());
        }
        took.sort_unstable();
        println!("{many} accounts, 22 sets, {what}: p50 {:?}, p95 {:?}", took[50], took[95]);
    }
}
