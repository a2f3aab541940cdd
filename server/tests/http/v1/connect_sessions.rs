use crate::support::{TestServer, link, text};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_session_is_as_the_backend_asked_and_its_link_is_told_once() {
    let server = TestServer::start().await;
    server.allow_return("https://app.example.com/done").await;
    let backend = server.backend().await;
    let created = backend
        .session(
            json!({ "return_url": "https://app.example.com/done?tab=1", "metadata": { "a": "b" }, "expires_in": 60 }),
        )
        .await;
    assert!(link(&created).starts_with(&server.url("/connect/")));
    assert_eq!(created["end_user"], json!({ "id": "user_42", "name": "Ada", "email": null, "group": null }));
    assert_eq!((text(&created, "status"), &created["results"]), ("open", &json!([])));
    let seen = backend.get(&format!("/v1/connect-sessions/{}", text(&created, "id"))).await.expect(200).json();
    let mut expected = created.clone();
    expected.as_object_mut().unwrap().remove("url");
    assert_eq!(seen, expected);
    let list = backend.get("/v1/connect-sessions?limit=1").await.expect(200).json();
    assert_eq!(list, json!({ "data": [expected], "next_cursor": null }));
}

#[tokio::test]
async fn a_browser_returns_only_to_what_is_registered() {
    let server = TestServer::start().await;
    server.allow_return("https://app.example.com/done").await;
    let backend = server.backend().await;
    for (name, value) in [
        ("return_url", "https://app.example.com/done/"),
        ("return_url", "https://app.example.com.evil.example/done"),
        ("return_url", "https://user@app.example.com/done"),
        ("return_url", "//evil.example"),
        ("return_url", "javascript:alert(1)"),
        ("origin", "https://evil.example"),
        ("origin", "https://app.example.com/done"),
        ("origin", "*"),
    ] {
        let body = json!({ "end_user": { "id": "u" }, name: value });
        let answer = backend.post("/v1/connect-sessions", body).await.problem(422, "invalid_request");
        assert!(answer.json()["fields"][name].is_string(), "{value}");
    }
}

#[tokio::test]
async fn a_confirmed_session_counts_only_with_the_code_that_came_back() {
    let server = TestServer::start().await;
    server.allow_return("https://app.example.com/done").await;
    let backend = server.backend().await;
    let members = json!({ "completion": "confirmed", "return_url": "https://app.example.com/done" });
    let session = backend.session(members).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let result = browser.get(&callback).await.location();
    let back = browser.get(&result).await.location();
    let code = url::Url::parse(&back).unwrap().query_pairs().find(|(n, _)| n == "code").unwrap().1.into_owned();

    let path = format!("/v1/connect-sessions/{}", text(&session, "id"));
    assert_eq!(text(&backend.get(&path).await.expect(200).json(), "status"), "awaiting_confirmation");
    assert_eq!(backend.get("/v1/connected-accounts").await.expect(200).json()["data"], json!([]));
    let confirm = format!("{path}/confirm");
    backend.post(&confirm, json!({ "code": "not-it" })).await.problem(409, "wrong_code");
    let confirmed = backend.post(&confirm, json!({ "code": code })).await.expect(200).json();
    assert_eq!(text(&confirmed, "status"), "completed");
    let account = text(&confirmed["results"][0], "connected_account");
    backend.token(account).await.expect(200);
    backend.post(&confirm, json!({ "code": code })).await.problem(409, "not_awaiting_confirmation");
}

#[tokio::test]
async fn lists_go_on_where_they_stopped() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.insert(0, text(&backend.session(json!({})).await, "id").to_owned());
    }
    let first = backend.get("/v1/connect-sessions?limit=2").await.expect(200).json();
    let next = backend.get(&format!("/v1/connect-sessions?limit=2&cursor={}", text(&first, "next_cursor"))).await;
    let next = next.expect(200).json();
    let ids: Vec<_> =
        [&first, &next].iter().flat_map(|page| page["data"].as_array().unwrap()).map(|s| text(s, "id")).collect();
    assert_eq!(ids, made);
    assert_eq!(next["next_cursor"], json!(null));
    for query in ["limit=0", "limit=101", "limit=x", "cursor=x", "colour=red"] {
        backend.get(&format!("/v1/connect-sessions?{query}")).await.problem(422, "invalid_request");
    }
}

#[tokio::test]
async fn tests_of_provider_configs_are_none_of_a_backends_sessions() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let test = server.test.vault.begin_connection_test(&server.test.caller, "zoom").await.unwrap();
    backend.get(&format!("/v1/connect-sessions/{}", test.id)).await.problem(404, "not_found");
    let list = backend.get("/v1/connect-sessions").await.expect(200).json();
    assert_eq!(list["data"], json!([]));
    let body = json!({ "end_user": { "id": "keybearer:test" } }).to_string();
    let answer = backend.send(Method::POST, "/v1/connect-sessions", Some(body)).await;
    assert!(answer.problem(422, "invalid_request").json()["fields"]["end_user.id"].is_string());
}
