//! A member tests a provider config with an account of their own.

use super::tokens::ask;
use model::connect_sessions::ConnectSessionStatus;
use model::connection_tests::{ConnectionTestView, StepOutcome, TestState};
use model::events::EventFilter;
use model::figures::Window;
use model::lists::Turn;
use model::people::Role;
use model::provider_health::ReadinessState;
use vault::testing::sandbox::{ConsentRequest, Fault, FaultKind};
use vault::testing::{CLIENT_ID, TestVault, callback, form, new_session};
use vault::{ApplicationCaller, Filter, HOUR, MINUTE, NewManageLink, VaultError};

/// Goes through a test as this user and gives its report.
async fn tested(test: &TestVault, user: &str) -> ConnectionTestView {
    let session = test.vault.begin_connection_test(&test.caller, &test.key).await.unwrap();
    test.consent(&session, user).await;
    test.vault.connection_test(&test.caller, &test.key, session.id).await.unwrap()
}

fn outcome(report: &ConnectionTestView, title: &str) -> StepOutcome {
    let step = report.steps.iter().find(|step| step.title == title);
    step.unwrap_or_else(|| panic!("no step {title:?} in {:?}", report.steps)).outcome
}

#[tokio::test]
async fn a_test_tries_everything_and_leaves_nothing_behind() {
    let test = TestVault::new("zoom").await;
    let mut expecting = form("zoom", CLIENT_ID, "", false);
    expecting.scopes = vec!["user:read:user meeting:read:list_meetings".into()];
    test.vault.save_provider_config(&test.caller, expecting).await.unwrap();
    let report = tested(&test, "ada@example.com").await;
    assert_eq!(report.state, TestState::Passed, "{report:?}");
    for title in ["Consent and first tokens", "Scopes", "Whose account it is", "Refresh at once", "Refresh token"] {
        assert_eq!(outcome(&report, title), StepOutcome::Passed, "{title}");
    }
    assert_eq!(outcome(&report, "Revoke at the end"), StepOutcome::Passed);
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
    let accounts = test.vault.connected_accounts(&test.caller, &Filter::default(), None, 10).await.unwrap();
    let sessions = test.vault.connect_sessions(&test.caller, None, 10).await.unwrap();
    assert!(accounts.data.is_empty() && sessions.data.is_empty());
    assert!(matches!(test.vault.connect_session(&test.caller, report.id).await, Err(VaultError::NotFound)));
    let detail = test.vault.provider_config_detail(&test.caller, "zoom").await.unwrap();
    assert_eq!(detail.last_test.map(|last| last.id), Some(report.id));
}

#[tokio::test]
async fn what_is_missing_and_what_fails_is_named_with_the_next_step() {
    let test = TestVault::new("zoom").await;
    let mut expecting = form("zoom", CLIENT_ID, "", false);
    expecting.scopes = vec!["user:read:user meeting:write:meeting".into()];
    test.vault.save_provider_config(&test.caller, expecting).await.unwrap();
    test.sandbox.fault(Fault::refresh(FaultKind::error("invalid_grant", "Invalid Token!")));
    let report = tested(&test, "ada@example.com").await;
    assert_eq!(report.state, TestState::Failed);
    let scopes = report.steps.iter().find(|step| step.title == "Scopes").unwrap();
    assert!(scopes.detail.contains("Missing: meeting:write:meeting") && scopes.next.is_some());
    let refresh = report.steps.iter().find(|step| step.title == "Refresh at once").unwrap();
    assert!(refresh.outcome == StepOutcome::Failed && refresh.detail.contains("Invalid Token!"), "{refresh:?}");
}

#[tokio::test]
async fn a_declined_consent_is_the_whole_report() {
    let test = TestVault::new("zoom").await;
    let session = test.vault.begin_connection_test(&test.caller, "zoom").await.unwrap();
    assert_eq!(session.status, ConnectSessionStatus::Open);
    let browser = vault::new_browser().unwrap();
    let url = test.begin(&session, browser.expose()).await;
    let back = test.sandbox.consent(&ConsentRequest::decline(&url, "ada@example.com")).unwrap();
    test.vault.complete(callback(&back), Some(browser.expose())).await.unwrap();
    let report = test.vault.connection_test(&test.caller, "zoom", session.id).await.unwrap();
    assert_eq!((report.state, report.steps.len()), (TestState::Failed, 1));
    assert!(report.steps[0].next.is_some());
}

#[tokio::test]
async fn an_account_that_an_end_user_connected_survives_a_test_of_the_same_user() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let report = tested(&test, "ada@example.com").await;
    assert_eq!(outcome(&report, "Revoke at the end"), StepOutcome::Noted);
    test.advance(2 * HOUR);
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
}

#[tokio::test]
async fn a_test_that_nobody_finishes_expires() {
    let test = TestVault::new("zoom").await;
    let session = test.vault.begin_connection_test(&test.caller, "zoom").await.unwrap();
    let state = async || test.vault.connection_test(&test.caller, "zoom", session.id).await.unwrap().state;
    assert_eq!(state().await, TestState::Waiting);
    test.advance(2 * HOUR);
    test.vault.reap().await.unwrap();
    assert_eq!(state().await, TestState::Expired);
}

#[tokio::test]
async fn the_ids_of_tests_are_not_for_backends() {
    let test = TestVault::new("zoom").await;
    let taken = test.vault.open_connect_session(&test.caller, new_session("keybearer:test", "zoom")).await;
    assert!(matches!(taken, Err(VaultError::Invalid(_))));
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.unwrap();
    let begun = test.vault.begin_connection_test(&test.caller, "zoom").await;
    assert!(matches!(begun, Err(VaultError::Conflict { code: "provider_config_not_active", .. })));
}

#[tokio::test]
async fn a_test_counts_nowhere_and_shows_in_no_customers_timeline() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let timeline = async || {
        let page = test.vault.connected_account_timeline(&test.caller, id, None, 50).await.unwrap();
        page.data.into_iter().map(|entry| entry.r#type).collect::<Vec<_>>()
    };
    let authorizations = async || {
        let detail = test.vault.provider_config_detail(&test.caller, "zoom").await.unwrap();
        detail.clients.iter().map(|client| client.authorizations).collect::<Vec<_>>()
    };
    assert_eq!((authorizations().await, timeline().await), (vec![1], vec!["connected_account.connected".to_owned()]));
    for _ in 0..2 {
        test.advance(MINUTE);
        assert_eq!(tested(&test, "ada@example.com").await.state, TestState::Passed);
        assert_eq!(
            (authorizations().await, timeline().await),
            (vec![1], vec!["connected_account.connected".to_owned()])
        );
    }
    // The account stands on the test's tokens by now: what happens to them from here on is its own.
    test.advance(2 * HOUR);
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    assert_eq!(timeline().await, ["connected_account.refreshed", "connected_account.connected"]);
    tested(&test, "grace@example.com").await;
    assert_eq!(authorizations().await, [1]);
    let log = test.vault.events(&test.caller, &EventFilter::default(), &Turn::default(), 100).await.unwrap().data;
    let of = |r#type: &str| log.iter().filter(|line| line.r#type == r#type).count();
    test.vault.count_figures().await.unwrap();
    let day = test.vault.happened(&test.caller, Window::Day).await.unwrap();
    assert_eq!((day.refreshed, day.failed, day.connected, day.lost.0), (1, 0, 1, 0));
    let counted = (of("token_set.refreshed"), of("provider_config.tested"), of("connected_account.moved_by_test"));
    assert_eq!(counted, (1, 3, 2));
}

#[tokio::test]
async fn whoever_began_a_test_finds_its_link_again_until_it_ends() {
    let test = TestVault::new("zoom").await;
    let session = test.vault.begin_connection_test(&test.caller, "zoom").await.unwrap();
    let link = async |caller: &ApplicationCaller| {
        test.vault.provider_config_detail(caller, "zoom").await.unwrap().under_way.map(|test| test.url)
    };
    assert_eq!(link(&test.caller).await, session.url, "it is there again, whatever is saved meanwhile");
    let other = test.member_as("dev@example.com", Role::Developer).await;
    let other = test.vault.enter(&other, test.caller.application()).await.unwrap();
    assert_eq!(link(&other).await, None, "it is for the browser of whoever began it");
    test.consent(&session, "ada@example.com").await;
    assert_eq!(link(&test.caller).await, None);
    let report = test.vault.connection_test(&test.caller, "zoom", session.id).await.unwrap();
    assert_eq!(report.tested_by.as_deref(), Some("owner@example.com"));
    let fresh = report.steps.iter().find(|step| step.title == "Refresh at once").unwrap();
    assert!(fresh.until.is_some() && !fresh.detail.contains("2026"), "{fresh:?}");
    test.vault.begin_connection_test(&test.caller, "zoom").await.unwrap();
    test.advance(2 * HOUR);
    assert_eq!(link(&test.caller).await, None);
}

#[tokio::test]
async fn the_readiness_list_leads_to_the_report_of_a_failed_test() {
    let test = TestVault::new("zoom").await;
    test.sandbox.fault(Fault::refresh(FaultKind::error("invalid_grant", "Invalid Token!")));
    let report = tested(&test, "ada@example.com").await;
    assert_eq!(report.state, TestState::Failed);
    let detail = test.vault.provider_config_detail(&test.caller, "zoom").await.unwrap();
    let led: Vec<_> =
        detail.readiness.iter().filter_map(|point| point.report.as_deref().map(|r| (point.state, r))).collect();
    assert_eq!(led.len(), 1);
    assert!(led[0].0 == ReadinessState::ToDo && led[0].1.ends_with(&report.id.to_string()), "{led:?}");
}

#[tokio::test]
async fn nobody_manages_the_accounts_of_tests() {
    let test = TestVault::new("zoom").await;
    tested(&test, "ada@example.com").await;
    let made = test.vault.open_manage_link(&test.caller, "keybearer:test", NewManageLink::default()).await;
    assert!(matches!(made, Err(VaultError::NotFound)));
}
