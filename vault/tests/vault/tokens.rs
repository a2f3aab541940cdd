//! What a backend gets when it asks for a token.

use model::ids::ConnectedAccountId;
use vault::testing::TestVault;
use vault::{AccessToken, HOUR, MINUTE, SECOND, TokenRequest, VaultError, sha256};

/// What an answer amounts to: the token, or the code that the API gives.
pub(crate) fn outcome(result: Result<AccessToken, VaultError>) -> Result<String, String> {
    match result {
        Ok(token) => Ok(token.access_token.expose().clone()),
        Err(VaultError::Unavailable { code, .. }) => Err(code.to_owned()),
        Err(VaultError::NeedsReconnect(reason)) => Err(reason.code.to_string()),
        Err(VaultError::Revoked) => Err("revoked".to_owned()),
        Err(VaultError::ProviderConfigDisabled) => Err("provider_config_disabled".to_owned()),
        Err(VaultError::NotFound) => Err("not_found".to_owned()),
        Err(other) => Err(format!("{other:?}")),
    }
}

pub(crate) async fn ask(test: &TestVault, id: ConnectedAccountId) -> Result<String, String> {
    outcome(test.vault.fresh(&test.caller, id, TokenRequest::default()).await)
}

pub(crate) fn refreshes(test: &TestVault) -> usize {
    test.sandbox.token_requests("refresh_token")
}

#[tokio::test]
async fn a_good_token_is_handed_out_without_asking_the_provider() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let token = test.vault.fresh(&test.caller, id, TokenRequest::default()).await.unwrap();
    assert!(test.sandbox.token_is_live(token.access_token.expose()));
    assert_eq!(token.token_type, "Bearer");
    assert_eq!(token.expires_at.as_deref(), Some("2026-01-01T01:00:00.000Z"));
    assert_eq!(token.api_base_url, Some(format!("{}/v2", test.sandbox.base_url())));
    assert!(token.scopes.contains(&"user:read:user".to_owned()));
    assert_eq!(refreshes(&test), 0);
}

#[tokio::test]
async fn a_token_near_its_end_is_refreshed_first() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let first = ask(&test, id).await.unwrap();
    test.advance(56 * MINUTE);
    let second = ask(&test, id).await.unwrap();
    assert_ne!(first, second);
    assert!(test.sandbox.token_is_live(&second));
    assert_eq!(refreshes(&test), 1);
    assert_eq!(ask(&test, id).await, Ok(second));
    assert_eq!(refreshes(&test), 1);
    let view = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(view.last_refreshed_at.as_deref(), Some("2026-01-01T00:56:00.000Z"));
    assert_eq!(view.reconnect_by.as_deref(), Some("2026-04-01T00:56:00.000Z"));
}

#[tokio::test]
async fn a_hundred_callers_make_one_refresh() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    let asks = (0..100).map(|_| {
        let (vault, caller) = (test.vault.clone(), test.caller.clone());
        tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) })
    });
    let mut tokens = std::collections::HashSet::new();
    for ask in asks.collect::<Vec<_>>() {
        tokens.insert(ask.await.unwrap().expect("a token"));
    }
    assert_eq!((tokens.len(), refreshes(&test)), (1, 1));
    assert!(test.sandbox.token_is_live(tokens.iter().next().unwrap()));
}

#[tokio::test]
async fn two_servers_make_one_refresh() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    let other = test.another().await;
    let asks = (0..40).map(|n| {
        let (vault, caller) = (if n % 2 == 0 { test.vault.clone() } else { other.clone() }, test.caller.clone());
        tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) })
    });
    let mut tokens = std::collections::HashSet::new();
    for ask in asks.collect::<Vec<_>>() {
        tokens.insert(ask.await.unwrap().expect("a token"));
    }
    assert_eq!((tokens.len(), refreshes(&test)), (1, 1));
}

#[tokio::test]
async fn min_ttl_is_capped_at_what_a_new_token_has() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let ask = async |ttl| {
        outcome(test.vault.fresh(&test.caller, id, TokenRequest { min_ttl: Some(ttl), ..Default::default() }).await)
            .unwrap()
    };
    ask(10 * MINUTE).await;
    assert_eq!(refreshes(&test), 0);
    test.advance(40 * MINUTE);
    ask(30 * MINUTE).await;
    assert_eq!(refreshes(&test), 1);
    // More than any token has: no refresh for each call.
    ask(100 * HOUR).await;
    test.advance(MINUTE);
    ask(100 * HOUR).await;
    ask(100 * HOUR).await;
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn a_refused_token_is_refreshed_only_if_it_is_still_the_stored_one() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let first = ask(&test, id).await.unwrap();
    test.advance(5 * MINUTE);
    let request = TokenRequest { rejected_sha256: Some(sha256(first.as_bytes())), ..Default::default() };
    let second = outcome(test.vault.fresh(&test.caller, id, request).await).unwrap();
    assert_ne!(first, second);
    assert_eq!(outcome(test.vault.fresh(&test.caller, id, request).await), Ok(second));
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn forced_refreshes_are_collapsed() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(MINUTE);
    assert!(test.vault.refresh_now(&test.caller, id).await.unwrap().refreshed);
    test.advance(29 * SECOND);
    assert!(!test.vault.refresh_now(&test.caller, id).await.unwrap().refreshed);
    test.advance(2 * SECOND);
    assert!(test.vault.refresh_now(&test.caller, id).await.unwrap().refreshed);
    assert_eq!(refreshes(&test), 2);
}

#[tokio::test]
async fn an_end_user_is_enough_unless_there_are_several_accounts() {
    let test = TestVault::new("zoom").await;
    let ada = test.connect("user_42", "ada@example.com").await;
    let request = TokenRequest::default();
    assert_eq!(test.vault.fresh_for(&test.caller, "user_42", "zoom", request).await.unwrap().connected_account, ada);
    assert!(matches!(test.vault.fresh_for(&test.caller, "user_43", "zoom", request).await, Err(VaultError::NotFound)));
    let grace = test.connect("user_42", "grace@example.com").await;
    match test.vault.fresh_for(&test.caller, "user_42", "zoom", request).await {
        Err(VaultError::SeveralAccounts(ids)) => assert_eq!(ids, [ada, grace]),
        other => panic!("{:?}", outcome(other)),
    }
}

#[tokio::test]
async fn by_end_user_a_revoked_account_is_told_and_a_newer_one_wins() {
    let test = TestVault::new("zoom").await;
    let request = TokenRequest::default();
    let old = test.connect("user_42", "ada@example.com").await;
    test.vault.revoke_connected_account(&test.caller, old).await.unwrap();
    let by_id = outcome(test.vault.fresh(&test.caller, old, request).await);
    let by_end_user = outcome(test.vault.fresh_for(&test.caller, "user_42", "zoom", request).await);
    assert_eq!(by_end_user, by_id);
    assert!(matches!(test.vault.fresh_for(&test.caller, "user_42", "zoom", request).await, Err(VaultError::Revoked)));
    for (end_user, provider) in [("user_43", "zoom"), ("user_42", "another")] {
        let answer = test.vault.fresh_for(&test.caller, end_user, provider, request).await;
        assert!(matches!(answer, Err(VaultError::NotFound)), "{end_user} {provider}");
    }
    let new = test.connect("user_42", "ada@example.com").await;
    assert_ne!(new, old);
    assert_eq!(test.vault.fresh_for(&test.caller, "user_42", "zoom", request).await.unwrap().connected_account, new);
}
