use super::*;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

fn http(allowed: &str) -> Http {
    drop(rustls::crypto::ring::default_provider().install_default());
    Http::new(AllowedHosts::parse(allowed).unwrap(), Duration::from_secs(2)).unwrap()
}

/// What is said of a request to this address.
async fn why(allowed: &str, url: &str) -> String {
    let http = http(allowed);
    let url = Url::parse(url).unwrap();
    let request =
        Request { method: http::Method::GET, url, headers: HeaderMap::new(), body: None, deadline: 2 * SECOND };
    http.send(Reach::Tenant, request).await.err().unwrap().to_string()
}

#[tokio::test]
async fn why_nothing_was_sent_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let refused = why(&format!("tenants:{closed}"), &format!("http://{closed}/token")).await;
    assert_eq!(refused, "the connection was refused");
    assert_eq!(why("", "https://no-such-host.invalid/token").await, "the host was not found");
    let nowhere = why("", &format!("{NOWHERE}/token")).await;
    assert!(nowhere.starts_with("the sandbox provider plays its part"), "{nowhere}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok();
        }
    });
    let tls = why(&format!("tenants:{plain}"), &format!("https://{plain}/token")).await;
    assert_eq!(tls, "no secure connection could be made (TLS)");
}

#[tokio::test]
async fn the_guard_says_whom_to_ask_and_no_address() {
    let expected = "localhost is on a private network, where nothing is sent. Ask who runs this Keybearer to allow \
                    localhost:443 (KEYBEARER_ALLOW_PRIVATE_HOSTS=tenants:localhost:443)";
    assert_eq!(why("", "https://localhost/token").await, expected);
    assert!(why("", "https://10.0.0.1:8443/token").await.contains("allow 10.0.0.1:8443"));
    let http = http("tenants:localhost:444");
    for (url, expected) in [
        ("https://localhost/token", true),
        ("https://localhost:444/token", false),
        ("https://10.0.0.1/token", true),
        ("https://no-such-host.invalid/token", false),
    ] {
        assert_eq!(http.keeps_from(Reach::Tenant, &Url::parse(url).unwrap()).await, expected, "{url}");
    }
}
