//! Passkeys: what is accepted, and each thing for which one is refused.

use model::people::Role;
use serde_json::Value;
use vault::testing::{Passkey, TestVault};
use vault::{MINUTE, MemberCaller, PasskeyAnswer, Proof, Purpose, SecondFactor, Secret, SignIn, VaultError};

const SESSION: &str = "a session";
const FROM: &str = "192.0.2.1";

fn answer(posted: &str) -> PasskeyAnswer {
    PasskeyAnswer::parse(posted).ok().unwrap()
}

async fn add(test: &TestVault, passkey: &mut Passkey) -> Result<usize, VaultError> {
    let (options, _) = test.vault.begin_passkey(&test.member).await.unwrap();
    let made = passkey.make(&options);
    test.vault.add_passkey(&test.member, "Laptop", &answer(&made), SESSION).await.map(|codes| codes.len())
}

async fn options(test: &TestVault) -> Value {
    test.vault.begin_assertion(Purpose::SignIn, None, FROM).await.unwrap().0
}

async fn sign_in(test: &TestVault, passkey: &mut Passkey) -> Result<MemberCaller, VaultError> {
    let posted = passkey.answer(&options(test).await);
    test.vault.sign_in_with_passkey(&answer(&posted), FROM).await
}

/// Why it was refused.
fn why<T>(result: Result<T, VaultError>) -> String {
    match result {
        Err(error @ (VaultError::Invalid(_) | VaultError::Conflict { .. })) => error.to_string(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was accepted"),
    }
}

#[tokio::test]
async fn a_passkey_signs_in_alone_whatever_its_algorithm() {
    let test = TestVault::empty("sandbox").await;
    for (at, mut passkey) in [Passkey::new(), Passkey::ed25519(), Passkey::rsa()].into_iter().enumerate() {
        let codes = add(&test, &mut passkey).await.unwrap();
        assert_eq!(codes, if at == 0 { 10 } else { 0 }, "recovery codes come with the first factor");
        assert_eq!(sign_in(&test, &mut passkey).await.unwrap().person(), test.member.person());
    }
    let listed = test.vault.second_factors(&test.member).await.unwrap().passkeys;
    assert!(listed.len() == 3 && listed.iter().all(|passkey| passkey.last_used_at.is_some()));
}

#[tokio::test]
async fn a_passkey_is_a_second_factor_without_the_user_being_verified() {
    let test = TestVault::empty("sandbox").await;
    let mut passkey = Passkey::new();
    add(&test, &mut passkey).await.unwrap();
    let password = Secret::new("canary-password-123".into());
    let SignIn::SecondFactorNeeded(person) = test.vault.sign_in("owner@example.com", password, FROM).await.unwrap()
    else {
        panic!("the password was enough")
    };
    passkey.flags = 1;
    passkey.user_handle.clear();
    let (options, _) = test.vault.begin_assertion(Purpose::SecondFactor, Some(person), FROM).await.unwrap();
    let factor = SecondFactor::Passkey(answer(&passkey.answer(&options)));
    test.vault.verify_second_factor(person, factor, FROM).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_fits_in_all_but_one_thing_is_refused() {
    type Change = fn(&mut Passkey);
    let cases: [(&str, Change); 7] = [
        ("another origin", |passkey| passkey.origin = "http://localhost:4001".into()),
        ("another origin", |passkey| passkey.origin = "https://localhost:4000".into()),
        ("another relying party", |passkey| passkey.rp_id = "evil.example".into()),
        ("nobody was present", |passkey| passkey.flags = 4),
        ("did not check that it is you", |passkey| passkey.flags = 1),
        ("another ceremony", |passkey| passkey.kind = Some("webauthn.create")),
        ("belongs to somebody else", |passkey| passkey.user_handle = b"per_somebody".to_vec()),
    ];
    let test = TestVault::empty("sandbox").await;
    for (expected, change) in cases {
        let mut passkey = Passkey::new();
        add(&test, &mut passkey).await.unwrap();
        change(&mut passkey);
        let said = why(sign_in(&test, &mut passkey).await);
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let mut stranger = Passkey::new();
    stranger.user_handle = test.member.person().to_string().into_bytes();
    assert!(why(sign_in(&test, &mut stranger).await).contains("not known here"));
}

#[tokio::test]
async fn a_signature_of_another_key_or_over_other_data_is_refused() {
    let test = TestVault::empty("sandbox").await;
    let (mut passkey, mut thief) = (Passkey::new(), Passkey::new());
    add(&test, &mut passkey).await.unwrap();
    thief.id.clone_from(&passkey.id);
    thief.user_handle.clone_from(&passkey.user_handle);
    assert!(why(sign_in(&test, &mut thief).await).contains("signature is wrong"));
    let mut posted: Value = serde_json::from_str(&passkey.answer(&options(&test).await)).unwrap();
    let later: Value = serde_json::from_str(&passkey.answer(&options(&test).await)).unwrap();
    posted["signature"] = later["signature"].clone();
    let mixed = test.vault.sign_in_with_passkey(&answer(&posted.to_string()), FROM).await;
    assert!(why(mixed).contains("signature is wrong"));
}

#[tokio::test]
async fn a_challenge_is_answered_once_within_five_minutes_and_for_its_purpose() {
    let test = TestVault::empty("sandbox").await;
    let mut passkey = Passkey::new();
    add(&test, &mut passkey).await.unwrap();
    let posted = passkey.answer(&options(&test).await);
    let refused = |posted: String| {
        let vault = test.vault.clone();
        async move { why(vault.sign_in_with_passkey(&answer(&posted), FROM).await) }
    };
    test.vault.sign_in_with_passkey(&answer(&posted), FROM).await.unwrap();
    assert!(refused(posted).await.contains("used already"));
    let late = passkey.answer(&options(&test).await);
    test.clock.advance(5 * MINUTE);
    assert!(refused(late).await.contains("5 minutes"));
    let (proof, _) = test.vault.begin_assertion(Purpose::Proof, Some(test.member.person()), FROM).await.unwrap();
    assert!(refused(passkey.answer(&proof)).await.contains("used already"));
    let made_up = serde_json::json!({ "challenge": "AAAA" });
    assert!(refused(passkey.answer(&made_up)).await.contains("used already"));
}

#[tokio::test]
async fn a_counter_that_does_not_grow_means_a_copy() {
    let test = TestVault::empty("sandbox").await;
    let mut passkey = Passkey::new();
    passkey.count = 7;
    add(&test, &mut passkey).await.unwrap();
    for (count, accepted) in [(7, false), (8, true), (8, false), (3, false), (0, false), (9, true)] {
        passkey.count = count;
        let result = sign_in(&test, &mut passkey).await;
        assert_eq!(result.is_ok(), accepted, "{count}");
        if !accepted {
            assert!(why(result).contains("copied"));
        }
    }
}

#[tokio::test]
async fn a_new_passkey_must_be_made_here_for_this_person_and_be_new() {
    let test = TestVault::empty("sandbox").await;
    let mut passkey = Passkey::new();
    passkey.origin = "https://evil.example".into();
    assert!(why(add(&test, &mut passkey).await).contains("another origin"));
    let mut passkey = Passkey::new();
    passkey.kind = Some("webauthn.get");
    assert!(why(add(&test, &mut passkey).await).contains("another ceremony"));
    let mut passkey = Passkey::new();
    add(&test, &mut passkey).await.unwrap();
    assert!(why(add(&test, &mut passkey).await).contains("known already"));
    let password = Secret::new("long enough to do".into());
    let (other, _) = test.vault.add_member(None, "b@example.com", Role::Admin, password).await.unwrap();
    let other = test.vault.member(other).await.unwrap().unwrap();
    let (options, _) = test.vault.begin_passkey(&other).await.unwrap();
    let made = Passkey::new().make(&options);
    let given = test.vault.add_passkey(&test.member, "Laptop", &answer(&made), SESSION).await;
    assert!(why(given.map(drop)).contains("used already"));
}

#[tokio::test]
async fn somebody_elses_passkey_is_neither_renamed_nor_removed_nor_a_proof() {
    let test = TestVault::empty("sandbox").await;
    let mut passkey = Passkey::new();
    add(&test, &mut passkey).await.unwrap();
    let id = test.vault.second_factors(&test.member).await.unwrap().passkeys[0].id;
    let password = Secret::new("long enough to do".into());
    let (other, _) = test.vault.add_member(None, "b@example.com", Role::Owner, password).await.unwrap();
    let other = test.vault.member(other).await.unwrap().unwrap();
    assert!(matches!(test.vault.rename_passkey(&other, id, "Mine").await, Err(VaultError::NotFound)));
    assert!(matches!(test.vault.remove_passkey(&other, id, SESSION).await, Err(VaultError::NotFound)));
    let (options, _) = test.vault.begin_assertion(Purpose::Proof, Some(other.person()), FROM).await.unwrap();
    let proof = Proof::Passkey(answer(&passkey.answer(&options)));
    assert!(why(test.vault.prove(&other, proof, FROM).await).contains("not known here"));
    test.vault.rename_passkey(&test.member, id, "Phone").await.unwrap();
    test.vault.remove_passkey(&test.member, id, SESSION).await.unwrap();
    assert!(why(sign_in(&test, &mut passkey).await).contains("not known here"));
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_refused() {
    for posted in [
        "",
        "{}",
        "[]",
        r#"{"id":"","clientData":"","authenticatorData":""}"#,
        r#"{"id":"a=","clientData":"","authenticatorData":""}"#,
    ] {
        assert!(PasskeyAnswer::parse(posted).is_err(), "{posted}");
    }
    let test = TestVault::empty("sandbox").await;
    let mut passkey = Passkey::new();
    add(&test, &mut passkey).await.unwrap();
    for (member, text) in [("clientData", "e30"), ("authenticatorData", "AAAA"), ("signature", "AAAA")] {
        let mut posted: Value = serde_json::from_str(&passkey.answer(&options(&test).await)).unwrap();
        posted[member] = text.into();
        why(test.vault.sign_in_with_passkey(&answer(&posted.to_string()), FROM).await);
    }
}

#[tokio::test]
async fn under_an_address_instead_of_a_name_there_are_none() {
    let test = TestVault::empty("sandbox").await;
    let vault = test.open_again(|options| options.public_url = "http://127.0.0.1:4000".parse().unwrap()).await.unwrap();
    assert!(!vault.second_factors(&test.member).await.unwrap().passkeys_possible);
    assert!(why(vault.begin_passkey(&test.member).await).contains("host name"));
}
