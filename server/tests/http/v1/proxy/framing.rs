//! Requests whose length can be read in two ways, over sockets of our own.

use super::Proxied;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends a request line and more lines (each ended by `\r\n`, with the body behind an empty one) and reads until the
/// server hangs up.
pub(super) async fn send(proxied: &Proxied, line: &str, more: &str) -> String {
    let mut socket = TcpStream::connect(proxied.server.address).await.unwrap();
    let key = proxied.backend.key.as_deref().unwrap();
    let (host, end) = (proxied.server.address, if more.contains("\r\n\r\n") { "" } else { "\r\n" });
    let request = format!("{line}\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n{more}{end}");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // What is refused may be reset while it is read.
    drop(socket.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

/// How often the provider was called, and what it saw of the body last.
async fn post(proxied: &Proxied, more: &str) -> (usize, String) {
    let journal = || proxied.server.test.sandbox.count(|entry| entry.endpoint.name() == "api");
    let before = journal();
    let answer = send(proxied, &format!("POST {} HTTP/1.1", proxied.path("/echo")), more).await;
    (journal() - before, answer)
}

#[track_caller]
fn echo(answer: &str) -> Value {
    let from = answer.find('{').unwrap_or_else(|| panic!("{answer}"));
    serde_json::Deserializer::from_str(&answer[from..]).into_iter::<Value>().next().unwrap().unwrap()
}

#[tokio::test]
async fn of_a_request_that_is_framed_twice_the_chunks_count_and_the_length_goes_no_further() {
    let proxied = Proxied::start().await;
    let smuggled = "GET /v2/echo/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for lines in ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 60"]
    {
        let (calls, answer) = post(&proxied, &format!("{lines}\r\n\r\n0\r\n\r\n{smuggled}")).await;
        let echo = echo(&answer);
        assert_eq!((calls, &echo["bytes"], &echo["path"]), (1, &Value::from(0), &Value::from("/v2/echo")), "{lines}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert_eq!(super::seen(&echo, "content-length"), Vec::<String>::new());
    }
}

#[tokio::test]
async fn lengths_that_differ_and_framings_that_nobody_knows_are_refused() {
    let proxied = Proxied::start().await;
    for more in [
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "Content-Length: 5, 6\r\n\r\nhello!",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: -1\r\n\r\nhello",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "X: a\r\n\tTransfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n",
    ] {
        let (calls, answer) = post(&proxied, more).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{more}: {answer}");
        assert_eq!(calls, 0, "{more}");
    }
}

#[tokio::test]
async fn chunks_are_read_and_framed_anew() {
    let proxied = Proxied::start().await;
    let chunks = "Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Late: 1\r\n\r\n";
    let (calls, answer) = post(&proxied, chunks).await;
    let echo = echo(&answer);
    assert_eq!((calls, &echo["bytes"]), (1, &Value::from(11)));
    assert_eq!(super::seen(&echo, "transfer-encoding"), ["chunked"]);
    assert!(super::seen(&echo, "trailer").is_empty() && super::seen(&echo, "x-late").is_empty());
    // A body that breaks off is not taken for a whole one.
    let (_, answer) = post(&proxied, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n").await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
}
