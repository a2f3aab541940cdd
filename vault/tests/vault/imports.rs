//! Tokens that another system was given become connected accounts, and nothing of what it says is believed.

use super::tokens::{ask, refreshes};
use model::connected_accounts::ConnectedAccountStatus::Active;
use model::connected_accounts::ProviderRevocation;
use model::ids::{ConnectedAccountId, WebhookEndpointId};
use model::imports::{ImportVerification, ImportedAccountView, ImportedIdentity, Verify};
use vault::testing::sandbox::Endpoint;
use vault::testing::{BEGINNING, CLIENT_ID, END_USER, TestVault, new_import};
use vault::{HOUR, MINUTE, NewImport, SECOND, VaultError};

/// What the other system has of this user of the sandbox: access token and refresh token.
pub(crate) fn elsewhere(test: &TestVault, user: &str) -> (String, String) {
    test.sandbox.issue(CLIENT_ID, user).unwrap()
}

/// An import of these tokens for an end user; the access token has an hour to live.
pub(crate) fn import_of(end_user: &str, tokens: &(String, String)) -> NewImport {
    let expires_at = Some(BEGINNING + HOUR);
    NewImport { expires_at, ..new_import(end_user, "zoom", Some(&tokens.0), Some(&tokens.1)) }
}

pub(crate) fn verified(end_user: &str, tokens: &(String, String)) -> NewImport {
    NewImport { verify: Verify::Refresh, ..import_of(end_user, tokens) }
}

/// The same without its access token.
pub(crate) fn refresh_token_alone(import: NewImport) -> NewImport {
    NewImport { access_token: None, expires_at: None, ..import }
}

pub(crate) async fn imported(test: &TestVault, new: NewImport) -> ImportedAccountView {
    test.vault.import_connected_account(&test.caller, new).await.unwrap()
}

/// The accounts that a refusal names.
#[track_caller]
pub(crate) fn already(result: Result<ImportedAccountView, VaultError>) -> Vec<ConnectedAccountId> {
    match result {
        Err(VaultError::AlreadyConnected { accounts, detail }) => {
            assert!(detail.len() > 20, "{detail}");
            accounts
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was imported"),
    }
}

pub(crate) fn revocations(test: &TestVault) -> usize {
    test.sandbox.journal().iter().filter(|entry| entry.endpoint == Endpoint::Revoke).count()
}

/// An endpoint that is told everything.
pub(crate) async fn listening(test: &TestVault) -> WebhookEndpointId {
    let new = vault::NewWebhookEndpoint { url: "https://webhooks.invalid/".into(), ..Default::default() };
    test.vault.add_webhook_endpoint(&test.caller, new).await.unwrap().view.id
}

/// What an endpoint is told, newest first.
pub(crate) async fn told(test: &TestVault, endpoint: WebhookEndpointId) -> Vec<String> {
    let first = model::lists::Turn::default();
    let deliveries = test.vault.deliveries(&test.caller, endpoint, "", &first, 20).await.unwrap();
    deliveries.data.into_iter().map(|delivery| delivery.r#type).collect()
}

async fn events(test: &TestVault, id: ConnectedAccountId) -> Vec<String> {
    let events = test.vault.events_of(&test.caller, &id.to_string()).await.unwrap();
    events.into_iter().map(|event| event.r#type).collect()
}

#[tokio::test]
async fn whose_it_is_is_what_the_provider_says() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let mut new = import_of(END_USER, &tokens);
    new.end_user.name = Some("Somebody else".to_owned());
    new.label = Some("Work".to_owned());
    new.metadata.insert("plan".to_owned(), "pro".to_owned());
    new.scopes = Some(vec!["user:read:user".to_owned()]);
    let answer = imported(&test, new).await;
    let account = &answer.connected_account;
    assert_eq!((answer.identity, answer.verification), (ImportedIdentity::Confirmed, ImportVerification::None));
    assert_eq!(account.provider_account.email.as_deref(), Some("ada@example.com"));
    assert_eq!((account.end_user.id.as_str(), account.status), (END_USER, Active));
    assert_eq!((account.label.as_deref(), account.metadata["plan"].as_str()), (Some("Work"), "pro"));
    assert_eq!((account.scopes.len(), account.missing_scopes.len()), (1, 0));
    assert_eq!(answer.warnings.len(), 1, "the old system must be off: {:?}", answer.warnings);
    assert_eq!(events(&test, account.id).await, ["connected_account.imported"]);
    assert_eq!(ask(&test, account.id).await, Ok(tokens.0));
    assert_eq!(refreshes(&test), 0);
}

#[tokio::test]
async fn imported_tokens_are_refreshed_when_they_are_first_used_and_not_before() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let id = imported(&test, import_of(END_USER, &tokens)).await.connected_account.id;
    test.advance(58 * MINUTE);
    test.vault.refresh_due().await.unwrap();
    test.advance(HOUR);
    test.vault.refresh_due().await.unwrap();
    assert_eq!(refreshes(&test), 0, "the old system may still be on");
    let token = ask(&test, id).await.unwrap();
    assert!(test.sandbox.token_is_live(&token));
    test.advance(55 * MINUTE);
    test.vault.refresh_due().await.unwrap();
    assert_eq!(refreshes(&test), 2, "from then on it is kept fresh like any other");
    // Whose it is was said by the imported token; the provider's own said so again, and is not asked any more.
    test.vault.reap().await.unwrap();
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!((account.status, account.provider_account.email.as_deref()), (Active, Some("ada@example.com")));
    assert!(!account.scopes.is_empty(), "the refresh said what was granted");
}

#[tokio::test]
async fn a_life_that_nobody_knows_is_over_at_once() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let new = NewImport { expires_at: None, ..import_of(END_USER, &tokens) };
    let answer = imported(&test, new).await;
    assert_eq!(answer.identity, ImportedIdentity::Confirmed);
    assert_ne!(ask(&test, answer.connected_account.id).await.unwrap(), tokens.0);
    assert_eq!(refreshes(&test), 1);
}

#[tokio::test]
async fn an_unknown_user_is_asked_about_after_the_first_refresh() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let answer = imported(&test, refresh_token_alone(import_of(END_USER, &tokens))).await;
    let id = answer.connected_account.id;
    assert_eq!(answer.identity, ImportedIdentity::Unknown);
    assert_eq!(answer.connected_account.provider_account.id, None);
    assert!(answer.warnings.iter().any(|words| words.contains("reconnect link")), "{:?}", answer.warnings);
    test.vault.reap().await.unwrap();
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().provider_account.id, None);
    ask(&test, id).await.unwrap();
    test.vault.reap().await.unwrap();
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(account.provider_account.email.as_deref(), Some("ada@example.com"));
    assert!(events(&test, id).await.contains(&"connected_account.identified".to_owned()));
}

#[tokio::test]
async fn a_token_does_not_say_itself_whose_it_is() {
    let test = TestVault::new("zoom").await;
    let (_, refresh) = elsewhere(&test, "grace@example.com");
    // Claims as the provider's own tokens have them, signed by nobody.
    let claims = data_encoding::BASE64URL_NOPAD.encode(br#"{"uid":"AdaLovelace_0000000001","aid":"x"}"#);
    let forged = (format!("e30.{claims}.c2ln"), refresh);
    let answer = imported(&test, import_of(END_USER, &forged)).await;
    assert_eq!(answer.identity, ImportedIdentity::Unknown);
}

#[tokio::test]
async fn a_user_who_is_connected_already_is_not_imported() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let token = ask(&test, id).await.unwrap();
    let shared = |end_user: &str| new_import(end_user, "zoom", Some(&token), Some("refresh-token-from-elsewhere"));
    let own = test.vault.import_connected_account(&test.caller, shared(END_USER)).await;
    assert_eq!(already(own), [id]);
    let others = test.vault.import_connected_account(&test.caller, shared("user_43")).await;
    assert_eq!(already(others), [], "nothing is said of another end user's account");
    assert_eq!(ask(&test, id).await, Ok(token), "nothing was revoked");
    assert_eq!(revocations(&test), 0);
    let end_users = test.vault.end_users(&test.caller, &vault::EndUserFilter::default(), None, 20).await.unwrap();
    assert_eq!(end_users.data.len(), 1, "a refused import leaves nothing");
    let all = test.vault.connected_accounts(&test.caller, &vault::Filter::default(), None, 20).await.unwrap();
    assert_eq!(all.data.len(), 1);
}

#[tokio::test]
async fn the_same_tokens_are_imported_once_also_when_they_were_refreshed_since() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let id = imported(&test, verified(END_USER, &tokens)).await.connected_account.id;
    let again = || test.vault.import_connected_account(&test.caller, verified(END_USER, &tokens));
    assert_eq!(already(again().await), [id]);
    assert!(test.vault.check_import(&test.caller, &import_of(END_USER, &tokens)).await.is_err());
    let other = test.vault.import_connected_account(&test.caller, import_of("user_43", &tokens)).await;
    assert_eq!(already(other), []);
    assert_eq!(refreshes(&test), 1, "and it has no effect");
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(already(again().await), [id], "an import does not bring back what was revoked");
}

#[tokio::test]
async fn two_servers_that_import_the_same_make_one_account() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let second = test.another().await;
    let new = || refresh_token_alone(import_of(END_USER, &tokens));
    let (one, two) = tokio::join!(
        test.vault.import_connected_account(&test.caller, new()),
        second.import_connected_account(&test.caller, new())
    );
    assert!(one.is_ok() != two.is_ok());
    let id = one.as_ref().or(two.as_ref()).unwrap().connected_account.id;
    assert_eq!(already(if one.is_ok() { two } else { one }), [id]);
}

#[tokio::test]
async fn one_application_renews_an_imported_refresh_token_and_no_other() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let environment = model::applications::Environment::Development;
    let other = test.vault.add_application(&test.member, "Other", environment).await.unwrap();
    let other = test.vault.enter(&test.member, other.id).await.unwrap();
    let form = vault::testing::form("zoom", CLIENT_ID, vault::testing::CLIENT_SECRET, false);
    test.vault.save_provider_config(&other, form).await.unwrap();
    let id = imported(&test, import_of(END_USER, &tokens)).await.connected_account.id;
    let again = || test.vault.import_connected_account(&other, import_of(END_USER, &tokens));
    assert_eq!(already(again().await), [], "nothing is said of another application's account");
    assert!(test.vault.check_import(&other, &import_of(END_USER, &tokens)).await.is_err());
    let access_token_alone = elsewhere(&test, "grace@example.com");
    for caller in [&test.caller, &other] {
        let new = NewImport { refresh_token: None, ..import_of("user_43", &access_token_alone) };
        assert!(test.vault.import_connected_account(caller, new).await.is_ok(), "nobody renews that");
    }
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert!(again().await.is_ok(), "nobody else renews it any more");
}

#[tokio::test]
async fn without_a_refresh_token_the_account_ends_with_its_access_token() {
    let test = TestVault::new("zoom").await;
    let (access, _) = elsewhere(&test, "ada@example.com");
    let new = NewImport { refresh_token: None, ..import_of(END_USER, &(access.clone(), String::new())) };
    let answer = imported(&test, new).await;
    assert!(answer.warnings[0].contains("2026-01-01T01:00:00.000Z"), "{:?}", answer.warnings);
    assert_eq!(ask(&test, answer.connected_account.id).await, Ok(access));
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, answer.connected_account.id).await, Err("refresh_rejected".to_owned()));
}

#[tokio::test]
async fn the_idle_limit_counts_from_when_the_tokens_were_issued() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let issued_at = Some(BEGINNING - 60 * vault::DAY);
    let new = NewImport { issued_at, expires_at: None, ..import_of(END_USER, &tokens) };
    let account = imported(&test, new).await.connected_account;
    assert_eq!(account.reconnect_by.as_deref(), Some("2026-01-31T00:00:00.000Z"));
    test.advance(15 * vault::DAY);
    test.vault.refresh_due().await.unwrap();
    assert_eq!(refreshes(&test), 1, "nobody has used it, but the provider would forget it");
}

#[tokio::test]
async fn revoking_an_import_asks_the_provider() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let id = imported(&test, verified(END_USER, &tokens)).await.connected_account.id;
    test.advance(SECOND);
    let revocation = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revocation.provider_revocation, ProviderRevocation::Revoked);
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_asked() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let refused = async |change: fn(&mut NewImport)| {
        let mut new = import_of(END_USER, &tokens);
        change(&mut new);
        match test.vault.import_connected_account(&test.caller, new).await {
            Err(VaultError::Invalid(invalid)) => invalid.fields.into_iter().map(|(name, _)| name).collect(),
            Err(VaultError::NotFound) => vec!["not found".to_owned()],
            _ => Vec::new(),
        }
    };
    assert_eq!(refused(|n| (n.access_token, n.refresh_token) = (None, None)).await, ["tokens"]);
    assert_eq!(refused(|n| n.refresh_token = Some(vault::Secret::new("a b".into()))).await, ["tokens.refresh_token"]);
    assert_eq!(refused(|n| n.expires_at = Some(i64::MAX)).await, ["tokens.expires_at"]);
    assert_eq!(refused(|n| (n.refresh_token, n.expires_at) = (None, Some(BEGINNING))).await, ["tokens.expires_at"]);
    assert_eq!(refused(|n| n.issued_at = Some(BEGINNING + HOUR)).await, ["tokens.issued_at"]);
    assert_eq!(refused(|n| n.scopes = Some(vec!["a b".into()])).await, ["tokens.scopes"]);
    assert_eq!(refused(|n| (n.refresh_token, n.verify) = (None, Verify::Refresh)).await, ["verify"]);
    assert_eq!(refused(|n| n.end_user.id = "keybearer:test".into()).await, ["end_user.id"]);
    assert_eq!(refused(|n| n.end_user.id = " ".into()).await, ["end_user.id"]);
    assert_eq!(refused(|n| n.label = Some("x".repeat(256))).await, ["label"]);
    assert_eq!(refused(|n| n.provider_config = "zoom-admin".into()).await, ["not found"]);
    assert_eq!(test.sandbox.journal().len(), 1, "only the provider config's check was there");
}

#[tokio::test]
async fn another_applications_provider_config_is_not_there_and_a_disabled_one_takes_nothing() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let environment = model::applications::Environment::Development;
    let other = test.vault.add_application(&test.member, "Other", environment).await.unwrap();
    let stranger = test.vault.enter(&test.member, other.id).await.unwrap();
    let ended = test.vault.import_connected_account(&stranger, import_of(END_USER, &tokens)).await;
    assert!(matches!(ended, Err(VaultError::NotFound)));
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.unwrap();
    let ended = test.vault.import_connected_account(&test.caller, import_of(END_USER, &tokens)).await;
    assert!(matches!(ended, Err(VaultError::ProviderConfigDisabled)));
}

#[tokio::test]
async fn an_api_key_imports_only_if_it_names_the_scope() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let key = test.vault.add_api_key(&test.caller, "backend").await.unwrap();
    let backend = test.vault.authenticate(key.secret.expose(), None).await.unwrap().unwrap();
    let ended = test.vault.import_connected_account(&backend, import_of(END_USER, &tokens)).await;
    assert!(matches!(ended, Err(VaultError::MissingScope(_))));
}

#[tokio::test]
async fn endpoints_hear_of_an_import_as_of_a_connection_and_no_token_is_stored_in_the_clear() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let endpoint = listening(&test).await;
    imported(&test, import_of(END_USER, &tokens)).await;
    assert_eq!(told(&test, endpoint).await, ["connected_account.connected"]);
    let bytes = test.database_bytes();
    for token in [&tokens.0, &tokens.1] {
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
    }
}
