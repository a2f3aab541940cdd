use crate::support::TestServer;
use serde_json::json;
use vault::MINUTE;

#[tokio::test]
async fn a_second_refresh_within_half_a_minute_is_the_first() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let path = format!("/v1/connected-accounts/{}/refresh", server.connected(&backend).await);
    server.test.advance(MINUTE);
    assert_eq!(backend.post(&path, json!({})).await.expect(200).json(), json!({ "refreshed": true }));
    assert_eq!(backend.post(&path, json!({})).await.expect(200).json(), json!({ "refreshed": false }));
    assert_eq!(server.test.sandbox.token_requests("refresh_token"), 1);
}
