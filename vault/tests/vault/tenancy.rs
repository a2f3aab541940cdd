//! Nothing of another application or organization is ever found.

use model::applications::Environment;
use vault::testing::{TestVault, new_session};
use vault::{Filter, TokenRequest, VaultError};

#[tokio::test]
async fn another_applications_things_are_not_found() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let session = test.session(|_| ()).await;
    let other = test.vault.add_application(&test.member, "Other", Environment::Development).await.unwrap();
    let other = test.vault.enter(&test.member, other.id).await.unwrap();
    let (v, request) = (&test.vault, TokenRequest::default());
    let missing = |found: bool| assert!(found);
    missing(matches!(v.connected_account(&other, id).await, Err(VaultError::NotFound)));
    missing(matches!(v.fresh(&other, id, request).await, Err(VaultError::NotFound)));
    missing(matches!(v.refresh_now(&other, id).await, Err(VaultError::NotFound)));
    missing(matches!(v.revoke_connected_account(&other, id).await, Err(VaultError::NotFound)));
    missing(matches!(v.open_reconnect_link(&other, id).await, Err(VaultError::NotFound)));
    missing(matches!(v.connect_session(&other, session.id).await, Err(VaultError::NotFound)));
    missing(matches!(v.confirm_connect_session(&other, session.id, "x").await, Err(VaultError::NotFound)));
    missing(matches!(v.provider_config(&other, "zoom").await, Err(VaultError::NotFound)));
    missing(matches!(v.fresh_for(&other, "user_42", "zoom", request).await, Err(VaultError::NotFound)));
    missing(v.connected_accounts(&other, &Filter::default(), None, 20).await.unwrap().data.is_empty());
    missing(matches!(
        v.open_connect_session(&other, new_session("user_42", "zoom")).await,
        Err(VaultError::Invalid(_))
    ));
}

#[tokio::test]
async fn a_key_signs_in_one_application_until_it_is_revoked() {
    let test = TestVault::empty("zoom").await;
    let key = test.vault.add_api_key(&test.caller, "backend").await.unwrap();
    let caller = test.vault.authenticate(key.secret.expose(), None).await.unwrap().unwrap();
    assert_eq!(caller.application(), test.caller.application());
    assert!(key.secret.expose().starts_with("kb_test_") && key.view.starts_with == key.secret.expose()[..12]);
    test.vault.revoke_api_key(&test.caller, key.view.id).await.unwrap();
    assert!(test.another().await.authenticate(key.secret.expose(), None).await.unwrap().is_none());
    assert!(test.vault.authenticate("kb_test_nonsense", None).await.unwrap().is_none());
}

#[tokio::test]
async fn bad_keys_are_counted_on_all_servers_together() {
    let test = TestVault::empty("zoom").await;
    let servers = [test.another().await, test.another().await];
    for n in 0..120 {
        servers[n % 2].count_refused_key("192.0.2.1").await.unwrap();
    }
    for server in &servers {
        assert!(matches!(server.count_refused_key("192.0.2.1").await, Err(VaultError::TooManyAttempts { .. })));
        assert!(server.count_refused_key("192.0.2.2").await.is_ok());
    }
}
