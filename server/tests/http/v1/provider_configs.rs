use crate::support::{Backend, TestServer, text};
use reqwest::Method;
use serde_json::{Value, json};
use vault::testing::{CLIENT_ID, CLIENT_SECRET};

async fn put(backend: &Backend, key: &str, body: Value) -> crate::support::Answer {
    backend.send(Method::PUT, &format!("/v1/provider-configs/{key}"), Some(body.to_string())).await
}

#[tokio::test]
async fn a_secret_goes_in_and_never_comes_out() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let body = json!({ "provider": "zoom", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET });
    let saved = put(&backend, "zoom-admin", body).await.expect(200);
    let config = saved.json();
    assert_eq!((text(&config, "state"), text(&config, "verdict")), ("active", "accepted"));
    assert!(text(&config, "redirect_uri").ends_with("/zoom-admin"));
    let list = backend.get("/v1/provider-configs").await.expect(200);
    let one = backend.get("/v1/provider-configs/zoom-admin").await.expect(200);
    for answer in [&saved, &list, &one] {
        assert!(!answer.whole().contains(CLIENT_SECRET) && !answer.body.contains("secret"));
    }
    assert_eq!(list.json()["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn refused_credentials_are_not_saved_unless_wanted() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let mut body = json!({ "provider": "zoom", "client_id": CLIENT_ID, "client_secret": "not-the-secret" });
    let refused = put(&backend, "second", body.clone()).await.problem(422, "credentials_rejected").json();
    assert!(text(&refused, "detail").contains("invalid_client"), "{refused}");
    backend.get("/v1/provider-configs/second").await.problem(404, "not_found");
    body["save_anyway"] = json!(true);
    let saved = put(&backend, "second", body).await.expect(200).json();
    assert_eq!(text(&saved, "state"), "rejected");
}

#[tokio::test]
async fn an_unknown_provider_is_named() {
    let server = TestServer::start().await;
    let answer = put(&server.backend().await, "nobody", json!({ "client_id": "x", "client_secret": "y" })).await;
    assert!(answer.problem(422, "invalid_request").json()["fields"]["provider"].is_string());
}

#[tokio::test]
async fn removing_a_provider_config_revokes_its_accounts() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let removed = backend.send(Method::DELETE, "/v1/provider-configs/zoom", None).await.expect(200).json();
    assert_eq!(removed, json!({ "key": "zoom", "state": "removed", "revoked_accounts": 1 }));
    backend.token(&account).await.problem(410, "revoked");
}

#[tokio::test]
async fn another_client_id_takes_nothing_away_from_accounts_of_the_old_one() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let mut second = vault::testing::client();
    second.client_id = "SecondClient_000000001".into();
    second.client_secret = "second-secret-00000000000000000a".into();
    server.test.sandbox.add_client(second).unwrap();
    let body = json!({ "client_id": "SecondClient_000000001", "client_secret": "second-secret-00000000000000000a" });
    let saved = put(&backend, "zoom", body).await.expect(200).json();
    assert_eq!((text(&saved, "client_id"), &saved["active_accounts"]), ("SecondClient_000000001", &json!(1)));
    backend.token(&account).await.expect(200);
}

#[tokio::test]
async fn counts_are_exact_beyond_what_a_page_counts() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    server.test.seed(10_050, server.test.clock.now()).await;
    let config = backend.get("/v1/provider-configs/zoom").await.expect(200).json();
    assert_eq!((&config["active_accounts"], &config["accounts_needing_reconnect"]), (&json!(10_050), &json!(0)));
}
