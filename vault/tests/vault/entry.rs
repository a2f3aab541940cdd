//! A provider config runs on the entry it was saved with, until a newer one is adopted.

use super::custom_providers::{by_hand, set_up, with_tenants};
use super::tokens::ask;
use model::connected_accounts::ProviderRevocation;
use model::custom_providers::EntryForm;
use vault::testing::sandbox::ConsentRequest;
use vault::testing::{CLIENT_ID, TestVault};
use vault::{HOUR, Options, Vault, VaultError};

/// Another release of Keybearer, or a changed file of the operator's: the catalogue says this of Zoom now.
async fn after_an_upgrade(test: &TestVault, overlay: &str) -> Vault {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("extends = \"built-in\"\n{overlay}");
    std::fs::write(folder.path().join("zoom.toml"), text).unwrap();
    let change = |options: &mut Options| options.catalogue_folder = Some(folder.path().to_owned());
    test.open_again(change).await.unwrap()
}

const MOVED: &str = "description = \"New words\"\n[endpoints]\ntoken = \"https://moved.example/token\"\nrevoke = \"https://moved.example/revoke\"\n";

/// Checklist 49.
#[tokio::test]
async fn an_upgrade_moves_no_endpoint() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    let upgraded = after_an_upgrade(&test, MOVED).await;
    test.advance(2 * HOUR);
    upgraded.fresh(&test.caller, account, vault::TokenRequest::default()).await.unwrap();
    assert_eq!(test.sandbox.token_requests("refresh_token"), 1, "the refresh went where the consent was given");
    // Neither does a save of other things.
    let form = vault::testing::form("zoom", CLIENT_ID, "", false);
    upgraded.save_provider_config(&test.caller, form).await.unwrap();
    assert!(upgraded.entry_offer(&test.caller, "zoom").await.unwrap().is_some());
    let revoked = upgraded.revoke_connected_account(&test.caller, account).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Revoked);
}

#[tokio::test]
async fn words_for_people_follow_the_catalogue_at_once() {
    let test = TestVault::new("zoom").await;
    let upgraded = after_an_upgrade(&test, MOVED).await;
    let config = upgraded.provider_config(&test.caller, "zoom").await.unwrap();
    assert_eq!(config.provider.description, "New words");
    let offer = upgraded.entry_offer(&test.caller, "zoom").await.unwrap().unwrap();
    assert!(offer.changes.iter().all(|change| change.field != "description"));
}

#[tokio::test]
async fn a_newer_entry_is_adopted_with_an_event() {
    let test = TestVault::new("zoom").await;
    let upgraded = after_an_upgrade(&test, MOVED).await;
    let offer = upgraded.entry_offer(&test.caller, "zoom").await.unwrap().unwrap();
    assert!(offer.changes[0].field.starts_with("endpoints.") && offer.changes[0].matters);
    let stale = upgraded.adopt_entry(&test.caller, "zoom", "another hash").await;
    assert!(matches!(stale, Err(VaultError::Conflict { code: "entry_changed", .. })));
    upgraded.adopt_entry(&test.caller, "zoom", &offer.hash).await.unwrap();
    assert!(upgraded.entry_offer(&test.caller, "zoom").await.unwrap().is_none());
    let config = upgraded.provider_config(&test.caller, "zoom").await.unwrap();
    let events = upgraded.events_of(&test.caller, &config.id.to_string()).await.unwrap();
    assert_eq!(events[0].r#type, "provider_config.entry_adopted");
}

#[tokio::test]
async fn a_provider_that_left_the_catalogue_goes_on() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    let without = test
        .open_again(|options| {
            options.catalogue_folder = None;
            options.sandbox = None;
        })
        .await
        .unwrap();
    // The entry pointed at the sandbox, which does not run here: its tokens go nowhere else, least of all to Zoom.
    test.advance(2 * HOUR);
    let error = without.fresh(&test.caller, account, vault::TokenRequest::default()).await.err();
    assert!(matches!(error, Some(VaultError::Unavailable { .. })), "{error:?}");
    assert_eq!(without.provider_config(&test.caller, "zoom").await.unwrap().key, "zoom");
    test.advance(HOUR);
    assert!(ask(&test, account).await.is_ok(), "nothing was lost");
}

#[tokio::test]
async fn an_edited_entry_waits_for_its_provider_config() {
    let mut test = with_tenants(&["user:read:user"]).await;
    let form = by_hand(&test);
    let slug = set_up(&mut test, &form, &[]).await;
    let moved = EntryForm { token: "https://moved.example/token".into(), ..form };
    test.vault.save_custom_provider(&test.caller, Some(&slug), &moved).await.unwrap();
    test.connected().await;
    let offer = test.vault.entry_offer(&test.caller, &slug).await.unwrap().unwrap();
    assert_eq!((offer.changes.len(), offer.announced_by), (1, None));
}

/// A code that was asked for under one entry is not sent to the endpoints of another.
#[tokio::test]
async fn an_entry_that_is_adopted_during_a_trip_ends_it() {
    let mut test = with_tenants(&["user:read:user"]).await;
    let form = by_hand(&test);
    let slug = set_up(&mut test, &form, &[]).await;
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let other = EntryForm { api_base: test.sandbox.base_url(), ..form };
    test.vault.save_custom_provider(&test.caller, Some(&slug), &other).await.unwrap();
    let offer = test.vault.entry_offer(&test.caller, &slug).await.unwrap().unwrap();
    test.vault.adopt_entry(&test.caller, &slug, &offer.hash).await.unwrap();
    let request = ConsentRequest::allow(&url, "ada@example.com");
    let back = test.sandbox.consent(&request).unwrap();
    test.vault.complete(vault::testing::callback(&back), Some("browser")).await.unwrap();
    let view = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    assert_eq!(view.results[0].error.as_ref().unwrap().code, "provider_config_changed");
    assert_eq!(test.sandbox.token_requests("authorization_code"), 0, "no code was sent");
}
