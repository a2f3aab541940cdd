//! Where a provider's user has one live token set per client: what a second consent does to the first.

use super::tokens::ask;
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use vault::HOUR;
use vault::testing::sandbox::{ConsentRequest, Endpoint, Fault, FaultKind};
use vault::testing::{CLIENT_ID, TestVault, callback};

#[tokio::test]
async fn an_active_account_of_the_same_provider_user_moves_to_the_new_tokens() {
    let test = TestVault::new("zoom").await;
    let first = test.connect("user_42", "ada@example.com").await;
    let second = test.connect("user_43", "ada@example.com").await;
    assert_ne!(first, second);
    let token = ask(&test, first).await.unwrap();
    assert!(test.sandbox.token_is_live(&token));
    assert_eq!(ask(&test, second).await, Ok(token));
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, first).await.unwrap(), ask(&test, second).await.unwrap());
    assert_eq!(test.sandbox.token_requests("refresh_token"), 1);
    let detail = test.vault.connected_account_detail(&test.caller, first).await.unwrap();
    assert_eq!(detail.shares_authorization_with, 1);
    assert_eq!(detail.sharers.iter().map(|s| (s.id, s.end_user.as_str())).collect::<Vec<_>>(), [(second, "user_43")]);
}

#[tokio::test]
async fn an_account_whose_end_user_granted_less_is_superseded() {
    let test = TestVault::new("zoom").await;
    let optional = "cloud_recording:read:list_user_recordings";
    test.sandbox.update_client(CLIENT_ID, |c| c.optional_scopes = vec![optional.into()]).unwrap();
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let less = ConsentRequest::allow(&url, "ada@example.com").without(optional);
    let back = test.sandbox.consent(&less).unwrap();
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    let first =
        test.vault.connect_session(&test.caller, session.id).await.unwrap().results[0].connected_account.unwrap();
    let second = test.connect("user_43", "ada@example.com").await;
    let account = test.vault.connected_account(&test.caller, first).await.unwrap();
    assert_eq!(account.status, ConnectedAccountStatus::NeedsReconnect);
    assert_eq!(account.status_reason.unwrap().code, StatusReasonCode::Superseded);
    assert!(ask(&test, second).await.is_ok());
}

#[tokio::test]
async fn a_revoked_account_is_never_revived_by_somebody_elses_consent() {
    let test = TestVault::new("zoom").await;
    let first = test.connect("user_42", "ada@example.com").await;
    test.vault.revoke_connected_account(&test.caller, first).await.unwrap();
    test.connect("user_43", "ada@example.com").await;
    assert_eq!(ask(&test, first).await, Err("revoked".to_owned()));
    let third = test.connect("user_42", "ada@example.com").await;
    assert_ne!(first, third, "revoked is final");
}

#[tokio::test]
async fn an_account_that_needs_its_end_user_is_not_revived_either() {
    let test = TestVault::new("zoom").await;
    let first = test.connect("user_42", "ada@example.com").await;
    test.sandbox.revoke_grant(CLIENT_ID, "ada@example.com").unwrap();
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, first).await, Err("refresh_rejected".to_owned()));
    test.connect("user_43", "ada@example.com").await;
    assert_eq!(ask(&test, first).await, Err("refresh_rejected".to_owned()));
}

#[tokio::test]
async fn revoking_one_of_two_keeps_the_grant_for_the_other() {
    let test = TestVault::new("zoom").await;
    let first = test.connect("user_42", "ada@example.com").await;
    let second = test.connect("user_43", "ada@example.com").await;
    let kept = test.vault.revoke_connected_account(&test.caller, first).await.unwrap();
    assert_eq!(kept.provider_revocation, ProviderRevocation::KeptForOtherAccounts);
    assert!(test.sandbox.token_is_live(&ask(&test, second).await.unwrap()));
    let last = test.vault.revoke_connected_account(&test.caller, second).await.unwrap();
    assert_eq!(last.provider_revocation, ProviderRevocation::Revoked);
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
}

#[tokio::test]
async fn a_newer_consent_drops_a_pending_revocation() {
    let test = TestVault::new("zoom").await;
    let first = test.connect("user_42", "ada@example.com").await;
    test.sandbox.fault(Fault::new(Endpoint::Revoke, FaultKind::status(503)));
    let pending = test.vault.revoke_connected_account(&test.caller, first).await.unwrap();
    assert_eq!(pending.provider_revocation, ProviderRevocation::Pending);
    let second = test.connect("user_43", "ada@example.com").await;
    test.advance(24 * HOUR);
    assert_eq!(test.vault.reap().await.unwrap().revocations, 0);
    assert!(test.sandbox.token_is_live(&ask(&test, second).await.unwrap()));
}

#[tokio::test]
async fn a_different_account_whose_user_is_live_here_keeps_its_tokens() {
    let test = TestVault::new("zoom").await;
    let ada = test.connect("user_42", "ada@example.com").await;
    let grace = test.connect("user_43", "grace@example.com").await;
    let session = test.session(|new| new.reconnect = Some(ada)).await;
    test.consent(&session, "grace@example.com").await;
    test.vault.reap().await.unwrap();
    assert!(
        test.sandbox.token_is_live(&ask(&test, grace).await.unwrap()),
        "Grace's live account took the new tokens over"
    );
    assert!(test.sandbox.token_is_live(&ask(&test, ada).await.unwrap()));
}

#[tokio::test]
async fn consents_at_the_same_time_leave_every_account_on_the_live_tokens() {
    let test = TestVault::new("zoom").await;
    let other = test.another().await;
    let mut consents = Vec::new();
    for n in 0..8 {
        // Two end users, so that each is connected four times, and one provider's user.
        let session = test.session(|new| new.end_user.id = format!("user_{}", n % 2)).await;
        let browser = format!("browser {n}");
        let url = test.begin(&session, &browser).await;
        let vault = if n % 3 == 0 { other.clone() } else { test.vault.clone() };
        let sandbox = test.sandbox.clone();
        consents.push(tokio::spawn(async move {
            let back = sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
            vault.complete(callback(&back), Some(&browser)).await.unwrap();
        }));
    }
    for consent in consents {
        consent.await.unwrap();
    }
    let accounts = test.vault.connected_accounts(&test.caller, &vault::Filter::default(), None, 20).await.unwrap().data;
    assert_eq!(accounts.len(), 2, "the same four are one account");
    test.advance(2 * HOUR);
    for account in accounts {
        assert!(test.sandbox.token_is_live(&ask(&test, account.id).await.unwrap()), "{account:?}");
    }
}
