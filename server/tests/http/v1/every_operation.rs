//! What holds for every operation of the API.

use crate::support::{Backend, TestServer, text};
use reqwest::Method;
use serde_json::json;

/// Every operation on things of the application, with the account's and the session's id put in.
fn operations(account: &str, session: &str) -> Vec<(Method, String, Option<String>)> {
    let body = |value: serde_json::Value| Some(value.to_string());
    let account_path = |rest: &str| format!("/v1/connected-accounts/{account}{rest}");
    vec![
        (Method::GET, format!("/v1/connect-sessions/{session}"), None),
        (Method::POST, format!("/v1/connect-sessions/{session}/confirm"), body(json!({ "code": "x" }))),
        (Method::GET, account_path(""), None),
        (Method::GET, account_path("/timeline"), None),
        (Method::PATCH, account_path(""), body(json!({ "label": "x" }))),
        (Method::POST, account_path("/token"), None),
        (Method::POST, account_path("/refresh"), None),
        (Method::POST, account_path("/reconnect-link"), None),
        (Method::DELETE, account_path(""), None),
        (Method::POST, "/v1/token".to_owned(), body(json!({ "end_user_id": "user_42", "provider": "zoom" }))),
        (Method::POST, "/v1/end-users/user_42/manage-link".to_owned(), None),
        (Method::GET, "/v1/provider-configs/zoom".to_owned(), None),
        (Method::DELETE, "/v1/provider-configs/zoom".to_owned(), None),
    ]
}

/// Those that are there for every application.
fn general() -> Vec<(Method, String, Option<String>)> {
    let paths =
        ["application", "connect-sessions", "connected-accounts", "providers", "providers/zoom", "provider-configs"];
    let reads = paths.iter().map(|path| (Method::GET, format!("/v1/{path}"), None));
    let writes = [
        (Method::POST, "/v1/connect-sessions".to_owned(), Some(json!({ "end_user": { "id": "u" } }).to_string())),
        (Method::PUT, "/v1/provider-configs/zoom".to_owned(), Some(json!({ "client_id": "x" }).to_string())),
    ];
    reads.chain(writes).collect()
}

async fn ids(server: &TestServer, backend: &Backend) -> (String, String) {
    let account = server.connected(backend).await;
    (account, text(&backend.session(json!({})).await, "id").to_owned())
}

#[tokio::test]
async fn without_a_key_every_operation_is_401() {
    let server = TestServer::start().await;
    let (account, session) = ids(&server, &server.backend().await).await;
    for key in [None, Some("kb_test_wrong".to_owned())] {
        let mut nobody = server.nobody();
        nobody.key = key;
        for (method, path, body) in operations(&account, &session).into_iter().chain(general()) {
            let answer = nobody.send(method, &path, body).await.problem(401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{path}");
        }
    }
}

#[tokio::test]
async fn what_belongs_to_another_application_is_404_and_stays_as_it_is() {
    let server = TestServer::start().await;
    let (backend, stranger) = (server.backend().await, server.stranger().await);
    let (account, session) = ids(&server, &backend).await;
    for (method, path, body) in operations(&account, &session) {
        stranger.send(method, &path, body).await.problem(404, "not_found");
    }
    for list in ["/v1/connect-sessions", "/v1/connected-accounts", "/v1/provider-configs"] {
        assert_eq!(stranger.get(list).await.expect(200).json()["data"], json!([]), "{list}");
    }
    let seen = backend.get(&format!("/v1/connected-accounts/{account}")).await.expect(200).json();
    assert_eq!((&seen["status"], &seen["label"]), (&json!("active"), &json!(null)));
}

#[tokio::test]
async fn an_id_of_the_wrong_shape_is_404() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    for id in ["x", "ca_1", "cs_01h455vb4pex5vsknk084sn02q", "%00", "ca_01H455VB4PEX5VSKNK084SN02Q"] {
        backend.get(&format!("/v1/connected-accounts/{id}")).await.problem(404, "not_found");
        backend.token(id).await.problem(404, "not_found");
    }
    backend.get("/v1/nothing/here").await.problem(404, "not_found");
    backend.get("/v1").await.problem(404, "not_found");
    backend.get("/v1/").await.problem(404, "not_found");
}

#[tokio::test]
async fn a_key_in_the_address_is_refused_valid_or_not() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let valid = backend.key.clone().unwrap();
    for query in [format!("api_key={valid}"), "x=kb_live_nonsense".to_owned(), "kb_test_1".to_owned()] {
        for from in [&backend, &server.nobody()] {
            from.get(&format!("/v1/connected-accounts?{query}")).await.problem(400, "key_in_query");
        }
    }
}

#[tokio::test]
async fn another_method_is_405_and_says_which_are_there() {
    let server = TestServer::start().await;
    let answer = server.backend().await.send(Method::PUT, "/v1/connect-sessions", None).await;
    let answer = answer.problem(405, "method_not_allowed");
    assert!(answer.header("allow").contains("POST"));
}

#[tokio::test]
async fn bodies_must_be_json_of_known_members_and_not_too_large() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let send = async |body: String| backend.send(Method::POST, "/v1/connect-sessions", Some(body)).await;
    send("{".into()).await.problem(400, "malformed_body");
    send("[]".into()).await.problem(400, "malformed_body");
    let answer = send(r#"{"end_user":{"id":"u","nick":"x"},"colour":"red"}"#.into()).await;
    let fields = answer.problem(422, "invalid_request").json()["fields"].clone();
    assert_eq!(fields.as_object().unwrap().keys().collect::<Vec<_>>(), ["colour", "end_user.nick"]);
    send(format!("{{\"x\":\"{}\"}}", "x".repeat(70_000))).await.expect(413);
}

#[tokio::test]
async fn an_address_that_guesses_keys_has_to_wait_while_others_go_on() {
    let server = TestServer::start().await;
    let (backend, guesser) = (server.backend().await, server.nobody());
    for _ in 0..120 {
        guesser.get("/v1/providers").await.expect(401);
    }
    let answer = guesser.get("/v1/providers").await.problem(429, "too_many_requests");
    assert_eq!(answer.header("retry-after"), "60");
    backend.get("/v1/providers").await.expect(200);
}
