use crate::support::{TestServer, text};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_token_is_found_by_end_user_and_provider_unless_several_fit() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let ada = server.connected(&backend).await;
    let body = json!({ "end_user_id": "user_42", "provider": "zoom" });
    let answer = backend.post("/v1/token", body.clone()).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.json(), backend.token(&ada).await.expect(200).json());
    let grace = server.test.connect("user_42", "grace@example.com").await.to_string();
    let problem = backend.post("/v1/token", body).await.problem(409, "several_accounts").json();
    let ids = problem["connected_accounts"].as_array().unwrap();
    assert!([ada, grace].iter().all(|id| ids.contains(&json!(id))), "{problem}");
    let missing = backend.post("/v1/token", json!({})).await.problem(422, "invalid_request").json();
    assert!(["end_user_id", "provider"].iter().all(|name| !text(&missing["fields"], name).is_empty()));
    for (end_user, provider, says) in [
        ("x", "zoom", "\"x\" has not connected zoom: open a connect session"),
        ("user_42", "zom", "no provider \"zom\". It has: zoom."),
    ] {
        let body = json!({ "end_user_id": end_user, "provider": provider });
        let problem = backend.post("/v1/token", body).await.problem(404, "not_found").json();
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
    }
}

#[tokio::test]
async fn a_revoked_account_is_410_by_its_id_and_by_its_end_user() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let ada = server.connected(&backend).await;
    backend.send(Method::DELETE, &format!("/v1/connected-accounts/{ada}"), None).await.expect(200);
    let by_id = backend.token(&ada).await.problem(410, "revoked").json();
    let body = json!({ "end_user_id": "user_42", "provider": "zoom" });
    let by_end_user = backend.post("/v1/token", body).await.problem(410, "revoked").json();
    assert_eq!((&by_id["type"], &by_id["detail"]), (&by_end_user["type"], &by_end_user["detail"]));
}
