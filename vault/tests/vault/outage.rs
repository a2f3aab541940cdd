//! A provider that is down or busy for minutes: nothing dies, its host is not hammered, and all are fresh soon after.

use super::tokens::{ask, refreshes};
use model::connected_accounts::ConnectedAccountStatus::Active;
use model::ids::ConnectedAccountId;
use std::time::{Duration, Instant};
use vault::testing::TestVault;
use vault::testing::sandbox::{Fault, FaultKind, User};
use vault::{HOUR, MINUTE, SECOND, TokenRequest};

/// The entry's own default.
const BUDGET: usize = 20;

async fn connect_many(test: &TestVault, accounts: usize) -> Vec<ConnectedAccountId> {
    let mut ids = Vec::new();
    for n in 0..accounts {
        let email = format!("user{n}@example.com");
        test.sandbox.add_user(User { email: email.clone(), ..User::default() }).unwrap();
        ids.push(test.connect(&format!("user_{n}"), &email).await);
    }
    ids
}

/// Whether no more refreshes reached the sandbox than the budget lets through. They are counted when they leave; on their way a
/// machine with other work may hold one up and not the next, so each time they arrive in is taken half a second shorter.
#[track_caller]
fn within_budget(what: &str, mut at: Vec<i64>) {
    at.sort_unstable();
    for seconds in 1..=3 {
        let (time, most) = (seconds * 1_050 - 550, BUDGET * usize::try_from(seconds).unwrap());
        for from in 0..at.len() {
            let arrived = at[from..].iter().take_while(|t| **t < at[from] + time).count();
            assert!(arrived <= most, "{what}: {arrived} in {time} ms: {at:?}");
        }
    }
}

fn arrivals(test: &TestVault) -> Vec<i64> {
    let journal = test.sandbox.journal();
    let refreshes = journal.iter().filter(|e| e.grant_type.as_deref() == Some("refresh_token"));
    refreshes.map(|e| e.at.parse::<jiff::Timestamp>().unwrap().as_millisecond()).collect()
}

/// One outage of so many minutes, then its end.
async fn check(kind: FaultKind, minutes: i64) {
    let name = kind.name();
    let test = TestVault::new("zoom").await;
    let accounts = connect_many(&test, 40).await;
    test.advance(55 * MINUTE);
    test.sandbox.fault(Fault::refresh(kind).forever());
    for minute in 0..minutes {
        test.vault.refresh_due().await.unwrap();
        test.vault.reap().await.unwrap();
        // Five minutes before their end callers come; with more than 30 s left they are served.
        if minute < 5 {
            for id in &accounts {
                assert!(ask(&test, *id).await.is_ok(), "{name}: a valid token is served");
            }
        }
        test.advance(MINUTE);
    }
    within_budget(name, arrivals(&test));
    let during = refreshes(&test);
    // Five failures open the circuit; after that there is one trial a pause.
    assert!(during <= BUDGET + usize::try_from(minutes).unwrap() * 3, "{name}: {during} calls in {minutes} minutes");
    for id in &accounts {
        assert_eq!(test.vault.connected_account(&test.caller, *id).await.unwrap().status, Active, "{name}");
    }
    test.sandbox.clear_faults();
    test.advance(3 * MINUTE);
    let began = Instant::now();
    while test.vault.reap().await.unwrap().refreshes + test.vault.refresh_due().await.unwrap() > 0 {}
    let took = began.elapsed();
    within_budget(name, arrivals(&test));
    // At the budget's pace, with some seconds for a machine that has more to do: the next trial would be a minute away.
    let most = Duration::from_millis(u64::try_from(accounts.len() * 1_200 / BUDGET).unwrap()) + Duration::from_secs(5);
    println!("{name}: {during} calls in {minutes} minutes of outage, {} accounts fresh in {took:?}", accounts.len());
    assert!(took < most, "{name}: {took:?}");
    let asked = refreshes(&test);
    for id in accounts {
        assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()), "{name}");
    }
    assert_eq!(refreshes(&test), asked, "{name}: all were fresh already");
}

/// Checklist 48: 429 and 503 honour Retry-After, and 5xx is never terminal.
#[tokio::test]
async fn a_busy_provider_is_left_alone() {
    check(FaultKind::retry_after(429, "45"), 12).await;
    check(FaultKind::retry_after(503, "45"), 12).await;
}

#[tokio::test]
async fn a_broken_provider_kills_nothing() {
    check(FaultKind::Html { status: 502 }, 12).await;
    check(FaultKind::DropBefore, 12).await;
}

#[tokio::test]
async fn callers_come_first_after_an_outage() {
    let test = TestVault::new("zoom").await;
    let accounts = connect_many(&test, 60).await;
    test.advance(2 * HOUR);
    let vault = test.vault.clone();
    let round = tokio::spawn(async move { vault.refresh_due().await });
    while refreshes(&test) < BUDGET {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // 40 wait for their turn, and then somebody asks for the last of them.
    let began = Instant::now();
    assert!(ask(&test, *accounts.last().unwrap()).await.is_ok());
    let (asked, took) = (refreshes(&test), began.elapsed());
    assert!(asked < 50, "the caller waited for those whom nobody asks for: {asked} calls, {took:?}");
    round.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_host_that_is_down_is_not_asked_by_callers_either() {
    let test = TestVault::new("zoom").await;
    let accounts = connect_many(&test, 10).await;
    test.sandbox.fault(Fault::refresh(FaultKind::status(500)).forever());
    test.advance(2 * HOUR);
    for id in &accounts {
        assert_eq!(ask(&test, *id).await, Err("provider_unavailable".to_owned()));
    }
    assert_eq!(refreshes(&test), 5, "after five failures in a row the others need not try");
    test.sandbox.clear_faults();
    test.advance(10 * SECOND);
    assert!(ask(&test, accounts[9]).await.is_ok());
}

/// What a caller knows counts: its token is dead before its time, so an unknown refresh need not wait.
#[tokio::test]
async fn a_refused_token_is_reason_enough_to_find_out() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let old = ask(&test, id).await.unwrap();
    test.advance(MINUTE);
    test.sandbox.fault(Fault::refresh(FaultKind::status(500)));
    let refused = TokenRequest { rejected_sha256: Some(vault::sha256(old.as_bytes())), ..Default::default() };
    assert!(test.vault.fresh(&test.caller, id, refused).await.is_err());
    test.advance(5 * SECOND);
    assert_eq!(ask(&test, id).await, Ok(old.clone()), "who knows nothing of it gets what is stored");
    let new = test.vault.fresh(&test.caller, id, refused).await.unwrap();
    assert!(test.sandbox.token_is_live(new.access_token.expose()));
}
