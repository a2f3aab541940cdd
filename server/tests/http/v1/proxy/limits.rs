use super::{Proxied, echoed};
use crate::support::Answer;
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};
use reqwest::{Body, Method};
use std::convert::Infallible;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Short for a test, and long for a machine that is busy with others.
const SHORT: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_request_larger_than_the_operator_allows_is_refused() {
    let proxied = Proxied::start_with(|options| options.proxy_limits.request_bytes = Some(1_000)).await;
    let post = |body: Body| Answer::of(proxied.request(Method::POST, "/echo").body(body));
    assert_eq!(echoed(post(vec![0; 1_000].into()).await)["bytes"], 1_000);
    post(vec![0; 1_001].into()).await.problem(413, "too_large");
    let pieces = vec![Bytes::from_static(&[0; 600]); 2].into_iter().map(|p| Ok::<_, Infallible>(Frame::data(p)));
    post(Body::wrap(StreamBody::new(futures::stream::iter(pieces)))).await.problem(413, "too_large");
}

#[tokio::test]
async fn an_answer_larger_than_the_operator_allows_does_not_pass_for_a_whole_one() {
    let proxied = Proxied::start_with(|options| options.proxy_limits.response_bytes = Some(100_000)).await;
    assert_eq!(proxied.get("/bytes/100000").await.expect(200).body.len(), 100_000);
    proxied.get("/bytes/100001").await.problem(502, "answer_too_large");
    let response = proxied.request(Method::GET, "/bytes/1000000?chunked=1").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "the connection breaks");
}

#[tokio::test]
async fn a_provider_that_takes_too_long_is_given_up() {
    let proxied = Proxied::start_with(|options| options.proxy_limits.answer = SHORT).await;
    let answer = proxied.get("/slow/60000").await.problem(504, "provider_timed_out");
    assert_eq!(answer.header("keybearer-upstream"), "");
    assert_eq!(echoed(proxied.get("/slow/1").await)["method"], "GET");
}

#[tokio::test]
async fn an_answer_in_which_nothing_moves_breaks_off() {
    let proxied = Proxied::start_with(|options| options.proxy_limits.idle = SHORT).await;
    let response = proxied.request(Method::GET, "/ticks/2?every_ms=60000").send().await.unwrap();
    assert!(response.bytes().await.is_err());
    let whole = proxied.get("/ticks/6?every_ms=500").await.expect(200);
    assert!(whole.body.ends_with("data: 6\n\n"), "longer than the limit in all, but it moves");
}

#[tokio::test]
async fn a_caller_that_stops_sending_is_told() {
    let proxied = Proxied::start_with(|options| options.proxy_limits.idle = SHORT).await;
    let mut socket = TcpStream::connect(proxied.server.address).await.unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Length: 10\r\n\r\nhello",
        proxied.path("/echo"),
        proxied.server.address,
        proxied.backend.key.as_deref().unwrap()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    drop(socket.read_to_end(&mut answer).await);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("request_interrupted"), "{answer}");
}
