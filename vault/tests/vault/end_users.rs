//! End users as a backend lists, reads and changes them.

use model::applications::Environment;
use model::events::EventFilter;
use model::lists::Turn;
use vault::testing::TestVault;
use vault::{ApplicationCaller, EndUserChange, EndUserFilter, MINUTE, VaultError};

async fn invite(test: &TestVault, id: &str, name: Option<&str>, group: Option<&str>) {
    test.session(|new| {
        new.end_user.id = id.to_owned();
        new.end_user.name = name.map(str::to_owned);
        new.end_user.email = Some(format!("{id}@example.com"));
        new.end_user.group = group.map(str::to_owned);
    })
    .await;
}

async fn another(test: &TestVault) -> ApplicationCaller {
    let other = test.vault.add_application(&test.member, "Other", Environment::Development).await.unwrap();
    test.vault.enter(&test.member, other.id).await.unwrap()
}

async fn ids(test: &TestVault, group: Option<&str>, search: Option<&str>) -> Vec<String> {
    let filter = EndUserFilter { group: group.map(str::to_owned), search: search.map(str::to_owned) };
    let page = test.vault.end_users(&test.caller, &filter, None, 20).await.unwrap();
    page.data.into_iter().map(|end_user| end_user.id).collect()
}

#[tokio::test]
async fn end_users_are_listed_newest_first_and_page_by_page() {
    let test = TestVault::new("zoom").await;
    for id in ["u1", "u2", "u3"] {
        invite(&test, id, None, None).await;
    }
    // Whoever tries a provider config is nobody's customer.
    test.vault.begin_connection_test(&test.caller, "zoom").await.unwrap();
    let any = EndUserFilter::default();
    let first = test.vault.end_users(&test.caller, &any, None, 2).await.unwrap();
    let cursor = first.next_cursor.unwrap().parse().unwrap();
    let second = test.vault.end_users(&test.caller, &any, Some(cursor), 2).await.unwrap();
    let ids: Vec<_> = first.data.into_iter().chain(second.data).map(|end_user| end_user.id).collect();
    assert_eq!((ids, second.next_cursor), (vec!["u3".to_owned(), "u2".to_owned(), "u1".to_owned()], None));
    assert!(test.vault.end_users(&another(&test).await, &any, None, 20).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn they_are_found_by_group_and_by_how_a_name_begins() {
    let test = TestVault::new("zoom").await;
    invite(&test, "u1", Some("Ada Lovelace"), Some("Example")).await;
    invite(&test, "u2", Some("Grace_Hopper"), Some("Example")).await;
    invite(&test, "x3", Some("100%"), None).await;
    assert_eq!(ids(&test, Some("Example"), None).await, ["u2", "u1"]);
    assert_eq!(ids(&test, Some("example"), None).await, Vec::<String>::new());
    for (search, found) in
        [("ADA", vec!["u1"]), ("u", vec!["u2", "u1"]), ("x3@EXAMPLE", vec!["x3"]), ("%", vec![]), ("_", vec![])]
    {
        assert_eq!(ids(&test, None, Some(search)).await, found, "{search}");
    }
    assert_eq!(ids(&test, Some("Example"), Some("grace_")).await, ["u2"]);
}

#[tokio::test]
async fn what_is_shown_of_one_changes_and_the_audit_log_keeps_no_names() {
    let test = TestVault::new("zoom").await;
    invite(&test, "u1", Some("Ada"), Some("Example")).await;
    test.advance(MINUTE);
    let change = EndUserChange { name: Some(Some("Ada King".into())), group: Some(None), ..EndUserChange::default() };
    let changed = test.vault.change_end_user(&test.caller, "u1", change.clone()).await.unwrap();
    assert_eq!((changed.name.as_deref(), changed.group.as_deref()), (Some("Ada King"), None));
    assert_eq!(changed.email.as_deref(), Some("u1@example.com"));
    assert!(changed.updated_at > changed.created_at);
    assert_eq!(test.vault.end_user(&test.caller, "u1").await.unwrap(), changed);
    // The same again is no change.
    test.advance(MINUTE);
    assert_eq!(test.vault.change_end_user(&test.caller, "u1", change).await.unwrap(), changed);
    let events = test.vault.events(&test.caller, &EventFilter::default(), &Turn::default(), 100).await.unwrap();
    assert_eq!(events.data.iter().filter(|event| event.r#type == "end_user.changed").count(), 1);
    for wrong in ["", "a\u{202e}b", &"x".repeat(256)] {
        let change = EndUserChange { email: Some(Some(wrong.into())), ..EndUserChange::default() };
        let refused = test.vault.change_end_user(&test.caller, "u1", change).await;
        assert!(matches!(refused, Err(VaultError::Invalid(invalid)) if invalid.fields[0].0 == "email"), "{wrong:?}");
    }
}

#[tokio::test]
async fn nobody_elses_are_found_nor_that_of_connection_tests() {
    let test = TestVault::new("zoom").await;
    invite(&test, "u1", None, None).await;
    test.vault.begin_connection_test(&test.caller, "zoom").await.unwrap();
    let other = another(&test).await;
    for (caller, id) in [(&other, "u1"), (&test.caller, "u2"), (&test.caller, "keybearer:test")] {
        assert!(matches!(test.vault.end_user(caller, id).await, Err(VaultError::NotFound)), "{id}");
        let change = EndUserChange { name: Some(None), ..EndUserChange::default() };
        assert!(matches!(test.vault.change_end_user(caller, id, change).await, Err(VaultError::NotFound)), "{id}");
    }
}
