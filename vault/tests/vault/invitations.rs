//! Invitations: once, for one person, for seven days, from somebody who may.

use model::members::{InvitationStatus, Invited, Mail};
use model::people::{Role, SignUp};
use vault::testing::TestVault;
use vault::{DAY, Founding, HOUR, MINUTE, MemberCaller, NewInvitation, Secret, SignIn, VaultError};

fn secret(new: &NewInvitation) -> String {
    new.link.expose().rsplit('/').next().unwrap().to_owned()
}

async fn invite(test: &TestVault, role: Role) -> NewInvitation {
    test.vault.invite(&test.member, "New@Example.com", role).await.unwrap()
}

async fn accept(test: &TestVault, link: &str) -> Result<MemberCaller, VaultError> {
    test.vault.accept_invitation(link, Secret::new("long enough to do".into()), "192.0.2.1").await
}

#[tokio::test]
async fn an_invitation_makes_one_member_once() {
    let test = TestVault::empty("zoom").await;
    let new = invite(&test, Role::Developer).await;
    assert!(new.link.expose().starts_with("http://") && new.view.mail == Mail::Off);
    let link = secret(&new);
    let Invited::Open { email, role, invited_by, .. } = test.vault.invited(&link).await.unwrap() else {
        panic!("open")
    };
    assert_eq!((email.as_str(), role, invited_by.as_str()), ("new@example.com", Role::Developer, "owner@example.com"));
    let short = test.vault.accept_invitation(&link, Secret::new("short".into()), "192.0.2.1").await;
    assert!(matches!(short, Err(VaultError::Invalid(_))));
    let other = test.another().await;
    let password = || Secret::new("long enough to do".into());
    let (a, b) = tokio::join!(
        test.vault.accept_invitation(&link, password(), "192.0.2.1"),
        other.accept_invitation(&link, password(), "192.0.2.1")
    );
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
    let member = test.vault.sign_in("new@example.com", password(), "192.0.2.1").await;
    assert!(matches!(member, Ok(SignIn::Complete(member)) if member.view().role == Role::Developer));
    assert_eq!(test.vault.invited(&link).await.unwrap(), Invited::Accepted);
    assert!(test.vault.invitations(&test.member).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_link_is_over_after_seven_days_until_it_is_renewed() {
    let test = TestVault::empty("zoom").await;
    let new = invite(&test, Role::Viewer).await;
    test.advance(7 * DAY);
    assert!(matches!(test.vault.invited(&secret(&new)).await.unwrap(), Invited::Expired { .. }));
    assert!(matches!(accept(&test, &secret(&new)).await, Err(VaultError::NotFound)));
    let listed = test.vault.invitation(&test.member, new.view.id).await.unwrap();
    assert_eq!(listed.status, InvitationStatus::Expired);
    let renewed = test.vault.renew_invitation(&test.member, new.view.id).await.unwrap();
    assert_eq!(test.vault.invited(&secret(&new)).await.unwrap(), Invited::Unknown);
    assert!(accept(&test, &secret(&renewed)).await.is_ok());
    assert!(matches!(
        test.vault.renew_invitation(&test.member, new.view.id).await.map(drop),
        Err(VaultError::NotFound)
    ));
}

#[tokio::test]
async fn a_withdrawn_invitation_and_a_made_up_link_let_nobody_in() {
    let test = TestVault::empty("zoom").await;
    let new = invite(&test, Role::Viewer).await;
    test.vault.withdraw_invitation(&test.member, new.view.id).await.unwrap();
    assert_eq!(test.vault.invited(&secret(&new)).await.unwrap(), Invited::Withdrawn);
    assert!(matches!(accept(&test, &secret(&new)).await, Err(VaultError::NotFound)));
    assert_eq!(test.vault.invited("made-up").await.unwrap(), Invited::Unknown);
    assert!(matches!(accept(&test, "made-up").await, Err(VaultError::NotFound)));
}

#[tokio::test]
async fn whoever_may_invite_no_more_leaves_no_way_back() {
    let test = TestVault::empty("zoom").await;
    for removed in [true, false] {
        let admin = test.member_as(&format!("admin-{removed}@example.com"), Role::Admin).await;
        let new = test.vault.invite(&admin, &format!("friend-{removed}@example.com"), Role::Viewer).await.unwrap();
        let id = admin.view().member;
        match removed {
            true => test.vault.remove_member(&test.member, id).await.unwrap(),
            false => test.vault.set_role(&test.member, id, Role::Developer).await.unwrap(),
        }
        assert_eq!(test.vault.invited(&secret(&new)).await.unwrap(), Invited::Withdrawn);
        assert!(matches!(accept(&test, &secret(&new)).await, Err(VaultError::NotFound)));
    }
    assert!(test.vault.invitations(&test.member).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_admin_invites_no_owner() {
    let test = TestVault::empty("zoom").await;
    let admin = test.member_as("admin@example.com", Role::Admin).await;
    let owner = invite(&test, Role::Owner).await.view.id;
    let (v, forbidden) = (&test.vault, |r: Result<(), VaultError>| assert!(matches!(r, Err(VaultError::Forbidden))));
    forbidden(v.invite(&admin, "b@example.com", Role::Owner).await.map(drop));
    forbidden(v.renew_invitation(&admin, owner).await.map(drop));
    forbidden(v.withdraw_invitation(&admin, owner).await);
    assert!(v.invite(&admin, "b@example.com", Role::Admin).await.is_ok());
}

#[tokio::test]
async fn who_is_here_or_invited_already_is_told_apart() {
    let test = TestVault::empty("zoom").await;
    let refusal = async |email: &str| match test.vault.invite(&test.member, email, Role::Viewer).await.map(drop) {
        Err(VaultError::Invalid(invalid)) => invalid.summary,
        other => panic!("{other:?}"),
    };
    let new = invite(&test, Role::Viewer).await;
    assert!(refusal("new@example.com").await.contains("invited already"));
    assert!(refusal("owner@example.com").await.contains("a member already"));
    for odd in ["nobody", "a@example.com\r\nBcc: eve@example.com", "Ada <ada@example.com>"] {
        assert!(refusal(odd).await.contains("such as ada@example.com"), "{odd}");
    }
    test.member_as("new@example.com", Role::Viewer).await;
    let known = test.vault.invited(&secret(&new)).await.unwrap();
    assert_eq!(known, Invited::Known { email: "new@example.com".into(), member: true });
    assert!(matches!(accept(&test, &secret(&new)).await, Err(VaultError::Conflict { code: "already_member", .. })));
}

#[tokio::test]
async fn a_removed_member_can_be_invited_again() {
    let test = TestVault::empty("zoom").await;
    let before = accept(&test, &secret(&invite(&test, Role::Admin).await)).await.unwrap();
    test.vault.remove_member(&test.member, before.view().member).await.unwrap();
    let after = accept(&test, &secret(&invite(&test, Role::Viewer).await)).await.unwrap();
    assert_ne!(before.person(), after.person());
    assert!(test.vault.member(before.person()).await.unwrap().is_none());
}

#[tokio::test]
async fn guessing_and_inviting_are_throttled() {
    let test = TestVault::empty("zoom").await;
    for _ in 0..30 {
        assert!(matches!(accept(&test, "guess").await, Err(VaultError::NotFound)));
    }
    assert!(matches!(accept(&test, "guess").await, Err(VaultError::TooManyAttempts { .. })));
    test.advance(16 * MINUTE);
    assert!(matches!(accept(&test, "guess").await, Err(VaultError::NotFound)));
    let id = invite(&test, Role::Viewer).await.view.id;
    for _ in 0..99 {
        test.vault.renew_invitation(&test.member, id).await.unwrap();
    }
    let more = test.vault.renew_invitation(&test.member, id).await.map(drop);
    assert!(matches!(more, Err(VaultError::TooManyAttempts { .. })));
    test.advance(HOUR);
    assert!(test.vault.renew_invitation(&test.member, id).await.is_ok());
}

#[tokio::test]
async fn where_everybody_is_invited_nobody_founds_in_the_portal() {
    let test = TestVault::unfounded("zoom").await;
    let database = test.database_url.clone();
    let set = |options: &mut vault::Options| (options.database_url, options.sign_up) = (database, SignUp::Invite);
    let vault = test.open_again(set).await.unwrap();
    assert!(vault.sign_up_state(false).await.unwrap().by_invitation);
    let founding = Founding {
        email: "a@example.com".into(),
        password: Secret::new("long enough to do".into()),
        organization: "A".into(),
        set_up_code: None,
        set_up_code_needed: false,
        address: "192.0.2.1".into(),
    };
    assert!(matches!(vault.found(founding).await, Err(VaultError::Conflict { code: "by_invitation", .. })));
    let password = Secret::new("long enough to do".into());
    assert!(vault.add_member(None, "a@example.com", Role::Owner, password).await.is_ok());
}
