//! Proving again who it is, and helping those who are locked out.

use super::authenticators::set_up;
use vault::testing::{TestVault, code_at};
use vault::{MINUTE, Proof, SECOND, Secret, SignIn, VaultError};

async fn prove(test: &TestVault, proof: Proof) -> Result<(), VaultError> {
    test.vault.prove(&test.member, proof, "192.0.2.1").await
}

fn password(text: &str) -> Proof {
    Proof::Password(Secret::new(text.to_owned()))
}

fn field(result: Result<(), VaultError>) -> String {
    match result {
        Err(VaultError::Invalid(invalid)) => invalid.fields[0].0.clone(),
        Err(VaultError::TooManyAttempts { .. }) => "too many".to_owned(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_password_or_a_code_proves_who_it_is_and_nothing_else_does() {
    let test = TestVault::empty("sandbox").await;
    prove(&test, password("canary-password-123")).await.unwrap();
    assert_eq!(field(prove(&test, password("wrong-password-1")).await), "proof_password");
    let code = |text: &str| Proof::Code(Secret::new(text.to_owned()));
    assert_eq!(field(prove(&test, code("123456")).await), "proof_code");
    let (key, recovery) = set_up(&test).await;
    test.clock.advance(30 * SECOND);
    prove(&test, code(&code_at(&key, test.clock.now()))).await.unwrap();
    assert_eq!(field(prove(&test, code(&code_at(&key, test.clock.now()))).await), "proof_code", "a code counts once");
    assert_eq!(field(prove(&test, code(&recovery[0])).await), "proof_code", "recovery codes are for signing in");
}

#[tokio::test]
async fn proofs_are_throttled() {
    let test = TestVault::empty("sandbox").await;
    for _ in 0..10 {
        assert_eq!(field(prove(&test, password("wrong-password-1")).await), "proof_password");
    }
    assert_eq!(field(prove(&test, password("canary-password-123")).await), "too many");
    test.clock.advance(15 * MINUTE);
    prove(&test, password("canary-password-123")).await.unwrap();
}

#[tokio::test]
async fn the_command_line_lets_somebody_in_who_has_lost_every_factor() {
    let test = TestVault::empty("sandbox").await;
    set_up(&test).await;
    test.clock.advance(MINUTE);
    assert!(matches!(test.vault.reset_second_factors("nobody@example.com").await, Err(VaultError::NotFound)));
    test.vault.reset_second_factors(" Owner@example.com ").await.unwrap();
    let password = Secret::new("canary-password-123".into());
    let signed_in = test.vault.sign_in("owner@example.com", password, "192.0.2.1").await.unwrap();
    assert!(matches!(signed_in, SignIn::Complete(member) if member.sessions_valid_from() == test.clock.now()));
    let factors = test.vault.second_factors(&test.member).await.unwrap();
    assert_eq!((factors.second_factor(), factors.recovery_codes_left), (false, 0));
}
