//! A member tests a provider config with an account of their own.

use super::tokens::ask;
use model::connect_sessions::ConnectSessionStatus;
use model::connection_tests::{ConnectionTestView, StepOutcome, TestState};
use model::events::EventFilter;
use model::figures::Window;
use model::lists::Turn;
use vault::testing::sandbox::{ConsentRequest, Fault, FaultKind};
use vault::testing::{CLIENT_ID, TestVault, callback, form, new_session};
use vault::{Filter, HOUR, MINUTE, VaultError};

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
