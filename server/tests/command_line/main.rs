//! The binary as a shell sees it: words, exit codes, and secrets by standard input.

#![expect(clippy::unwrap_used, reason = "a test that meets what it does not expect fails loudly")]

mod import;
mod organization;

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use vault::testing::sandbox::{self, BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Sandbox};

/// Runs a command in a folder of its own.
struct Shell {
    folder: TempDir,
    sandbox: Option<String>,
}

impl Shell {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), sandbox: None }
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keybearer"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        if let Some(address) = &self.sandbox {
            let overlay = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dev/catalogue");
            command.env("KEYBEARER_SANDBOX_LISTEN", address).env("KEYBEARER_CATALOGUE_DIR", overlay);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        child.wait_with_output().unwrap()
    }

    /// Expects success and gives standard output.
    #[track_caller]
    fn done(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Expects an exit code and gives standard error.
    #[track_caller]
    fn fails(&self, code: i32, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {words}");
        words
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_a_provider_config() {
    let sandbox = Sandbox::start(sandbox::Options::default()).await.unwrap();
    let shell = Shell { sandbox: Some(sandbox.address().to_string()), ..Shell::new() };
    shell.done(&["member", "add", "--email", "ada@example.com", "--role", "owner"], "a long password\n");
    let app = shell.done(&["application", "add", "Acme", "--environment", "development"], "");
    assert!(app.starts_with("app_") && app.lines().count() == 1);
    shell.done(&["application", "return-address", "add", "--application", &app, "http://localhost:3000/done"], "");
    let list = shell.done(&["application", "return-address", "list", "--application", &app], "");
    assert_eq!(list, "http://localhost:3000/done");
    let key = shell.done(&["api-key", "add", "--application", &app, "--name", "backend"], "");
    assert!(vault::is_api_key(&key));

    let set = ["provider-config", "set", "zoom", "--application", &app, "--client-id", BUILT_IN_CLIENT_ID];
    let words = shell.fails(1, &set, "wrong");
    assert!(words.contains("--save-anyway") && words.contains("invalid_client") && !words.contains("wrong"), "{words}");
    let redirect_uri = shell.done(&set, &format!("{BUILT_IN_CLIENT_SECRET}\n"));
    assert_eq!(redirect_uri, format!("http://localhost:4000/oauth/callback/{app}/zoom"));
    let listed = || {
        let list = shell.done(&["provider-config", "list", "--application", &app, "--json"], "");
        assert!(!list.contains(BUILT_IN_CLIENT_SECRET) && !list.contains("canary-webhook-secret"));
        serde_json::from_str::<Value>(&list).unwrap()["data"][0].clone()
    };
    assert_eq!((&listed()["state"], &listed()["webhook_secret_stored"]), (&"active".into(), &false.into()));
    std::fs::write(shell.folder.path().join("webhook"), "canary-webhook-secret\n").unwrap();
    let with = |more: &[&str]| shell.done(&[set.as_slice(), more].concat(), BUILT_IN_CLIENT_SECRET);
    assert_eq!(with(&["--webhook-secret-file", "webhook"]), redirect_uri);
    assert_eq!(listed()["webhook_secret_stored"], true);
    assert_eq!(listed()["provider_events_url"], format!("http://localhost:4000/provider-events/{app}/zoom"));
    with(&[]);
    assert_eq!(listed()["webhook_secret_stored"], true);
    with(&["--remove-webhook-secret"]);
    assert_eq!(listed()["webhook_secret_stored"], false);
    let missing = [set.as_slice(), &["--webhook-secret-file", "nowhere"]].concat();
    assert!(shell.fails(1, &missing, BUILT_IN_CLIENT_SECRET).contains("nowhere"));
    let of = |verb| ["provider-config", verb, "zoom", "--application", &app];
    assert!(shell.done(&of("verify"), "").starts_with("accepted"));
    assert_eq!(shell.done(&of("disable"), ""), "zoom is disabled.");
    assert_eq!(shell.done(&of("enable"), ""), "zoom is active.");
    shell.done(&of("remove"), "");
    shell.fails(1, &of("remove"), "");
    let accounts = shell.done(&["connected-account", "list", "--application", &app, "--json"], "");
    assert_eq!(serde_json::from_str::<Value>(&accounts).unwrap()["data"], serde_json::json!([]));
}

#[test]
fn keys_are_restricted_listed_rotated_and_revoked() {
    let shell = Shell::new();
    shell.done(&["member", "add", "--email", "ada@example.com", "--role", "owner"], "a long password");
    let app = shell.done(&["application", "add", "Acme", "--environment", "development"], "");
    let with = |more: &[&'static str]| {
        let mut all = vec!["api-key", "add", "--application", app.as_str(), "--name", "Billing", "--json"];
        all.extend_from_slice(more);
        all
    };
    std::fs::write(shell.folder.path().join("policy"), r#"{"methods":["get"],"paths":["/users/**"]}"#).unwrap();
    let limits =
        ["--scope", "proxy:call", "--scope", "tokens:read", "--source", "10.0.0.0/8", "--expires-in-days", "90"];
    let made = shell.done(&with(&[limits.as_slice(), &["--proxy-only", "--policy", "policy"]].concat()), "");
    let made: Value = serde_json::from_str(&made).unwrap();
    let id = made["id"].as_str().unwrap();
    assert!(vault::is_api_key(made["secret"].as_str().unwrap()));
    // What restricts nothing is a mistake, not a key without limits.
    for (file, text) in [("empty", "{}"), ("list", r#"[["custom-crm"],["GET"]]"#)] {
        std::fs::write(shell.folder.path().join(file), text).unwrap();
        assert!(shell.fails(1, &with(&["--policy", file]), "").contains("--policy"));
    }
    assert!(shell.fails(1, &with(&["--source", ""]), "").contains("--source is empty"));
    let list = || {
        let list = shell.done(&["api-key", "list", "--application", &app, "--json"], "");
        assert!(!list.contains(made["secret"].as_str().unwrap()));
        serde_json::from_str::<Value>(&list).unwrap()["data"].clone()
    };
    let key = list()[0].clone();
    assert_eq!(key["scopes"], serde_json::json!(["tokens:read", "proxy:call"]));
    assert_eq!((&key["sources"], &key["proxy_only"]), (&serde_json::json!(["10.0.0.0/8"]), &true.into()));
    assert_eq!(key["policy"], serde_json::json!({ "methods": ["GET"], "paths": ["/users/**"] }));
    shell.fails(2, &with(&["--scope", "everything"]), "");
    assert!(shell.fails(1, &with(&["--source", "10.0.0.1/8"]), "").contains("the network is 10.0.0.0/8"));
    assert!(shell.fails(1, &with(&["--policy", "nowhere"]), "").contains("nowhere"));
    std::fs::write(shell.folder.path().join("wrong"), r#"{"colours":[]}"#).unwrap();
    assert!(shell.fails(1, &with(&["--policy", "wrong"]), "").contains("colours"));

    let run = |verb: &str, id: &str, more: &[&str]| {
        shell.run(&[["api-key", verb, id, "--application", app.as_str()].as_slice(), more].concat(), "")
    };
    let rotated = run("rotate", id, &["--overlap-hours", "1"]);
    assert!(rotated.status.success() && vault::is_api_key(String::from_utf8_lossy(&rotated.stdout).trim()));
    let keys = list();
    assert_eq!((&keys[1]["replaced_by"], &keys[1]["id"]), (&keys[0]["id"], &id.into()));
    let again = run("rotate", id, &[]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("takes this one's place already"));
    assert!(run("revoke", id, &[]).status.success());
    assert_eq!(run("revoke", id, &[]).status.code(), Some(1));
    let words = shell.done(&["api-key", "list", "--application", &app], "");
    assert!(words.contains("revoked") && words.contains("proxy-only policy"), "{words}");
}

#[test]
fn settings_that_cannot_be_are_told_together_with_exit_status_2() {
    let shell = Shell::new();
    let words = shell.fails(2, &["serve", "--listen", "x", "--public-url", "http://vault.example.com"], "");
    assert!(words.contains("KEYBEARER_LISTEN") && words.contains("KEYBEARER_PUBLIC_URL"), "{words}");
    shell.fails(2, &["serve", "--colour", "red"], "");
    shell.fails(2, &["member", "add", "--email", "a@example.com", "--role", "king"], "");
}

#[test]
fn a_founded_instance_gives_no_set_up_code() {
    let shell = Shell::new();
    shell.done(&["migrate"], "");
    assert!(shell.done(&["setup-code"], "").len() >= 22);
    let add = ["member", "add", "--email", "ada@example.com", "--role", "owner"];
    shell.fails(1, &add, "");
    shell.done(&add, "a long password");
    assert!(shell.fails(1, &["setup-code"], "").contains("already founded"));
}

#[test]
fn members_are_listed_changed_and_removed() {
    let shell = Shell::new();
    let json = |arguments: &[&str]| {
        let text = shell.done(&[arguments, &["--json"]].concat(), "");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    shell.fails(2, &["member", "list"], "");
    shell.done(&["member", "add", "--email", "ada@example.com", "--role", "owner"], "a long password");
    shell.done(&["member", "add", "--email", "bob@example.com", "--role", "viewer"], "a long password");
    shell.done(&["member", "set-role", "--email", "bob@example.com", "--role", "admin"], "");
    let listed = json(&["member", "list"]);
    assert_eq!((&listed["data"][1]["email"], &listed["data"][1]["role"]), (&"bob@example.com".into(), &"admin".into()));
    assert!(shell.done(&["member", "list"], "").contains("ada@example.com  owner"));
    let link = shell.done(&["member", "reset-password", "--email", "Ada@example.com"], "");
    assert!(link.starts_with("http://localhost:4000/reset-password/") && link.lines().count() == 1, "{link}");
    assert!(json(&["member", "reset-password", "--email", "ada@example.com"])["link"].as_str().unwrap().len() > 70);
    assert!(shell.fails(1, &["member", "remove", "--email", "ada@example.com"], "").contains("only owner"));
    assert_eq!(json(&["member", "remove", "--email", "bob@example.com"])["removed"], true);
    for gone in [&["member", "remove"], &["member", "reset-password"]] {
        let words = shell.fails(1, &[gone.as_slice(), &["--email", "bob@example.com"]].concat(), "");
        assert!(words.contains("bob@example.com is no member"), "{words}");
    }
}

#[test]
fn a_mail_servers_password_is_told_to_nobody() {
    let shell = Shell::new();
    let serve = |url: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keybearer"));
        command.args(["migrate"]).current_dir(shell.folder.path()).env_clear();
        let output = command.env("KEYBEARER_SMTP_URL", url).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    for url in ["smtps://user:canary-password@mail.example.com", "https://user:canary-password@mail.example.com"] {
        let (code, words) = serve(url);
        assert_eq!(code, Some(2), "{words}");
        assert!(words.contains("KEYBEARER_") && !words.contains("canary"), "{words}");
    }
}

#[test]
fn the_catalogue_is_checked_without_a_database() {
    let shell = Shell::new();
    assert!(shell.done(&["catalogue", "list"], "").contains("Communication"));
    let folder = shell.folder.path().join("mine");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("mine.toml"), "name = \"Mine\"\ncolour = \"red\"\n").unwrap();
    let words = shell.fails(1, &["catalogue", "check", folder.to_str().unwrap()], "");
    assert!(words.contains("mine.toml, line 2") && words.contains("colour"), "{words}");
    assert!(!shell.folder.path().join("data").exists());
}
