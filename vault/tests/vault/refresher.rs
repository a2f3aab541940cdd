//! Tokens are refreshed before anybody needs it, within what a provider's host may be asked.

use super::tokens::{ask, refreshes};
use model::connected_accounts::ConnectedAccountStatus::Active;
use model::connected_accounts::StatusReasonCode;
use vault::testing::sandbox::{Fault, FaultKind, User};
use vault::testing::{CLIENT_ID, TestVault};
use vault::{DAY, HOUR, MINUTE, SECOND, TokenRequest};

#[tokio::test]
async fn a_token_in_use_is_fresh_before_its_caller_comes() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let old = ask(&test, id).await.unwrap();
    test.advance(49 * MINUTE);
    assert_eq!(test.vault.refresh_due().await.unwrap(), 0, "more than ten minutes are left");
    test.advance(2 * MINUTE);
    assert_eq!(test.vault.refresh_due().await.unwrap(), 1);
    let new = ask(&test, id).await.unwrap();
    assert_ne!(new, old);
    assert!(test.sandbox.token_is_live(&new));
    assert_eq!((test.vault.refresh_due().await.unwrap(), refreshes(&test)), (0, 1));
}

/// Checklist 50: tokens shorter than the margin do not loop.
#[tokio::test]
async fn a_short_lived_token_is_not_refreshed_all_the_time() {
    let test = TestVault::new("zoom").await;
    test.sandbox.update_client(CLIENT_ID, |c| c.access_token_seconds = 60).unwrap();
    let id = test.connected().await;
    assert_eq!(test.vault.refresh_due().await.unwrap(), 0);
    for _ in 0..5 {
        assert!(ask(&test, id).await.is_ok());
    }
    assert_eq!(refreshes(&test), 0, "59 of 60 seconds are left");
    test.advance(49 * SECOND);
    assert_eq!((test.vault.refresh_due().await.unwrap(), refreshes(&test)), (1, 1), "a fifth of its life is left");
    assert_eq!(test.vault.refresh_due().await.unwrap(), 0);
}

/// Checklist 51: keep-alive happens within the provider's limit, spread in time.
#[tokio::test]
async fn what_nobody_uses_is_kept_alive_between_sixty_and_eighty_per_cent_of_the_idle_limit() {
    let test = TestVault::new("zoom").await;
    let mut accounts = Vec::new();
    for n in 0..12 {
        let user = User { email: format!("idle{n}@example.com"), ..User::default() };
        test.sandbox.add_user(user).unwrap();
        accounts.push(test.connect(&format!("user_{n}"), &format!("idle{n}@example.com")).await);
    }
    test.advance(53 * DAY);
    assert_eq!(test.vault.refresh_due().await.unwrap(), 0, "before 60 % of 90 days");
    let mut on_days = Vec::new();
    for day in 54..=72 {
        test.advance(DAY);
        on_days.push(test.vault.refresh_due().await.unwrap());
        assert!(day > 54 || on_days[0] < 12, "not all on one day");
    }
    test.advance(DAY);
    let refreshed: usize = on_days.iter().sum::<usize>() + test.vault.refresh_due().await.unwrap();
    assert_eq!((refreshed, refreshes(&test)), (12, 12), "each once, by 80 %: {on_days:?}");
    assert!(on_days.iter().filter(|n| **n > 0).count() > 3, "spread in time: {on_days:?}");
    for id in accounts {
        let view = test.vault.connected_account(&test.caller, id).await.unwrap();
        assert_eq!(view.status, Active);
        assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    }
}

#[tokio::test]
async fn idle_for_longer_than_the_provider_keeps_it_says_so() {
    let test = TestVault::new("zoom").await;
    test.sandbox.update_client(CLIENT_ID, |c| c.refresh_token_seconds = 90 * 86_400).unwrap();
    let id = test.connected().await;
    test.advance(91 * DAY);
    assert_eq!(ask(&test, id).await, Err("expired_idle".to_owned()));
    let reason = test.vault.connected_account(&test.caller, id).await.unwrap().status_reason.unwrap();
    assert_eq!(reason.code, StatusReasonCode::ExpiredIdle);
    assert!(reason.detail.contains("reconnect link"), "{}", reason.detail);
}

#[tokio::test]
async fn several_servers_share_the_work_by_the_lease_alone() {
    let test = TestVault::new("zoom").await;
    let mut accounts = Vec::new();
    for n in 0..10 {
        test.sandbox.add_user(User { email: format!("u{n}@example.com"), ..User::default() }).unwrap();
        accounts.push(test.connect(&format!("user_{n}"), &format!("u{n}@example.com")).await);
    }
    let (second, third) = (test.another().await, test.another().await);
    test.advance(55 * MINUTE);
    let rounds = tokio::join!(test.vault.refresh_due(), second.refresh_due(), third.refresh_due());
    assert!(rounds.0.unwrap() + rounds.1.unwrap() + rounds.2.unwrap() >= 10);
    assert_eq!(refreshes(&test), 10, "each once");
    for id in accounts {
        assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    }
}

#[tokio::test]
async fn what_is_revoked_or_needs_its_end_user_is_left_alone() {
    let test = TestVault::new("zoom").await;
    let revoked = test.connected().await;
    let lost = test.connect("user_43", "grace@example.com").await;
    test.vault.revoke_connected_account(&test.caller, revoked).await.unwrap();
    test.sandbox.revoke_grant(CLIENT_ID, "grace@example.com").unwrap();
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, lost).await, Err("refresh_rejected".to_owned()));
    let asked = refreshes(&test);
    test.advance(60 * DAY);
    assert_eq!((test.vault.refresh_due().await.unwrap(), refreshes(&test)), (0, asked));
}

#[tokio::test]
async fn a_caller_does_not_give_up_with_a_refresh_that_nobody_waited_for() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let other = test.another().await;
    let (vault, caller) = (other.clone(), test.caller.clone());
    let theirs = tokio::spawn(async move { vault.fresh(&caller, id, TokenRequest::default()).await });
    test.sandbox.wait_for_hold().await;
    // The lease is the other server's: this round gives way at once, the caller waits for the other's result.
    let (_, _, asked) = tokio::join!(
        test.vault.refresh_due(),
        async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            test.sandbox.release();
        },
        ask(&test, id)
    );
    let theirs = theirs.await.unwrap().unwrap();
    assert_eq!((asked.as_deref(), refreshes(&test)), (Ok(theirs.access_token.expose().as_str()), 1));
}
