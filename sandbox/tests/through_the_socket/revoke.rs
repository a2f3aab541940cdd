use crate::visitor::{ADA, GRACE, Reply, Visitor};
use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET};
use serde_json::json;
use std::time::Duration;

async fn revoke(visitor: &Visitor, secret: &str, token: &str) -> Reply {
    let request = visitor.http.post(visitor.url("/oauth/revoke")).basic_auth(BUILT_IN_CLIENT_ID, Some(secret));
    Visitor::send(request.form(&[("token", token)])).await
}

#[tokio::test]
async fn an_access_token_revokes_the_whole_grant() {
    let visitor = Visitor::new().await;
    let (ada, grace) = (visitor.connect(ADA).await, visitor.connect(GRACE).await);
    let reply = revoke(&visitor, BUILT_IN_CLIENT_SECRET, &ada.access).await;
    assert_eq!((reply.status.as_u16(), reply.json), (200, json!({"status": "success"})));
    assert!(!visitor.sandbox.token_is_live(&ada.access) && !visitor.sandbox.token_is_live(&ada.refresh));
    assert!(!visitor.sandbox.grant_is_live(BUILT_IN_CLIENT_ID, ADA));
    assert!(visitor.sandbox.token_is_live(&grace.refresh));
}

#[tokio::test]
async fn anything_but_a_live_access_token_revokes_nothing() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    visitor.sandbox.advance(Duration::from_secs(3600));
    for token in ["made up", &tokens.refresh, &tokens.access] {
        let reply = revoke(&visitor, BUILT_IN_CLIENT_SECRET, token).await;
        assert_eq!(reply.json, json!({"status": "success"}));
    }
    assert!(visitor.sandbox.token_is_live(&tokens.refresh));
    assert_eq!(visitor.sandbox.count(|entry| entry.outcome == "no such access token"), 3);
}

#[tokio::test]
async fn wrong_credentials_revoke_nothing() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let reply = revoke(&visitor, "wrong", &tokens.access).await;
    assert_eq!((reply.status.as_u16(), &reply.json["error"]), (400, &json!("invalid_client")));
    assert!(visitor.sandbox.token_is_live(&tokens.access));
}
