//! What can only be seen from inside: rows, and a database that does not let itself be written.

#![cfg(feature = "testing")]

use crate::store::testing::rename_table;
use crate::store::{connected_accounts, token_sets};
use crate::testing::TestVault;
use crate::testing::sandbox::{Fault, FaultKind};
use crate::{HOUR, MINUTE, SECOND, TokenRequest};
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::ConnectedAccountId;
use std::time::Duration;

async fn row_of(test: &TestVault, id: ConnectedAccountId) -> token_sets::Row {
    let (mut db, application) = (test.vault.store.connection().await.unwrap(), test.caller.application());
    let account = connected_accounts::get(&mut db, application, id).await.unwrap().unwrap();
    token_sets::get(&mut db, application, account.token_set_id).await.unwrap().unwrap()
}

fn refreshes(test: &TestVault) -> usize {
    test.sandbox.token_requests("refresh_token")
}

/// Checklist 38: the new refresh token is stored before anybody gets the access token.
#[tokio::test]
async fn nobody_gets_a_token_before_it_is_stored() {
    let test = TestVault::new("sandbox").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let (vault, caller) = (test.vault.clone(), test.caller.clone());
    let asking = tokio::spawn(async move { vault.fresh(&caller, id, TokenRequest::default()).await.unwrap() });
    test.sandbox.wait_for_hold().await;
    let before = row_of(&test, id).await;
    // A writer that does not end: it holds SQLite's one lock, and on PostgreSQL the row.
    let mut writer = test.vault.store.begin().await.unwrap();
    token_sets::release_lease(&mut writer, before.id, before.lease_fence).await.unwrap();
    test.sandbox.release();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!asking.is_finished());
    assert_eq!(row_of(&test, id).await.version, before.version);
    writer.rollback().await.unwrap();
    let token = asking.await.unwrap();
    let after = row_of(&test, id).await;
    assert_eq!(after.version, before.version + 1);
    assert_eq!(after.access_token_hash.as_deref(), Some(token.access_token.sha256().as_slice()));
}

/// Checklist 43: where the journal cannot be written, nothing is sent.
#[tokio::test]
async fn a_store_that_cannot_be_written_spends_nothing() {
    let test = TestVault::new("sandbox").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    rename_table(&test.database_url, "intents", "gone").await;
    assert!(test.vault.fresh(&test.caller, id, TokenRequest::default()).await.is_err());
    assert_eq!(refreshes(&test), 0);
    rename_table(&test.database_url, "gone", "intents").await;
    let token = test.vault.fresh(&test.caller, id, TokenRequest::default()).await.unwrap();
    assert!(test.sandbox.token_is_live(token.access_token.expose()));
}

/// Checklist 45: `invalid_grant` for a token that is no longer the stored one changes nothing.
#[tokio::test]
async fn a_refusal_of_an_older_token_changes_nothing() {
    let test = TestVault::new("sandbox").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold));
    let (slow, caller) = (test.another().await, test.caller.clone());
    let asking = tokio::spawn(async move { slow.fresh(&caller, id, TokenRequest::default()).await.map(drop) });
    test.sandbox.wait_for_hold().await;
    // Its lease is over, and another server refreshes. Then the first call reaches the provider after all.
    test.advance(MINUTE);
    let token = test.vault.fresh(&test.caller, id, TokenRequest::default()).await.unwrap();
    let before = row_of(&test, id).await;
    test.sandbox.release();
    assert!(asking.await.unwrap().is_ok(), "the newer token is as good");
    assert_eq!((row_of(&test, id).await.version, refreshes(&test)), (before.version, 2));
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(account.status, ConnectedAccountStatus::Active);
    assert!(test.sandbox.token_is_live(token.access_token.expose()));
}

/// Checklist 44: a holder that was stopped for longer than its lease, while another has refreshed.
#[tokio::test]
async fn an_answer_that_fits_no_version_is_kept_as_a_spare() {
    let test = TestVault::new("sandbox").await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let (slow, caller) = (test.another().await, test.caller.clone());
    let asking = tokio::spawn(async move { slow.fresh(&caller, id, TokenRequest::default()).await.map(drop) });
    test.sandbox.wait_for_hold().await;
    let detail = test.vault.connected_account(&test.caller, id).await.unwrap();
    let mut db = test.vault.store.connection().await.unwrap();
    let account = connected_accounts::get(&mut db, test.caller.application(), detail.id).await.unwrap().unwrap();
    let get = async |db: &mut crate::store::Connection| {
        token_sets::get(db, test.caller.application(), account.token_set_id).await.unwrap().unwrap()
    };
    // What another holder would have written: a newer version. Its refresh token is the spent one here.
    let row = get(&mut db).await;
    token_sets::use_other(&mut db, row.id, row.version, row.refresh_token.as_ref().unwrap()).await.unwrap();
    test.sandbox.release();
    drop(asking.await.unwrap());
    let row = get(&mut db).await;
    assert!(row.spare.is_some() && row.version == 2, "the answer did not fit and is kept");
    // The current refresh token is refused; the spare is tried once, and works.
    test.advance(10 * SECOND);
    let token = test.vault.fresh(&test.caller, id, TokenRequest::default()).await.unwrap();
    assert!(test.sandbox.token_is_live(token.access_token.expose()));
    let row = get(&mut db).await;
    assert!(row.spare.is_none() && row.version == 4);
}
