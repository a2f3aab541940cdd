use crate::visitor::{ADA, Visitor};
use reqwest::header;
use sandbox::{Endpoint, Fault, FaultKind};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test]
async fn every_call_wants_a_token_that_is_good() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    for path in ["/v2/echo", "/v2/bytes/1", "/v2/ticks/1", "/v2/socket", "/v2/redirect", "/v2/cookies", "/v2/limited"] {
        let reply = visitor.get(path, "made up").await;
        assert_eq!((reply.status.as_u16(), reply.json["code"].as_u64()), (401, Some(124)), "{path}");
    }
    visitor.sandbox.advance(Duration::from_secs(3600));
    let reply = visitor.get("/v2/echo", &tokens.access).await;
    assert_eq!((reply.status.as_u16(), reply.json["message"].as_str()), (401, Some("Access token is expired.")));
}

#[tokio::test]
async fn an_echo_says_what_arrived_to_the_byte() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let url = visitor.url("/v2/echo/a%2Fb?x=%20&y");
    let body = vec![b'x'; 100_000];
    let reply = Visitor::send(visitor.http.put(url).bearer_auth(&tokens.access).body(body)).await;
    assert_eq!(
        (&reply.json["method"], &reply.json["path"], &reply.json["query"]),
        (&"PUT".into(), &"/v2/echo/a%2Fb".into(), &"x=%20&y".into())
    );
    assert_eq!((&reply.json["bytes"], reply.json["sha256"].as_str().map(str::len)), (&100_000.into(), Some(64)));
}

#[tokio::test]
async fn streams_are_made_while_they_are_taken() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let get = |path: &str| visitor.http.get(visitor.url(path)).bearer_auth(&tokens.access).send();
    let announced = get("/v2/bytes/200000").await.unwrap();
    assert_eq!(announced.content_length(), Some(200_000));
    assert_eq!(announced.bytes().await.unwrap().len(), 200_000);
    let chunked = get("/v2/bytes/200000?chunked=1").await.unwrap();
    assert_eq!((chunked.content_length(), chunked.bytes().await.unwrap().len()), (None, 200_000));
    assert_eq!(visitor.sandbox.streamed(), 400_000);
    let ticks = get("/v2/ticks/3?every_ms=1").await.unwrap();
    assert_eq!(ticks.text().await.unwrap(), "data: 1\n\ndata: 2\n\ndata: 3\n\n");
}

#[tokio::test]
async fn a_socket_sends_back_what_it_gets() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let mut socket = TcpStream::connect(visitor.sandbox.address()).await.unwrap();
    let request = format!(
        "GET /v2/socket HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        tokens.access
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"));
    socket.write_all(b"hello").await.unwrap();
    let mut back = [0; 5];
    socket.read_exact(&mut back).await.unwrap();
    assert_eq!(&back, b"hello");
}

#[tokio::test]
async fn redirects_limits_and_faults_are_what_they_say() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let get = |path: &str| visitor.http.get(visitor.url(path)).bearer_auth(&tokens.access).send();
    let redirect = get("/v2/redirect?to=https://cdn.example.com/x").await.unwrap();
    assert_eq!(
        (redirect.status().as_u16(), &redirect.headers()[header::LOCATION]),
        (302, &"https://cdn.example.com/x".parse::<header::HeaderValue>().unwrap())
    );
    let limited = get("/v2/limited").await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()[header::RETRY_AFTER].to_str().unwrap()), (429, "7"));
    let cookies = get("/v2/cookies").await.unwrap();
    assert!(cookies.headers().contains_key(header::SET_COOKIE));
    assert!(cookies.headers()["x-echo"].to_str().unwrap().contains(&tokens.access));
    visitor.sandbox.fault(Fault::new(Endpoint::Api, FaultKind::status(503)));
    assert_eq!(get("/v2/echo").await.unwrap().status(), 503);
    visitor.sandbox.fault(Fault::new(Endpoint::Api, FaultKind::DropBefore));
    assert!(get("/v2/slow/1").await.is_err());
    assert_eq!(visitor.sandbox.count(|entry| entry.endpoint == Endpoint::Api), 5);
}
