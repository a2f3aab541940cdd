use crate::support::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_backend_sees_its_own_application() {
    let server = TestServer::start().await;
    server.allow_return("http://localhost:3000/done").await;
    let seen = server.backend().await.get("/v1/application").await.expect(200).json();
    assert_eq!(seen["name"], "Acme");
    assert_eq!(seen["environment"], "development");
    assert_eq!(seen["return_addresses"], json!(["http://localhost:3000/done"]));
}
