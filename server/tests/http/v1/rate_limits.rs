//! How often the API may be called, and what answers say of it.

use crate::support::{Backend, TestServer};
use serde_json::json;
use server::settings::{RateLimit, RateLimits};

const PROVIDERS: &str = "/v1/providers";

fn limits(key: Option<u32>, address: Option<u32>) -> RateLimits {
    let limit = |calls: u32| RateLimit { calls, seconds: 60 };
    RateLimits { key: key.map(limit), address: address.map(limit) }
}

#[tokio::test]
async fn every_answer_says_what_is_left() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let answer = backend.get(PROVIDERS).await.expect(200);
    assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=1200000;w=60, \"address\";q=2400000;w=60");
    assert_eq!(answer.header("ratelimit"), "\"key\";r=1199999;t=1, \"address\";r=2399999;t=1");
    for answer in [backend.get("/v1/nothing").await, server.nobody().get(PROVIDERS).await] {
        assert!(answer.header("ratelimit").contains("\"address\";r="), "{}", answer.status);
    }
    assert_eq!(server.browser().get("/sign-in").await.header("ratelimit"), "");
}

#[tokio::test]
async fn a_key_that_calls_too_often_waits_and_others_do_not() {
    let server = TestServer::start_limited(limits(Some(3), None)).await;
    let (eager, other) = (server.backend().await, server.backend().await);
    for left in ["2", "1", "0"] {
        let answer = eager.get(PROVIDERS).await.expect(200);
        assert!(answer.header("ratelimit").starts_with(&format!("\"key\";r={left};t=")));
    }
    let refused = eager.get(PROVIDERS).await.problem(429, "too_many_requests");
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit")), ("20", "\"key\";r=0;t=60"));
    assert_eq!(refused.header("ratelimit-policy"), "\"key\";q=3;w=60");
    other.get(PROVIDERS).await.expect(200);
    server.test.clock.advance(20_000);
    eager.get(PROVIDERS).await.expect(200);
    eager.get(PROVIDERS).await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn an_address_is_counted_before_anybody_knows_whose_key_it_is() {
    let server = TestServer::start_limited(limits(None, Some(2))).await;
    let backend = server.backend().await;
    server.nobody().get(PROVIDERS).await.expect(401);
    backend.get(PROVIDERS).await.expect(200);
    backend.get(PROVIDERS).await.problem(429, "too_many_requests");
    backend.token("x").await.problem(429, "too_many_requests");
    server.nobody().get("/healthz").await.expect(200);
}

#[tokio::test]
async fn without_limits_nothing_is_counted_or_said() {
    let server = TestServer::start_limited(limits(None, None)).await;
    let backend: Backend = server.backend().await;
    for _ in 0..50 {
        let answer = backend.post("/v1/connect-sessions", json!({ "end_user": { "id": "u" } })).await.expect(201);
        assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), ("", ""));
    }
}
