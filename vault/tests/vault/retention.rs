//! What is over goes after the time that the operator sets, and nothing else does.

use super::tokens::ask;
use model::ids::ConnectedAccountId;
use vault::testing::sandbox::{Endpoint, Fault, FaultKind, Times};
use vault::testing::{Onlooker, TestVault};
use vault::{
    ChainReport, ChainVerifier, DAY, HOUR, MINUTE, NewWebhookEndpoint, Retention, TokenRequest, Vault, VaultError,
};

/// Keeps everything but what a test names.
const FOR_EVER: Retention = Retention { revoked_accounts: None, connect_sessions: None, journal: None, events: None };

async fn keeping(test: &TestVault, retention: Retention) -> Vault {
    let mut options = test.options();
    options.retention = retention;
    Vault::open(options).await.unwrap()
}

/// How many rows of these tables there are.
async fn rows<const N: usize>(test: &TestVault, tables: [&str; N]) -> [usize; N] {
    let stored = Onlooker::at(&test.database_url).await.texts().await;
    tables.map(|table| stored.iter().filter(|(of, _)| of == table).count())
}

async fn revoke(test: &TestVault, id: ConnectedAccountId) {
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
}

async fn verified(test: &TestVault, after: i64) -> ChainReport {
    let mut export = test.vault.export_event_chain(&test.member, after).await.unwrap();
    let mut verifier = ChainVerifier::default();
    while let Some(piece) = export.next().await.unwrap() {
        piece.lines().for_each(|line| verifier.read(line).unwrap());
    }
    verifier.finish().unwrap()
}

#[tokio::test]
async fn revoked_accounts_go_after_their_time_and_others_stay() {
    let test = TestVault::new("zoom").await;
    let (first, second) = (test.connected().await, test.connect("user_7", "grace@example.com").await);
    let vault = keeping(&test, Retention { revoked_accounts: Some(30 * DAY), ..FOR_EVER }).await;
    revoke(&test, first).await;
    test.advance(30 * DAY - MINUTE);
    vault.reap().await.unwrap();
    assert!(test.vault.connected_account(&test.caller, first).await.is_ok(), "its time is not over");
    test.advance(2 * MINUTE);
    vault.reap().await.unwrap();
    let gone = test.vault.connected_account(&test.caller, first).await;
    assert!(matches!(gone, Err(VaultError::NotFound)), "{gone:?}");
    assert!(test.vault.connected_account(&test.caller, second).await.is_ok());
    assert_eq!(rows(&test, ["connected_accounts", "token_sets", "connect_sessions"]).await, [1, 1, 2]);
    let stored = Onlooker::at(&test.database_url).await.texts().await;
    let named: Vec<_> =
        stored.iter().filter(|(table, text)| table == "events" && text.contains("ada@example.com")).collect();
    assert!(named.is_empty(), "{named:?}");
    test.vault.chain_events().await.unwrap();
    let feed = test.vault.events_after(&test.caller, 0, 100).await.unwrap();
    let told = feed.iter().find(|event| event.r#type == "application.revoked_accounts_deleted").unwrap();
    assert_eq!(told.detail, serde_json::json!({ "connected_accounts": 1 }));
    assert!(feed.iter().any(|event| event.target == first.to_string()), "what was done stays in the log");
    verified(&test, 0).await;
}

#[tokio::test]
async fn an_account_stays_while_a_provider_or_an_endpoint_is_to_hear_of_it() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let endpoint = NewWebhookEndpoint { url: "https://webhooks.invalid/".into(), ..NewWebhookEndpoint::default() };
    test.vault.add_webhook_endpoint(&test.caller, endpoint).await.unwrap();
    let vault = keeping(&test, Retention { revoked_accounts: Some(DAY), ..FOR_EVER }).await;
    test.sandbox.fault(Fault { times: Times::Count(3), ..Fault::new(Endpoint::Revoke, FaultKind::DropBefore) });
    revoke(&test, id).await;
    test.advance(2 * DAY);
    vault.reap().await.unwrap();
    assert!(test.vault.connected_account(&test.caller, id).await.is_ok());
    test.sandbox.clear_faults();
    for _ in 0..40 {
        test.advance(DAY);
        vault.reap().await.unwrap();
    }
    assert_eq!(rows(&test, ["connected_accounts", "deliveries"]).await, [0, 0]);
}

#[tokio::test]
async fn connect_sessions_go_after_their_time_and_what_they_brought_stays() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let open = test.session(|new| new.expires_in = Some(86_400)).await;
    let vault = keeping(&test, Retention { connect_sessions: Some(DAY / 2), ..FOR_EVER }).await;
    test.advance(13 * HOUR);
    vault.reap().await.unwrap();
    assert_eq!(rows(&test, ["connect_sessions", "attempts"]).await, [1, 0], "the open one stays");
    assert!(test.vault.connect_session(&test.caller, open.id).await.is_ok());
    assert!(ask(&test, id).await.is_ok());
    let report = test.vault.erase_end_user(&test.caller, vault::testing::END_USER).await.unwrap();
    assert_eq!(report.connected_accounts.len(), 1);
    let stored = Onlooker::at(&test.database_url).await.texts().await;
    assert!(stored.iter().all(|(_, text)| !text.contains("ada@example.com")));
}

#[tokio::test]
async fn the_journal_goes_after_its_time() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    ask(&test, id).await.unwrap();
    let vault = keeping(&test, Retention { journal: Some(DAY), ..FOR_EVER }).await;
    vault.reap().await.unwrap();
    assert_eq!(rows(&test, ["intents"]).await, [2]);
    test.advance(DAY + MINUTE);
    vault.reap().await.unwrap();
    assert_eq!(rows(&test, ["intents"]).await, [0]);
    assert!(ask(&test, id).await.is_ok());
}

#[tokio::test]
async fn old_lines_of_the_log_go_and_the_rest_is_verified_from_a_checkpoint() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let vault = keeping(&test, Retention { events: Some(31 * DAY), ..FOR_EVER }).await;
    ask(&test, id).await.unwrap();
    verified(&test, 0).await;
    let old = test.vault.events_after(&test.caller, 0, 100).await.unwrap();
    test.advance(20 * DAY);
    test.vault.fresh(&test.caller, id, TokenRequest::default()).await.unwrap();
    let whole = verified(&test, 0).await;
    test.advance(12 * DAY);
    vault.reap().await.unwrap();
    let rest = verified(&test, 0).await;
    assert!(rest.events < whole.events + 1 && rest.events > 1, "{} of {}", rest.events, whole.events);
    let kept = test.vault.events_after(&test.caller, 0, 100).await.unwrap();
    assert!(kept[0].seq > old.last().unwrap().seq, "{:?}", kept[0]);
    let missed = test.vault.events_after(&test.caller, old[0].seq, 100).await;
    assert!(matches!(missed, Err(VaultError::Conflict { code: "events_deleted", .. })), "{missed:?}");
    let last = kept[0].seq;
    assert_eq!(
        test.vault.events_after(&test.caller, last, 100).await.unwrap(),
        kept[1..],
        "whoever reads on misses none"
    );
    let again = rows(&test, ["events", "event_lines", "event_checkpoints"]).await;
    vault.reap().await.unwrap();
    assert_eq!(rows(&test, ["events", "event_lines", "event_checkpoints"]).await, again, "no more than that");
    test.advance(90 * DAY);
    vault.reap().await.unwrap();
    let rest = verified(&test, 0).await;
    assert!(rest.events <= 2, "the log goes on where nothing is left of it: {}", rest.events);
}
