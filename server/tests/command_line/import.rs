//! `keybearer connected-account import`.

use super::Shell;
use serde_json::{Value, json};
use vault::testing::sandbox::{self, BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Sandbox};

/// An application with a provider config, and the provider.
struct World {
    sandbox: Sandbox,
    shell: Shell,
    app: String,
}

impl World {
    async fn new() -> Self {
        let sandbox = Sandbox::start(sandbox::Options::default()).await.unwrap();
        let shell = Shell { sandbox: Some(sandbox.address().to_string()), ..Shell::new() };
        shell.done(&["member", "add", "--email", "ada@example.com", "--role", "owner"], "a long password\n");
        let app = shell.done(&["application", "add", "Acme", "--environment", "development"], "");
        let set = ["provider-config", "set", "zoom", "--application", &app, "--client-id", BUILT_IN_CLIENT_ID];
        shell.done(&set, BUILT_IN_CLIENT_SECRET);
        Self { sandbox, shell, app }
    }

    /// What another system has of a user.
    fn tokens(&self, user: &str) -> (String, String) {
        self.sandbox.issue(BUILT_IN_CLIENT_ID, user).unwrap()
    }

    fn command<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["connected-account", "import", "--application", self.app.as_str()], more].concat()
    }

    fn accounts(&self) -> Value {
        let list = self.shell.done(&["connected-account", "list", "--application", &self.app, "--json"], "");
        serde_json::from_str::<Value>(&list).unwrap().get("data").cloned().unwrap()
    }
}

fn later() -> String {
    vault::rfc3339(vault::Clock::system().now() + vault::HOUR)
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_nango_are_imported_and_the_second_time_skipped() {
    let world = World::new().await;
    let (access, refresh) = world.tokens("ada@example.com");
    let connection = |id: &str, credentials: Value| {
        json!({
            "connection_id": id, "provider_config_key": "zoom-prod", "provider": "zoom", "credentials": credentials,
            "end_user": { "id": "user_42", "email": "ada@example.com", "display_name": "Ada" },
            "connection_config": { "token_url": "https://evil.example.com" }, "metadata": { "plan": "pro" },
        })
    };
    let good =
        json!({ "type": "OAUTH2", "access_token": access, "refresh_token": refresh, "expires_at": later(), "raw": {} });
    let key = json!({ "type": "API_KEY", "apiKey": "canary-api-key" });
    let file = json!([connection("conn-1", good), connection("conn-2", key)]);
    std::fs::write(world.shell.folder.path().join("connections.json"), file.to_string()).unwrap();
    let import = |more: &[&str]| {
        let all = [&["--format", "nango", "connections.json"], more].concat();
        let output = world.shell.run(&world.command(&all), "");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        for secret in [access.as_str(), refresh.as_str(), "canary-api-key"] {
            assert!(!said.contains(secret), "{said}");
        }
        (output.status.code(), said)
    };
    let (code, said) = import(&[]);
    assert!(code == Some(1) && said.contains("1: failed: ") && said.contains("--map OLD=KEY"), "{said}");
    let map = ["--map", "zoom-prod=zoom"];
    let (code, said) = import(&[&map[..], &["--verify", "refresh"]].concat());
    assert!(code == Some(1) && said.contains("--old-system-is-off"), "{said}");
    let (code, said) = import(&[&map[..], &["--dry-run"]].concat());
    assert!(code == Some(0) && said.contains("1: would be imported"), "{said}");
    assert_eq!(world.accounts(), json!([]));
    let (code, said) = import(&map);
    assert!(code == Some(0) && said.contains("1: imported ca_") && said.contains("identity confirmed"), "{said}");
    assert!(
        said.contains("2: skipped: its credentials are API_KEY") && said.contains("1 imported, 1 skipped"),
        "{said}"
    );
    assert!(said.contains("switch the old one off"), "{said}");
    let accounts = world.accounts();
    assert_eq!(accounts[0]["provider_account"]["email"], "ada@example.com");
    assert_eq!(accounts[0]["metadata"], json!({ "plan": "pro", "nango_connection_id": "conn-1" }));
    assert!(accounts[0]["api_base_url"].as_str().unwrap().starts_with(&world.sandbox.base_url()));
    let (code, said) = import(&map);
    let again = format!("1: skipped: These tokens were imported already, as {}", accounts[0]["id"].as_str().unwrap());
    assert!(code == Some(0) && said.contains(&again), "{said}");
    let events = world.shell.done(&["event", "list", "--application", &world.app, "--json"], "");
    assert!(!events.contains(&refresh) && events.contains("connected_account.imported"), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_ends_for_itself() {
    let world = World::new().await;
    let ((_, ada), (_, grace)) = (world.tokens("ada@example.com"), world.tokens("grace@example.com"));
    let line = |end_user: &str, tokens: Value| json!({ "end_user": { "id": end_user }, "tokens": tokens }).to_string();
    let input = [
        line("user_1", json!({ "refresh_token": ada })),
        "{\"tokens\": \"canary-refresh-token".to_owned(),
        String::new(),
        line("user_2", json!({ "refresh_token": "canary-refresh-token", "token_url": "https://evil.example.com" })),
        line("user_3", json!({ "refresh_token": grace })),
        line("user_4", json!({ "refresh_token": "canary-refresh-token" })),
    ];
    let options = ["--format", "json-lines", "--provider-config", "zoom", "--verify", "refresh", "--old-system-is-off"];
    let output = world.shell.run(&world.command(&[&options[..], &["--json"]].concat()), &input.join("\n"));
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8([output.stdout.clone(), output.stderr].concat()).unwrap();
    assert!(!said.contains("canary") && !said.contains(&ada) && !said.contains(&grace), "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["imported"], &report["skipped"], &report["failed"]), (&json!(3), &json!(0), &json!(2)));
    let lines = report["lines"].as_array().unwrap();
    let ends: Vec<_> = lines.iter().map(|l| (l["number"].as_u64().unwrap(), l["outcome"].as_str().unwrap())).collect();
    assert_eq!(ends, [(1, "imported"), (2, "failed"), (4, "failed"), (5, "imported"), (6, "imported")]);
    assert_eq!((&lines[0]["identity"], &lines[0]["verification"]), (&json!("confirmed"), &json!("refreshed")));
    assert!(lines[2]["detail"].as_str().unwrap().contains("they come from the catalogue"), "{said}");
    assert_eq!(lines[4]["verification"], "refused");
    // A line may not renew tokens by itself either.
    let mut by_itself: Value = serde_json::from_str(&input[5]).unwrap();
    by_itself["verify"] = json!("refresh");
    let arguments = world.command(&options[..4]);
    let words = world.shell.run(&arguments, &by_itself.to_string());
    assert!(String::from_utf8_lossy(&words.stdout).contains("--old-system-is-off"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sees_what_stands_twice_and_a_broken_byte_ends_its_line_alone() {
    let world = World::new().await;
    let (_, refresh) = world.tokens("ada@example.com");
    let line = |end_user: &str| {
        json!({ "end_user": { "id": end_user }, "provider_config": "zoom", "tokens": { "refresh_token": refresh } })
            .to_string()
            .into_bytes()
    };
    let first = [b"\xef\xbb\xbf".to_vec(), line("user_1")].concat();
    let input = [first, b"{\"end_user\": \"\xff\"}\r".to_vec(), line("user_2")].join(&b'\n');
    std::fs::write(world.shell.folder.path().join("tokens.jsonl"), input).unwrap();
    let ends = |more: &[&str]| {
        let output = world
            .shell
            .run(&world.command(&[&["--format", "json-lines", "tokens.jsonl", "--json"], more].concat()), "");
        assert_eq!(output.status.code(), Some(1));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let lines = report["lines"].as_array().unwrap().clone();
        lines
            .iter()
            .map(|l| (l["outcome"].clone(), l["detail"].as_str().unwrap_or_default().to_owned()))
            .collect::<Vec<_>>()
    };
    let dry = ends(&["--dry-run"]);
    assert_eq!(dry[0], (json!("would_import"), String::new()));
    assert_eq!(dry[2], (json!("skipped"), "Line 1 has the same tokens.".to_owned()));
    let real = ends(&[]);
    assert_eq!((&real[0].0, &real[2].0), (&json!("imported"), &json!("skipped")));
    for lines in [dry, real] {
        assert!(lines[1].0 == "failed" && lines[1].1.starts_with("it is not JSON, at column"), "{lines:?}");
    }
}
