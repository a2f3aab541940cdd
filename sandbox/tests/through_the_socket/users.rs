use crate::visitor::{ADA, Reply, Visitor};
use sandbox::BUILT_IN_CLIENT_ID;
use serde_json::json;
use std::time::Duration;

fn check_error(reply: &Reply, status: u16, code: u16, message: &str) {
    assert_eq!((reply.status.as_u16(), &reply.json), (status, &json!({"code": code, "message": message})));
}

#[tokio::test]
async fn the_identity_call_says_who_it_is() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let me = visitor.get("/v2/users/me", &tokens.access).await;
    assert_eq!(me.status, 200);
    assert_eq!(me.json["id"], "AdaLovelace_0000000001");
    assert_eq!(me.json["display_name"], "Ada Lovelace");
    assert_eq!(me.json["email"], ADA);
    assert_eq!(me.json["account_id"], "SandboxAccount_0000001");
    let meetings = visitor.get("/v2/users/me/meetings", &tokens.access).await;
    assert_eq!(meetings.json["meetings"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn tokens_are_refused_in_the_provider_s_words() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    for wrong in ["made up", &tokens.refresh] {
        check_error(&visitor.get("/v2/users/me", wrong).await, 401, 124, "Invalid access token.");
    }
    let in_query = visitor.get("/v2/users/me?access_token=x", &tokens.access).await;
    let sentence = "Invalid access token, this access token is not supported as query parameter string.";
    check_error(&in_query, 401, 124, sentence);
    check_error(&visitor.get("/v2/users/else", &tokens.access).await, 404, 1001, "User does not exist: else.");
    visitor.sandbox.advance(Duration::from_secs(3600));
    check_error(&visitor.get("/v2/users/me", &tokens.access).await, 401, 124, "Access token is expired.");
    visitor.refresh(&tokens.refresh).await;
    check_error(&visitor.get("/v2/users/me", &tokens.access).await, 401, 124, "Invalid access token.");
}

#[tokio::test]
async fn a_call_needs_its_scope() {
    let visitor = Visitor::new().await;
    let check = async |scopes: &[&str], path: &str, missing: &str| {
        let scopes = scopes.iter().map(|&scope| scope.into()).collect();
        visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.scopes = scopes).unwrap();
        let tokens = visitor.connect(ADA).await;
        let message = format!("Invalid access token, does not contain scopes:[{missing}].");
        check_error(&visitor.get(path, &tokens.access).await, 400, 4711, &message);
    };
    check(&["meeting:read:list_meetings"], "/v2/users/me", "user:read:user").await;
    check(&["user:read:user"], "/v2/users/me/meetings", "meeting:read:list_meetings").await;
}
