//! The first person, and signing in.

use model::people::Role;
use vault::testing::{BEGINNING, TestVault};
use vault::{Founding, HOUR, MINUTE, Secret, VaultError};

fn founding(code: Option<&str>, needed: bool) -> Founding {
    Founding {
        email: "second@example.com".into(),
        password: Secret::new("long enough to do".into()),
        organization: "Second".into(),
        set_up_code: code.map(str::to_owned),
        set_up_code_needed: needed,
        address: "192.0.2.1".into(),
    }
}

fn field(error: VaultError) -> String {
    match error {
        VaultError::Invalid(invalid) => invalid.fields.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" "),
        VaultError::Conflict { code, .. } => code.to_owned(),
        VaultError::TooManyAttempts { .. } => "too many".to_owned(),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn the_second_founder_is_too_late() {
    let test = TestVault::empty("zoom").await;
    assert_eq!(test.member.view().role, Role::Owner);
    assert_eq!(field(test.vault.found(founding(None, false)).await.unwrap_err()), "already_founded");
    assert!(test.vault.new_set_up_code().await.unwrap().is_none());
    assert!(test.vault.sign_up_state(true).await.unwrap().founded);
}

#[tokio::test]
async fn a_stranger_needs_the_set_up_code() {
    let test = TestVault::unfounded("zoom").await;
    let code = test.vault.new_set_up_code().await.unwrap().unwrap();
    assert_eq!(field(test.vault.found(founding(None, true)).await.unwrap_err()), "set_up_code");
    assert_eq!(field(test.vault.found(founding(Some("wrong"), true)).await.unwrap_err()), "set_up_code");
    test.advance(25 * HOUR);
    assert_eq!(field(test.vault.found(founding(Some(code.expose()), true)).await.unwrap_err()), "set_up_code");
    let code = test.vault.new_set_up_code().await.unwrap().unwrap();
    assert!(test.vault.found(founding(Some(code.expose()), true)).await.is_ok());
}

#[tokio::test]
async fn of_two_founders_at_once_one_wins() {
    let test = TestVault::unfounded("zoom").await;
    let other = test.another().await;
    let (a, b) = tokio::join!(test.vault.found(founding(None, false)), other.found(founding(None, false)));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
}

#[tokio::test]
async fn mistakes_name_their_field() {
    let test = TestVault::unfounded("zoom").await;
    let mut bad = founding(None, false);
    (bad.email, bad.password, bad.organization) = ("nobody".into(), Secret::new("short".into()), " ".into());
    assert_eq!(field(test.vault.found(bad).await.unwrap_err()), "email password organization");
}

#[tokio::test]
async fn signing_in_is_throttled_and_says_nothing_about_who_exists() {
    let test = TestVault::empty("zoom").await;
    let try_in =
        async |email: &str, password: &str| test.vault.sign_in(email, Secret::new(password.into()), "192.0.2.1").await;
    assert!(try_in(" Owner@Example.com ", "canary-password-123").await.is_ok());
    let wrong = try_in("owner@example.com", "wrong-password-1").await.unwrap_err();
    let unknown = try_in("nobody@example.com", "wrong-password-1").await.unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
    for _ in 0..9 {
        assert_eq!(field(try_in("owner@example.com", "wrong-password-1").await.unwrap_err()), "password");
    }
    assert_eq!(field(try_in("owner@example.com", "canary-password-123").await.unwrap_err()), "too many");
    test.advance(16 * MINUTE);
    assert!(try_in("owner@example.com", "canary-password-123").await.is_ok());
}

#[tokio::test]
async fn a_new_password_ends_other_sessions() {
    let test = TestVault::empty("zoom").await;
    test.advance(MINUTE);
    let change = async |present: &str, new: &str| {
        test.vault.change_password(&test.member, Secret::new(present.into()), Secret::new(new.into())).await
    };
    assert_eq!(field(change("wrong-password-1", "another password").await.unwrap_err()), "present_password");
    assert_eq!(field(change("canary-password-123", "short").await.unwrap_err()), "new_password");
    change("canary-password-123", "another password").await.unwrap();
    let member = test.vault.member(test.member.person()).await.unwrap().unwrap();
    assert_eq!(member.sessions_valid_from(), BEGINNING + MINUTE);
    assert!(test.vault.sign_in("owner@example.com", Secret::new("another password".into()), "192.0.2.1").await.is_ok());
}

#[tokio::test]
async fn the_command_line_can_found_and_add_members() {
    let test = TestVault::unfounded("zoom").await;
    let first = async |role: Role| {
        test.vault.add_member(None, "o@example.com", role, Secret::new("long enough to do".into())).await
    };
    assert_eq!(field(first(Role::Viewer).await.unwrap_err()), "role", "somebody must own it");
    assert!(first(Role::Owner).await.is_ok());
    let add = async |email: &str| {
        test.vault.add_member(None, email, Role::Developer, Secret::new("long enough to do".into())).await
    };
    let (_, first) = add("a@example.com").await.unwrap();
    let (_, second) = add("b@example.com").await.unwrap();
    assert_eq!(first, second);
    assert_eq!(field(add("b@example.com").await.unwrap_err()), "already_member");
    assert_eq!(field(test.vault.found(founding(None, false)).await.unwrap_err()), "already_founded");
}

#[tokio::test]
async fn a_postgresql_that_may_lose_commits_is_refused() {
    let test = TestVault::empty("zoom").await;
    let refused = test.open_again(|options| options.unsafe_durability = false).await.err().map(|e| e.to_string());
    // The throw-away server of the tests runs with fsync=off; SQLite has nothing to check.
    match test.database_url.starts_with("postgres") {
        true => {
            assert!(refused.is_some_and(|e| e.contains("fsync=off") && e.contains("KEYBEARER_UNSAFE_DURABILITY=1")))
        }
        false => assert_eq!(refused, None),
    }
}

#[tokio::test]
async fn the_master_key_file_is_made_once_and_missed_later() {
    let test = TestVault::empty("zoom").await;
    let folder = tempfile::tempdir().unwrap();
    let (path, database) =
        (folder.path().join("keys/master.key"), format!("sqlite:{}/new.db", folder.path().display()));
    let open = async |generate: bool| {
        let keys = vault::MasterKeys::File { path: path.clone(), generate };
        test.open_again(|options| (options.database_url, options.master_keys) = (database.clone(), keys))
            .await
            .map(drop)
            .map_err(|e| e.to_string())
    };
    assert!(open(false).await.unwrap_err().contains("only the SQLite default"));
    assert_eq!(open(true).await, Ok(()));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(open(true).await, Ok(()));
    std::fs::remove_file(&path).unwrap();
    assert!(open(true).await.unwrap_err().contains("no other can take its place"));
}
