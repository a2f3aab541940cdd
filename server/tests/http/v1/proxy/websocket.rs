use super::Proxied;
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Shakes hands and gives the head of the answer with the connection.
async fn handshake(proxied: &Proxied, upgrade: &str) -> (String, TcpStream) {
    let mut socket = TcpStream::connect(proxied.server.address).await.unwrap();
    let (key, host) = (proxied.backend.key.as_deref().unwrap(), proxied.server.address);
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: keep-alive, Upgrade\r\n\
         Upgrade: {upgrade}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        proxied.path("/socket")
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    (String::from_utf8(head).unwrap().to_lowercase(), socket)
}

#[tokio::test]
async fn a_websocket_passes_both_ways_until_one_side_ends_it() {
    let proxied = Proxied::start().await;
    proxied.server.test.sandbox.expire_access_tokens(None, None).unwrap();
    let (head, mut socket) = handshake(&proxied, "websocket").await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(head.contains("upgrade: websocket") && head.contains("sec-websocket-accept: "), "{head}");
    assert!(head.contains("keybearer-upstream: provider"), "{head}");
    for message in [vec![0x81, 2, b'h', b'i'], vec![7; 300_000]] {
        let (mut reads, mut writes) = socket.split();
        let mut back = vec![0; message.len()];
        let (sent, received) = tokio::join!(writes.write_all(&message), reads.read_exact(&mut back));
        sent.unwrap();
        received.unwrap();
        assert_eq!(back, message);
    }
    socket.shutdown().await.unwrap();
    assert_eq!(socket.read(&mut [0]).await.unwrap(), 0, "the provider's end is passed on");
}

#[tokio::test]
async fn a_websocket_that_idles_is_ended() {
    let proxied = Proxied::start_with(|options| options.proxy_limits.idle = std::time::Duration::from_secs(2)).await;
    let (head, mut socket) = handshake(&proxied, "WebSocket").await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    let mut back = [0];
    socket.write_all(b"x").await.unwrap();
    socket.read_exact(&mut back).await.unwrap();
    assert_eq!(socket.read(&mut back).await.unwrap_or_default(), 0);
}

#[tokio::test]
async fn other_protocols_are_not_switched_to() {
    let proxied = Proxied::start().await;
    let (head, _) = handshake(&proxied, "h2c").await;
    assert!(head.starts_with("http/1.1 426"), "{head}");
    // A WebSocket that the provider refuses is an answer like any other.
    let request = proxied.request(Method::GET, "/echo").header("connection", "upgrade").header("upgrade", "websocket");
    super::echoed(crate::support::Answer::of(request).await);
}
