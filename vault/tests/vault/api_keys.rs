//! What an API key is restricted to, and how one takes another's place.

use model::api_keys::{KeyScope, Policy};
use model::ids::ConnectedAccountId;
use std::net::IpAddr;
use vault::testing::{TestVault, new_session};
use vault::{ApiKeyForm, DAY, HOUR, KeyExpiry, NewApiKey, RequestSource, Secret, TokenRequest, VaultError};

const INSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 1, 2, 3));
const OUTSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

async fn add(test: &TestVault, form: ApiKeyForm) -> NewApiKey {
    test.vault.add_api_key(&test.caller, form).await.unwrap()
}

/// What a token request by this key from there ends with; `None` for nobody's key.
async fn token(
    test: &TestVault,
    key: &Secret,
    id: ConnectedAccountId,
    from: Option<IpAddr>,
) -> Result<bool, VaultError> {
    let source = RequestSource { request_id: "req", address: from };
    let token = test.vault.token(key.expose(), id, TokenRequest::default(), &source).await?;
    Ok(token.is_some())
}

async fn is_known(test: &TestVault, key: &Secret) -> bool {
    test.vault.authenticate(key.expose(), None).await.unwrap().is_some()
}

#[tokio::test]
async fn a_key_has_its_scopes_and_no_others() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let usual = add(&test, "usual".into()).await;
    let caller = test.vault.authenticate(usual.secret.expose(), None).await.unwrap().unwrap();
    for scope in KeyScope::ALL.iter().copied() {
        let missing = matches!(caller.require_scope(scope), Err(VaultError::MissingScope(told)) if told == scope);
        assert_eq!(missing, scope == KeyScope::ConnectedAccountsImport, "{scope}");
    }
    assert_eq!(usual.view.scopes, []);
    assert!(token(&test, &usual.secret, id, None).await.unwrap());

    let scopes = vec![KeyScope::EventsRead, KeyScope::ConnectedAccountsImport];
    let narrow = add(&test, ApiKeyForm { scopes, ..ApiKeyForm::from("narrow") }).await;
    let caller = test.vault.authenticate(narrow.secret.expose(), None).await.unwrap().unwrap();
    let has: Vec<_> = KeyScope::ALL.iter().copied().filter(|scope| caller.require_scope(*scope).is_ok()).collect();
    assert_eq!(has, [KeyScope::ConnectedAccountsImport, KeyScope::EventsRead]);
    let refused = token(&test, &narrow.secret, id, None).await.err();
    assert!(matches!(refused, Some(VaultError::MissingScope(KeyScope::TokensRead))), "{refused:?}");
    let listed = test.vault.api_keys(&test.caller).await.unwrap();
    assert_eq!(listed.first().map(|key| key.scopes.clone()), Some(has));
}

#[tokio::test]
async fn a_key_is_taken_from_its_networks_alone() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let sources = vec!["10.0.0.0/8".to_owned(), "2001:db8::/32".to_owned()];
    let key = add(&test, ApiKeyForm { sources, ..ApiKeyForm::from("office") }).await.secret;
    for from in [INSIDE, "::ffff:10.0.0.1".parse().unwrap(), "2001:db8::7".parse().unwrap()] {
        assert!(token(&test, &key, id, Some(from)).await.unwrap(), "{from}");
        assert!(test.vault.authenticate(key.expose(), Some(from)).await.unwrap().is_some());
    }
    for from in [Some(OUTSIDE), Some("2001:db9::7".parse().unwrap()), None] {
        assert!(matches!(token(&test, &key, id, from).await, Err(VaultError::SourceNotAllowed)), "{from:?}");
        assert!(matches!(test.vault.authenticate(key.expose(), from).await, Err(VaultError::SourceNotAllowed)));
    }
    // A key that is over says nothing about its networks.
    let listed = test.vault.api_keys(&test.caller).await.unwrap();
    test.vault.revoke_api_key(&test.caller, listed.first().unwrap().id).await.unwrap();
    assert!(test.vault.authenticate(key.expose(), Some(OUTSIDE)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_key_ends_at_its_time() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let key = add(&test, ApiKeyForm { expiry: KeyExpiry::Days(1), ..ApiKeyForm::from("short") }).await;
    assert_eq!(key.view.expires_at, Some(vault::rfc3339(test.clock.now() + DAY)));
    test.clock.advance(DAY - 1);
    assert!(is_known(&test, &key.secret).await);
    assert!(!test.vault.api_keys(&test.caller).await.unwrap()[0].expired);
    test.clock.advance(1);
    assert!(!is_known(&test, &key.secret).await && !token(&test, &key.secret, id, None).await.unwrap());
    assert!(test.vault.api_keys(&test.caller).await.unwrap()[0].expired);
}

#[tokio::test]
async fn proxy_only_keys_and_applications_get_no_token() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let proxied = add(&test, ApiKeyForm { proxy_only: true, ..ApiKeyForm::from("proxied") }).await;
    let usual = add(&test, "usual".into()).await;
    let is_refused = async |key: &NewApiKey| {
        let by_id = token(&test, &key.secret, id, None).await;
        let caller = test.vault.authenticate(key.secret.expose(), None).await.unwrap().unwrap();
        let by_end_user = test.vault.fresh_for(&caller, "user_42", "zoom", TokenRequest::default()).await;
        let refused = matches!(by_id, Err(VaultError::ProxyOnly));
        assert_eq!(refused, matches!(by_end_user, Err(VaultError::ProxyOnly)));
        assert_eq!(refused, by_id.is_err());
        refused
    };
    assert!(is_refused(&proxied).await && !is_refused(&usual).await);
    test.vault.set_proxy_only(&test.caller, true).await.unwrap();
    assert!(is_refused(&proxied).await && is_refused(&usual).await);
    assert!(test.vault.application(&test.caller).await.unwrap().proxy_only);
    test.vault.set_proxy_only(&test.caller, true).await.unwrap();
    test.vault.set_proxy_only(&test.caller, false).await.unwrap();
    assert!(is_refused(&proxied).await && !is_refused(&usual).await);
    let application = test.caller.application().to_string();
    let events = test.vault.events_of(&test.caller, &application).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.r#type == "application.proxy_only_set").count(), 2);
    // What else the backend does goes on.
    let caller = test.vault.authenticate(proxied.secret.expose(), None).await.unwrap().unwrap();
    assert!(test.vault.open_connect_session(&caller, new_session("user_42", "zoom")).await.is_ok());
}

#[tokio::test]
async fn a_policy_comes_back_as_it_was_saved() {
    let test = TestVault::empty("zoom").await;
    let list = |entries: &[&str]| Some(entries.iter().map(|&entry| entry.to_owned()).collect());
    let policy = Policy { providers: list(&["zoom"]), methods: list(&["GET"]), paths: list(&["/users/**"]) };
    let key = add(&test, ApiKeyForm { policy: policy.clone(), ..ApiKeyForm::from("reader") }).await;
    let caller = test.vault.authenticate(key.secret.expose(), None).await.unwrap().unwrap();
    assert_eq!(caller.policy(), Some(&policy));
    assert_eq!(test.vault.api_keys(&test.caller).await.unwrap()[0].policy, Some(policy));
    assert_eq!(test.caller.policy(), None);
}

#[tokio::test]
async fn while_a_key_is_rotated_both_are_good() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let form = ApiKeyForm {
        scopes: vec![KeyScope::TokensRead],
        sources: vec!["10.0.0.0/8".to_owned()],
        expiry: KeyExpiry::Days(90),
        policy: Policy { methods: Some(vec!["GET".to_owned()]), ..Policy::default() },
        ..ApiKeyForm::from("Billing")
    };
    let old = add(&test, form).await;
    test.clock.advance(DAY);
    let new = test.vault.rotate_api_key(&test.caller, old.view.id, DAY).await.unwrap();
    let like = |view: &model::api_keys::ApiKeyView| {
        (view.name.clone(), view.scopes.clone(), view.sources.clone(), view.policy.clone(), view.proxy_only)
    };
    assert_eq!(like(&new.view), like(&old.view));
    assert_eq!(new.view.expires_at, Some(vault::rfc3339(test.clock.now() + 90 * DAY)), "it lasts as long again");
    let listed = test.vault.api_keys(&test.caller).await.unwrap();
    assert_eq!(listed[1].replaced_by, Some(new.view.id));
    assert_eq!(listed[1].expires_at, Some(vault::rfc3339(test.clock.now() + DAY)));
    for key in [&old.secret, &new.secret] {
        assert!(token(&test, key, id, Some(INSIDE)).await.unwrap());
    }
    test.clock.advance(DAY);
    assert!(!token(&test, &old.secret, id, Some(INSIDE)).await.unwrap());
    assert!(token(&test, &new.secret, id, Some(INSIDE)).await.unwrap());
    let told = test.vault.events_of(&test.caller, &old.view.id.to_string()).await.unwrap();
    assert_eq!(told[0].r#type, "api_key.rotated");
}

#[tokio::test]
async fn a_key_is_rotated_once_and_never_lives_longer_for_it() {
    let test = TestVault::empty("zoom").await;
    let old = add(&test, ApiKeyForm { expiry: KeyExpiry::Days(1), ..ApiKeyForm::from("x") }).await.view;
    for overlap in [-1, 30 * DAY + 1] {
        let refused = test.vault.rotate_api_key(&test.caller, old.id, overlap).await.err();
        assert!(matches!(refused, Some(VaultError::Invalid(_))), "{refused:?}");
    }
    let another = test.another().await;
    let both = tokio::join!(
        test.vault.rotate_api_key(&test.caller, old.id, 30 * DAY),
        another.rotate_api_key(&test.caller, old.id, 30 * DAY)
    );
    let (won, lost) = if both.0.is_ok() { both } else { (both.1, both.0) };
    assert!(matches!(lost, Err(VaultError::Conflict { code: "api_key_replaced", .. })), "{:?}", lost.err());
    let new = won.unwrap();
    let keys = test.vault.api_keys(&test.caller).await.unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[1].expires_at, old.expires_at);
    let at_once = test.vault.rotate_api_key(&test.caller, new.view.id, 0).await.unwrap();
    assert!(!is_known(&test, &new.secret).await && is_known(&test, &at_once.secret).await);
    test.vault.revoke_api_key(&test.caller, at_once.view.id).await.unwrap();
    let gone = test.vault.rotate_api_key(&test.caller, at_once.view.id, HOUR).await.err();
    assert!(matches!(gone, Some(VaultError::NotFound)), "{gone:?}");
}
