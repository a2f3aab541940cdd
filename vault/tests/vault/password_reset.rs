//! A forgotten password: one link, one hour, once.

use vault::testing::{TestMail, TestVault};
use vault::{HOUR, MINUTE, Secret, VaultError};

const OWNER: &str = "owner@example.com";
const HERE: &str = "192.0.2.1";

async fn link(test: &TestVault) -> String {
    let link = test.vault.password_reset_from_command_line(OWNER).await.unwrap();
    link.expose().rsplit('/').next().unwrap().to_owned()
}

async fn set(test: &TestVault, link: &str, password: &str) -> Result<(), VaultError> {
    test.vault.set_new_password(link, Secret::new(password.into()), HERE).await
}

fn is_over(result: Result<(), VaultError>) -> bool {
    matches!(result, Err(VaultError::NotFound))
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_ends_every_session() {
    let test = TestVault::empty("zoom").await;
    let owner = Some(test.member.person());
    test.vault.create_portal_session("session", owner, b"{}", i64::MAX).await.unwrap();
    test.advance(MINUTE);
    let (first, second) = (link(&test).await, link(&test).await);
    assert_eq!(test.vault.password_reset(&first).await.unwrap().as_deref(), Some(OWNER));
    assert!(matches!(set(&test, &first, "short").await, Err(VaultError::Invalid(_))));
    set(&test, &first, "another password").await.unwrap();
    assert!(test.another().await.load_portal_session("session").await.unwrap().is_none());
    let member = test.vault.member(test.member.person()).await.unwrap().unwrap();
    assert!(member.sessions_valid_from() > test.member.sessions_valid_from());
    for over in [&first, &second] {
        assert!(is_over(set(&test, over, "a third password").await));
        assert_eq!(test.vault.password_reset(over).await.unwrap(), None);
    }
    assert!(test.vault.sign_in(OWNER, Secret::new("another password".into()), HERE).await.is_ok());
}

#[tokio::test]
async fn a_link_is_over_after_an_hour_and_after_a_change_of_password() {
    let test = TestVault::empty("zoom").await;
    let old = link(&test).await;
    test.advance(HOUR);
    assert!(is_over(set(&test, &old, "another password").await));
    let open = link(&test).await;
    test.advance(MINUTE);
    let (present, new) = ("canary-password-123", "another password");
    test.vault.change_password(&test.member, Secret::new(present.into()), Secret::new(new.into())).await.unwrap();
    assert!(is_over(set(&test, &open, "a third password").await));
    assert!(is_over(set(&test, "made-up", "a third password").await));
}

#[tokio::test]
async fn a_removed_member_gets_no_link_and_keeps_none() {
    let test = TestVault::empty("zoom").await;
    test.member_as("dev@example.com", model::people::Role::Developer).await;
    let link = test.vault.password_reset_from_command_line("dev@example.com").await.unwrap();
    test.vault.remove_member_from_command_line("dev@example.com").await.unwrap();
    assert!(is_over(set(&test, link.expose().rsplit('/').next().unwrap(), "another password").await));
    assert!(matches!(
        test.vault.password_reset_from_command_line("dev@example.com").await.map(drop),
        Err(VaultError::NotFound)
    ));
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_anybody_has_the_address() {
    let test = TestVault::empty("zoom").await;
    let mail = TestMail::start().await;
    let vault = test.open_again(|options| options.mail = Some(mail.mailer())).await.unwrap();
    for email in ["nobody@example.com", " Owner@Example.com "] {
        vault.ask_for_password_reset(email, HERE).await.unwrap();
    }
    let letter = mail.letter(1).await;
    assert_eq!(letter.recipients, ["RCPT TO:<owner@example.com>"]);
    assert!(set(&test, &letter.secret(), "another password").await.is_ok());
    vault.close().await;
    assert_eq!(mail.letters().len(), 1);
}

#[tokio::test]
async fn asking_is_throttled_by_e_mail_and_by_address_whoever_is_asked_for() {
    let test = TestVault::empty("zoom").await;
    let mail = TestMail::start().await;
    let vault = test.open_again(|options| options.mail = Some(mail.mailer())).await.unwrap();
    let ask = async |email: &str, address: &str| vault.ask_for_password_reset(email, address).await;
    for email in [OWNER, "nobody@example.com"] {
        for n in 0..3 {
            ask(email, &format!("192.0.2.{n}")).await.unwrap();
        }
        assert!(matches!(ask(email, "192.0.2.9").await, Err(VaultError::TooManyAttempts { .. })));
    }
    for n in 0..20 {
        ask(&format!("{n}@example.com"), "198.51.100.1").await.unwrap();
    }
    assert!(matches!(ask("one-more@example.com", "198.51.100.1").await, Err(VaultError::TooManyAttempts { .. })));
}

#[tokio::test]
async fn without_a_mail_server_the_answer_names_the_command() {
    let test = TestVault::empty("zoom").await;
    let refused = test.vault.ask_for_password_reset(OWNER, HERE).await.unwrap_err().to_string();
    assert!(refused.contains("keybearer member reset-password"), "{refused}");
}
