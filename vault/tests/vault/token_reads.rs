//! A token read's own connections, and what is written of it afterwards.

use super::tokens::ask;
use futures::FutureExt as _;
use model::applications::Environment;
use model::ids::ConnectedAccountId;
use vault::testing::{Onlooker, TestVault, seeded_account};
use vault::{Filter, RequestSource, TokenRequest, VaultError};

async fn key(test: &TestVault) -> String {
    test.vault.add_api_key(&test.caller, "backend").await.unwrap().secret.expose().clone()
}

async fn reads(test: &TestVault, key: &str, id: ConnectedAccountId) -> bool {
    let from = RequestSource { request_id: "req", address: None };
    test.vault.token(key, id, TokenRequest::default(), &from).await.is_ok_and(|token| token.is_some())
}

/// How many accounts have a last use of now.
async fn used(test: &TestVault) -> usize {
    let (mut used, mut cursor, now) = (0, None, vault::rfc3339(test.clock.now()));
    loop {
        let page = test.vault.connected_accounts(&test.caller, &Filter::default(), cursor, 100).await.unwrap();
        used += page.data.iter().filter(|account| account.last_used_at.as_ref() == Some(&now)).count();
        cursor = page.next_cursor.map(|id| id.parse().unwrap());
        if cursor.is_none() {
            return used;
        }
    }
}

#[tokio::test]
async fn cut_connections_are_not_noticed() {
    let test = TestVault::new("sandbox").await;
    let (id, key) = (test.connected().await, key(&test).await);
    let at_once = || futures::future::join_all((0..20).map(|_| reads(&test, &key, id)));
    assert_eq!(at_once().await, [true; 20]);
    Onlooker::at(&test.database_url).await.cut_connections().await;
    assert_eq!(at_once().await, [true; 20]);
}

#[tokio::test]
async fn callers_that_go_away_half_way_leave_room_for_others() {
    let test = TestVault::new("sandbox").await;
    let (id, key) = (test.connected().await, key(&test).await);
    for _ in 0..100 {
        // Polled once: the statement is under way, as a rule.
        let _ = reads(&test, &key, id).now_or_never();
    }
    assert!(reads(&test, &key, id).await);
}

/// On PostgreSQL they share statements.
#[tokio::test]
async fn reads_at_once_have_each_its_own_answer() {
    let test = TestVault::new("sandbox").await;
    let ids = [test.connect("user_1", "ada@example.com").await, test.connect("user_2", "grace@example.com").await];
    let tokens = [ask(&test, ids[0]).await.unwrap(), ask(&test, ids[1]).await.unwrap()];
    let other = test.vault.add_application(&test.member, "Other", Environment::Development).await.unwrap();
    let other = test.vault.enter(&test.member, other.id).await.unwrap();
    let stranger = test.vault.add_api_key(&other, "backend").await.unwrap().secret.expose().clone();
    let revoked = test.vault.add_api_key(&test.caller, "revoked").await.unwrap();
    test.vault.revoke_api_key(&test.caller, revoked.view.id).await.unwrap();
    let keys = [key(&test).await, stranger, revoked.secret.expose().clone()];
    let from = RequestSource { request_id: "req", address: None };
    let read = |n: usize| test.vault.token(&keys[n % 3], ids[n % 2], TokenRequest::default(), &from);
    let ends = futures::future::join_all((0..240).map(async |n| {
        if n % 4 == 0 {
            // Whoever goes away takes nobody along.
            let _ = read(n).now_or_never();
        }
        (n, read(n).await)
    }));
    for (n, end) in ends.await {
        match (n % 3, end) {
            (0, Ok(Some(token))) => assert_eq!(*token.access_token.expose(), tokens[n % 2]),
            (1, Err(VaultError::NotFound)) | (2, Ok(None)) => {}
            (_, end) => panic!("{n}: {:?}", end.map(|token| token.is_some())),
        }
    }
}

#[tokio::test]
async fn a_closed_vault_reads_nothing() {
    let test = TestVault::new("sandbox").await;
    let (id, key) = (test.connected().await, key(&test).await);
    assert!(reads(&test, &key, id).await);
    test.vault.close().await;
    assert!(!reads(&test, &key, id).await);
}

#[tokio::test]
async fn uses_are_written_in_rounds_and_wait_while_the_database_fails() {
    let test = TestVault::new("sandbox").await;
    test.seed(300, test.clock.now()).await;
    for number in 1..=300 {
        ask(&test, seeded_account(number).parse().unwrap()).await.unwrap();
    }
    test.hide_table("connected_accounts", true).await;
    test.vault.write_last_use().await.unwrap_err();
    test.hide_table("connected_accounts", false).await;
    assert_eq!(used(&test).await, 0);
    test.vault.write_last_use().await.unwrap();
    assert_eq!(used(&test).await, 128);
    test.vault.write_last_use().await.unwrap();
    test.vault.write_last_use().await.unwrap();
    assert_eq!(used(&test).await, 300);
}
