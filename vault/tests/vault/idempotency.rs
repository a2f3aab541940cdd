//! Calls under an idempotency key: made once, on however many servers.

use model::api_keys::KeyScope;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;
use vault::testing::{Onlooker, TestVault};
use vault::{ApiKeyForm, ApplicationCaller, DAY, KeptAnswer, Once, Outcome, SECOND, Secret, Turn, Vault, VaultError};

const CALL: &[u8] = b"POST\0/v1/connect-sessions\0{}";
const LINK: &str = "https://vault.example.com/connect/canary-connect-link-0123";

fn outcome() -> Outcome {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let answer = KeptAnswer { status: 201, headers, body: Secret::new(format!("{{\"url\":\"{LINK}\"}}")) };
    Outcome { scope: Some(KeyScope::ConnectSessionsWrite), answer }
}

async fn turn(vault: &Vault, caller: &ApplicationCaller, key: &str) -> Turn {
    vault.take_turn(caller, key, CALL).await.unwrap()
}

async fn first(vault: &Vault, caller: &ApplicationCaller, key: &str) -> Once {
    match turn(vault, caller, key).await {
        Turn::First(once) => once,
        other => panic!("{} instead of the first turn", name(&other)),
    }
}

fn name(turn: &Turn) -> &'static str {
    match turn {
        Turn::First(_) => "first",
        Turn::Answered(_) => "answered",
        Turn::Reused => "reused",
        Turn::Running { .. } => "running",
    }
}

async fn make(vault: &Vault, once: Once, outcome: Option<Outcome>) {
    vault.make_once(once, async { ((), outcome) }).await.unwrap();
}

async fn stored(test: &TestVault) -> Vec<String> {
    Onlooker::at(&test.database_url).await.idempotency_keys().await
}

#[tokio::test]
async fn the_answer_is_kept_for_a_day_and_no_longer() {
    let test = TestVault::empty("zoom").await;
    make(&test.vault, first(&test.vault, &test.caller, "order 1").await, Some(outcome())).await;
    let another = test.another().await;
    for vault in [&test.vault, &another] {
        let Turn::Answered(kept) = turn(vault, &test.caller, "order 1").await else { panic!("it is not answered") };
        assert_eq!((kept.status, kept.body.expose().contains(LINK)), (201, true));
        assert_eq!(kept.headers, outcome().answer.headers);
    }
    let other_call = test.vault.take_turn(&test.caller, "order 1", b"POST\0/v1/connect-sessions\0{ }").await.unwrap();
    assert_eq!(name(&other_call), "reused");
    test.clock.advance(DAY - 1);
    assert_eq!(name(&turn(&test.vault, &test.caller, "order 1").await), "answered");
    test.clock.advance(1);
    let fresh = test.vault.take_turn(&test.caller, "order 1", b"something else").await.unwrap();
    assert_eq!(name(&fresh), "first");
}

#[tokio::test]
async fn what_is_over_is_forgotten() {
    let test = TestVault::empty("zoom").await;
    make(&test.vault, first(&test.vault, &test.caller, "a").await, Some(outcome())).await;
    test.clock.advance(DAY);
    test.vault.reap().await.unwrap();
    assert_eq!(stored(&test).await, Vec::<String>::new());
}

#[tokio::test]
async fn nothing_of_an_answer_or_a_key_stands_in_the_database() {
    let test = TestVault::empty("zoom").await;
    make(&test.vault, first(&test.vault, &test.caller, "canary-idempotency-key").await, Some(outcome())).await;
    let text = stored(&test).await.concat() + &String::from_utf8_lossy(&test.database_bytes());
    assert!(text.contains(&test.caller.application().to_string()), "the search itself works: {text}");
    for secret in ["canary-connect-link-0123", "canary-idempotency-key"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn of_two_servers_one_makes_the_call() {
    let test = TestVault::empty("zoom").await;
    let another = test.another().await;
    let made = Arc::new(AtomicUsize::new(0));
    let answers = futures::future::join_all((0..10).map(|number| {
        let vault = if number % 2 == 0 { test.vault.clone() } else { another.clone() };
        let (caller, made) = (test.caller.clone(), Arc::clone(&made));
        async move {
            match turn(&vault, &caller, "once").await {
                Turn::First(once) => {
                    let call = async move {
                        made.fetch_add(1, Ordering::SeqCst);
                        ((), Some(outcome()))
                    };
                    vault.make_once(once, call).await.unwrap();
                    true
                }
                Turn::Answered(kept) => kept.status == 201,
                Turn::Running { retry_after } => retry_after > 0,
                Turn::Reused => false,
            }
        }
    }));
    assert_eq!(answers.await, [true; 10]);
    assert_eq!(made.load(Ordering::SeqCst), 1);
    assert_eq!(name(&turn(&another, &test.caller, "once").await), "answered");
}

#[tokio::test]
async fn a_server_that_dies_frees_the_key_within_half_a_minute() {
    let test = TestVault::empty("zoom").await;
    let dead = first(&test.vault, &test.caller, "lost").await;
    let another = test.another().await;
    test.clock.advance(30 * SECOND - 1);
    let waiting = turn(&another, &test.caller, "lost").await;
    assert!(matches!(waiting, Turn::Running { retry_after: SECOND }), "{}", name(&waiting));
    test.clock.advance(1);
    assert_eq!(name(&another.take_turn(&test.caller, "lost", b"another call").await.unwrap()), "reused");
    make(&another, first(&another, &test.caller, "lost").await, Some(outcome())).await;
    // Whoever comes back from the dead changes nothing.
    let mut late = outcome();
    late.answer.status = 422;
    make(&test.vault, dead, Some(late)).await;
    let Turn::Answered(kept) = turn(&test.vault, &test.caller, "lost").await else { panic!("it is not answered") };
    assert_eq!(kept.status, 201);
}

#[tokio::test]
async fn a_call_that_changed_nothing_may_be_made_again() {
    let test = TestVault::empty("zoom").await;
    make(&test.vault, first(&test.vault, &test.caller, "again").await, None).await;
    assert_eq!(stored(&test).await, Vec::<String>::new());
    make(&test.vault, first(&test.vault, &test.caller, "again").await, Some(outcome())).await;
    assert_eq!(name(&turn(&test.vault, &test.caller, "again").await), "answered");
}

#[tokio::test]
async fn a_backend_that_hangs_up_gets_its_answer_later() {
    let test = TestVault::empty("zoom").await;
    let once = first(&test.vault, &test.caller, "hung up").await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let call = {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        async move {
            begun.notify_one();
            go_on.notified().await;
            ((), Some(outcome()))
        }
    };
    let mut waiting = Box::pin(test.vault.make_once(once, call));
    tokio::select! {
        _ = &mut waiting => panic!("it cannot be done yet"),
        () = begun.notified() => {}
    }
    drop(waiting);
    assert_eq!(name(&turn(&test.vault, &test.caller, "hung up").await), "running");
    go_on.notify_one();
    // Closing waits for what is under way.
    let another = test.another().await;
    test.vault.close().await;
    assert_eq!(name(&turn(&another, &test.caller, "hung up").await), "answered");
}

#[tokio::test]
async fn applications_have_keys_of_their_own_and_scopes_still_count() {
    let test = TestVault::empty("zoom").await;
    make(&test.vault, first(&test.vault, &test.caller, "shared").await, Some(outcome())).await;
    let other = test.vault.add_application(&test.member, "Other", model::applications::Environment::Development).await;
    let other = test.vault.enter(&test.member, other.unwrap().id).await.unwrap();
    assert_eq!(name(&turn(&test.vault, &other, "shared").await), "first");
    let narrow = ApiKeyForm { scopes: vec![KeyScope::ConnectSessionsRead], ..ApiKeyForm::from("narrow") };
    let narrow = test.vault.add_api_key(&test.caller, narrow).await.unwrap();
    let narrow = test.vault.authenticate(narrow.secret.expose(), None).await.unwrap().unwrap();
    let refused = test.vault.take_turn(&narrow, "shared", CALL).await.err();
    assert!(matches!(refused, Some(VaultError::MissingScope(KeyScope::ConnectSessionsWrite))), "{refused:?}");
}

#[tokio::test]
async fn a_key_is_printable_and_not_too_long() {
    let test = TestVault::empty("zoom").await;
    for bad in [String::new(), "x".repeat(256), "a\nb".to_owned(), "ä".to_owned(), "a\0".to_owned()] {
        let refused = test.vault.take_turn(&test.caller, &bad, CALL).await.err();
        assert!(matches!(refused, Some(VaultError::Invalid(_))), "{bad:?}");
    }
    for good in ["x".repeat(255), "a b".to_owned(), "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"".to_owned()] {
        first(&test.vault, &test.caller, &good).await;
    }
}
