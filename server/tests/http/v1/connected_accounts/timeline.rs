use crate::support::{TestServer, text};
use serde_json::{Value, json};
use vault::HOUR;
use vault::testing::sandbox::{Fault, FaultKind};

#[tokio::test]
async fn it_tells_newest_first_what_was_tried_and_what_to_do_next() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    server.test.sandbox.fault(Fault::refresh(FaultKind::error("invalid_grant", "Invalid Token!")));
    server.test.advance(HOUR);
    backend.token(&id).await.problem(409, "needs_reconnect");
    let list = backend.get(&format!("/v1/connected-accounts/{id}/timeline")).await.expect(200).json();
    assert_eq!(list["next_cursor"], Value::Null);
    let entries = list["data"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "{list}");
    let expected = json!({
        "id": entries[0]["id"],
        "at": entries[0]["at"],
        "type": "connected_account.needs_reconnect",
        "outcome": "refresh_rejected",
        "cause": "Zoom no longer accepts the refresh token.",
        "detail": entries[0]["detail"],
        "next_step": "Create a reconnect link and send it to the end user.",
        "actor": "keybearer",
        "connect_session": null,
    });
    assert_eq!(entries[0], expected);
    assert!(text(&entries[0], "id").starts_with("evt_") && text(&entries[0], "at").ends_with('Z'));
    assert!(text(&entries[0], "detail").contains("Invalid Token!"));
    assert!(text(&entries[1], "connect_session").starts_with("cs_"));
}

#[tokio::test]
async fn it_is_a_list_like_every_other() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let path = format!("/v1/connected-accounts/{}/timeline", server.connected(&backend).await);
    let id = path.split('/').nth(3).unwrap();
    server.test.advance(HOUR);
    backend.token(id).await.expect(200);
    let first = backend.get(&format!("{path}?limit=1")).await.expect(200).json();
    assert_eq!(text(&first["data"][0], "type"), "connected_account.refreshed");
    let next = text(&first, "next_cursor");
    let second = backend.get(&format!("{path}?limit=1&cursor={next}")).await.expect(200).json();
    assert_eq!(
        (text(&second["data"][0], "type"), &second["next_cursor"]),
        ("connected_account.connected", &Value::Null)
    );
    for wrong in ["limit=0", "limit=101", "cursor=ca_1", "before=x"] {
        backend.get(&format!("{path}?{wrong}")).await.problem(422, "invalid_request");
    }
}
