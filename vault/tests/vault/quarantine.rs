//! A copied or restored database refreshes, revokes and sends nothing until somebody says what it is.

use super::tokens::{ask, outcome, refreshes};
use model::connected_accounts::ConnectedAccountStatus::NeedsReconnect;
use model::connected_accounts::{ProviderRevocation, StatusReasonCode};
use model::ids::ConnectedAccountId;
use vault::testing::{CLIENT_ID, TestVault};
use vault::{Adoption, Begun, HOUR, LinkPage, TokenRequest, Vault};

/// A vault on the same database that was told another public URL.
async fn copy_of(test: &TestVault) -> Vault {
    test.open_again(|options| options.public_url = "https://copy.example.com".parse().unwrap()).await.unwrap()
}

async fn ask_copy(test: &TestVault, copy: &Vault, id: ConnectedAccountId) -> Result<String, String> {
    outcome(copy.fresh(&test.caller, id, TokenRequest::default()).await)
}

#[tokio::test]
async fn a_copy_serves_what_is_valid_and_sends_nothing() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let copy = copy_of(&test).await;
    assert!(copy.is_quarantined() && !test.vault.is_quarantined());
    let why = copy.instance().await.unwrap().quarantine.unwrap();
    assert!(why.contains("http://localhost:4000") && why.contains("keybearer instance adopt"), "{why}");
    assert!(ask_copy(&test, &copy, id).await.is_ok());
    test.advance(2 * HOUR);
    assert_eq!(ask_copy(&test, &copy, id).await, Err("provider_unavailable".to_owned()));
    assert_eq!(copy.refresh_due().await.unwrap(), 0);
    copy.reap().await.unwrap();
    assert_eq!(refreshes(&test), 0);
    let session = test.session(|_| ()).await;
    let link = vault::testing::link(&session);
    assert!(matches!(copy.link_page(link, None).await, Ok(LinkPage::Paused)));
    assert!(matches!(copy.begin(link, "a-browser", None).await, Ok(Begun::Stopped(LinkPage::Paused))));
    let revoked = copy.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Pending);
    copy.reap().await.unwrap();
    assert!(test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"), "the original's grant is left alone");
}

#[tokio::test]
async fn taking_over_makes_it_the_original() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let (copy, server) = (copy_of(&test).await, copy_of(&test).await);
    copy.adopt(Adoption::TakeOver).await.unwrap();
    assert!(server.is_quarantined());
    server.reap().await.unwrap();
    assert!(!server.is_quarantined(), "a server that runs notices");
    test.advance(2 * HOUR);
    assert!(ask_copy(&test, &server, id).await.is_ok());
    test.vault.reap().await.unwrap();
    assert!(test.vault.is_quarantined(), "and what was the original is one no longer");
}

#[tokio::test]
async fn forgetting_the_tokens_leaves_the_originals_grant_alone() {
    let test = TestVault::new("zoom").await;
    let (id, gone) = (test.connected().await, test.connect("user_43", "grace@example.com").await);
    let copy = copy_of(&test).await;
    copy.revoke_connected_account(&test.caller, gone).await.unwrap();
    assert_eq!(copy.adopt(Adoption::ForgetTokens).await.unwrap(), 1);
    copy.reap().await.unwrap();
    let account = copy.connected_account(&test.caller, id).await.unwrap();
    assert_eq!((account.status, account.status_reason.unwrap().code), (NeedsReconnect, StatusReasonCode::Superseded));
    assert_eq!(ask_copy(&test, &copy, id).await, Err("superseded".to_owned()));
    for user in ["ada@example.com", "grace@example.com"] {
        assert!(test.sandbox.grant_is_live(CLIENT_ID, user));
    }
    assert_eq!(refreshes(&test), 0);
}

#[tokio::test]
async fn without_tokens_or_on_the_same_machine_nothing_is_a_copy() {
    let empty = TestVault::new("zoom").await;
    let moved = copy_of(&empty).await;
    assert!(!moved.is_quarantined(), "it holds no tokens that an original could miss");
    let recorded = async || moved.instance().await.unwrap().recorded_public_url;
    assert_eq!(recorded().await.as_deref(), Some("http://localhost:4000/"), "a command in passing changes nothing");
    moved.reap().await.unwrap();
    assert_eq!(recorded().await.as_deref(), Some("https://copy.example.com/"), "a server does");
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let elsewhere =
        test.open_again(|options| options.public_url = "http://127.0.0.1:4003".parse().unwrap()).await.unwrap();
    assert!(!elsewhere.is_quarantined(), "a laptop's port may change");
    test.advance(2 * HOUR);
    assert!(ask_copy(&test, &elsewhere, id).await.is_ok() && ask(&test, id).await.is_ok());
}
