//! What each answer of a provider to a refresh leaves behind.

use super::tokens::{ask, outcome, refreshes};
use model::connected_accounts::ConnectedAccountStatus::{Active, NeedsReconnect};
use model::connected_accounts::StatusReasonCode;
use model::provider_configs::ProviderConfigState;
use std::time::Duration;
use vault::testing::sandbox::{self, Fault, FaultKind};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, TestVault};
use vault::{HOUR, MINUTE, SECOND, TokenRequest};

/// One failing refresh, first while the old token is still good, then after its end.
async fn check_kept(kind: FaultKind) {
    let name = kind.name();
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let old = ask(&test, id).await.unwrap();
    test.sandbox.fault(Fault::refresh(kind).forever());
    test.advance(56 * MINUTE);
    assert_eq!(ask(&test, id).await, Ok(old.clone()), "{name}: the old token is still good");
    let asked = refreshes(&test);
    assert_eq!(ask(&test, id).await, Ok(old), "{name}");
    assert_eq!(refreshes(&test), asked, "{name}: the next try waits");
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(account.status, Active, "{name}");
    test.advance(10 * MINUTE);
    assert_eq!(ask(&test, id).await, Err("provider_unavailable".to_owned()), "{name}: no valid token is left");
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, Active, "{name}");
}

#[tokio::test]
async fn whatever_says_nothing_about_the_grant_keeps_everything() {
    check_kept(FaultKind::status(500)).await;
    check_kept(FaultKind::status(503)).await;
    check_kept(FaultKind::retry_after(429, "30")).await;
    check_kept(FaultKind::DropBefore).await;
    check_kept(FaultKind::Html { status: 200 }).await;
    check_kept(FaultKind::Html { status: 502 }).await;
}

#[tokio::test]
async fn answers_that_cannot_be_read_keep_everything() {
    check_kept(FaultKind::Garbage).await;
    check_kept(FaultKind::WrongJson).await;
    check_kept(FaultKind::huge_body()).await;
    check_kept(FaultKind::Truncated).await;
}

#[tokio::test]
async fn when_the_provider_is_back_the_token_is_fresh_again() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::refresh(FaultKind::status(500)));
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, id).await, Err("provider_unavailable".to_owned()));
    test.advance(5 * SECOND);
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    assert_eq!(refreshes(&test), 2);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_has_spent_nothing() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.stop().await;
    assert_eq!(ask(&test, id).await, Err("provider_unavailable".to_owned()));
    test.sandbox.resume().await.unwrap();
    test.advance(5 * SECOND);
    assert!(ask(&test, id).await.is_ok());
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::refresh(FaultKind::retry_after(429, "90")));
    test.advance(2 * HOUR);
    assert!(ask(&test, id).await.is_err());
    test.advance(80 * SECOND);
    assert!(ask(&test, id).await.is_err());
    assert_eq!(refreshes(&test), 1);
    test.advance(11 * SECOND);
    assert!(ask(&test, id).await.is_ok());
}

/// Checklist 46: terminal, one event, no further calls until the end user has reconnected.
#[tokio::test]
async fn invalid_grant_for_the_stored_token_needs_the_end_user() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.revoke_grant(CLIENT_ID, "ada@example.com").unwrap();
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, id).await, Err("refresh_rejected".to_owned()));
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    let reason = account.status_reason.unwrap();
    assert_eq!((account.status, reason.code), (NeedsReconnect, StatusReasonCode::RefreshRejected));
    assert!(reason.detail.contains("Invalid Token!") && reason.detail.contains("reconnect link"), "{}", reason.detail);
    assert_eq!(ask(&test, id).await, Err("refresh_rejected".to_owned()));
    test.vault.refresh_due().await.unwrap();
    test.vault.reap().await.unwrap();
    assert_eq!(refreshes(&test), 1, "no further calls until the end user has reconnected");
    let events = test.vault.events_of(&test.caller, &id.to_string()).await.unwrap();
    assert_eq!(events.iter().filter(|e| e.r#type == "connected_account.needs_reconnect").count(), 1);
}

#[tokio::test]
async fn invalid_grant_after_a_lost_answer_says_so() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::refresh(FaultKind::DropAfter));
    test.advance(2 * HOUR);
    let sent = vault::rfc3339(test.clock.now());
    assert_eq!(ask(&test, id).await, Err("provider_unavailable".to_owned()));
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, Active);
    // The call is over for us but perhaps not for the provider: its lease runs out first.
    test.advance(MINUTE);
    assert_eq!(ask(&test, id).await, Err("refresh_interrupted".to_owned()));
    let reason = test.vault.connected_account(&test.caller, id).await.unwrap().status_reason.unwrap();
    assert!(reason.detail.contains(&sent), "{}", reason.detail);
}

/// Checklist 47.
#[tokio::test]
async fn invalid_client_flags_the_provider_config_and_no_account() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let other = test.connect("user_43", "grace@example.com").await;
    let secret = test.sandbox.rotate_secret(CLIENT_ID).unwrap();
    test.advance(56 * MINUTE);
    assert!(ask(&test, id).await.is_ok(), "the old token is still good");
    let config = test.vault.provider_config(&test.caller, "zoom").await.unwrap();
    assert_eq!(config.state, ProviderConfigState::Rejected);
    assert!(config.rejection.unwrap().contains("Invalid client_id or client_secret"));
    test.advance(10 * MINUTE);
    for account in [id, other] {
        assert_eq!(ask(&test, account).await, Err("provider_config_rejected".to_owned()));
        assert_eq!(test.vault.connected_account(&test.caller, account).await.unwrap().status, Active);
    }
    assert_eq!(refreshes(&test), 1, "nothing is sent while the credentials are refused");
    test.save(CLIENT_ID, &secret, false).await.unwrap();
    for account in [id, other] {
        assert!(ask(&test, account).await.is_ok());
    }
}

#[tokio::test]
async fn a_rejected_provider_config_is_tried_once_an_hour() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.update_client(CLIENT_ID, |c| c.client_secret = "another-secret-0000000000000000a".into()).unwrap();
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, id).await, Err("provider_config_rejected".to_owned()));
    test.sandbox.update_client(CLIENT_ID, |c| c.client_secret = CLIENT_SECRET.into()).unwrap();
    test.advance(30 * MINUTE);
    assert_eq!(ask(&test, id).await, Err("provider_config_rejected".to_owned()));
    test.advance(31 * MINUTE);
    assert!(ask(&test, id).await.is_ok());
    assert_eq!(test.vault.provider_config(&test.caller, "zoom").await.unwrap().state, ProviderConfigState::Active);
}

#[tokio::test]
async fn a_caller_that_hangs_up_loses_nothing() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let (vault, caller) = (test.vault.clone(), test.caller.clone());
    let asking = tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) });
    test.sandbox.wait_for_hold().await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    test.sandbox.release();
    let token = ask(&test, id).await.unwrap();
    assert!(test.sandbox.token_is_live(&token));
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn closing_waits_for_the_call_under_way() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let other = test.another().await;
    let (vault, caller) = (other.clone(), test.caller.clone());
    drop(tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) }));
    test.sandbox.wait_for_hold().await;
    let closing = tokio::spawn(async move { other.close().await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!closing.is_finished());
    test.sandbox.release();
    closing.await.unwrap();
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn an_answer_without_some_members_is_made_up_for() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::refresh(FaultKind::MissingExpiresIn));
    test.advance(2 * HOUR);
    let token = test.vault.fresh(&test.caller, id, TokenRequest::default()).await.unwrap();
    assert_eq!(token.expires_at.as_deref(), Some("2026-01-01T03:00:00.000Z"), "the entry's hour, never forever");
    // Checklist 39: no new refresh token in the answer leaves the old one in place.
    test.sandbox.update_client(CLIENT_ID, |c| c.reuse = sandbox::Reuse::Window(10_000_000)).unwrap();
    test.sandbox.fault(Fault::refresh(FaultKind::MissingRefreshToken));
    for _ in 0..2 {
        test.advance(2 * HOUR);
        assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    }
    let timeline = test.vault.connected_account_timeline(&test.caller, id, None, 50).await.unwrap().data;
    let told = timeline.iter().find(|line| line.outcome == "no_refresh_token").unwrap();
    assert!(told.cause.contains("Zoom sent no new refresh token"), "{}", told.cause);
    test.sandbox.fault(Fault::refresh(FaultKind::SmallerScope { scope: "user:read:user".into() }));
    test.advance(2 * HOUR);
    assert_eq!(test.vault.fresh(&test.caller, id, TokenRequest::default()).await.unwrap().scopes, ["user:read:user"]);
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().scopes, ["user:read:user"]);
}

#[tokio::test]
async fn the_databases_own_clock_runs_the_lease() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let other = test.open_again(|options| options.clock = vault::Clock::system()).await.unwrap();
    // Both ask at once: by this clock the token from the beginning of the year is long over.
    let asks = (0..20).map(|_| {
        let (vault, caller) = (other.clone(), test.caller.clone());
        tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) })
    });
    let mut tokens = std::collections::HashSet::new();
    for ask in asks.collect::<Vec<_>>() {
        tokens.insert(ask.await.unwrap().unwrap());
    }
    assert_eq!((tokens.len(), refreshes(&test)), (1, 1));
}

#[tokio::test]
async fn a_server_whose_clock_is_off_does_not_refresh() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(56 * MINUTE);
    let skewed = test.open_again(|options| options.clock = vault::Clock::skewed(10 * MINUTE)).await.unwrap();
    let error = outcome(skewed.fresh(&test.caller, id, TokenRequest::default()).await);
    assert_eq!((error, refreshes(&test)), (Err("provider_unavailable".to_owned()), 0));
}

#[tokio::test]
async fn a_grant_without_a_refresh_token_ends_with_its_access_token() {
    let test = TestVault::new("zoom").await;
    test.sandbox.fault(Fault::exchange(FaultKind::MissingRefreshToken));
    let id = test.connected().await;
    test.advance(56 * MINUTE);
    let token = ask(&test, id).await.unwrap();
    let refused = TokenRequest { rejected_sha256: Some(vault::sha256(token.as_bytes())), ..Default::default() };
    assert_eq!(outcome(test.vault.fresh(&test.caller, id, refused).await), Err("refresh_rejected".to_owned()));
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, NeedsReconnect);
}
