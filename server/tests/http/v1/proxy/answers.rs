use super::{Proxied, echoed};
use crate::support::Answer;
use reqwest::Method;
use vault::testing::sandbox::{Endpoint, Fault, FaultKind};

#[tokio::test]
async fn what_would_speak_for_this_server_is_not_handed_on() {
    let proxied = Proxied::start().await;
    let token = proxied.token().await;
    let answer = proxied.get("/cookies").await.expect(200);
    for name in [
        "set-cookie",
        "www-authenticate",
        "access-control-allow-origin",
        "alt-svc",
        "service-worker-allowed",
        "x-of-this-connection",
        "x-echo",
        "strict-transport-security",
    ] {
        assert_eq!(answer.header(name), "", "{name}");
    }
    assert!(!format!("{:?}", answer.headers).contains(&token));
    assert_eq!(answer.header("content-security-policy"), "sandbox");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("keybearer-upstream"), "provider");
    assert_eq!((answer.header("x-kept"), answer.header("keybearer-upstream-request-id")), ("1", "theirs"));
    assert!(answer.header("x-request-id").starts_with("req_"));
}

#[tokio::test]
async fn redirects_and_rate_limits_are_for_the_caller() {
    let proxied = Proxied::start().await;
    let before = proxied.server.test.sandbox.journal().len();
    let answer = proxied.get("/redirect?to=https://cdn.example.com/file%3Fa=b").await.expect(302);
    assert_eq!(answer.header("location"), "https://cdn.example.com/file?a=b");
    let answer = proxied.get("/limited").await.expect(429);
    assert_eq!((answer.header("retry-after"), answer.json()["code"].as_i64()), ("7", Some(429)));
    assert_eq!(answer.header("keybearer-upstream"), "provider");
    assert_eq!(proxied.server.test.sandbox.journal().len(), before + 2);
}

#[tokio::test]
async fn a_provider_that_fails_is_told_from_one_that_is_not_there() {
    let proxied = Proxied::start().await;
    let sandbox = &proxied.server.test.sandbox;
    sandbox.fault(Fault::new(Endpoint::Api, FaultKind::status(503)));
    assert_eq!(proxied.get("/echo").await.expect(503).header("keybearer-upstream"), "provider");
    sandbox.fault(Fault::new(Endpoint::Api, FaultKind::DropBefore));
    let answer = proxied.get("/echo").await.problem(502, "provider_unreachable");
    assert!(answer.body.contains("Zoom gave no answer"), "{}", answer.body);
    sandbox.stop().await;
    let answer = proxied.get("/echo").await.problem(502, "provider_unreachable");
    assert!(answer.body.contains("the connection was refused") && answer.body.contains("Nothing was sent"));
    sandbox.resume().await.unwrap();
    echoed(Answer::of(proxied.request(Method::POST, "/echo").body("x")).await);
}
