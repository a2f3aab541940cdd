use super::{Proxied, echoed, seen};
use crate::support::Answer;
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};
use reqwest::{Body, Method};
use std::convert::Infallible;
use vault::testing::sandbox::{Endpoint, Fault, FaultKind};
use vault::{HOUR, SECOND};

impl Proxied {
    /// The provider takes the token for expired, whatever it said before.
    fn expire(&self) {
        self.server.test.sandbox.expire_access_tokens(None, None).unwrap();
    }

    fn calls(&self) -> usize {
        self.server.test.sandbox.count(|entry| entry.endpoint.name() == "api")
    }

    fn refreshes(&self) -> usize {
        self.server.test.sandbox.token_requests("refresh_token")
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_call_made_again_once() {
    let proxied = Proxied::start().await;
    let first = proxied.token().await;
    proxied.expire();
    let echo = echoed(proxied.get("/echo").await);
    let second = proxied.token().await;
    assert_ne!(first, second);
    assert_eq!(seen(&echo, "authorization"), [format!("Bearer {second}")]);
    assert_eq!((proxied.calls(), proxied.refreshes()), (2, 1));
    // What this process knows to be over is renewed before the call.
    proxied.server.test.advance(HOUR);
    echoed(proxied.get("/echo").await);
    assert_eq!((proxied.calls(), proxied.refreshes()), (3, 2));
}

#[tokio::test]
async fn a_body_of_up_to_a_mebibyte_is_sent_again_whole() {
    let proxied = Proxied::start().await;
    let body: Vec<u8> = (0..1024 * 1024).map(|at: u32| at.to_le_bytes()[1]).collect();
    let hash = data_encoding::HEXLOWER.encode(&vault::sha256(&body));
    for (announced, calls) in [(true, 2), (false, 4)] {
        proxied.expire();
        let request = proxied.request(Method::POST, "/echo");
        let request = if announced { request.body(body.clone()) } else { request.body(unannounced(body.clone())) };
        let echo = echoed(Answer::of(request).await);
        assert_eq!((echo["bytes"].as_u64(), echo["sha256"].as_str()), (Some(body.len() as u64), Some(hash.as_str())));
        assert_eq!(seen(&echo, "transfer-encoding").is_empty(), announced);
        assert_eq!(proxied.calls(), calls);
    }
}

#[tokio::test]
async fn a_larger_body_is_not_kept_but_the_next_call_succeeds() {
    let proxied = Proxied::start().await;
    let body = vec![b'x'; 1024 * 1024 + 1];
    for announced in [true, false] {
        proxied.expire();
        let send = || {
            let request = proxied.request(Method::POST, "/echo");
            Answer::of(if announced { request.body(body.clone()) } else { request.body(unannounced(body.clone())) })
        };
        let answer = send().await.expect(401);
        assert_eq!(answer.header("keybearer-upstream"), "provider");
        assert_eq!(answer.header("keybearer-token-refreshed"), "true");
        assert_eq!(answer.json()["code"], 124);
        assert_eq!(echoed(send().await)["bytes"], body.len());
    }
    assert_eq!(proxied.refreshes(), 2);
}

#[tokio::test]
async fn a_refusal_that_is_not_about_the_token_s_age_is_handed_on() {
    let proxied = Proxied::start().await;
    let sandbox = &proxied.server.test.sandbox;
    let refuse = |status, body: &str| {
        let kind = FaultKind::Status { status, retry_after: None, body: Some(body.to_owned()) };
        sandbox.fault(Fault::new(Endpoint::Api, kind));
    };
    let long = format!("{{\"pad\":\"{}\",\"code\":124}}", "x".repeat(70_000));
    for (status, body) in [(401, "{\"code\":4711}"), (400, "{\"code\":124}"), (401, "nothing"), (401, long.as_str())] {
        refuse(status, body);
        let answer = proxied.get("/echo").await.expect(status);
        assert_eq!(answer.header("keybearer-upstream"), "provider");
        assert_eq!(answer.body.len(), body.len(), "the answer is whole");
    }
    assert_eq!(proxied.refreshes(), 0);
}

#[tokio::test]
async fn a_provider_that_refuses_the_new_token_too_is_not_asked_a_third_time() {
    let proxied = Proxied::start().await;
    let kind = FaultKind::Status { status: 401, retry_after: None, body: Some("{\"code\":124}".to_owned()) };
    proxied.server.test.sandbox.fault(Fault::new(Endpoint::Api, kind).forever());
    assert_eq!(proxied.get("/echo").await.expect(401).json()["code"], 124);
    assert_eq!((proxied.calls(), proxied.refreshes()), (2, 1));
}

#[tokio::test]
async fn a_provider_that_calls_every_token_expired_does_not_cause_a_refresh_for_each_call() {
    let proxied = Proxied::start().await;
    let sandbox = &proxied.server.test.sandbox;
    let kind = FaultKind::Status { status: 401, retry_after: None, body: Some("{\"code\":124}".to_owned()) };
    sandbox.fault(Fault::new(Endpoint::Api, kind).forever());
    for _ in 0..5 {
        assert_eq!(proxied.get("/echo").await.expect(401).json()["code"], 124);
    }
    assert_eq!((proxied.calls(), proxied.refreshes()), (6, 1), "five calls, one of them made again");
    // After a while its word counts again, once.
    proxied.server.test.advance(10 * SECOND);
    for _ in 0..2 {
        proxied.get("/echo").await.expect(401);
    }
    assert_eq!((proxied.calls(), proxied.refreshes()), (9, 2));
    // And at once, when it has taken a token in between.
    sandbox.clear_faults();
    echoed(proxied.get("/echo").await);
    proxied.expire();
    echoed(proxied.get("/echo").await);
    assert_eq!(proxied.refreshes(), 3);
}

#[tokio::test]
async fn an_account_that_cannot_be_renewed_says_what_to_do() {
    let proxied = Proxied::start().await;
    let sandbox = &proxied.server.test.sandbox;
    sandbox.revoke_grant(vault::testing::CLIENT_ID, "ada@example.com").unwrap();
    let problem = proxied.get("/echo").await.problem(409, "needs_reconnect");
    assert_eq!(problem.header("keybearer-upstream"), "");
}

/// A body without a length.
fn unannounced(bytes: Vec<u8>) -> Body {
    let pieces: Vec<Vec<u8>> = bytes.chunks(16 * 1024).map(<[u8]>::to_vec).collect();
    let frames = pieces.into_iter().map(|piece| Ok::<_, Infallible>(Frame::data(Bytes::from(piece))));
    Body::wrap(StreamBody::new(futures::stream::iter(frames)))
}
