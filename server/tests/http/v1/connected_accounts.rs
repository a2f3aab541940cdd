mod import;
mod refresh;
mod timeline;
mod token;

use crate::support::{TestServer, link, text};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn an_account_is_shown_whole_and_found_by_its_filters() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    let account = backend.get(&format!("/v1/connected-accounts/{id}")).await.expect(200).json();
    let mut members: Vec<_> = account.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let expected = [
        "api_base_url",
        "created_at",
        "end_user",
        "expires_at",
        "id",
        "label",
        "last_refreshed_at",
        "last_used_at",
        "metadata",
        "missing_scopes",
        "provider",
        "provider_account",
        "provider_config",
        "reconnect_by",
        "scopes",
        "status",
        "status_reason",
    ];
    assert_eq!(members, expected);
    assert_eq!(account["end_user"], json!({ "id": "user_42", "name": "Ada", "email": null, "group": null }));
    assert_eq!(text(&account["provider_account"], "email"), "ada@example.com");
    for (query, found) in [
        ("end_user_id=user_42", 1),
        ("end_user_id=user_43", 0),
        ("provider=zoom&status=active", 1),
        ("status=revoked", 0),
        ("group=x", 0),
    ] {
        let list = backend.get(&format!("/v1/connected-accounts?{query}")).await.expect(200).json();
        assert_eq!(list["data"].as_array().unwrap().len(), found, "{query}");
    }
    backend.get("/v1/connected-accounts?status=broken").await.problem(422, "invalid_request");
}

#[tokio::test]
async fn a_backend_labels_an_account() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let path = format!("/v1/connected-accounts/{}", server.connected(&backend).await);
    let patch = async |body: serde_json::Value| backend.send(Method::PATCH, &path, Some(body.to_string())).await;
    let account = patch(json!({ "label": "Work", "metadata": { "plan": "pro" } })).await.expect(200).json();
    assert_eq!((&account["label"], &account["metadata"]), (&json!("Work"), &json!({ "plan": "pro" })));
    let account = patch(json!({ "label": null })).await.expect(200).json();
    assert_eq!((&account["label"], &account["metadata"]), (&json!(null), &json!({ "plan": "pro" })));
    patch(json!({ "status": "active" })).await.problem(422, "invalid_request");
}

#[tokio::test]
async fn a_revoked_account_gives_no_token_and_dies_at_the_provider() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    let token = text(&backend.token(&id).await.expect(200).json(), "access_token").to_owned();
    let path = format!("/v1/connected-accounts/{id}");
    let revoked = backend.send(Method::DELETE, &path, None).await.expect(200).json();
    assert_eq!(revoked, json!({ "status": "revoked", "provider_revocation": "revoked" }));
    assert!(!server.test.sandbox.token_is_live(&token));
    backend.token(&id).await.problem(410, "revoked");
    backend.post(&format!("{path}/refresh"), json!({})).await.problem(410, "revoked");
    backend.post(&format!("{path}/reconnect-link"), json!({})).await.problem(410, "revoked");
    let account = backend.get(&path).await.expect(200).json();
    assert_eq!(text(&account["status_reason"], "code"), "revoked_by_application");
    let again = backend.send(Method::DELETE, &path, None).await.expect(200).json();
    assert_eq!(again["provider_revocation"], "revoked");
}

#[tokio::test]
async fn a_reconnect_link_renews_this_account_and_no_other() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    let made = backend.post(&format!("/v1/connected-accounts/{id}/reconnect-link"), json!({})).await.expect(201).json();
    assert_eq!(text(&made, "reconnect"), id);
    let mut browser = server.browser();
    browser.get(link(&made)).await.expect(200).says("Reconnect Zoom to Acme");
    let callback = server.consented(&mut browser, link(&made)).await;
    browser.get(&callback).await.expect(303);
    let session = backend.get(&format!("/v1/connect-sessions/{}", text(&made, "id"))).await.expect(200).json();
    assert_eq!(text(&session["results"][0], "connected_account"), id);
}
