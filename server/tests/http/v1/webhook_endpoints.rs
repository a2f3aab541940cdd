use crate::support::{TestServer, link, text};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use vault::testing::Receiver;
use vault::testing::sandbox::{Endpoint, Fault, FaultKind};
use vault::{AllowedHosts, MINUTE};

/// A server that may send to a backend.
async fn with_receiver() -> (TestServer, Receiver) {
    let receiver = Receiver::start().await;
    let tenants = AllowedHosts::parse(&format!("127.0.0.1,tenants:{}", receiver.address())).unwrap();
    let server = TestServer::start_with(|options| options.allowed_hosts = tenants).await;
    (server, receiver)
}

#[tokio::test]
async fn a_secret_is_in_the_answer_that_made_it_and_nowhere_else() {
    let (server, receiver) = with_receiver().await;
    let backend = server.backend().await;
    let body = json!({ "url": receiver.url(), "types": ["connected_account.revoked"], "description": "Billing" });
    let created = backend.post("/v1/webhook-endpoints", body).await.expect(201);
    assert_eq!(created.header("cache-control"), "no-store");
    let created = created.json();
    let secret = text(&created, "secret");
    assert!(secret.starts_with("whsec_"));
    let path = format!("/v1/webhook-endpoints/{}", text(&created, "id"));
    let mut expected = created.clone();
    expected.as_object_mut().unwrap().remove("secret");
    let one = backend.get(&path).await.expect(200);
    assert_eq!(one.json(), expected);
    let list = backend.get("/v1/webhook-endpoints").await.expect(200);
    assert_eq!(list.json(), json!({ "data": [expected], "next_cursor": null }));
    let rotated = backend.post(&format!("{path}/rotate-secret"), json!({})).await.expect(200).json();
    assert!(text(&rotated, "secret") != secret && rotated["previous_secret_until"].is_string());
    for answer in [one, list, backend.get(&path).await] {
        assert!(!answer.whole().contains("whsec_"));
    }
    backend.send(Method::DELETE, &path, None).await.expect(204);
    backend.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_happens_arrives_and_is_in_the_log() {
    let (server, receiver) = with_receiver().await;
    let backend = server.backend().await;
    let created = backend.post("/v1/webhook-endpoints", json!({ "url": receiver.url() })).await.expect(201).json();
    let path = format!("/v1/webhook-endpoints/{}", text(&created, "id"));
    let account = server.connected(&backend).await;
    assert_eq!(server.test.vault.deliver_due().await.unwrap(), 2);
    let shown = backend.get(&format!("/v1/connected-accounts/{account}")).await.expect(200).json();
    let body: serde_json::Value = serde_json::from_str(&receiver.received()[0].body).unwrap();
    assert_eq!(body["data"], shown, "as the API shows it");
    let list = backend.get(&format!("{path}/deliveries?status=delivered&limit=1")).await.expect(200).json();
    let next = text(&list, "next_cursor");
    let rest = backend.get(&format!("{path}/deliveries?limit=1&cursor={next}")).await.expect(200).json();
    assert_eq!((&rest["data"][0]["type"], &rest["next_cursor"]), (&json!("connected_account.connected"), &json!(null)));
    let delivery = format!("{path}/deliveries/{}", text(&rest["data"][0], "id"));
    let detail = backend.get(&delivery).await.expect(200).json();
    assert_eq!((&detail["attempt_log"][0]["status"], &detail["seq"]), (&json!(200), &json!(1)));
    let replayed = backend.post(&format!("{delivery}/replay"), json!({})).await.expect(202).json();
    assert_eq!(text(&replayed, "status"), "pending");
    assert_eq!(server.test.vault.deliver_due().await.unwrap(), 1);
    assert_eq!(receiver.received()[2].headers["webhook-id"], text(&detail, "id"));
    backend.get(&format!("{path}/deliveries?status=lost")).await.problem(422, "invalid_request");
    backend.get(&format!("{path}/deliveries/del_1")).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_arrives_is_as_the_description_says() {
    let (server, receiver) = with_receiver().await;
    let (backend, sandbox) = (server.backend().await, &server.test.sandbox);
    let created = backend.post("/v1/webhook-endpoints", json!({ "url": receiver.url() })).await.expect(201).json();
    backend.post(&format!("/v1/webhook-endpoints/{}/test", text(&created, "id")), json!({})).await.expect(200);
    let account = server.connected(&backend).await;
    server.test.advance(MINUTE);
    let body = Some(json!({ "error": "invalid_grant" }).to_string());
    sandbox.fault(Fault::new(Endpoint::Token, FaultKind::Status { status: 400, retry_after: None, body }));
    backend.post(&format!("/v1/connected-accounts/{account}/refresh"), json!({})).await.problem(409, "needs_reconnect");
    backend.send(Method::DELETE, &format!("/v1/connected-accounts/{account}"), None).await.expect(200);
    while server.test.vault.deliver_due().await.unwrap() > 0 {}
    // What waits when its end user is erased says no more than what it was about.
    server.connected(&backend).await;
    backend.send(Method::DELETE, "/v1/end-users/user_42", None).await.expect(202);
    while server.test.vault.deliver_due().await.unwrap() > 0 {}
    assert!(receiver.received().iter().any(|sent| sent.body.contains("\"erased\":true")));
    // The provider takes the secret no longer, so the exchange is refused.
    sandbox.update_client(vault::testing::CLIENT_ID, |client| client.client_secret = "another".into()).unwrap();
    let session = backend.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    browser.get(&callback).await.expect(303);
    while server.test.vault.deliver_due().await.unwrap() > 0 {}
    let described = backend.described().await;
    let seen: BTreeSet<_> = receiver.received().iter().map(|sent| described.check_delivery(&sent.body)).collect();
    let expected = [
        "connect_session.completed",
        "connect_session.failed",
        "connected_account.connected",
        "connected_account.needs_reconnect",
        "connected_account.revoked",
        "provider_config.rejected",
        "webhook.test",
    ];
    assert_eq!(seen, expected.map(str::to_owned).into());
}

#[tokio::test]
async fn an_endpoint_is_paused_tested_and_resumed() {
    let (server, receiver) = with_receiver().await;
    let backend = server.backend().await;
    let created = backend.post("/v1/webhook-endpoints", json!({ "url": receiver.url() })).await.expect(201).json();
    let path = format!("/v1/webhook-endpoints/{}", text(&created, "id"));
    let patch = async |body: serde_json::Value| backend.send(Method::PATCH, &path, Some(body.to_string())).await;
    let paused = patch(json!({ "paused": true })).await.expect(200).json();
    assert_eq!((text(&paused, "status"), text(&paused["paused"], "code")), ("paused", "requested"));
    receiver.answer(500, "", "not yet");
    let tested = backend.post(&format!("{path}/test"), json!({})).await.expect(200).json();
    assert_eq!((text(&tested, "status"), text(&tested["attempt_log"][0], "answer")), ("failed", "not yet"));
    let replay = format!("{path}/deliveries/{}/replay", text(&tested, "id"));
    backend.post(&replay, json!({})).await.problem(409, "webhook_endpoint_paused");
    let resumed = patch(json!({ "paused": false, "types": ["connect_session.failed"] })).await.expect(200).json();
    assert_eq!((text(&resumed, "status"), &resumed["types"]), ("active", &json!(["connect_session.failed"])));
    for (name, value) in [("url", json!("http://127.0.0.1/")), ("types", json!(["x"])), ("colour", json!("red"))] {
        let answer = patch(json!({ name: value })).await.problem(422, "invalid_request");
        assert!(answer.json()["fields"][name].is_string(), "{name}");
    }
}
