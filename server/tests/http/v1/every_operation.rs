//! What holds for every operation of the API.

use crate::support::{Answer, Backend, Described, Operation, TestServer, text};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;

/// The application's things by the collections that addresses name.
pub(super) struct Things(pub(super) BTreeMap<&'static str, String>);

impl Things {
    pub(super) async fn of(server: &TestServer, backend: &Backend) -> Self {
        let account = server.connected(backend).await;
        let session = text(&backend.session(json!({})).await, "id").to_owned();
        let (endpoint, delivery) = endpoint(backend).await;
        Self(BTreeMap::from([
            ("connected-accounts", account.clone()),
            ("proxy", account),
            // What follows the account is the provider's.
            ("{account}", "users/me".to_owned()),
            ("webhook-endpoints", endpoint),
            ("deliveries", delivery),
            ("connect-sessions", session),
            ("end-users", "user_42".to_owned()),
            ("provider-configs", "zoom".to_owned()),
            ("providers", "zoom".to_owned()),
        ]))
    }

    /// An operation's address. What stands before a parameter says whose id it is.
    fn address(&self, operation: &Operation) -> String {
        let mut before = "";
        let parts = operation.path.split('/').map(|part| {
            let collection = std::mem::replace(&mut before, part);
            if !part.starts_with('{') {
                return part;
            }
            let id = self.0.get(collection);
            id.unwrap_or_else(|| {
                panic!("no test has a thing of {collection}: add one to Things, for {}", operation.path)
            })
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

/// An endpoint that nothing listens at, and the delivery of a test.
async fn endpoint(backend: &Backend) -> (String, String) {
    let body = json!({ "url": "https://webhooks.invalid/" });
    let id = text(&backend.post("/v1/webhook-endpoints", body).await.expect(201).json(), "id").to_owned();
    let sent = backend.post(&format!("/v1/webhook-endpoints/{id}/test"), json!({})).await.expect(200).json();
    (id, text(&sent, "id").to_owned())
}

/// The example of an operation's body. The provider that these tests have is another one, and nobody hears of them.
fn body(operation: &Operation) -> Option<String> {
    let example = &operation.of["requestBody"]["content"]["application/json"]["example"];
    example.is_object().then(|| {
        example.to_string().replace("\"sandbox\"", "\"zoom\"").replace("app.example.com/webhooks", "webhooks.invalid/")
    })
}

/// Calls an operation on these things.
pub(super) async fn send(backend: &Backend, operation: &Operation, things: &Things) -> Answer {
    let method = Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap();
    backend.send(method, &things.address(operation), body(operation)).await
}

fn is_proxied(operation: &Operation) -> bool {
    operation.path.starts_with("/v1/proxy/")
}

/// Whether it asks for a thing that somebody made: by the address, or by an id in the body. The catalogue is everybody's, and
/// a PUT makes what is not there.
fn names_a_thing(described: &Described, operation: &Operation) -> bool {
    let everybodys = operation.of["security"][0]["api_key"] == json!([]);
    let schema = described.resolve(&operation.of["requestBody"]["content"]["application/json"]["schema"]);
    let by_body = schema["required"].as_array().is_some_and(|names| names.contains(&json!("end_user_id")));
    let makes = operation.method == "put" && !is_proxied(operation);
    !everybodys && !makes && (operation.path.contains('{') || by_body)
}

/// Reads first, and last what ends things.
fn in_order(described: &Described) -> Vec<Operation> {
    let mut operations = described.operations();
    let place =
        |operation: &Operation| ["get", "patch", "put", "post", "delete"].iter().position(|m| *m == operation.method);
    operations.sort_by_key(|operation| (place(operation), operation.path.matches("token").count() == 0));
    operations
}

#[tokio::test]
async fn without_a_key_every_operation_is_401() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let things = Things::of(&server, &backend).await;
    for key in [None, Some("kb_test_wrong".to_owned())] {
        let mut nobody = server.nobody();
        nobody.key = key;
        for operation in nobody.described().await.operations() {
            let answer = send(&nobody, &operation, &things).await.problem(401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{}", operation.path);
        }
    }
}

#[tokio::test]
async fn what_belongs_to_another_application_is_404_and_stays_as_it_is() {
    let server = TestServer::start().await;
    let (backend, stranger) = (server.backend().await, server.stranger().await);
    let things = Things::of(&server, &backend).await;
    let described = backend.described().await;
    let operations = in_order(described);
    let mut refused = 0;
    for operation in operations.iter().filter(|operation| names_a_thing(described, operation)) {
        send(&stranger, operation, &things).await.problem(404, "not_found");
        refused += 1;
    }
    assert!(refused >= 28, "{refused}");
    stranger.send(Method::DELETE, &format!("/v1/proxy/{}", things.0["proxy"]), None).await.problem(404, "not_found");
    for operation in operations.iter().filter(|o| o.method == "get" && !o.path.contains('{')) {
        let data = send(&stranger, operation, &things).await.expect(200).json()["data"].clone();
        let everybodys = operation.of["security"][0]["api_key"] == json!([]);
        // The stranger's application has a log too.
        let empty = data.is_null() || data == json!([]) || operation.path == "/v1/events";
        assert!(everybodys || empty, "{}: {data}", operation.path);
        let ours = send(&backend, operation, &things).await.expect(200).json()["data"].clone();
        let is_ours = |row: &serde_json::Value| row["id"].is_string() && ours.as_array().unwrap().contains(row);
        assert!(!data.as_array().into_iter().flatten().any(is_ours), "{}: {data}", operation.path);
    }
    let account = &things.0["connected-accounts"];
    let seen = backend.get(&format!("/v1/connected-accounts/{account}")).await.expect(200).json();
    assert_eq!((&seen["status"], &seen["label"]), (&json!("active"), &json!(null)));
    let endpoint = &things.0["webhook-endpoints"];
    let seen = backend.get(&format!("/v1/webhook-endpoints/{endpoint}")).await.expect(200).json();
    assert_eq!((&seen["status"], &seen["previous_secret_until"]), (&json!("active"), &json!(null)));
    // Whose they are finds them all, so it was not the request.
    for operation in operations.iter().filter(|operation| names_a_thing(described, operation)) {
        let answer = send(&backend, operation, &things).await;
        let found = answer.status != 404 && answer.status < 500;
        assert!(
            found || answer.header("keybearer-upstream") == "provider",
            "{} {}: {}",
            operation.method,
            operation.path,
            answer.body
        );
    }
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

#[tokio::test]
async fn a_post_is_made_once_where_the_description_says_so() {
    let server = TestServer::start().await;
    let backend = server.backend_for_all().await;
    let things = Things::of(&server, &backend).await;
    let mut taken = 0;
    let operations = backend.described().await.operations();
    for (number, operation) in operations.iter().filter(|o| o.method == "post").enumerate() {
        let parameters = operation.of["parameters"].as_array().into_iter().flatten();
        let says_so = parameters.into_iter().any(|parameter| parameter["name"] == "Idempotency-Key");
        let body = serde_json::from_str(&body(operation).unwrap_or("{}".to_owned())).unwrap();
        let call = async |body: serde_json::Value| {
            backend.post_once(&format!("key-{number}"), &things.address(operation), body).await
        };
        let (first, again) = (call(body).await, call(json!({ "another": "call" })).await);
        assert!(first.status < 500, "{}: {}", operation.path, first.body);
        assert_eq!(first.header("idempotent-replayed"), "", "{}", operation.path);
        assert_eq!(again.body.contains("idempotency_key_reused"), says_so, "{}: {}", operation.path, again.body);
        taken += usize::from(says_so);
    }
    assert!(taken >= 8, "{taken}");
}
