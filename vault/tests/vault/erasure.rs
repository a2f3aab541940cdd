//! Erasing an end user: everything is revoked, nothing of the person stays, and the log's chain stays whole.

use super::tokens::{ask, outcome};
use model::connect_sessions::Completion;
use model::connected_accounts::ProviderRevocation;
use vault::testing::sandbox::{ConsentRequest, Endpoint, Fault, FaultKind};
use vault::testing::{CLIENT_ID, END_USER, Onlooker, TestVault, callback};
use vault::{
    AccountChange, ChainVerifier, Filter, HOUR, KeptAnswer, NewManageLink, NewWebhookEndpoint, Outcome, Secret,
    TokenRequest, Turn, VaultError,
};

async fn verified(test: &TestVault) -> u64 {
    let mut export = test.vault.export_event_chain(&test.member, 0).await.unwrap();
    let mut verifier = ChainVerifier::default();
    while let Some(piece) = export.next().await.unwrap() {
        for line in piece.lines() {
            assert!(!line.contains("user_42") && !line.contains("ada@example.com"), "{line}");
            verifier.read(line).unwrap();
        }
    }
    verifier.finish().unwrap().events
}

#[tokio::test]
async fn everything_of_an_end_user_goes_and_the_log_stays_whole() {
    let test = TestVault::new("zoom").await;
    let endpoint = NewWebhookEndpoint { url: "https://webhooks.invalid/".into(), ..NewWebhookEndpoint::default() };
    test.vault.add_webhook_endpoint(&test.caller, endpoint).await.unwrap();
    let session = test
        .session(|new| {
            (new.end_user.name, new.end_user.email) =
                (Some("Ada Canary".into()), Some("canary@end-user.example".into()));
            new.end_user.group = Some("group-canary".into());
            new.metadata = [("ticket".to_owned(), "metadata-canary".into())].into_iter().collect();
        })
        .await;
    test.consent(&session, "ada@example.com").await;
    let account = test.vault.connected_accounts(&test.caller, &Filter::default(), None, 10).await.unwrap().data[0].id;
    let change = AccountChange { label: Some(Some("label-canary".into())), metadata: None };
    test.vault.change_connected_account(&test.caller, account, change).await.unwrap();
    test.vault.open_manage_link(&test.caller, END_USER, NewManageLink::default()).await.unwrap();
    let filter = Filter { end_user_id: Some(END_USER.into()), ..Filter::default() };
    test.vault.export_connected_accounts(&test.caller, filter).await.unwrap();
    let other = test.connect("user_7", "grace@example.com").await;
    test.vault.chain_events().await.unwrap();

    let report = test.vault.erase_end_user(&test.caller, END_USER).await.unwrap();
    assert_eq!((report.connected_accounts.len(), report.connected_accounts[0].id), (1, account));
    assert_eq!(report.connected_accounts[0].provider_revocation, ProviderRevocation::Revoked);
    assert!(report.events >= 4, "{report:?}");
    assert_eq!(ask(&test, account).await, Err("revoked".into()));
    assert!(ask(&test, other).await.is_ok(), "others keep their accounts");
    let again = test.vault.erase_end_user(&test.caller, END_USER).await;
    assert!(matches!(again, Err(VaultError::NotFound)));
    let by_name = test.vault.fresh_for(&test.caller, END_USER, &test.key, TokenRequest::default()).await;
    assert_eq!(outcome(by_name), Err("not_found".into()), "nobody is known by that id");
    assert!(verified(&test).await > 10);
    let stored = Onlooker::at(&test.database_url).await.texts().await;
    assert!(stored.iter().filter(|(table, _)| table == "deliveries").count() >= 3, "endpoints were told of it");
    for canary in [
        "user_42",
        "Ada Canary",
        "canary@",
        "group-canary",
        "metadata-canary",
        "label-canary",
        "ada@example.com",
        "Ada Lovelace",
    ] {
        let found: Vec<_> = stored.iter().filter(|(_, text)| text.contains(canary)).map(|(table, _)| table).collect();
        assert!(found.is_empty(), "{canary} still stands in {found:?}");
    }
    let anew = test.connected().await;
    assert!(anew != account && ask(&test, anew).await.is_ok(), "the same id is somebody new");
}

#[tokio::test]
async fn an_erasure_ends_when_the_provider_has_answered() {
    let test = TestVault::new("zoom").await;
    test.connected().await;
    test.sandbox.fault(Fault::new(Endpoint::Revoke, FaultKind::status(503)));
    let report = test.vault.erase_end_user(&test.caller, END_USER).await.unwrap();
    assert_eq!(report.connected_accounts[0].provider_revocation, ProviderRevocation::Pending);
    let unfinished =
        "SELECT COUNT(*) AS count FROM end_users WHERE erased_at IS NOT NULL AND erasure_finished_at IS NULL";
    assert_eq!(Onlooker::at(&test.database_url).await.counted(unfinished).await, 1);
    test.advance(HOUR);
    test.vault.reap().await.unwrap();
    test.vault.reap().await.unwrap();
    assert_eq!(Onlooker::at(&test.database_url).await.counted(unfinished).await, 0);
    let known = "SELECT COUNT(*) AS count FROM connected_accounts WHERE provider_user_id IS NOT NULL";
    assert_eq!(Onlooker::at(&test.database_url).await.counted(known).await, 0);
    verified(&test).await;
}

#[tokio::test]
async fn who_consents_meanwhile_connects_nothing() {
    let test = TestVault::new("zoom").await;
    for completion in [Completion::Automatic, Completion::Confirmed] {
        let session = test.session(|new| new.completion = completion).await;
        let browser = vault::new_browser().unwrap();
        let url = test.begin(&session, browser.expose()).await;
        let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
        if completion == Completion::Confirmed {
            test.vault.complete(callback(&back), Some(browser.expose())).await.unwrap();
            test.vault.erase_end_user(&test.caller, END_USER).await.unwrap();
        } else {
            test.vault.erase_end_user(&test.caller, END_USER).await.unwrap();
            drop(test.vault.complete(callback(&back), Some(browser.expose())).await);
        }
        let accounts = test.vault.connected_accounts(&test.caller, &Filter::default(), None, 10).await.unwrap().data;
        assert!(accounts.is_empty(), "{completion:?}: {accounts:?}");
    }
    test.vault.close().await;
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"), "what was issued went back");
}

#[tokio::test]
async fn answers_that_were_kept_for_a_second_call_go_too() {
    let test = TestVault::new("zoom").await;
    test.connected().await;
    for (key, end_user) in [("his", END_USER), ("hers", "user_7")] {
        let Turn::First(once) = test.vault.take_turn(&test.caller, key, b"call").await.unwrap() else {
            panic!("{key}")
        };
        let body = Secret::new(format!("{{\"end_user\":{{\"id\":\"{end_user}\"}}}}"));
        let outcome = Outcome { scope: None, answer: KeptAnswer { status: 201, headers: Vec::new(), body } };
        test.vault.make_once(once, async move { ((), Some(outcome)) }).await.unwrap();
    }
    test.vault.erase_end_user(&test.caller, END_USER).await.unwrap();
    let again = async |key| test.vault.take_turn(&test.caller, key, b"call").await.unwrap();
    assert!(matches!(again("his").await, Turn::First(_)), "nothing is known of it");
    assert!(matches!(again("hers").await, Turn::Answered(_)));
}
