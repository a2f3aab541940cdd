//! Imported tokens that are refreshed at once.

use super::imports::{
    already, elsewhere, import_of, imported, listening, refresh_token_alone, revocations, told, verified,
};
use super::tokens::{ask, refreshes};
use model::connected_accounts::ConnectedAccountStatus::{Active, NeedsReconnect};
use model::connected_accounts::StatusReasonCode;
use model::imports::{ImportVerification, ImportedIdentity};
use vault::testing::sandbox::{Client, Fault, FaultKind, Reuse};
use vault::testing::{END_USER, TestVault, client};
use vault::{HOUR, MINUTE};

#[tokio::test]
async fn two_tokens_of_two_users_serve_neither() {
    let test = TestVault::new("zoom").await;
    let (ada, grace) = (elsewhere(&test, "ada@example.com"), elsewhere(&test, "grace@example.com"));
    let mixed = (ada.0, grace.1);
    let endpoint = listening(&test).await;
    let answer = imported(&test, verified(END_USER, &mixed)).await;
    assert_eq!(answer.verification, ImportVerification::Refused);
    let account = test.vault.connected_account(&test.caller, answer.connected_account.id).await.unwrap();
    assert_eq!((account.status, account.provider_account.email.as_deref()), (NeedsReconnect, Some("ada@example.com")));
    assert!(account.status_reason.unwrap().detail.contains("another"), "it says why");
    assert!(ask(&test, account.id).await.is_err());
    assert_eq!(told(&test, endpoint).await[0], "connected_account.needs_reconnect");
}

#[tokio::test]
async fn no_token_of_somebody_who_turns_out_to_be_connected_is_lost() {
    let test = TestVault::new("zoom").await;
    // A provider at which two grants of a user live side by side.
    let first = elsewhere(&test, "ada@example.com");
    let id = imported(&test, import_of(END_USER, &first)).await.connected_account.id;
    let second = elsewhere(&test, "ada@example.com");
    let endpoint = listening(&test).await;
    let new = || refresh_token_alone(verified("user_43", &second));
    let answer = imported(&test, new()).await;
    assert_eq!((answer.identity, answer.verification), (ImportedIdentity::Unknown, ImportVerification::Refreshed));
    assert!(answer.warnings[0].contains("connected already for another end user"), "{:?}", answer.warnings);
    assert_eq!(answer.warnings.len(), 1, "it is not said to be unknown: {:?}", answer.warnings);
    assert_eq!((refreshes(&test), revocations(&test)), (1, 0));
    let account = answer.connected_account;
    assert!(test.sandbox.token_is_live(&ask(&test, account.id).await.unwrap()));
    assert_eq!(account.status, Active);
    assert!(!told(&test, endpoint).await.contains(&"connected_account.revoked".to_owned()));
    assert_eq!(already(test.vault.import_connected_account(&test.caller, new()).await), [account.id], "once");
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, Active);
}

/// The same without a verification: there is no answer left to say it in.
#[tokio::test]
async fn an_import_whose_user_turns_out_to_be_connected_says_so_in_its_timeline() {
    let test = TestVault::new("zoom").await;
    imported(&test, import_of(END_USER, &elsewhere(&test, "ada@example.com"))).await;
    let second = elsewhere(&test, "ada@example.com");
    let new = refresh_token_alone(import_of("user_43", &second));
    let id = imported(&test, new).await.connected_account.id;
    assert!(test.sandbox.token_is_live(&ask(&test, id).await.unwrap()));
    let timeline = test.vault.connected_account_timeline(&test.caller, id, None, 20).await.unwrap().data;
    let told: Vec<_> = timeline.iter().filter(|entry| entry.r#type == "connected_account.identity_taken").collect();
    let [told] = told.as_slice() else { panic!("{timeline:?}") };
    assert!(told.cause.contains("connected already"), "{told:?}");
    assert!(told.detail.as_deref().unwrap().contains("for another end user"), "{told:?}");
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().provider_account.id, None);
}

#[tokio::test]
async fn the_first_token_of_another_user_is_not_handed_out() {
    let test = TestVault::new("zoom").await;
    let (ada, grace) = (elsewhere(&test, "ada@example.com"), elsewhere(&test, "grace@example.com"));
    let id = imported(&test, import_of(END_USER, &(ada.0, grace.1))).await.connected_account.id;
    test.advance(2 * HOUR);
    assert_eq!(ask(&test, id).await, Err("refresh_rejected".to_owned()));
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, NeedsReconnect);
}

#[tokio::test]
async fn verified_tokens_are_new_ones() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    let answer = imported(&test, refresh_token_alone(verified(END_USER, &tokens))).await;
    assert_eq!((answer.identity, answer.verification), (ImportedIdentity::Confirmed, ImportVerification::Refreshed));
    assert_eq!((answer.warnings.len(), answer.connected_account.scopes.is_empty()), (0, false));
    let token = ask(&test, answer.connected_account.id).await.unwrap();
    assert!(test.sandbox.token_is_live(&token) && token != tokens.0);
    assert_eq!(refreshes(&test), 1);
    let id = answer.connected_account.id;
    let lines = test.vault.connected_account_timeline(&test.caller, id, None, 20).await.unwrap().data;
    let lines: Vec<_> = lines.into_iter().map(|line| line.r#type).collect();
    assert_eq!(lines.last().map(String::as_str), Some("connected_account.imported"), "{lines:?}");
    assert!(lines.contains(&"connected_account.refreshed".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn tokens_that_the_provider_refuses_need_the_end_user() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    elsewhere(&test, "ada@example.com");
    let answer = imported(&test, verified(END_USER, &tokens)).await;
    let account = answer.connected_account;
    assert_eq!((answer.identity, answer.verification), (ImportedIdentity::Unknown, ImportVerification::Refused));
    assert_eq!(account.status, NeedsReconnect);
    assert_eq!(account.status_reason.unwrap().code, StatusReasonCode::RefreshRejected);
    assert!(answer.warnings[0].contains("reconnect link"), "{:?}", answer.warnings);
    let session = test.vault.open_reconnect_link(&test.caller, account.id).await.unwrap();
    test.consent(&session, "ada@example.com").await;
    assert!(ask(&test, account.id).await.is_ok(), "a reconnect link mends it");
}

#[tokio::test]
async fn an_outage_leaves_the_tokens_as_they_are() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    test.sandbox.fault(Fault::refresh(FaultKind::status(503)));
    let answer = imported(&test, verified(END_USER, &tokens)).await;
    assert_eq!(answer.verification, ImportVerification::Unfinished);
    assert_eq!((answer.identity, answer.connected_account.status), (ImportedIdentity::Confirmed, Active));
    test.advance(2 * HOUR);
    assert!(test.sandbox.token_is_live(&ask(&test, answer.connected_account.id).await.unwrap()));
}

#[tokio::test]
async fn a_verification_that_was_cut_off_is_resolved_by_the_reaper() {
    let test = TestVault::new("zoom").await;
    let change = Client { reuse: Reuse::Window(600), ..client() };
    test.sandbox.add_client(change).unwrap();
    let tokens = elsewhere(&test, "ada@example.com");
    test.sandbox.fault(Fault::refresh(FaultKind::DropAfter));
    let answer = imported(&test, refresh_token_alone(verified(END_USER, &tokens))).await;
    assert_eq!((answer.identity, answer.verification), (ImportedIdentity::Unknown, ImportVerification::Unfinished));
    let second = test.another().await;
    test.advance(3 * MINUTE);
    second.reap().await.unwrap();
    assert_eq!(refreshes(&test), 2, "once more, where that does no harm");
    second.reap().await.unwrap();
    let account = second.connected_account(&test.caller, answer.connected_account.id).await.unwrap();
    assert_eq!((account.status, account.provider_account.email.as_deref()), (Active, Some("ada@example.com")));
    let again = second.import_connected_account(&test.caller, verified(END_USER, &tokens)).await;
    assert_eq!(already(again), [account.id]);
}

#[tokio::test]
async fn an_answer_that_cannot_be_stored_is_not_lost() {
    let test = TestVault::new("zoom").await;
    let tokens = elsewhere(&test, "ada@example.com");
    test.sandbox.fault(Fault::refresh(FaultKind::Hold));
    let (vault, caller) = (test.vault.clone(), test.caller.clone());
    let new = verified(END_USER, &tokens);
    let importing = tokio::spawn(async move { vault.import_connected_account(&caller, new).await });
    test.sandbox.wait_for_hold().await;
    test.hide_table("clients", true).await;
    test.sandbox.release();
    while refreshes(&test) == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..200 {
        test.vault.end_user(&test.caller, END_USER).await.unwrap();
    }
    assert!(!importing.is_finished(), "the commit cannot succeed, and is tried again");
    test.hide_table("clients", false).await;
    let answer = importing.await.unwrap().unwrap();
    assert_eq!(answer.verification, ImportVerification::Refreshed);
    assert!(test.sandbox.token_is_live(&ask(&test, answer.connected_account.id).await.unwrap()));
    assert_eq!(refreshes(&test), 1);
}
