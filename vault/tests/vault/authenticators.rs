//! Authenticator apps and recovery codes.

use model::people::Role;
use vault::testing::{TestVault, code_at};
use vault::{MINUTE, MemberCaller, SECOND, SecondFactor, Secret, SignIn, VaultError};

const SESSION: &str = "a session";

/// Sets the founder's app up: its key, and the recovery codes.
pub(crate) async fn set_up(test: &TestVault) -> (String, Vec<String>) {
    test.vault.begin_authenticator(&test.member).await.unwrap();
    let key = test.vault.authenticator_setup(&test.member).await.unwrap().unwrap().key.expose().clone();
    let code = code_at(&key, test.clock.now());
    let second_step = async || test.vault.members(&test.member).await.ok().unwrap()[0].second_step;
    assert!(!second_step().await, "until it is confirmed it counts for nothing");
    let codes = test.vault.confirm_authenticator(&test.member, &code, SESSION).await.ok().unwrap();
    assert!(second_step().await, "the list of members shows it");
    (key, codes.iter().map(|code| code.expose().clone()).collect())
}

async fn verify(test: &TestVault, code: &str) -> Result<MemberCaller, VaultError> {
    let code = SecondFactor::Code(Secret::new(code.to_owned()));
    test.vault.verify_second_factor(test.member.person(), code, "192.0.2.1").await
}

async fn sign_in(test: &TestVault) -> SignIn {
    let password = Secret::new("canary-password-123".into());
    test.vault.sign_in("owner@example.com", password, "192.0.2.1").await.unwrap()
}

#[tokio::test]
async fn a_password_alone_signs_nobody_in_once_an_app_is_confirmed() {
    let test = TestVault::empty("sandbox").await;
    test.vault.begin_authenticator(&test.member).await.unwrap();
    assert!(matches!(sign_in(&test).await, SignIn::Complete(_)), "a key without a code counts for nothing");
    let (key, _) = set_up(&test).await;
    assert!(matches!(sign_in(&test).await, SignIn::SecondFactorNeeded(person) if person == test.member.person()));
    test.clock.advance(30 * SECOND);
    let member = verify(&test, &code_at(&key, test.clock.now())).await.unwrap();
    assert_eq!(member.person(), test.member.person());
    assert!(test.vault.authenticator_setup(&test.member).await.unwrap().is_none(), "the key is shown no more");
    assert!(matches!(test.vault.begin_authenticator(&test.member).await, Err(VaultError::Conflict { .. })));
}

#[tokio::test]
async fn a_code_is_accepted_once_and_so_is_none_of_an_earlier_step() {
    let test = TestVault::empty("sandbox").await;
    let (key, _) = set_up(&test).await;
    let first = code_at(&key, test.clock.now());
    assert!(verify(&test, &first).await.is_err(), "the code that confirmed the app is used up");
    test.clock.advance(30 * SECOND);
    let second = code_at(&key, test.clock.now());
    verify(&test, &second).await.unwrap();
    assert!(verify(&test, &second).await.is_err());
    let ahead = code_at(&key, test.clock.now() + 30 * SECOND);
    verify(&test, &ahead).await.unwrap();
    assert!(verify(&test, &second).await.is_err());
}

#[tokio::test]
async fn of_two_who_send_the_same_code_at_once_one_gets_in() {
    let test = TestVault::empty("sandbox").await;
    let (key, _) = set_up(&test).await;
    test.clock.advance(30 * SECOND);
    let code = code_at(&key, test.clock.now());
    let (one, other) = tokio::join!(verify(&test, &code), verify(&test, &code));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
}

#[tokio::test]
async fn a_key_that_is_not_confirmed_within_a_quarter_of_an_hour_is_gone() {
    let test = TestVault::empty("sandbox").await;
    test.vault.begin_authenticator(&test.member).await.unwrap();
    let setup = test.vault.authenticator_setup(&test.member).await.unwrap().unwrap();
    test.clock.advance(15 * MINUTE);
    assert!(test.vault.authenticator_setup(&test.member).await.unwrap().is_none());
    let code = code_at(setup.key.expose(), test.clock.now());
    let refused = test.vault.confirm_authenticator(&test.member, &code, SESSION).await;
    assert!(matches!(refused.err(), Some(VaultError::Conflict { code: "not_begun", .. })));
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let test = TestVault::empty("sandbox").await;
    let (_, codes) = set_up(&test).await;
    assert_eq!(codes.len(), 10);
    verify(&test, &codes[3].to_uppercase().replace('-', " ")).await.unwrap();
    assert!(verify(&test, &codes[3]).await.is_err());
    let left = test.vault.second_factors(&test.member).await.unwrap().recovery_codes_left;
    assert_eq!(left, 9);
    let renewed = test.vault.renew_recovery_codes(&test.member).await.ok().unwrap();
    assert!(verify(&test, &codes[4]).await.is_err(), "the old ones are void");
    verify(&test, renewed[0].expose()).await.unwrap();
}

#[tokio::test]
async fn nobody_elses_recovery_code_helps() {
    let test = TestVault::empty("sandbox").await;
    let (_, codes) = set_up(&test).await;
    let password = Secret::new("long enough to do".into());
    let (other, _) = test.vault.add_member(None, "b@example.com", Role::Admin, password).await.unwrap();
    let code = SecondFactor::Code(Secret::new(codes[0].clone()));
    assert!(test.vault.verify_second_factor(other, code, "192.0.2.1").await.is_err());
    verify(&test, &codes[0]).await.unwrap();
}

#[tokio::test]
async fn after_five_wrong_codes_a_right_one_waits_too() {
    let test = TestVault::empty("sandbox").await;
    let (_, codes) = set_up(&test).await;
    for _ in 0..5 {
        assert!(matches!(verify(&test, "not-a-recovery-code").await, Err(VaultError::Invalid(_))));
    }
    assert!(matches!(verify(&test, &codes[0]).await, Err(VaultError::TooManyAttempts { .. })));
    test.clock.advance(15 * MINUTE);
    verify(&test, &codes[0]).await.unwrap();
}

#[tokio::test]
async fn codes_of_the_last_factor_go_with_it() {
    let test = TestVault::empty("sandbox").await;
    set_up(&test).await;
    test.vault.remove_authenticator(&test.member, SESSION).await.unwrap();
    assert!(matches!(sign_in(&test).await, SignIn::Complete(_)));
    let left = test.vault.second_factors(&test.member).await.unwrap();
    assert_eq!((left.recovery_codes_left, left.second_factor()), (0, false));
    assert!(matches!(test.vault.renew_recovery_codes(&test.member).await.err(), Some(VaultError::Conflict { .. })));
}

#[tokio::test]
async fn neither_key_nor_recovery_codes_can_be_read_from_the_database() {
    let test = TestVault::empty("sandbox").await;
    let (key, codes) = set_up(&test).await;
    let bytes = test.database_bytes();
    let found = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for secret in [key, codes[0].clone(), codes[0].replace('-', "")] {
        assert!(!found(&secret));
    }
}
