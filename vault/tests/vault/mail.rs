//! Mail goes to a server on a port of the test's own.

use model::members::Mail;
use model::people::Role;
use vault::Vault;
use vault::testing::{TestMail, TestVault};

async fn with_mail(test: &TestVault) -> (TestMail, Vault) {
    let mail = TestMail::start().await;
    let vault = test.open_again(|options| options.mail = Some(mail.mailer())).await.unwrap();
    (mail, vault)
}

#[tokio::test]
async fn an_invitation_is_mailed_to_the_one_it_is_for() {
    let test = TestVault::empty("zoom").await;
    let (mail, vault) = with_mail(&test).await;
    let new = vault.invite(&test.member, "new@example.com", Role::Developer).await.unwrap();
    assert_eq!(new.view.mail, Mail::Sent);
    let letter = mail.letter(1).await;
    assert_eq!(letter.recipients, ["RCPT TO:<new@example.com>"]);
    assert!(
        letter.text.contains("To: new@example.com\r\n") && letter.text.contains("Subject: owner@example.com invites")
    );
    assert!(new.link.expose().ends_with(&letter.secret()));
    let renewed = vault.renew_invitation(&test.member, new.view.id).await.unwrap();
    assert!(renewed.link.expose().ends_with(&mail.letter(2).await.secret()));
}

#[tokio::test]
async fn what_a_mail_server_refuses_is_told_and_the_link_works_all_the_same() {
    let test = TestVault::empty("zoom").await;
    let (mail, vault) = with_mail(&test).await;
    mail.refuse();
    let new = vault.invite(&test.member, "new@example.com", Role::Viewer).await.unwrap();
    assert_eq!(new.view.mail, Mail::Failed);
    assert_eq!(new.view.mail_problem.as_deref(), Some("the mail server refused it (550)"));
    assert_eq!(vault.invitation(&test.member, new.view.id).await.unwrap().mail, Mail::Failed);
    let link = new.link.expose().rsplit('/').next().unwrap();
    assert!(vault.accept_invitation(link, vault::Secret::new("long enough to do".into()), "192.0.2.1").await.is_ok());
}

#[tokio::test]
async fn an_address_with_a_line_break_reaches_no_mail_server() {
    let test = TestVault::empty("zoom").await;
    let (mail, vault) = with_mail(&test).await;
    for odd in ["a@example.com\r\nBcc: eve@example.com", "a@example.com\r\n\r\nText", "a@example.com>,<eve@example.com"]
    {
        assert!(vault.invite(&test.member, odd, Role::Viewer).await.is_err());
        vault.ask_for_password_reset(odd, "192.0.2.1").await.unwrap();
    }
    vault.close().await;
    assert!(mail.letters().is_empty());
}
