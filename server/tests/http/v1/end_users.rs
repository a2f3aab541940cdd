use crate::support::{TestServer, text};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/v1/end-users/user_42/manage-link";

#[tokio::test]
async fn a_manage_link_lives_for_an_hour_or_as_long_as_asked() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    backend.session(json!({})).await;
    let link = backend.post(PATH, json!({})).await.expect(201);
    assert_eq!(link.header("cache-control"), "no-store");
    let link = link.json();
    assert!(text(&link, "url").starts_with(&server.url("/connect/manage/")));
    assert_eq!(text(&link, "expires_at"), "2026-01-01T01:00:00.000Z");
    let link = backend.post(PATH, json!({ "expires_in": 86_400 })).await.expect(201).json();
    assert_eq!(text(&link, "expires_at"), "2026-01-02T00:00:00.000Z");
    for odd in [59, 86_401, -1] {
        backend.post(PATH, json!({ "expires_in": odd })).await.problem(422, "invalid_request");
    }
    let elsewhere = json!({ "return_url": "https://evil.example/" });
    let problem = backend.post(PATH, elsewhere).await.problem(422, "invalid_request").json();
    assert!(problem["fields"]["return_url"].is_string(), "{problem}");
    backend.post(PATH, json!({ "nothing": 1 })).await.problem(422, "invalid_request");
}

#[tokio::test]
async fn ids_of_end_users_are_the_developers_own_and_unknown_ones_are_404() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let body = json!({ "end_user": { "id": "Zoë/7 @x" } });
    backend.post("/v1/connect-sessions", body).await.expect(201);
    backend.post("/v1/end-users/Zo%C3%AB%2F7%20@x/manage-link", json!({})).await.expect(201);
    for unknown in ["nobody", "%00", "%FF", "ca_1"] {
        backend.post(&format!("/v1/end-users/{unknown}/manage-link"), json!({})).await.problem(404, "not_found");
    }
    server.stranger().await.post(PATH, json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn end_users_are_listed_read_and_changed_by_the_developers_own_ids() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    for (id, group) in [("user_1", "Example"), ("a/b", "Other")] {
        let body = json!({ "end_user": { "id": id, "name": "Ada", "group": group } });
        backend.post("/v1/connect-sessions", body).await.expect(201);
    }
    let list = backend.get("/v1/end-users?limit=1").await.expect(200).json();
    assert_eq!(text(&list["data"][0], "id"), "a/b");
    let next = format!("/v1/end-users?cursor={}", text(&list, "next_cursor"));
    assert_eq!(text(&backend.get(&next).await.expect(200).json()["data"][0], "id"), "user_1");
    let found = backend.get("/v1/end-users?group=Example&search=USER").await.expect(200).json();
    assert_eq!(found["data"].as_array().unwrap().len(), 1);

    let patch = json!({ "name": null, "email": "ada@example.com" }).to_string();
    let changed = backend.send(Method::PATCH, "/v1/end-users/a%2Fb", Some(patch)).await.expect(200).json();
    assert_eq!((&changed["name"], text(&changed, "email")), (&json!(null), "ada@example.com"));
    assert_eq!(backend.get("/v1/end-users/a%2Fb").await.expect(200).json(), changed);
    let refused = backend.send(Method::PATCH, "/v1/end-users/a%2Fb", Some(json!({ "name": "" }).to_string())).await;
    assert!(refused.problem(422, "invalid_request").json()["fields"]["name"].is_string());
    for unknown in ["nobody", "%00", "%FF"] {
        backend.get(&format!("/v1/end-users/{unknown}")).await.problem(404, "not_found");
    }
}
