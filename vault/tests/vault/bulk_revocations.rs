//! Bulk revocations: shown, confirmed, done in the background, followed by another server.

use super::tokens::ask;
use model::bulk_revocations::{BulkPreview, BulkRevocationState as State, BulkRevocationView};
use model::connected_accounts::{ConnectedAccountStatus, StatusReasonCode};
use model::ids::ConnectedAccountId;
use model::people::Role;
use vault::testing::{CLIENT_ID, Onlooker, TestVault};
use vault::{ApplicationCaller, BulkRequest, DAY, Filter, HOUR, Vault, VaultError, Worked};

fn of_config() -> Filter {
    Filter { provider_config: Some("zoom".into()), ..Filter::default() }
}

fn request(preview: &BulkPreview, filter: &Filter) -> BulkRequest {
    BulkRequest {
        id: preview.id,
        filter: filter.clone(),
        newest: preview.newest.expect("an account"),
        accounts: preview.accounts,
        typed: preview.accounts.to_string(),
        reason: "The client secret has leaked".into(),
    }
}

/// Shows and confirms.
async fn begin(test: &TestVault, caller: &ApplicationCaller, filter: &Filter) -> BulkRevocationView {
    let preview = test.vault.preview_bulk_revocation(caller, filter).await.unwrap();
    test.vault.request_bulk_revocation(caller, request(&preview, filter)).await.unwrap()
}

async fn work(vault: &Vault) -> Worked {
    let mut all = Worked::default();
    loop {
        let worked = vault.work_on_bulk_revocations().await.unwrap();
        if worked == Worked::default() {
            return all;
        }
        all.revoked += worked.revoked;
        all.finished += worked.finished;
    }
}

async fn status(test: &TestVault, id: ConnectedAccountId) -> ConnectedAccountStatus {
    test.vault.connected_account(&test.caller, id).await.unwrap().status
}

async fn as_member(test: &TestVault, role: Role) -> ApplicationCaller {
    let member = test.member_as(&format!("{role}@example.com"), role).await;
    test.vault.enter(&member, test.caller.application()).await.unwrap()
}

/// The types of the events about one thing, oldest first.
async fn events(test: &TestVault, target: impl ToString) -> Vec<String> {
    let events = test.vault.events_of(&test.caller, &target.to_string()).await.unwrap();
    events.into_iter().rev().map(|event| event.r#type).collect()
}

#[tokio::test]
async fn a_preview_of_very_many_counts_in_part_and_what_is_confirmed_is_counted_whole() {
    let test = TestVault::new("zoom").await;
    test.seed_without_tokens(50_002, test.clock.now()).await;
    let preview = test.vault.preview_bulk_revocation(&test.caller, &of_config()).await.unwrap();
    assert_eq!((preview.accounts, preview.or_more, preview.by_provider.len()), (20_000, true, 1));
    let begun = test.vault.request_bulk_revocation(&test.caller, request(&preview, &of_config())).await.unwrap();
    assert_eq!((begun.state, begun.accounts), (State::Running, 50_002));
    let few = Filter { end_user_id: Some("user_7".into()), ..Filter::default() };
    let preview = test.vault.preview_bulk_revocation(&test.caller, &few).await.unwrap();
    assert_eq!((preview.accounts, preview.or_more), (1, false));
}

#[tokio::test]
async fn what_is_shown_changes_nothing_and_what_is_confirmed_is_revoked_here_and_at_the_provider() {
    let test = TestVault::new("zoom").await;
    let ada = test.connect("user_1", "ada@example.com").await;
    let grace = test.connect("user_2", "grace@example.com").await;
    let preview = test.vault.preview_bulk_revocation(&test.caller, &of_config()).await.unwrap();
    assert_eq!((preview.accounts, preview.newest, preview.examples.len()), (2, Some(grace), 2));
    assert!(preview.by_provider.len() == 1 && preview.by_provider[0].is_asked && !preview.second_person);
    assert_eq!(work(&test.vault).await, Worked::default());
    assert_eq!(status(&test, ada).await, ConnectedAccountStatus::Active);
    let begun = begin(&test, &test.caller, &of_config()).await;
    assert_eq!((begun.state, begun.accounts), (State::Running, 2));
    let late = test.connect("user_3", "alan@example.com").await;
    assert_eq!(work(&test.vault).await, Worked { revoked: 2, finished: 1 });
    for (account, user) in [(ada, "ada@example.com"), (grace, "grace@example.com")] {
        assert_eq!(ask(&test, account).await, Err("revoked".to_owned()));
        assert!(!test.sandbox.grant_is_live(CLIENT_ID, user));
        let account = test.vault.connected_account(&test.caller, account).await.unwrap();
        assert_eq!(account.status_reason.unwrap().code, StatusReasonCode::RevokedByMember);
    }
    assert_eq!(status(&test, late).await, ConnectedAccountStatus::Active, "it was connected later");
    let done = test.vault.bulk_revocation(&test.caller, begun.id).await.unwrap();
    assert_eq!((done.state, done.revoked, done.failed), (State::Finished, 2, 0));
    assert_eq!(events(&test, begun.id).await, ["bulk_revocation.started", "bulk_revocation.finished"]);
    assert!(events(&test, ada).await.contains(&"connected_account.revoked".to_owned()));
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one() {
    let test = TestVault::new("zoom").await;
    test.connected().await;
    let preview = test.vault.preview_bulk_revocation(&test.caller, &of_config()).await.unwrap();
    let send = || test.vault.request_bulk_revocation(&test.caller, request(&preview, &of_config()));
    let (first, second) = tokio::join!(send(), send());
    assert_eq!(first.unwrap().id, second.unwrap().id);
    assert_eq!(test.vault.bulk_revocations(&test.caller).await.unwrap().len(), 1);
    assert_eq!(work(&test.vault).await, Worked { revoked: 1, finished: 1 });
}

#[tokio::test]
async fn another_server_goes_on_exactly_where_one_died() {
    let test = TestVault::new("zoom").await;
    let mut accounts = Vec::new();
    for user in ["ada", "grace", "alan"] {
        accounts.push(test.connect(&format!("user_{user}"), &format!("{user}@example.com")).await);
    }
    let begun = begin(&test, &test.caller, &of_config()).await;
    // A server took it, revoked one account and is gone: its lease stands.
    let mut db = Onlooker::at(&test.database_url).await;
    let mut dying = test.vault.revoke_first_of_bulk(begun.id).await;
    let other = test.another().await;
    assert_eq!(work(&other).await, Worked::default(), "the lease has not ended");
    db.lapse().await;
    assert_eq!(work(&other).await, Worked { revoked: 2, finished: 1 });
    assert!(!dying.step_again().await, "what comes back late does nothing");
    let done = other.bulk_revocation(&test.caller, begun.id).await.unwrap();
    assert_eq!((done.state, done.revoked), (State::Finished, 3));
    for account in accounts {
        let revocations = events(&test, account).await;
        assert_eq!(revocations.iter().filter(|r#type| *r#type == "connected_account.revoked").count(), 1);
    }
}

#[tokio::test]
async fn several_servers_at_once_revoke_each_account_once() {
    let test = TestVault::new("zoom").await;
    test.seed(120, test.clock.now()).await;
    let begun = begin(&test, &test.caller, &of_config()).await;
    let servers = [test.vault.clone(), test.another().await, test.another().await];
    let (a, b, c) = tokio::join!(work(&servers[0]), work(&servers[1]), work(&servers[2]));
    assert_eq!((a.revoked + b.revoked + c.revoked, a.finished + b.finished + c.finished), (120, 1));
    let done = test.vault.bulk_revocation(&test.caller, begun.id).await.unwrap();
    assert_eq!((done.revoked, done.failed), (120, 0));
}

#[tokio::test]
async fn what_is_stopped_goes_no_further() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    let begun = begin(&test, &test.caller, &of_config()).await;
    let stopped = test.vault.stop_bulk_revocation(&test.caller, begun.id).await.unwrap();
    assert_eq!((stopped.state, stopped.stopped_by.as_deref()), (State::Stopped, Some("owner@example.com")));
    assert_eq!(work(&test.vault).await, Worked::default());
    assert_eq!(status(&test, account).await, ConnectedAccountStatus::Active);
    let again = test.vault.stop_bulk_revocation(&test.caller, begun.id).await;
    assert!(matches!(again, Err(VaultError::Conflict { .. })));
}

#[tokio::test]
async fn chosen_accounts_are_for_developers_and_a_filter_is_for_admins_with_a_reason() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    let developer = as_member(&test, Role::Developer).await;
    let viewer = as_member(&test, Role::Viewer).await;
    let chosen = Filter { ids: Some(vec![account]), ..Filter::default() };
    assert!(matches!(test.vault.preview_bulk_revocation(&viewer, &chosen).await, Err(VaultError::Forbidden)));
    assert!(matches!(test.vault.preview_bulk_revocation(&developer, &of_config()).await, Err(VaultError::Forbidden)));
    let preview = test.vault.preview_bulk_revocation(&test.caller, &of_config()).await.unwrap();
    let silent = BulkRequest { reason: "  ".into(), ..request(&preview, &of_config()) };
    let refused = test.vault.request_bulk_revocation(&test.caller, silent).await;
    assert!(matches!(refused, Err(VaultError::Invalid(invalid)) if invalid.fields[0].0 == "reason"));
    begin(&test, &developer, &chosen).await;
    assert_eq!(work(&test.vault).await, Worked { revoked: 1, finished: 1 });
    assert_eq!(status(&test, account).await, ConnectedAccountStatus::Revoked);
}

#[tokio::test]
async fn where_a_second_person_must_confirm_nobody_confirms_alone() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    let admin = test.member_as("admin@example.com", Role::Admin).await;
    assert!(matches!(test.vault.require_second_person(&admin, true).await, Err(VaultError::Forbidden)));
    test.vault.require_second_person(&test.member, true).await.unwrap();
    let admin = test.vault.enter(&admin, test.caller.application()).await.unwrap();
    let asked = begin(&test, &admin, &of_config()).await;
    assert_eq!((asked.state, asked.requested_by.as_deref()), (State::Waiting, Some("admin@example.com")));
    assert_eq!(work(&test.vault).await, Worked::default());
    assert!(!test.vault.may_confirm_bulk_revocation(&admin, asked.id).await.unwrap());
    assert!(matches!(test.vault.confirm_bulk_revocation(&admin, asked.id).await, Err(VaultError::Forbidden)));
    let developer = as_member(&test, Role::Developer).await;
    assert!(matches!(test.vault.confirm_bulk_revocation(&developer, asked.id).await, Err(VaultError::Forbidden)));
    assert_eq!(status(&test, account).await, ConnectedAccountStatus::Active);
    assert!(test.vault.may_confirm_bulk_revocation(&test.caller, asked.id).await.unwrap());
    let confirmed = test.vault.confirm_bulk_revocation(&test.caller, asked.id).await.unwrap();
    assert_eq!((confirmed.state, confirmed.confirmed_by.as_deref()), (State::Running, Some("owner@example.com")));
    assert_eq!(work(&test.vault).await, Worked { revoked: 1, finished: 1 });
    let told = ["bulk_revocation.requested", "bulk_revocation.confirmed", "bulk_revocation.finished"];
    assert_eq!(events(&test, asked.id).await, told);
}

#[tokio::test]
async fn a_request_that_nobody_confirms_within_a_day_ends() {
    let test = TestVault::new("zoom").await;
    let account = test.connected().await;
    test.vault.require_second_person(&test.member, true).await.unwrap();
    let admin = as_member(&test, Role::Admin).await;
    let asked = begin(&test, &admin, &of_config()).await;
    test.advance(DAY - HOUR);
    work(&test.vault).await;
    assert_eq!(test.vault.bulk_revocation(&admin, asked.id).await.unwrap().state, State::Waiting);
    test.advance(HOUR);
    let late = test.vault.confirm_bulk_revocation(&test.caller, asked.id).await;
    assert!(matches!(late, Err(VaultError::Conflict { .. })));
    work(&test.vault).await;
    assert_eq!(test.vault.bulk_revocation(&admin, asked.id).await.unwrap().state, State::Expired);
    assert_eq!(status(&test, account).await, ConnectedAccountStatus::Active);
}

#[tokio::test]
async fn another_applications_bulk_revocation_is_not_found() {
    let test = TestVault::new("zoom").await;
    test.connected().await;
    let begun = begin(&test, &test.caller, &of_config()).await;
    let other = test.vault.add_application(&test.member, "Other", model::applications::Environment::Development).await;
    let other = test.vault.enter(&test.member, other.unwrap().id).await.unwrap();
    assert!(matches!(test.vault.bulk_revocation(&other, begun.id).await, Err(VaultError::NotFound)));
    assert!(matches!(test.vault.stop_bulk_revocation(&other, begun.id).await, Err(VaultError::NotFound)));
    assert!(matches!(test.vault.confirm_bulk_revocation(&other, begun.id).await, Err(VaultError::NotFound)));
}
