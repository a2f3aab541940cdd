//! Self-service: an end user's link reaches its own accounts and nobody else's.

use super::custom_providers::{by_hand, set_up, with_tenants};
use model::applications::Environment;
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use model::events::EventFilter;
use model::ids::ConnectedAccountId;
use model::lists::Turn;
use vault::catalogue::Told;
use vault::testing::{CLIENT_ID, END_USER, TestVault};
use vault::{DAY, EndUserCaller, HOUR, ManageLink, NewManageLink, TokenRequest, VaultError};

async fn link(test: &TestVault, end_user: &str) -> String {
    let view = test.vault.open_manage_link(&test.caller, end_user, NewManageLink::default()).await.unwrap();
    view.url.rsplit('/').next().unwrap().to_owned()
}

async fn entered(test: &TestVault, end_user: &str) -> EndUserCaller {
    match test.vault.enter_by_manage_link(&link(test, end_user).await).await.unwrap() {
        ManageLink::Entered(caller) => *caller,
        _ => panic!("the link is good"),
    }
}

async fn own(test: &TestVault, caller: &EndUserCaller) -> Vec<ConnectedAccountId> {
    test.vault.own_accounts(caller).await.unwrap().accounts.iter().map(|account| account.id).collect()
}

#[tokio::test]
async fn a_link_shows_its_end_users_accounts_and_no_others() {
    let test = TestVault::new("zoom").await;
    let (mine, theirs) = (test.connected().await, test.connect("user_43", "grace@example.com").await);
    let (caller, other) = (entered(&test, END_USER).await, entered(&test, "user_43").await);
    assert_eq!((own(&test, &caller).await, own(&test, &other).await), (vec![mine], vec![theirs]));
    for id in [theirs, ConnectedAccountId::new()] {
        assert!(matches!(test.vault.own_account(&caller, id).await, Err(VaultError::NotFound)));
        assert!(matches!(test.vault.disconnect_own_account(&caller, id).await, Err(VaultError::NotFound)));
        assert!(matches!(test.vault.reconnect_own_account(&caller, id).await, Err(VaultError::NotFound)));
    }
    let account = test.vault.connected_account(&test.caller, theirs).await.unwrap();
    assert_eq!(account.status, ConnectedAccountStatus::Active);
}

#[tokio::test]
async fn the_same_id_in_another_application_is_somebody_else() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let other = test.vault.add_application(&test.member, "Other", Environment::Development).await.unwrap();
    let other = test.vault.enter(&test.member, other.id).await.unwrap();
    let unknown = test.vault.open_manage_link(&other, END_USER, NewManageLink::default()).await;
    assert!(matches!(unknown, Err(VaultError::NotFound)));
    let form = vault::testing::form("zoom", CLIENT_ID, vault::testing::CLIENT_SECRET, false);
    test.vault.save_provider_config(&other, form).await.unwrap();
    let session = vault::testing::new_session(END_USER, "zoom");
    test.vault.open_connect_session(&other, session).await.unwrap();
    let view = test.vault.open_manage_link(&other, END_USER, NewManageLink::default()).await.unwrap();
    let entered = test.vault.enter_by_manage_link(view.url.rsplit('/').next().unwrap()).await.unwrap();
    let ManageLink::Entered(caller) = entered else { panic!("the link is good") };
    assert_eq!(own(&test, &caller).await, []);
    assert!(matches!(test.vault.disconnect_own_account(&caller, id).await, Err(VaultError::NotFound)));
}

/// Checklist 56.
#[tokio::test]
async fn an_end_user_disconnects_and_the_audit_log_says_who() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let caller = entered(&test, END_USER).await;
    let revoked = test.vault.disconnect_own_account(&caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Revoked);
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
    assert!(matches!(test.vault.fresh(&test.caller, id, TokenRequest::default()).await, Err(VaultError::Revoked)));
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(account.status_reason.unwrap().code, StatusReasonCode::RevokedByEndUser);
    let events = test.vault.events_of(&test.caller, &id.to_string()).await.unwrap();
    let event = events.iter().find(|event| event.r#type == "connected_account.revoked").unwrap();
    assert_eq!(event.actor, "end_user");
    assert_eq!(own(&test, &caller).await, []);
    let over = test.vault.own_account(&caller, id).await.unwrap();
    assert_eq!(over.provider_revocation, Some(ProviderRevocation::Revoked));
    assert_eq!(test.vault.disconnect_own_account(&caller, id).await.unwrap(), revoked, "again is the same");
    assert!(matches!(test.vault.reconnect_own_account(&caller, id).await, Err(VaultError::Revoked)));
}

#[tokio::test]
async fn only_what_needs_it_is_offered_for_reconnecting() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let caller = entered(&test, END_USER).await;
    assert!(!test.vault.own_account(&caller, id).await.unwrap().can_reconnect);
    test.sandbox.revoke_grant(CLIENT_ID, "ada@example.com").unwrap();
    test.advance(2 * HOUR);
    assert!(test.vault.fresh(&test.caller, id, TokenRequest::default()).await.is_err());
    assert!(test.vault.own_account(&caller, id).await.unwrap().can_reconnect);
    let address = test.vault.reconnect_own_account(&caller, id).await.unwrap();
    assert!(address.starts_with("http://localhost:4000/connect/"), "{address}");
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.unwrap();
    assert!(!test.vault.own_account(&caller, id).await.unwrap().can_reconnect);
    let refused = test.vault.reconnect_own_account(&caller, id).await;
    assert!(matches!(refused, Err(VaultError::ProviderConfigDisabled)));
}

#[tokio::test]
async fn links_end_by_the_clock_and_are_forgotten() {
    let test = TestVault::new("zoom").await;
    test.connected().await;
    let link = link(&test, END_USER).await;
    for odd in ["", "x", "link", &link[1..], &link.to_lowercase()] {
        assert!(matches!(test.vault.enter_by_manage_link(odd).await.unwrap(), ManageLink::Unknown), "{odd}");
    }
    test.advance(HOUR - 1);
    assert!(matches!(test.vault.enter_by_manage_link(&link).await.unwrap(), ManageLink::Entered(_)));
    test.advance(1);
    assert!(matches!(test.vault.enter_by_manage_link(&link).await.unwrap(), ManageLink::Expired));
    test.advance(DAY + 1);
    test.vault.reap().await.unwrap();
    assert!(matches!(test.vault.enter_by_manage_link(&link).await.unwrap(), ManageLink::Unknown));
}

#[tokio::test]
async fn the_secret_of_a_link_is_not_in_the_database() {
    let test = TestVault::new("zoom").await;
    test.connected().await;
    let link = link(&test, END_USER).await;
    let bytes = test.database_bytes();
    assert!(!bytes.windows(link.len()).any(|window| window == link.as_bytes()));
}

#[tokio::test]
async fn a_link_cannot_keep_the_provider_busy() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let caller = entered(&test, END_USER).await;
    for _ in 0..30 {
        test.vault.disconnect_own_account(&caller, id).await.unwrap();
    }
    let refused = test.vault.disconnect_own_account(&caller, id).await;
    assert!(matches!(refused, Err(VaultError::TooManyAttempts { .. })));
}

#[tokio::test]
async fn scopes_are_told_as_well_as_the_catalogue_can() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let caller = entered(&test, END_USER).await;
    let account = test.vault.own_account(&caller, id).await.unwrap();
    let profile = account.scopes.iter().find(|scope| scope.scope == "user:read:user").unwrap();
    assert_eq!(profile.told("fr"), Told::InWords("Voir votre profil : nom, adresse e-mail, fuseau horaire"));
    assert_eq!(profile.told("nl"), Told::InEnglish("See your profile: name, e-mail address, time zone"));
}

#[tokio::test]
async fn making_and_using_a_link_stands_in_the_audit_log_without_its_secret() {
    let test = TestVault::new("zoom").await;
    test.connected().await;
    let link = link(&test, END_USER).await;
    let by = EventFilter { group: "connected_accounts".into(), ..EventFilter::default() };
    let page = test.vault.events(&test.caller, &by, &Turn::default(), 20).await.unwrap();
    assert_eq!(page.data.iter().filter(|line| line.r#type == "manage_link.created").count(), 1);
    assert!(!format!("{page:?}").contains(&link));
}

#[tokio::test]
async fn accounts_of_a_provider_of_the_applications_own_are_there_too() {
    let mut test = with_tenants(&["user:read:user"]).await;
    let form = by_hand(&test);
    set_up(&mut test, &form, &["user:read:user"]).await;
    let id = test.connected().await;
    let caller = entered(&test, END_USER).await;
    assert_eq!(own(&test, &caller).await, [id]);
    let account = test.vault.own_account(&caller, id).await.unwrap();
    assert_eq!(account.provider.name, "Acme ID");
    assert_eq!(account.scopes.first().unwrap().told("de"), Told::AsScope("user:read:user"));
    test.vault.disconnect_own_account(&caller, id).await.unwrap();
    assert_eq!(own(&test, &caller).await, []);
}
