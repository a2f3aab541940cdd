//! What the timeline of a connected account tells.

use super::tokens::{ask, outcome};
use model::applications::Environment;
use model::connected_accounts::StatusReasonCode;
use model::ids::{ConnectSessionId, ConnectedAccountId, EventId};
use model::timeline::{TimelineEntry, TroubleKind};
use vault::testing::sandbox::{ConsentRequest, Endpoint, Fault, FaultKind};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, TestVault, callback};
use vault::{HOUR, MINUTE, SECOND, TokenRequest, VaultError};

async fn timeline(test: &TestVault, id: ConnectedAccountId) -> Vec<TimelineEntry> {
    test.vault.connected_account_timeline(&test.caller, id, None, 100).await.unwrap().data
}

/// What is told, newest first, as `type: outcome` without the first half of the type.
fn told(entries: &[TimelineEntry]) -> Vec<String> {
    let line = |e: &TimelineEntry| format!("{}: {}", e.r#type.trim_start_matches("connected_account."), e.outcome);
    entries.iter().map(line).collect()
}

async fn trouble(test: &TestVault, id: ConnectedAccountId) -> Option<(TroubleKind, Option<String>)> {
    let detail = test.vault.connected_account_detail(&test.caller, id).await.unwrap();
    detail.trouble.map(|trouble| (trouble.kind, trouble.retry_at))
}

#[tokio::test]
async fn each_attempt_is_told_with_the_providers_answer_its_cause_and_the_next_step() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    assert_eq!(trouble(&test, id).await, None);
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::retry_after(429, "30")));
    test.sandbox.fault(Fault::refresh(FaultKind::status(500)));
    assert!(ask(&test, id).await.is_err());
    let retry_at = Some("2026-01-01T02:00:30.000Z".to_owned());
    assert_eq!(trouble(&test, id).await, Some((TroubleKind::RefreshesFail, retry_at)));
    test.advance(31 * SECOND);
    assert!(ask(&test, id).await.is_err());

    let entries = timeline(&test, id).await;
    assert_eq!(told(&entries), ["refresh_failed: unknown", "refresh_failed: not_processed", "connected: ok"]);
    let [unknown, busy, connected] = entries.as_slice() else { panic!("{entries:?}") };
    assert!(unknown.cause.starts_with("Zoom gave no usable answer") && unknown.next_step.is_some(), "{unknown:?}");
    assert!(unknown.detail.as_ref().unwrap().contains("500"), "{unknown:?}");
    assert_eq!(busy.cause, "Zoom was busy or could not be reached; nothing was spent.");
    assert!(busy.detail.as_ref().unwrap().contains("429"), "{busy:?}");
    assert_eq!((busy.at.as_str(), busy.actor.as_str()), ("2026-01-01T02:00:00.000Z", "keybearer"));
    assert!(connected.connect_session.is_some() && connected.next_step.is_none(), "{connected:?}");

    test.advance(3 * MINUTE);
    assert!(ask(&test, id).await.is_ok());
    let entries = timeline(&test, id).await;
    assert_eq!(told(&entries)[0], "refreshed: ok");
    assert!(entries.iter().all(|e| e.next_step.is_none()), "what is over advises nothing: {entries:?}");
    assert_eq!(trouble(&test, id).await, None);
}

#[tokio::test]
async fn a_refused_refresh_token_asks_for_a_reconnect_until_there_is_one() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.revoke_grant(CLIENT_ID, "ada@example.com").unwrap();
    test.advance(2 * HOUR);
    assert!(ask(&test, id).await.is_err());
    let entry = timeline(&test, id).await.remove(0);
    assert_eq!(
        (entry.r#type.as_str(), entry.outcome.as_str()),
        ("connected_account.needs_reconnect", "refresh_rejected")
    );
    assert_eq!(entry.cause, "Zoom no longer accepts the refresh token.");
    assert!(entry.detail.unwrap().contains("Invalid Token!"));
    assert_eq!(entry.next_step.as_deref(), Some("Create a reconnect link and send it to the end user."));
    let trouble = test.vault.connected_account_detail(&test.caller, id).await.unwrap().trouble.unwrap();
    assert_eq!((trouble.kind, trouble.cause), (TroubleKind::NeedsReconnect, entry.cause));
    assert_eq!(trouble.since.as_deref(), Some("2026-01-01T02:00:00.000Z"));

    let session = test.session(|new| new.reconnect = Some(id)).await;
    test.consent(&session, "grace@example.com").await;
    let entry = timeline(&test, id).await.remove(0);
    assert_eq!(
        (entry.r#type.as_str(), entry.outcome.as_str()),
        ("connected_account.reconnect_failed", "different_account")
    );
    assert_eq!((entry.connect_session, entry.next_step.is_some()), (Some(session.id), true));
    assert!(entry.detail.unwrap().contains("Another Zoom account"));

    let session = test.session(|new| new.reconnect = Some(id)).await;
    test.consent(&session, "ada@example.com").await;
    let entries = timeline(&test, id).await;
    assert_eq!(told(&entries)[0], "reconnected: ok");
    assert_eq!(entries[0].connect_session, Some(session.id));
    assert!(entries.iter().all(|e| e.next_step.is_none()), "{entries:?}");
}

#[tokio::test]
async fn a_declined_reconnect_is_told_too() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let session = test.session(|new| new.reconnect = Some(id)).await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::decline(&url, "ada@example.com")).unwrap();
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    let entries = timeline(&test, id).await;
    assert_eq!(told(&entries), ["reconnect_failed: access_denied", "connected: ok"]);
    assert_eq!(
        (entries[0].connect_session, &entries[0].next_step),
        (Some(session.id), &None),
        "the account still works"
    );
}

#[tokio::test]
async fn a_call_without_an_answer_is_told_as_open() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let (vault, caller) = (test.vault.clone(), test.caller.clone());
    let asking = tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) });
    test.sandbox.wait_for_hold().await;
    let entries = timeline(&test, id).await;
    assert_eq!(told(&entries), ["refresh_sent: open", "connected: ok"]);
    assert!(entries[0].id.starts_with("int_") && entries[0].next_step.is_some(), "{entries:?}");
    let cursor: EventId = entries[0].id.replacen("int_", "evt_", 1).parse().unwrap();
    let older = test.vault.connected_account_timeline(&test.caller, id, Some(cursor), 100).await.unwrap().data;
    assert_eq!(told(&older), ["connected: ok"]);
    test.sandbox.release();
    asking.await.unwrap().unwrap();
    assert_eq!(told(&timeline(&test, id).await), ["refreshed: ok", "connected: ok"]);
}

#[tokio::test]
async fn the_refreshes_of_a_former_authorization_stay_and_those_of_others_do_not_come() {
    let test = TestVault::new("zoom").await;
    let first = test.connect("user_42", "ada@example.com").await;
    test.advance(2 * HOUR);
    ask(&test, first).await.unwrap();
    let second = test.connect("user_43", "ada@example.com").await;
    test.advance(2 * HOUR);
    ask(&test, second).await.unwrap();
    let entries = timeline(&test, first).await;
    assert_eq!(told(&entries), ["refreshed: ok", "moved: ok", "refreshed: ok", "connected: ok"]);
    let second = timeline(&test, second).await;
    assert_eq!(told(&second), ["refreshed: ok", "connected: ok"]);
    assert_eq!(entries[1].connect_session, second[1].connect_session, "the move names who caused it");
    assert_ne!(entries[1].connect_session, entries[3].connect_session);
}

/// Connects without an optional scope and gives account and session.
async fn connect_with_less(test: &TestVault, end_user: &str) -> (ConnectedAccountId, ConnectSessionId) {
    let optional = "cloud_recording:read:list_user_recordings";
    test.sandbox.update_client(CLIENT_ID, |c| c.optional_scopes = vec![optional.into()]).unwrap();
    let session = test.session(|new| new.end_user.id = end_user.to_owned()).await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com").without(optional)).unwrap();
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    let session = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    (session.results[0].connected_account.unwrap(), session.id)
}

#[tokio::test]
async fn a_superseded_account_names_the_connect_session_that_ended_it() {
    let test = TestVault::new("zoom").await;
    let (less, own) = connect_with_less(&test, "user_42").await;
    let session = test.session(|new| new.end_user.id = "user_43".to_owned()).await;
    test.consent(&session, "ada@example.com").await;
    let entry = timeline(&test, less).await.remove(0);
    assert_eq!(entry.outcome, StatusReasonCode::Superseded.as_str());
    assert_eq!(entry.connect_session, Some(session.id));
    assert_ne!(entry.connect_session, Some(own));
}

#[tokio::test]
async fn a_revocation_is_told_with_what_the_provider_said() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::new(Endpoint::Revoke, FaultKind::retry_after(503, "10")));
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    let entries = timeline(&test, id).await;
    assert_eq!(told(&entries), ["revoked_at_provider: pending", "revoked: ok", "connected: ok"]);
    assert!(entries[0].next_step.as_ref().unwrap().contains("asked again"), "{entries:?}");
    assert_eq!(entries[1].cause, "A member revoked the account.");
    assert_eq!(trouble(&test, id).await, Some((TroubleKind::Revoked, None)));
    test.advance(5 * MINUTE);
    test.vault.reap().await.unwrap();
    let entries = timeline(&test, id).await;
    assert_eq!(told(&entries)[..2], ["revoked_at_provider: revoked", "revoked_at_provider: pending"]);
    assert_eq!((&entries[1].next_step, entries[0].cause.as_str()), (&None, "Zoom confirmed the revocation."));
}

#[tokio::test]
async fn rejected_credentials_and_a_disabled_provider_config_are_told_as_what_they_are() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.rotate_secret(CLIENT_ID).unwrap();
    test.advance(2 * HOUR);
    assert!(ask(&test, id).await.is_err());
    assert_eq!(told(&timeline(&test, id).await)[0], "refresh_failed: provider_config_rejected");
    assert_eq!(trouble(&test, id).await, Some((TroubleKind::ConfigRejected, None)));
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.unwrap();
    assert_eq!(trouble(&test, id).await, Some((TroubleKind::ConfigDisabled, None)));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    for _ in 0..7 {
        test.advance(2 * HOUR);
        ask(&test, id).await.unwrap();
        test.connect("user_43", "ada@example.com").await;
    }
    let whole = timeline(&test, id).await;
    assert_eq!(whole.len(), 15, "connected, and seven times refreshed and moved");
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let page = test.vault.connected_account_timeline(&test.caller, id, cursor, 4).await.unwrap();
        pages.extend(page.data);
        let Some(next) = page.next_cursor else { break };
        cursor = Some(next.parse().unwrap());
    }
    assert_eq!(pages, whole);
}

#[tokio::test]
async fn another_application_finds_no_timeline() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let other = test.vault.add_application(&test.member, "Other", Environment::Development).await.unwrap();
    let other = test.vault.enter(&test.member, other.id).await.unwrap();
    let asked = test.vault.connected_account_timeline(&other, id, None, 20).await;
    assert!(matches!(asked, Err(VaultError::NotFound)));
}

/// A provider may quote what it was sent.
#[tokio::test]
async fn nothing_secret_is_in_a_timeline() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let token = ask(&test, id).await.unwrap();
    test.advance(2 * HOUR);
    let quoted = format!("{CLIENT_SECRET} and {token} are not good");
    test.sandbox.fault(Fault::refresh(FaultKind::error("invalid_grant", &quoted)));
    assert!(ask(&test, id).await.is_err());
    let detail = test.vault.connected_account_detail(&test.caller, id).await.unwrap();
    let all = serde_json::to_string(&(timeline(&test, id).await, detail)).unwrap();
    assert!(all.contains("are not good"), "the rest of the provider's words is there: {all}");
    for secret in [CLIENT_SECRET, token.as_str(), "eyJ", "ts_"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}
