//! Members: roles that narrow at once, and an owner who cannot be lost.

use model::ids::MemberId;
use model::people::Role;
use vault::testing::TestVault;
use vault::{MemberCaller, Secret, SignIn, Vault, VaultError};

/// What came of it, in a word.
fn word(result: Result<(), VaultError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(VaultError::Forbidden) => "forbidden",
        Err(VaultError::NotFound) => "not found",
        Err(VaultError::Conflict { code, .. }) => code,
        Err(other) => panic!("{other:?}"),
    }
}

async fn role_of(vault: &Vault, member: &MemberCaller) -> Option<Role> {
    vault.member(member.person()).await.unwrap().map(|member| member.view().role)
}

fn id(member: &MemberCaller) -> MemberId {
    member.view().member
}

#[tokio::test]
async fn admins_have_no_power_over_owners() {
    let test = TestVault::empty("zoom").await;
    let v = &test.vault;
    let admin = test.member_as("admin@example.com", Role::Admin).await;
    let other = test.member_as("other@example.com", Role::Owner).await;
    let viewer = test.member_as("viewer@example.com", Role::Viewer).await;
    for role in [Role::Viewer, Role::Admin, Role::Owner] {
        assert_eq!(word(v.set_role(&admin, id(&other), role).await), "forbidden", "{role}");
    }
    assert_eq!(word(v.set_role(&admin, id(&viewer), Role::Owner).await), "forbidden");
    assert_eq!(word(v.set_role(&admin, id(&admin), Role::Owner).await), "forbidden");
    assert_eq!(word(v.remove_member(&admin, id(&other)).await), "forbidden");
    assert_eq!(word(v.set_role(&admin, id(&viewer), Role::Admin).await), "ok");
    assert_eq!(role_of(v, &viewer).await, Some(Role::Admin));
    assert_eq!(word(v.set_role(&other, id(&test.member), Role::Admin).await), "ok");
    assert_eq!(role_of(v, &test.member).await, Some(Role::Admin));
}

#[tokio::test]
async fn the_last_owner_stays() {
    let test = TestVault::empty("zoom").await;
    let (v, owner) = (&test.vault, &test.member);
    assert!(v.members(owner).await.unwrap()[0].only_owner);
    assert_eq!(word(v.set_role(owner, id(owner), Role::Admin).await), "last_owner");
    assert_eq!(word(v.remove_member(owner, id(owner)).await), "last_owner");
    assert_eq!(word(v.set_role_from_command_line("owner@example.com", Role::Viewer).await), "last_owner");
    assert_eq!(word(v.remove_member_from_command_line("owner@example.com").await), "last_owner");
    let second = test.member_as("second@example.com", Role::Owner).await;
    assert_eq!(word(v.remove_member(owner, id(owner)).await), "ok");
    assert_eq!(word(v.remove_member(&second, id(&second)).await), "last_owner");
}

#[tokio::test]
async fn of_two_owners_who_remove_each_other_one_stays() {
    for _ in 0..8 {
        let test = TestVault::empty("zoom").await;
        let (first, second) = (&test.member, test.member_as("second@example.com", Role::Owner).await);
        let other = test.another().await;
        let ends = tokio::join!(
            test.vault.remove_member(first, id(&second)),
            other.set_role(&second, id(first), Role::Viewer)
        );
        assert_eq!([ends.0.is_ok(), ends.1.is_ok()].iter().filter(|ok| **ok).count(), 1);
        let left = test.vault.members_for_command_line(None).await.unwrap();
        assert_eq!(left.iter().filter(|member| member.role == Role::Owner).count(), 1);
    }
}

#[tokio::test]
async fn a_removed_member_is_out_on_every_server_at_once() {
    let test = TestVault::empty("zoom").await;
    let member = test.member_as("dev@example.com", Role::Developer).await;
    test.vault.create_portal_session("session", Some(member.person()), b"{}", i64::MAX).await.unwrap();
    let other = test.another().await;
    assert!(other.load_portal_session("session").await.unwrap().is_some());
    assert_eq!(word(test.vault.remove_member(&test.member, id(&member)).await), "ok");
    assert!(other.load_portal_session("session").await.unwrap().is_none());
    assert_eq!(role_of(&other, &member).await, None);
    let again = other.sign_in("dev@example.com", Secret::new("canary-password-123".into()), "192.0.2.1").await;
    assert!(matches!(again, Err(VaultError::Invalid(_))));
    assert_eq!(word(test.vault.remove_member(&test.member, id(&member)).await), "not found");
}

#[tokio::test]
async fn a_role_that_was_taken_away_meanwhile_does_not_count() {
    let test = TestVault::empty("zoom").await;
    let admin = test.member_as("admin@example.com", Role::Admin).await;
    let viewer = test.member_as("viewer@example.com", Role::Viewer).await;
    test.vault.set_role(&test.member, id(&admin), Role::Viewer).await.unwrap();
    // A request that was read before the change still holds the old role.
    assert_eq!(word(test.vault.set_role(&admin, id(&viewer), Role::Admin).await), "forbidden");
    assert_eq!(word(test.vault.remove_member(&admin, id(&viewer)).await), "forbidden");
    assert_eq!(word(test.vault.invite(&admin, "a@example.com", Role::Admin).await.map(drop)), "forbidden");
}

#[tokio::test]
async fn whoever_has_the_address_later_is_somebody_else() {
    let test = TestVault::empty("zoom").await;
    let first = test.member_as("dev@example.com", Role::Developer).await;
    test.vault.remove_member_from_command_line(" Dev@Example.com ").await.unwrap();
    let second = test.member_as("dev@example.com", Role::Viewer).await;
    assert_ne!(first.person(), second.person());
    assert_eq!(role_of(&test.vault, &first).await, None);
    let in_again = test.vault.sign_in("dev@example.com", Secret::new("canary-password-123".into()), "192.0.2.1").await;
    assert!(matches!(in_again, Ok(SignIn::Complete(member)) if member.person() == second.person()));
}
