//! Sessions of the portal, as their owners and admins see and end them.

use model::ids::MemberId;
use model::people::Role;
use serde_json::json;
use vault::testing::{BEGINNING, TestVault};
use vault::{DAY, MemberCaller, Secret, VaultError};

async fn begin(test: &TestVault, member: &MemberCaller, id: &str, device: &str) {
    let now = test.clock.now();
    let data = json!({ "person": member.person(), "began_at": now, "device": device, "address": "192.0.2.1" });
    let data = data.to_string().into_bytes();
    assert!(test.vault.create_portal_session(id, Some(member.person()), &data, now + DAY).await.unwrap());
}

async fn devices(test: &TestVault, member: &MemberCaller, id: &str) -> Vec<(String, bool)> {
    let listed = test.vault.portal_sessions(member, id).await.unwrap();
    listed.into_iter().map(|session| (session.device, session.current)).collect()
}

async fn lives(test: &TestVault, id: &str) -> bool {
    test.vault.load_portal_session(id).await.unwrap().is_some()
}

async fn colleague(test: &TestVault, email: &str, role: Role) -> MemberCaller {
    let password = Secret::new("long enough to do".into());
    let (person, _) = test.vault.add_member(None, email, role, password).await.unwrap();
    test.vault.member(person).await.unwrap().unwrap()
}

#[tokio::test]
async fn people_see_their_own_sessions_and_end_one_or_all_others() {
    let test = TestVault::empty("sandbox").await;
    let other = colleague(&test, "b@example.com", Role::Admin).await;
    for (id, device) in [("one", "Chrome on Windows"), ("two", "Firefox on Linux"), ("three", "Safari on iPhone")] {
        begin(&test, &test.member, id, device).await;
        test.clock.advance(1_000);
    }
    begin(&test, &other, "theirs", "Edge on Windows").await;
    let seen = devices(&test, &test.member, "two").await;
    let names: Vec<&str> = seen.iter().map(|(device, _)| device.as_str()).collect();
    assert_eq!(names, ["Safari on iPhone", "Firefox on Linux", "Chrome on Windows"]);
    assert!(seen.iter().all(|(device, current)| *current == (device == "Firefox on Linux")));
    let first = test.vault.portal_sessions(&test.member, "two").await.unwrap().remove(0);
    assert!(first.began_at.starts_with("2026-01-01T00:00:02") && BEGINNING > 0);
    assert!(matches!(test.vault.end_portal_session(&other, &first.id).await, Err(VaultError::NotFound)));
    test.vault.end_portal_session(&test.member, &first.id).await.unwrap();
    assert!(!lives(&test, "three").await && lives(&test, "one").await);
    assert_eq!(test.vault.end_other_portal_sessions(&test.member, "two").await.unwrap(), 1);
    assert!(!lives(&test, "one").await && lives(&test, "two").await && lives(&test, "theirs").await);
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_brought_back_by_a_request_under_way() {
    let test = TestVault::empty("sandbox").await;
    begin(&test, &test.member, "one", "Chrome on Windows").await;
    test.vault.end_other_portal_sessions(&test.member, "another").await.unwrap();
    let until = test.clock.now() + DAY;
    test.vault.save_portal_session("one", Some(test.member.person()), b"{}", until).await.unwrap();
    assert!(!lives(&test, "one").await);
}

#[tokio::test]
async fn a_new_second_factor_ends_the_other_sessions() {
    let test = TestVault::empty("sandbox").await;
    begin(&test, &test.member, "a session", "Chrome on Windows").await;
    begin(&test, &test.member, "another", "Firefox on Linux").await;
    super::authenticators::set_up(&test).await;
    assert!(lives(&test, "a session").await && !lives(&test, "another").await);
}

#[tokio::test]
async fn admins_end_the_sessions_of_anybody_but_owners() {
    let test = TestVault::empty("sandbox").await;
    let admin = colleague(&test, "a@example.com", Role::Admin).await;
    let developer = colleague(&test, "d@example.com", Role::Developer).await;
    begin(&test, &test.member, "owner's", "").await;
    begin(&test, &developer, "developer's", "").await;
    let end = async |caller: &MemberCaller, whose: MemberId| test.vault.end_sessions_of_member(caller, whose).await;
    assert!(matches!(end(&developer, admin.view().member).await, Err(VaultError::Forbidden)));
    assert!(matches!(end(&admin, test.member.view().member).await, Err(VaultError::Forbidden)));
    assert!(matches!(end(&admin, MemberId::new()).await, Err(VaultError::NotFound)));
    assert!(lives(&test, "owner's").await && lives(&test, "developer's").await);
    end(&admin, developer.view().member).await.unwrap();
    assert!(!lives(&test, "developer's").await);
    end(&test.member, test.member.view().member).await.unwrap();
    assert!(!lives(&test, "owner's").await);
}
