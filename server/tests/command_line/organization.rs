//! An organization that moves by the command line alone.

use super::Shell;
use age::secrecy::ExposeSecret as _;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use vault::testing::sandbox::{self, BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Sandbox};

/// A key of age: its public half, and the file that holds it in a shell's folder.
fn key(shell: &Shell) -> (String, PathBuf) {
    let identity = age::x25519::Identity::generate();
    let file = shell.folder.path().join("key.txt");
    std::fs::write(&file, format!("# created by a test\n{}\n", identity.to_string().expose_secret())).unwrap();
    (identity.to_public().to_string(), file)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_moves_into_an_empty_folder() {
    let sandbox = Sandbox::start(sandbox::Options::default()).await.unwrap();
    let address = Some(sandbox.address().to_string());
    let shell = Shell { sandbox: address.clone(), ..Shell::new() };
    shell.done(&["member", "add", "--email", "ada@example.com", "--role", "owner"], "a long password");
    let app = shell.done(&["application", "add", "Acme", "--environment", "development"], "");
    let set = ["provider-config", "set", "zoom", "--application", &app, "--client-id", BUILT_IN_CLIENT_ID];
    shell.done(&set, BUILT_IN_CLIENT_SECRET);
    let (public, identity) = key(&shell);
    let export = ["organization", "export", "--recipient", &public, "--output", "acme.age"];
    let words = shell.done(&export, "");
    assert!(words.contains(&public) && words.contains("provider_configs"), "{words}");
    let file = shell.folder.path().join("acme.age");
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(shell.fails(1, &export, "").contains("--force"));
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "nothing is written over");
    let again = shell.done(&[&export[..], &["--force", "--hand-over", "--json"]].concat(), "");
    let again: Value = serde_json::from_str(&again).unwrap();
    assert!(shell.done(&["instance", "show"], "").contains("handed over to another instance"));
    assert_eq!((&again["rows"]["applications"], &again["recipients"][0]), (&1.into(), &public.as_str().into()));
    let left = std::fs::read_dir(shell.folder.path()).unwrap().count();
    assert_eq!(left, 3, "data, key.txt, acme.age");

    let target = Shell { sandbox: address, ..Shell::new() };
    let (file, identity) = (file.to_str().unwrap(), identity.to_str().unwrap());
    let import = ["organization", "import", "--identity", identity, file];
    let with = |more: &'static str| [&import[..], &[more]].concat();
    assert!(target.fails(1, &import, "").contains("--source-is-off"));
    assert!(target.fails(2, &with("--check"), "").contains("no database"));
    assert!(!target.folder.path().join("data").exists());
    let report: Value =
        serde_json::from_str(&target.done(&[&with("--source-is-off")[..], &["--json"]].concat(), "")).unwrap();
    assert_eq!((&report["imported"], &report["rows"]["provider_configs"]), (&true.into(), &1.into()));
    let verified = target.done(&["provider-config", "verify", "zoom", "--application", &app], "");
    assert!(verified.starts_with("accepted"), "{verified}");
    assert!(target.done(&["event", "verify"], "").starts_with("Whole"));
    assert!(target.done(&["member", "list"], "").contains("ada@example.com"));
    assert!(target.fails(1, &with("--source-is-off"), "").contains("is here already"));
    assert!(target.fails(1, &["setup-code"], "").contains("already founded"));
}

#[test]
fn what_cannot_be_exported_or_imported_is_told_without_keys() {
    let shell = Shell::new();
    let (public, _) = key(&shell);
    shell.fails(2, &["organization", "export"], "");
    shell.fails(2, &["organization", "export", "--recipient", &public, "--output", "x.age"], "");
    assert!(!shell.folder.path().join("x.age").exists());
    shell.done(&["member", "add", "--email", "ada@example.com", "--role", "owner"], "a long password");
    let wrong = ["organization", "export", "--recipient", "age1nothing"];
    assert!(shell.fails(1, &wrong, "").contains("recipient 1"));
    std::fs::write(shell.folder.path().join("recipients"), format!("# ours\n{public}\n")).unwrap();
    let piped = shell.run(&["organization", "export", "--recipients-file", "recipients"], "");
    assert!(piped.status.success() && piped.stdout.starts_with(b"age-encryption.org/v1"));
    assert!(String::from_utf8_lossy(&piped.stderr).contains(&public));
    std::fs::write(shell.folder.path().join("piped.age"), piped.stdout).unwrap();
    let check = ["organization", "import", "--identity", "key.txt", "--check", "piped.age"];
    assert!(shell.fails(1, &check, "").contains("is here already"));
    std::fs::write(shell.folder.path().join("key.txt"), "AGE-SECRET-KEY-1CANARY").unwrap();
    let words = shell.fails(1, &check, "");
    assert!(words.contains("identity file") && !words.contains("CANARY"), "{words}");
    let both = ["organization", "import", "--identity", "key.txt", "--check", "--source-is-off"];
    shell.fails(2, &both, "");
}
