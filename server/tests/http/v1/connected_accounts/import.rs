use crate::support::{Backend, TestServer, logged, text};
use model::api_keys::KeyScope;
use serde_json::{Value, json};
use vault::ApiKeyForm;
use vault::testing::CLIENT_ID;

const IMPORT: &str = "/v1/connected-accounts/import";

/// A backend whose key names the scope.
async fn importer(server: &TestServer) -> Backend {
    let form = ApiKeyForm { scopes: vec![KeyScope::ConnectedAccountsImport], ..ApiKeyForm::from("importer") };
    let key = server.test.vault.add_api_key(&server.test.caller, form).await.ok().unwrap();
    Backend::new(server, Some(key.secret.expose()))
}

/// What another system has of Ada, as an import for `user_42`.
fn body(server: &TestServer) -> Value {
    let (access_token, refresh_token) = server.test.sandbox.issue(CLIENT_ID, "ada@example.com").unwrap();
    json!({
        "end_user": { "id": "user_42", "name": "Ada", "group": "acme" }, "provider_config": "zoom",
        "tokens": {
            "access_token": access_token, "refresh_token": refresh_token, "expires_at": "2026-01-01T01:00:00Z",
            "scopes": ["user:read:user"],
        },
        "label": "Work", "metadata": { "plan": "pro" },
    })
}

#[tokio::test]
async fn tokens_from_elsewhere_become_an_account_once() {
    let server = TestServer::start().await;
    let (backend, reader) = (importer(&server).await, server.backend().await);
    let body = body(&server);
    let first = backend.post_once("line-1", IMPORT, body.clone()).await.expect(201);
    let made = first.json();
    assert_eq!((&made["identity"], &made["verification"]), (&json!("confirmed"), &json!("none")));
    let account = &made["connected_account"];
    let id = text(account, "id");
    assert_eq!(*account, reader.get(&format!("/v1/connected-accounts/{id}")).await.expect(200).json());
    assert_eq!((&account["label"], &account["end_user"]["group"]), (&json!("Work"), &json!("acme")));
    assert_eq!(text(&account["provider_account"], "email"), "ada@example.com");
    let again = backend.post_once("line-1", IMPORT, body.clone()).await.expect(201);
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    let refused = backend.post(IMPORT, body.clone()).await.problem(409, "already_connected").json();
    assert_eq!(refused["connected_accounts"], json!([id]));
    let mut others = body.clone();
    others["end_user"]["id"] = json!("user_43");
    let refused = backend.post(IMPORT, others).await.problem(409, "already_connected");
    assert!(refused.json()["connected_accounts"].is_null() && !refused.body.contains(id), "{}", refused.body);
    assert_eq!(text(&reader.token(id).await.expect(200).json(), "access_token"), body["tokens"]["access_token"]);
    // No token was logged, nor answered but where it was asked for.
    for token in ["access_token", "refresh_token"] {
        let token = text(&body["tokens"], token);
        assert!(!logged().contains(token) && !first.whole().contains(token) && !refused.whole().contains(token));
    }
}

#[tokio::test]
async fn with_verify_the_answer_says_what_the_provider_said() {
    let server = TestServer::start().await;
    let backend = importer(&server).await;
    let mut good = body(&server);
    good["verify"] = json!("refresh");
    good["tokens"]["access_token"] = Value::Null;
    let made = backend.post(IMPORT, good.clone()).await.expect(201);
    let of = |made: &Value| (made["identity"].clone(), made["verification"].clone());
    assert_eq!(of(&made.json()), (json!("confirmed"), json!("refreshed")));
    assert!(!made.body.contains("eyJ") && !logged().contains(text(&good["tokens"], "refresh_token")));
    let refused = json!({
        "end_user": { "id": "user_44" }, "provider_config": "zoom", "verify": "refresh",
        "tokens": { "refresh_token": "canary-refresh-token-of-nobody" },
    });
    let made = backend.post(IMPORT, refused).await.expect(201);
    assert_eq!(of(&made.json()), (json!("unknown"), json!("refused")));
    assert_eq!(made.json()["connected_account"]["status"], "needs_reconnect");
    assert!(made.json()["warnings"][0].as_str().unwrap().contains("reconnect link"), "{}", made.body);
    assert!(!made.whole().contains("canary-refresh-token") && !logged().contains("canary-refresh-token"));
}

#[tokio::test]
async fn addresses_and_identities_are_never_taken_from_an_import() {
    let server = TestServer::start().await;
    let backend = importer(&server).await;
    let good = body(&server);
    for name in ["api_base_url", "token_url", "endpoints", "connection_config", "provider_account", "colour"] {
        let mut body = good.clone();
        body[name] = json!("https://evil.example.com");
        let refused = backend.post(IMPORT, body).await.problem(422, "invalid_request").json();
        let words = text(&refused["fields"], name).to_owned();
        let why = match name {
            "provider_account" => "the provider says to Keybearer",
            "colour" => "there are: ",
            _ => "they come from the catalogue",
        };
        assert!(words.contains(why), "{name}: {words}");
    }
    let mut inside = good.clone();
    inside["tokens"]["token_endpoint"] = json!("https://evil.example.com");
    let refused = backend.post(IMPORT, inside).await.problem(422, "invalid_request").json();
    assert!(text(&refused["fields"], "tokens.token_endpoint").contains("catalogue"), "{refused}");
    let mut misplaced = good.clone();
    misplaced["tokens"]["expires_at"] = good["tokens"]["access_token"].clone();
    let refused = backend.post(IMPORT, misplaced).await.problem(422, "invalid_request");
    assert!(!refused.body.contains("eyJ"), "{}", refused.body);
    backend.post(IMPORT, json!({ "tokens": {} })).await.problem(422, "invalid_request");
    backend.post(IMPORT, good).await.expect(201);
}

#[tokio::test]
async fn it_takes_a_key_that_names_the_scope_and_a_provider_config_of_its_application() {
    let server = TestServer::start().await;
    let good = body(&server);
    server.backend().await.post(IMPORT, good.clone()).await.problem(403, "missing_scope");
    let backend = importer(&server).await;
    let mut elsewhere = good.clone();
    elsewhere["provider_config"] = json!("zoom-admin");
    backend.post(IMPORT, elsewhere).await.problem(404, "not_found");
    let vault = &server.test.vault;
    vault.set_provider_config_disabled(&server.test.caller, "zoom", true).await.ok().unwrap();
    backend.post(IMPORT, good).await.problem(409, "provider_config_disabled");
}
