//! Processes that die in the middle, and what becomes of what they were at.

use super::tokens::{ask, outcome, refreshes};
use model::connect_sessions::{ConnectSessionStatus, ConnectSessionView, ResultStatus};
use model::connected_accounts::ConnectedAccountStatus::{Active, NeedsReconnect};
use model::connected_accounts::StatusReasonCode;
use model::ids::ConnectedAccountId;
use tokio::runtime::Runtime;
use vault::testing::sandbox::{ConsentRequest, Endpoint, Fault, FaultKind};
use vault::testing::{CLIENT_ID, TestVault, callback};
use vault::{MINUTE, SECOND, TokenRequest, Vault};

/// A server of its own that can die at any moment.
struct Doomed {
    vault: Vault,
    runtime: Runtime,
}

impl Doomed {
    async fn on(test: &TestVault) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let options = test.options();
        let vault = runtime.spawn(async move { Vault::open(options).await.unwrap() }).await.unwrap();
        Self { vault, runtime }
    }

    /// Sends a refresh, and gives the moment at which the sandbox holds it.
    async fn refresh(&self, test: &TestVault, id: ConnectedAccountId) {
        let (vault, caller) = (self.vault.clone(), test.caller.clone());
        drop(self.runtime.spawn(async move { drop(vault.fresh(&caller, id, TokenRequest::default()).await) }));
        test.sandbox.wait_for_hold().await;
    }

    /// Brings an end user back from the provider, as far as the sandbox lets it.
    async fn complete(&self, test: &TestVault, session: &ConnectSessionView) {
        let browser = vault::new_browser().unwrap();
        let url = test.begin(session, browser.expose()).await;
        let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
        let vault = self.vault.clone();
        drop(self.runtime.spawn(async move {
            drop(vault.complete(callback(&back), Some(browser.expose())).await);
        }));
        test.sandbox.wait_for_hold().await;
    }

    /// No farewell: its tasks are dropped where they stand.
    fn die(self) {
        self.runtime.shutdown_background();
    }
}

#[tokio::test]
async fn a_refresh_that_died_before_the_provider_worked_is_made_up_for() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(56 * MINUTE);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold));
    let doomed = Doomed::on(&test).await;
    doomed.refresh(&test, id).await;
    doomed.die();
    test.advance(31 * SECOND);
    assert!(ask(&test, id).await.is_ok(), "the old token is good for three more minutes");
    test.vault.reap().await.unwrap();
    assert_eq!(refreshes(&test), 0, "two minutes after the send, not before; the sandbox still holds the first");
    test.advance(90 * SECOND);
    test.vault.reap().await.unwrap();
    assert_eq!(refreshes(&test), 1);
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, Active);
    test.vault.reap().await.unwrap();
    assert_eq!(refreshes(&test), 1, "resolved once");
}

#[tokio::test]
async fn a_refresh_that_died_with_the_answer_on_its_way_is_told_from_a_refusal() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    test.advance(61 * MINUTE);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let doomed = Doomed::on(&test).await;
    doomed.refresh(&test, id).await;
    doomed.die();
    test.vault.reap().await.unwrap();
    assert_eq!(refreshes(&test), 1, "its lease still holds");
    test.advance(31 * SECOND);
    test.vault.reap().await.unwrap();
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    let code = account.status_reason.unwrap().code;
    assert_eq!((account.status, code), (NeedsReconnect, StatusReasonCode::RefreshInterrupted));
    assert_eq!(refreshes(&test), 2);
}

#[tokio::test]
async fn an_exchange_that_died_before_its_tokens_were_stored_says_so() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    test.sandbox.fault(Fault::exchange(FaultKind::Hold).after_work());
    let doomed = Doomed::on(&test).await;
    doomed.complete(&test, &session).await;
    doomed.die();
    assert_eq!(test.vault.reap().await.unwrap().attempts, 0, "it may live yet");
    test.advance(61 * SECOND);
    assert_eq!(test.vault.reap().await.unwrap().attempts, 1);
    let session = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    assert_eq!(session.status, ConnectSessionStatus::Failed);
    assert_eq!(session.results[0].error.as_ref().unwrap().code, "exchange_interrupted");
    assert_eq!(test.vault.reap().await.unwrap().attempts, 0);
}

#[tokio::test]
async fn an_exchange_that_died_with_its_tokens_stored_is_connected() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    test.sandbox.fault(Fault::new(Endpoint::Users, FaultKind::Hold));
    let doomed = Doomed::on(&test).await;
    doomed.complete(&test, &session).await;
    doomed.die();
    test.advance(61 * SECOND);
    assert_eq!(test.vault.reap().await.unwrap().attempts, 1);
    let session = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    assert_eq!((session.status, session.results[0].status), (ConnectSessionStatus::Completed, ResultStatus::Connected));
    let id = session.results[0].connected_account.unwrap();
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
}

#[tokio::test]
async fn tokens_that_arrive_after_their_attempt_was_given_up_go_back() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    test.sandbox.fault(Fault::exchange(FaultKind::Hold).after_work());
    let stopped = Doomed::on(&test).await;
    stopped.complete(&test, &session).await;
    test.advance(2 * MINUTE);
    assert_eq!(test.vault.reap().await.unwrap().attempts, 1);
    test.sandbox.release();
    let vault = stopped.vault.clone();
    stopped.runtime.spawn(async move { vault.close().await }).await.unwrap();
    stopped.die();
    let session = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    assert_eq!(session.status, ConnectSessionStatus::Failed);
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"), "nobody holds it, so it is revoked");
}

#[tokio::test]
async fn credentials_that_were_refused_are_tried_again_without_a_caller() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let secret = |s: &str| s.to_owned();
    test.sandbox.update_client(CLIENT_ID, |c| c.client_secret = secret("another-secret-0000000000000000a")).unwrap();
    test.advance(61 * MINUTE);
    assert_eq!(ask(&test, id).await, Err("provider_config_rejected".to_owned()));
    test.sandbox.update_client(CLIENT_ID, |c| c.client_secret = secret(vault::testing::CLIENT_SECRET)).unwrap();
    test.advance(61 * MINUTE);
    test.vault.reap().await.unwrap();
    assert!(
        test.sandbox
            .token_is_live(&outcome(test.vault.fresh(&test.caller, id, TokenRequest::default()).await).unwrap())
    );
}
