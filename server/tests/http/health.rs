//! `/healthz` and `/readyz`.

use crate::support::{Answer, TestServer};

#[tokio::test]
async fn machines_learn_whether_the_server_is_up_and_ready() {
    let server = TestServer::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = Answer::of(server.client.get(server.url(path)).header("host", "10.1.2.3")).await.expect(200);
        assert_eq!(answer.json()["status"], "ok");
    }
}

#[tokio::test]
async fn without_a_database_the_server_is_up_but_not_ready() {
    let server = TestServer::start().await;
    let (backend, id) = (server.backend().await, server.test.connected().await);
    server.test.vault.close().await;
    server.nobody().get("/healthz").await.expect(200);
    server.nobody().get("/readyz").await.expect(503);
    for answer in [backend.token(&id.to_string()).await, backend.get("/v1/providers").await] {
        assert!(answer.headers.contains_key("retry-after"));
        answer.problem(503, "database_unavailable");
    }
}
