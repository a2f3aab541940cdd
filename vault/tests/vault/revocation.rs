//! Disconnect means revoked: here at once, at the provider next.

use super::tokens::{ask, outcome};
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use vault::testing::sandbox::{Endpoint, Fault, FaultKind};
use vault::testing::{CLIENT_ID, TestVault};
use vault::{DAY, HOUR, MINUTE, TokenRequest};

#[tokio::test]
async fn from_the_answer_on_no_token_is_handed_out_anywhere() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let token = ask(&test, id).await.unwrap();
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(
        (revoked.status, revoked.provider_revocation),
        (ConnectedAccountStatus::Revoked, ProviderRevocation::Revoked)
    );
    assert_eq!(ask(&test, id).await, Err("revoked".to_owned()));
    let other = test.another().await;
    assert_eq!(outcome(other.fresh(&test.caller, id, TokenRequest::default()).await), Err("revoked".to_owned()));
    assert!(!test.sandbox.token_is_live(&token));
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(account.status_reason.unwrap().code, StatusReasonCode::RevokedByMember);
    assert_eq!(test.vault.revoke_connected_account(&test.caller, id).await.unwrap(), revoked, "again is the same");
}

#[tokio::test]
async fn an_expired_access_token_is_refreshed_before_it_is_revoked_with() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(3 * HOUR);
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Revoked);
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
}

/// Checklist 53: 503 with Retry-After is asked again later, and not before.
#[tokio::test]
async fn a_provider_that_does_not_answer_is_asked_again() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::new(Endpoint::Revoke, FaultKind::retry_after(503, "300")).times(2));
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Pending);
    assert_eq!(ask(&test, id).await, Err("revoked".to_owned()));
    test.advance(4 * MINUTE);
    assert_eq!(test.vault.reap().await.unwrap().revocations, 0, "it asked to be left alone for five minutes");
    for _ in 0..3 {
        test.advance(5 * MINUTE);
        test.vault.reap().await.unwrap();
    }
    let detail = test.vault.connected_account_detail(&test.caller, id).await.unwrap();
    assert_eq!(detail.provider_revocation, Some(ProviderRevocation::Revoked));
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
}

/// Checklist 54: the local erase happens after a bounded number of tries, and the outcome is shown.
#[tokio::test]
async fn after_the_last_try_the_tokens_are_forgotten_and_it_says_so() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::new(Endpoint::Revoke, FaultKind::status(503)).forever());
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    for _ in 0..20 {
        test.advance(2 * DAY);
        test.vault.reap().await.unwrap();
    }
    let detail = test.vault.connected_account_detail(&test.caller, id).await.unwrap();
    assert_eq!(detail.provider_revocation, Some(ProviderRevocation::Failed));
}

/// Checklist 52.
#[tokio::test]
async fn revoking_during_a_refresh_discards_and_revokes_its_result() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(56 * HOUR / 60);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let (vault, caller) = (test.vault.clone(), test.caller.clone());
    let asking = tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) });
    test.sandbox.wait_for_hold().await;
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    test.sandbox.release();
    assert_eq!(asking.await.unwrap(), Err("revoked".to_owned()));
    test.vault.close().await;
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
}

/// Checklist 53: what the provider does not revoke is recorded, and not asked again.
#[tokio::test]
async fn a_token_type_that_the_provider_does_not_revoke_is_recorded() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let kind = FaultKind::error("unsupported_token_type", "Only refresh tokens can be revoked");
    test.sandbox.fault(Fault::new(Endpoint::Revoke, kind));
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Unsupported);
    test.advance(DAY);
    assert_eq!(test.vault.reap().await.unwrap().revocations, 0);
}

/// The provider says yes to a dead access token as well (RFC 7009, 2.2), and the grant would live on.
#[tokio::test]
async fn a_token_that_died_before_its_time_is_not_revoked_with() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(5 * MINUTE);
    test.sandbox.expire_access_tokens(None, None).unwrap();
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Revoked);
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
}

#[tokio::test]
async fn a_grant_whose_tokens_were_lost_on_the_way_is_not_called_revoked() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::DropAfter));
    assert_eq!(ask(&test, id).await, Err("provider_unavailable".to_owned()));
    test.advance(MINUTE);
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Failed);
    assert!(test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"), "nothing here could end it");
}

#[tokio::test]
async fn while_the_provider_is_down_a_revocation_with_an_old_token_stays_pending() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::status(503)));
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Pending);
    assert!(test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
    test.advance(5 * MINUTE);
    test.vault.reap().await.unwrap();
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
}
