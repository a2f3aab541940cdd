//! Connect sessions as members look through them.

use model::connect_sessions::{AttemptState, ConnectSessionFilter, ConnectSessionStatus};
use model::lists::Turn;
use vault::testing::sandbox::ConsentRequest;
use vault::testing::{TestVault, callback};
use vault::{HOUR, VaultError};

async fn ids(test: &TestVault, filter: ConnectSessionFilter) -> Vec<String> {
    let page = test.vault.connect_session_log(&test.caller, &filter, &Turn::default(), 50).await.unwrap();
    page.data.into_iter().map(|line| line.session.id.to_string()).collect()
}

#[tokio::test]
async fn each_filter_lets_through_what_it_names_and_pages_lead_both_ways() {
    let test = TestVault::new("zoom").await;
    let old = test.session(|new| new.end_user.id = "user_1".into()).await;
    test.advance(2 * HOUR);
    test.vault.reap().await.unwrap();
    let open = test.session(|new| new.end_user.id = "user_2".into()).await;
    test.connect("user_3", "ada@example.com").await;
    let by = ConnectSessionFilter::default;
    assert_eq!(ids(&test, ConnectSessionFilter { outcome: "open".into(), ..by() }).await, [open.id.to_string()]);
    assert_eq!(ids(&test, ConnectSessionFilter { outcome: "expired".into(), ..by() }).await, [old.id.to_string()]);
    assert_eq!(ids(&test, ConnectSessionFilter { outcome: "completed".into(), ..by() }).await.len(), 1);
    assert_eq!(ids(&test, ConnectSessionFilter { end_user: "user_2".into(), ..by() }).await, [open.id.to_string()]);
    assert_eq!(ids(&test, ConnectSessionFilter { provider: "zoom".into(), ..by() }).await.len(), 3);
    assert!(ids(&test, ConnectSessionFilter { provider: "zoo".into(), ..by() }).await.is_empty());
    let turn = |cursor: Option<String>, newer| Turn { cursor: cursor.unwrap(), newer };
    let first = test.vault.connect_session_log(&test.caller, &by(), &Turn::default(), 2).await.unwrap();
    assert_eq!((first.data.len(), &first.newer), (2, &None));
    let second =
        test.vault.connect_session_log(&test.caller, &by(), &turn(first.older.clone(), false), 2).await.unwrap();
    assert_eq!((second.data.len(), &second.older), (1, &None));
    let back = test.vault.connect_session_log(&test.caller, &by(), &turn(second.newer, true), 2).await.unwrap();
    assert_eq!(back, first);
}

#[tokio::test]
async fn for_those_who_never_came_back_the_likeliest_cause_stands_first() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    test.begin(&session, "a-browser").await;
    let detail = test.vault.connect_session_detail(&test.caller, session.id).await.unwrap();
    assert_eq!(detail.attempts[0].state, AttemptState::AtProvider);
    assert!(detail.why_not.is_empty(), "the end user may still come back");
    test.advance(HOUR);
    let detail = test.vault.connect_session_detail(&test.caller, session.id).await.unwrap();
    assert_eq!(detail.attempts[0].state, AttemptState::NeverReturned);
    let why = &detail.why_not[0];
    assert!(why.evidence.starts_with("Nobody has ever come back"), "{}", why.evidence);
    assert!(why.causes[0].likely && why.causes[0].cause.contains("redirect URI"), "{:?}", why.causes);
    assert!(why.redirect_uri.ends_with("/zoom") && why.last_return.is_none());
    let log = test.vault.connect_session_log(&test.caller, &ConnectSessionFilter::default(), &Turn::default(), 5).await;
    assert!(log.unwrap().data[0].never_returned);

    test.connect("user_2", "ada@example.com").await;
    let detail = test.vault.connect_session_detail(&test.caller, session.id).await.unwrap();
    let why = &detail.why_not[0];
    assert!(why.evidence.starts_with("Others have come back") && why.last_return.is_some());
    assert!(why.causes[0].likely && why.causes[0].cure.contains("admin"), "{:?}", why.causes);
}

#[tokio::test]
async fn an_attempt_that_failed_says_why_and_a_new_link_is_for_the_same_end_user() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|new| new.metadata = [("plan".to_owned(), "pro".to_owned())].into()).await;
    let browser = vault::new_browser().unwrap();
    let url = test.begin(&session, browser.expose()).await;
    let back = test.sandbox.consent(&ConsentRequest::decline(&url, "ada@example.com")).unwrap();
    test.vault.complete(callback(&back), Some(browser.expose())).await.unwrap();
    let detail = test.vault.connect_session_detail(&test.caller, session.id).await.unwrap();
    let attempt = &detail.attempts[0];
    assert_eq!((attempt.state, attempt.error.as_deref()), (AttemptState::Failed, Some("access_denied")));
    assert_eq!((detail.created_by.as_str(), detail.why_not.len()), ("owner@example.com", 0));
    assert!(detail.started_at.is_some());
    let again = test.vault.repeat_connect_session(&test.caller, session.id).await.unwrap();
    assert_ne!(again.id, session.id);
    assert!(again.url.is_some() && again.status == ConnectSessionStatus::Open);
    assert_eq!(
        (again.end_user, again.providers, again.metadata),
        (detail.session.end_user, detail.session.providers, detail.session.metadata)
    );
    let other = TestVault::new("zoom").await;
    let refused = other.vault.repeat_connect_session(&other.caller, session.id).await;
    assert!(matches!(refused, Err(VaultError::NotFound)));
}
