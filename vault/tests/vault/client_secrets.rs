//! A client's secret is replaced without a gap, ends with a warning, and another client takes nothing away.

use super::tokens::{ask, refreshes};
use model::connected_accounts::StatusReasonCode;
use model::ids::{ClientId, ConnectedAccountId};
use model::provider_configs::{ProbeVerdict, ProviderConfigState};
use model::provider_health::{ClientView, Urgency};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, TestVault};
use vault::{DAY, HOUR, MINUTE, NewClientSecret, Saved, Secret, SecretAdded, VaultError};

const NEW_SECRET: &str = "canary-second-secret-00000000001";

async fn clients(test: &TestVault) -> Vec<ClientView> {
    test.vault.provider_config_detail(&test.caller, &test.key).await.unwrap().clients
}

async fn current(test: &TestVault) -> ClientId {
    clients(test).await[0].id
}

fn new(secret: &str, expires_on: &str, store_anyway: bool) -> NewClientSecret {
    NewClientSecret { secret: Secret::new(secret.to_owned()), expires_on: expires_on.to_owned(), store_anyway }
}

async fn add(test: &TestVault, secret: &str, anyway: bool) -> Result<SecretAdded, VaultError> {
    let client = current(test).await;
    test.vault.add_client_secret(&test.caller, &test.key, client, new(secret, "", anyway)).await
}

async fn state(test: &TestVault) -> ProviderConfigState {
    test.vault.provider_config(&test.caller, &test.key).await.unwrap().state
}

fn both_valid(test: &TestVault) {
    test.sandbox.update_client(CLIENT_ID, |client| client.second_secret = NEW_SECRET.to_owned()).unwrap();
}

async fn due(test: &TestVault, id: ConnectedAccountId) -> Result<String, String> {
    test.advance(2 * HOUR);
    ask(test, id).await
}

#[tokio::test]
async fn while_both_secrets_are_valid_no_call_notices_the_replacement() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    both_valid(&test);
    assert!(matches!(add(&test, NEW_SECRET, false).await, Ok(SecretAdded::Beside(ProbeVerdict::Accepted, _))));
    assert!(due(&test, id).await.is_ok());
    // The provider drops the old one: nothing changes.
    test.sandbox
        .update_client(CLIENT_ID, |client| client.client_secret = std::mem::take(&mut client.second_secret))
        .unwrap();
    let before = refreshes(&test);
    assert!(due(&test, id).await.is_ok());
    assert_eq!((refreshes(&test) - before, state(&test).await), (1, ProviderConfigState::Active));
    let client = current(&test).await;
    test.vault.finish_client_secret(&test.caller, &test.key, client).await.unwrap();
    assert!(due(&test, id).await.is_ok());
    let client = &clients(&test).await[0];
    assert!(client.next.is_none() && client.secret_ends == NEW_SECRET[28..]);
}

#[tokio::test]
async fn a_new_secret_that_is_not_active_yet_costs_one_call_and_marks_nothing() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    assert!(matches!(add(&test, NEW_SECRET, false).await, Ok(SecretAdded::Refused(_))));
    assert!(clients(&test).await[0].next.is_none(), "a refused secret is stored only when asked for");
    assert!(matches!(add(&test, NEW_SECRET, true).await, Ok(SecretAdded::Beside(ProbeVerdict::Rejected, _))));
    let before = refreshes(&test);
    assert!(due(&test, id).await.is_ok());
    assert_eq!((refreshes(&test) - before, state(&test).await), (2, ProviderConfigState::Active));
    // It was refused just now: the old one goes first for a while.
    test.sandbox.update_client(CLIENT_ID, |client| client.access_token_seconds = 60).unwrap();
    assert!(due(&test, id).await.is_ok());
    let before = refreshes(&test);
    test.advance(2 * MINUTE);
    assert!(ask(&test, id).await.is_ok());
    assert_eq!(refreshes(&test) - before, 1);
    both_valid(&test);
    assert!(due(&test, id).await.is_ok());
    let next = clients(&test).await[0].next.clone().unwrap();
    assert!(next.works_since.is_some() && next.refused_at.is_none());
}

#[tokio::test]
async fn only_when_both_secrets_are_refused_is_the_provider_config_rejected() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    add(&test, NEW_SECRET, true).await.unwrap();
    test.sandbox.update_client(CLIENT_ID, |client| client.client_secret = "neither".into()).unwrap();
    assert_eq!(due(&test, id).await, Err("provider_config_rejected".to_owned()));
    assert_eq!(state(&test).await, ProviderConfigState::Rejected);
    // One of the two is enough to end it, and no token was spent meanwhile.
    test.sandbox.update_client(CLIENT_ID, |client| client.client_secret = CLIENT_SECRET.into()).unwrap();
    test.advance(2 * HOUR);
    test.vault.verify_provider_config(&test.caller, &test.key).await.unwrap();
    assert!(ask(&test, id).await.is_ok());
    assert_eq!(state(&test).await, ProviderConfigState::Active);
}

#[tokio::test]
async fn consents_and_revocations_use_whichever_secret_works() {
    let test = TestVault::new("zoom").await;
    add(&test, NEW_SECRET, true).await.unwrap();
    test.advance(10 * MINUTE);
    let id = test.connected().await;
    assert_eq!(state(&test).await, ProviderConfigState::Active);
    test.advance(10 * MINUTE);
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
}

#[tokio::test]
async fn where_the_old_secret_is_over_the_new_one_takes_its_place_at_once() {
    let test = TestVault::new("zoom").await;
    test.sandbox.update_client(CLIENT_ID, |client| client.client_secret = NEW_SECRET.into()).unwrap();
    assert_eq!(add(&test, NEW_SECRET, false).await.unwrap(), SecretAdded::Replaced);
    assert!(clients(&test).await[0].next.is_none());
}

#[tokio::test]
async fn a_replacement_finishes_by_itself_a_day_after_the_new_secret_began_to_work() {
    let test = TestVault::new("zoom").await;
    both_valid(&test);
    add(&test, NEW_SECRET, false).await.unwrap();
    test.vault.reap().await.unwrap();
    assert!(clients(&test).await[0].next.is_some());
    test.advance(DAY + MINUTE);
    test.vault.reap().await.unwrap();
    test.another().await.reap().await.unwrap();
    assert!(clients(&test).await[0].next.is_none());
}

#[tokio::test]
async fn a_replacement_can_be_cancelled_and_common_mistakes_are_named() {
    let test = TestVault::new("zoom").await;
    both_valid(&test);
    add(&test, NEW_SECRET, false).await.unwrap();
    let client = current(&test).await;
    test.vault.cancel_client_secret(&test.caller, &test.key, client).await.unwrap();
    assert!(matches!(
        test.vault.finish_client_secret(&test.caller, &test.key, client).await,
        Err(VaultError::NotFound)
    ));
    for wrong in ["", "a b", CLIENT_SECRET, CLIENT_ID] {
        assert!(matches!(add(&test, wrong, false).await, Err(VaultError::Invalid(_))), "{wrong}");
    }
    for wrong in ["soon", "2025-12-31"] {
        let added = test.vault.add_client_secret(&test.caller, &test.key, client, new(NEW_SECRET, wrong, false)).await;
        assert!(matches!(added, Err(VaultError::Invalid(_))), "{wrong}");
    }
}

#[tokio::test]
async fn somebody_is_reminded_once_at_each_threshold_before_a_secret_ends() {
    let test = TestVault::new("zoom").await;
    let client = current(&test).await;
    test.vault.set_secret_expiry(&test.caller, &test.key, client, "2026-03-01").await.unwrap();
    let reminders = async || {
        test.vault.reap().await.unwrap();
        test.another().await.reap().await.unwrap();
        let config = test.vault.provider_config(&test.caller, &test.key).await.unwrap();
        let events = test.vault.events_of(&test.caller, &config.id.to_string()).await.unwrap();
        let count = events.iter().filter(|e| e.r#type == "provider_config.secret_expiring").count();
        (count, config.health.attention.first().map(|a| (a.urgency, a.words.clone())))
    };
    assert_eq!(reminders().await, (0, None));
    test.advance(30 * DAY);
    assert_eq!(reminders().await, (1, Some((Urgency::Soon, "Client secret ends in 29 days".to_owned()))));
    test.advance(10 * DAY);
    assert_eq!(reminders().await.0, 1);
    test.advance(13 * DAY);
    assert_eq!(reminders().await.0, 2);
    test.advance(6 * DAY);
    assert_eq!(reminders().await, (3, Some((Urgency::Now, "Client secret ends within a day".to_owned()))));
    test.advance(DAY);
    assert_eq!(reminders().await, (4, Some((Urgency::Now, "Client secret has ended".to_owned()))));
    test.vault.set_secret_expiry(&test.caller, &test.key, client, "").await.unwrap();
    assert_eq!(reminders().await, (4, None));
}

#[tokio::test]
async fn an_old_client_is_removed_with_what_stands_on_it() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let mut second = vault::testing::client();
    (second.client_id, second.client_secret) =
        ("SecondClient_000000001".into(), "second-secret-00000000000000000a".into());
    test.sandbox.add_client(second).unwrap();
    let saved = test.save("SecondClient_000000001", "second-secret-00000000000000000a", false).await;
    assert!(matches!(saved, Ok(Saved::Saved(_))));
    let [new, old] = clients(&test).await.try_into().unwrap();
    assert_eq!((new.is_current, new.authorizations), (true, 0));
    assert_eq!((old.client_id.as_str(), old.authorizations), (CLIENT_ID, 1));
    let current = test.vault.remove_client(&test.caller, &test.key, new.id).await;
    assert!(matches!(current, Err(VaultError::Conflict { code: "client_is_current", .. })));
    test.vault.remove_client(&test.caller, &test.key, old.id).await.unwrap();
    assert_eq!(ask(&test, id).await, Err(StatusReasonCode::ClientRemoved.as_str().to_owned()));
    test.another().await.reap().await.unwrap();
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
    test.vault.reap().await.unwrap();
    assert_eq!(clients(&test).await.len(), 1);
    // The same end user connects again, with the new client.
    assert_eq!(test.connected().await, id);
    assert!(ask(&test, id).await.is_ok());
}
