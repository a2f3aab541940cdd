//! Many callers on several servers at once, counted as token requests at the provider.

use super::tokens::{ask, outcome, refreshes};
use model::connected_accounts::ConnectedAccountStatus::Active;
use model::ids::ConnectedAccountId;
use std::collections::HashSet;
use tokio::task::{JoinHandle, JoinSet};
use vault::testing::sandbox::{ConsentRequest, Fault, FaultKind};
use vault::testing::{CLIENT_ID, TestVault, callback};
use vault::{Clock, HOUR, MINUTE, SECOND, TokenRequest, Vault, sha256};

/// So many callers ask servers in turn, all at once.
fn callers(
    test: &TestVault,
    servers: &[Vault],
    id: ConnectedAccountId,
    count: usize,
    request: TokenRequest,
) -> JoinSet<Result<String, String>> {
    let ask = |vault: &Vault| {
        let (vault, caller) = (vault.clone(), test.caller.clone());
        async move { outcome(vault.fresh(&caller, id, request).await) }
    };
    servers.iter().cycle().take(count).map(ask).collect()
}

/// Three servers on the test's database.
async fn three(test: &TestVault) -> [Vault; 3] {
    [test.vault.clone(), test.another().await, test.another().await]
}

/// The one token that all of them got.
#[track_caller]
fn only(answers: Vec<Result<String, String>>) -> String {
    let tokens: HashSet<_> = answers.into_iter().map(|answer| answer.expect("a token")).collect();
    assert_eq!(tokens.len(), 1);
    tokens.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_thousand_callers_on_three_servers_make_one_refresh() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    let servers = three(&test).await;
    let token = only(callers(&test, &servers, id, 1_000, TokenRequest::default()).join_all().await);
    assert!(test.sandbox.token_is_live(&token));
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn callers_of_a_slow_provider_make_one_refresh() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    let servers = three(&test).await;
    test.sandbox.fault(Fault::refresh(FaultKind::Hold));
    let asking = callers(&test, &servers, id, 90, TokenRequest::default());
    test.sandbox.wait_for_hold().await;
    // More come while it is under way.
    let more = callers(&test, &servers, id, 90, TokenRequest::default());
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    test.sandbox.release();
    assert_eq!(only(asking.join_all().await), only(more.join_all().await));
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn clocks_ten_minutes_off_make_one_refresh_and_harm_nobody() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    // By all three clocks the token from the beginning of the year is over; the lease is run by the database's own.
    let at = async |clock| test.open_again(|options| options.clock = clock).await.unwrap();
    let right = at(Clock::system()).await;
    let wrong = [at(Clock::skewed(10 * MINUTE)).await, at(Clock::skewed(-10 * MINUTE)).await];
    for answer in callers(&test, &wrong, id, 20, TokenRequest::default()).join_all().await {
        assert_eq!(answer, Err("provider_unavailable".to_owned()), "a server whose clock is off asks for nothing");
    }
    assert_eq!(refreshes(&test), 0);
    let all = [right, wrong[0].clone(), wrong[1].clone()];
    let answers = callers(&test, &all, id, 300, TokenRequest::default()).join_all().await;
    let token = only(answers.into_iter().filter(|answer| answer.is_ok()).collect());
    assert_eq!(refreshes(&test), 1);
    assert_eq!(only(callers(&test, &all, id, 30, TokenRequest::default()).join_all().await), token);
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, Active);
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn callers_that_all_hang_up_lose_nothing() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    let servers = three(&test).await;
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let mut asking = callers(&test, &servers, id, 100, TokenRequest::default());
    test.sandbox.wait_for_hold().await;
    asking.shutdown().await;
    test.sandbox.release();
    let token = ask(&test, id).await.unwrap();
    assert!(test.sandbox.token_is_live(&token));
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn forced_refreshes_on_three_servers_are_collapsed() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let old = ask(&test, id).await.unwrap();
    test.advance(5 * MINUTE);
    let servers = three(&test).await;
    let refused = TokenRequest { rejected_sha256: Some(sha256(old.as_bytes())), ..Default::default() };
    let asking = callers(&test, &servers, id, 90, refused);
    let mut forcing = JoinSet::new();
    for vault in servers.iter().cycle().take(90) {
        let (vault, caller) = (vault.clone(), test.caller.clone());
        forcing.spawn(async move { vault.refresh_now(&caller, id).await.map(drop) });
    }
    let token = only(asking.join_all().await);
    assert!(token != old && test.sandbox.token_is_live(&token));
    assert!(forcing.join_all().await.iter().all(Result::is_ok));
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn a_refusal_is_heard_once_by_callers_on_three_servers() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.revoke_grant(CLIENT_ID, "ada@example.com").unwrap();
    let answers = callers(&test, &three(&test).await, id, 90, TokenRequest::default()).join_all().await;
    assert!(answers.iter().all(|answer| *answer == Err("refresh_rejected".to_owned())), "{answers:?}");
    assert_eq!(refreshes(&test), 1);
    let timeline = test.vault.connected_account_timeline(&test.caller, id, None, 50).await.unwrap().data;
    let told = timeline.iter().filter(|line| line.r#type.contains("needs_reconnect")).count();
    assert_eq!(told, 1);
}

/// Two end users consent as the same provider's user. The first one's code is sent first and held as `hold` says; the
/// second's goes through meanwhile.
async fn overlapping_consents(hold: Fault) -> (TestVault, [ConnectedAccountId; 2]) {
    let test = TestVault::new("zoom").await;
    let first = test.session(|new| new.end_user.id = "user_42".into()).await;
    let second = test.session(|new| new.end_user.id = "user_43".into()).await;
    let mut exchanges: Vec<JoinHandle<()>> = Vec::new();
    test.sandbox.fault(hold);
    for (session, browser) in [(&first, "first"), (&second, "second")] {
        let url = test.begin(session, browser).await;
        let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
        let vault = test.vault.clone();
        exchanges
            .push(tokio::spawn(async move { drop(vault.complete(callback(&back), Some(browser)).await.unwrap()) }));
        if exchanges.len() == 1 {
            test.sandbox.wait_for_hold().await;
            test.advance(SECOND);
        }
    }
    exchanges.pop().unwrap().await.unwrap();
    test.sandbox.release();
    exchanges.pop().unwrap().await.unwrap();
    let mut accounts = Vec::new();
    for session in [first, second] {
        let session = test.vault.connect_session(&test.caller, session.id).await.unwrap();
        accounts.push(session.results[0].connected_account.unwrap_or_else(|| panic!("{session:?}")));
    }
    (test, accounts.try_into().unwrap())
}

#[tokio::test]
async fn of_overlapping_consents_the_one_that_the_provider_took_last_serves_both() {
    // The provider works on the first code only after the second: the tokens of the second are dead.
    let (test, accounts) = overlapping_consents(Fault::exchange(FaultKind::Hold)).await;
    test.advance(2 * HOUR);
    for account in accounts {
        assert!(test.sandbox.token_is_live(&ask(&test, account).await.unwrap()));
    }
    assert_eq!(refreshes(&test), 2, "the one that was sent later is tried first, and refused");
}

#[tokio::test]
async fn of_overlapping_consents_an_answer_that_comes_late_ends_nothing() {
    // The provider works on the first code first, and its answer comes last.
    let (test, accounts) = overlapping_consents(Fault::exchange(FaultKind::Hold).after_work()).await;
    for account in accounts {
        assert!(test.sandbox.token_is_live(&ask(&test, account).await.unwrap()));
    }
    test.advance(2 * HOUR);
    for account in accounts {
        assert!(test.sandbox.token_is_live(&ask(&test, account).await.unwrap()));
    }
    assert_eq!(refreshes(&test), 1);
}
