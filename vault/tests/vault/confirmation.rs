//! Sessions that count only when the backend has said whose they are.

use model::connect_sessions::ConnectSessionStatus::{AwaitingConfirmation, Completed, Expired};
use model::connect_sessions::{Completion, ConnectSessionView};
use vault::testing::sandbox::ConsentRequest;
use vault::testing::{CLIENT_ID, TestVault, callback};
use vault::{ApplicationChange, Filter, MINUTE, VaultError};

async fn granted(test: &TestVault) -> (ConnectSessionView, String) {
    test.vault.add_return_address(&test.caller, "https://example.com/done").await.unwrap();
    let session = test
        .session(|new| {
            new.completion = Completion::Confirmed;
            new.return_url = Some("https://example.com/done".into());
        })
        .await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    let page = test.vault.result_page(session.id, "browser").await.unwrap().unwrap();
    let code = page.returning.code.unwrap();
    assert!(page.returning.url.unwrap().contains(&format!("status=completed&code={code}")));
    (session, code)
}

async fn listed(test: &TestVault) -> usize {
    test.vault.connected_accounts(&test.caller, &Filter::default(), None, 20).await.unwrap().data.len()
}

fn conflict(error: &VaultError) -> &str {
    match error {
        VaultError::Conflict { code, .. } => code,
        _ => "another error",
    }
}

#[tokio::test]
async fn tokens_stay_unlisted_until_the_code_arrives() {
    let test = TestVault::new("zoom").await;
    let (session, code) = granted(&test).await;
    assert_eq!(test.vault.connect_session(&test.caller, session.id).await.unwrap().status, AwaitingConfirmation);
    assert_eq!(listed(&test).await, 0);
    let wrong = test.vault.confirm_connect_session(&test.caller, session.id, "wrong").await.unwrap_err();
    assert_eq!((conflict(&wrong), listed(&test).await), ("wrong_code", 0));
    let confirmed = test.vault.confirm_connect_session(&test.caller, session.id, &code).await.unwrap();
    assert_eq!((confirmed.status, listed(&test).await), (Completed, 1));
    assert!(confirmed.results[0].connected_account.is_some());
    let again = test.vault.confirm_connect_session(&test.caller, session.id, &code).await.unwrap_err();
    assert_eq!(conflict(&again), "not_awaiting_confirmation");
}

#[tokio::test]
async fn after_ten_minutes_the_tokens_are_revoked_and_erased() {
    let test = TestVault::new("zoom").await;
    let (session, code) = granted(&test).await;
    assert!(test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
    test.advance(10 * MINUTE);
    let late = test.vault.confirm_connect_session(&test.caller, session.id, &code).await.unwrap_err();
    assert_eq!(conflict(&late), "not_awaiting_confirmation");
    assert_eq!(test.vault.reap().await.unwrap().connect_sessions, 1);
    test.vault.reap().await.unwrap();
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"));
    let view = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    assert_eq!((view.status, listed(&test).await), (Expired, 0));
}

#[tokio::test]
async fn an_application_can_demand_it_for_all_its_sessions() {
    let test = TestVault::new("zoom").await;
    let change = ApplicationChange { name: "Acme".into(), confirmation_required: true };
    for _ in 0..2 {
        test.vault.change_application(&test.caller, &change).await.unwrap();
    }
    let events = test.vault.events_of(&test.caller, &test.caller.application().to_string()).await.unwrap();
    let changes = events.iter().filter(|event| event.r#type == "application.changed").count();
    assert_eq!(changes, 1, "saving what is there already changes nothing");
    assert_eq!(test.session(|_| ()).await.completion, Completion::Confirmed);
}
