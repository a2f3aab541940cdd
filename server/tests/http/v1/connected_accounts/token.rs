use crate::support::{TestServer, text};
use serde_json::json;
use std::collections::BTreeSet;
use vault::HOUR;
use vault::testing::sandbox::{Fault, FaultKind};

#[tokio::test]
async fn a_token_works_at_the_provider_and_is_stored_nowhere() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    let answer = backend.token(&id).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = answer.json();
    assert!(server.test.sandbox.token_is_live(text(&token, "access_token")));
    assert_eq!((text(&token, "token_type"), text(&token, "provider")), ("Bearer", "zoom"));
    assert_eq!(text(&token, "api_base_url"), format!("{}/v2", server.test.sandbox.base_url()));
    assert!(token["scopes"].is_array() && token["expires_at"].is_string());
    assert!(!answer.body.contains("refresh"));
}

#[tokio::test]
async fn a_hundred_callers_of_an_expired_account_cause_one_refresh() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    server.test.advance(HOUR);
    let calls = (0..100).map(|_| {
        let (backend, id) = (backend.clone(), id.clone());
        tokio::spawn(async move { text(&backend.token(&id).await.expect(200).json(), "access_token").to_owned() })
    });
    let calls: Vec<_> = calls.collect();
    let mut tokens = BTreeSet::new();
    for call in calls {
        tokens.insert(call.await.unwrap());
    }
    assert_eq!(tokens.len(), 1);
    assert_eq!(server.test.sandbox.token_requests("refresh_token"), 1);
}

#[tokio::test]
async fn a_grant_that_is_gone_needs_a_reconnect_and_says_why() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    server.test.sandbox.revoke_grant(vault::testing::CLIENT_ID, "ada@example.com").unwrap();
    server.test.advance(HOUR);
    let problem = backend.token(&id).await.problem(409, "needs_reconnect").json();
    assert_eq!(text(&problem["status_reason"], "code"), "refresh_rejected");
}

#[tokio::test]
async fn a_provider_that_is_down_is_503_only_when_no_token_is_left() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    server.test.sandbox.fault(Fault::refresh(FaultKind::retry_after(429, "30")).forever());
    server.test.advance(HOUR - vault::MINUTE);
    backend.token(&id).await.expect(200);
    server.test.advance(2 * vault::MINUTE);
    let answer = backend.token(&id).await.problem(503, "provider_unavailable");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn a_disabled_provider_config_gives_no_tokens() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    let test = &server.test;
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.ok().unwrap();
    backend.token(&id).await.problem(409, "provider_config_disabled");
}

#[tokio::test]
async fn a_refused_token_is_renewed_only_while_it_is_the_stored_one() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = server.connected(&backend).await;
    let first = text(&backend.token(&id).await.expect(200).json(), "access_token").to_owned();
    let hash = data_encoding::HEXLOWER.encode(&vault::sha256(first.as_bytes()));
    let path = format!("/v1/connected-accounts/{id}/token");
    let body = json!({ "rejected_token_sha256": hash });
    let second = backend.post(&path, body.clone()).await.expect(200).json();
    assert_ne!(text(&second, "access_token"), first);
    let third = backend.post(&path, body).await.expect(200).json();
    assert_eq!(text(&third, "access_token"), text(&second, "access_token"));
    for wrong in [json!({ "rejected_token_sha256": first }), json!({ "min_ttl_seconds": -1 }), json!({ "ttl": 1 })] {
        backend.post(&path, wrong).await.problem(422, "invalid_request");
    }
}
