//! `Idempotency-Key`: a call that is sent again is made once.

use crate::support::{Answer, Backend, TestServer, link, text};
use model::api_keys::KeyScope;
use serde_json::{Value, json};
use vault::ApiKeyForm;
use vault::testing::Onlooker;

const SESSIONS: &str = "/v1/connect-sessions";

fn session() -> Value {
    json!({ "end_user": { "id": "user_42" } })
}

async fn sessions(backend: &Backend) -> usize {
    backend.get(SESSIONS).await.expect(200).json()["data"].as_array().unwrap().len()
}

#[track_caller]
fn replayed(answer: Answer) -> Answer {
    assert_eq!(answer.header("idempotent-replayed"), "true", "{}", answer.body);
    answer
}

#[tokio::test]
async fn a_call_sent_again_is_answered_as_before_and_made_once() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let first = backend.post_once("order-1", SESSIONS, session()).await.expect(201);
    assert!(first.headers.get("idempotent-replayed").is_none());
    let again = replayed(backend.post_once("order-1", SESSIONS, session()).await.expect(201));
    assert_eq!((&again.body, again.header("content-type")), (&first.body, first.header("content-type")));
    assert_eq!(again.header("cache-control"), first.header("cache-control"));
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    assert!(!link(&again.json()).is_empty() && sessions(&backend).await == 1);
    // Another key, or none, is another call.
    backend.post_once("order-2", SESSIONS, session()).await.expect(201);
    backend.post(SESSIONS, session()).await.expect(201);
    assert_eq!(sessions(&backend).await, 3);
    // Nothing of the link lies in the database in clear.
    let secret = link(&first.json()).rsplit('/').next().unwrap().to_owned();
    let stored = Onlooker::at(&server.test.database_url).await.idempotency_keys().await.concat();
    let bytes = String::from_utf8_lossy(&server.test.database_bytes()).into_owned();
    assert!(stored.contains("app_") && !stored.contains(&secret) && !bytes.contains(&secret));
}

#[tokio::test]
async fn another_call_under_the_same_key_is_refused() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = text(&backend.post_once("k", SESSIONS, session()).await.expect(201).json(), "id").to_owned();
    let mut other = session();
    other["expires_in"] = json!(60);
    backend.post_once("k", SESSIONS, other).await.problem(422, "idempotency_key_reused");
    let elsewhere = format!("{SESSIONS}/{id}/confirm");
    backend.post_once("k", &elsewhere, session()).await.problem(422, "idempotency_key_reused");
    backend.post_once("", SESSIONS, session()).await.problem(422, "invalid_request");
    backend.post_once(&"x".repeat(256), SESSIONS, session()).await.problem(422, "invalid_request");
    assert_eq!(sessions(&backend).await, 1);
    // Keys are the application's own.
    server.stranger().await.post_once("k", SESSIONS, json!({ "nonsense": 1 })).await.problem(422, "invalid_request");
}

#[tokio::test]
async fn a_mistake_is_told_again_under_the_request_of_its_own() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let wrong = json!({ "colour": "red" });
    let first = backend.post_once("wrong", SESSIONS, wrong.clone()).await.problem(422, "invalid_request");
    let again = replayed(backend.post_once("wrong", SESSIONS, wrong).await.problem(422, "invalid_request"));
    assert_eq!(first.json()["fields"], again.json()["fields"]);
    assert_ne!(first.json()["request_id"], again.json()["request_id"]);
}

#[tokio::test]
async fn what_failed_on_our_side_may_be_made_again() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    server.test.hide_table("connect_sessions", true).await;
    backend.post_once("broken", SESSIONS, session()).await.problem(500, "internal_error");
    server.test.hide_table("connect_sessions", false).await;
    let made = backend.post_once("broken", SESSIONS, session()).await.expect(201);
    assert!(made.headers.get("idempotent-replayed").is_none() && sessions(&backend).await == 1);
}

#[tokio::test]
async fn calls_at_once_on_two_servers_are_made_once() {
    let mut server = TestServer::start().await;
    let one = server.backend().await;
    let two = one.at(&server.second_server().await);
    let calls = (0..10).map(|n| if n % 2 == 0 { one.clone() } else { two.clone() });
    let answers = futures::future::join_all(
        calls.map(|backend| async move { backend.post_once("once", SESSIONS, session()).await }),
    );
    for answer in answers.await {
        if answer.status == 201 {
            continue;
        }
        let answer = answer.problem(409, "idempotency_in_progress");
        assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
    }
    assert_eq!(sessions(&one).await, 1);
    replayed(two.post_once("once", SESSIONS, session()).await.expect(201));
}

#[tokio::test]
async fn tokens_are_never_stored() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    for _ in 0..2 {
        let path = format!("/v1/connected-accounts/{account}/token");
        let answer = backend.post_once("token", &path, json!({})).await.expect(200);
        assert!(answer.headers.get("idempotent-replayed").is_none());
        let by_end_user = json!({ "end_user_id": "user_42", "provider": "zoom" });
        backend.post_once("token", "/v1/token", by_end_user).await.expect(200);
    }
    backend.get(&format!("/v1/connected-accounts/{account}")).await.expect(200);
    assert_eq!(Onlooker::at(&server.test.database_url).await.idempotency_keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_could_not_have_made_the_call_does_not_hear_its_answer() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    backend.post_once("shared", SESSIONS, session()).await.expect(201);
    let narrow = ApiKeyForm { scopes: vec![KeyScope::ConnectSessionsRead], ..ApiKeyForm::from("narrow") };
    let narrow = server.test.vault.add_api_key(&server.test.caller, narrow).await.ok().unwrap();
    let narrow = Backend::new(&server, Some(narrow.secret.expose()));
    narrow.post_once("shared", SESSIONS, session()).await.problem(403, "missing_scope");
    narrow.post_once("own", SESSIONS, session()).await.problem(403, "missing_scope");
    server.nobody().post_once("shared", SESSIONS, session()).await.problem(401, "unauthorized");
    // What was never let in has taken no key.
    backend.post_once("own", SESSIONS, session()).await.expect(201);
}
