//! Whatever the path: the name under which the server is called.

use crate::support::{Answer, TestServer};

#[tokio::test]
async fn another_name_is_misdirected() {
    let server = TestServer::start().await;
    for path in ["/", "/sign-in", "/connect/abc", "/v1/providers", "/oauth/callback/app_x/zoom"] {
        let request = server.client.get(server.url(path)).header("host", "evil.example");
        Answer::of(request).await.expect(421);
    }
    for host in ["localhost", "127.0.0.1:9", "[::1]:4000"] {
        let request = server.client.get(server.url("/v1/providers")).header("host", host);
        Answer::of(request).await.expect(401);
    }
}

#[tokio::test]
async fn a_public_name_answers_and_sets_the_strict_cookies() {
    let server = TestServer::start_at(|_| "https://vault.example.com".to_owned()).await;
    let backend = server.backend().await;
    let session = backend.session(serde_json::json!({})).await;
    let link = session["url"].as_str().unwrap();
    let path = link.strip_prefix("https://vault.example.com").unwrap();
    let request = server.client.post(server.url(path)).header("host", "vault.example.com");
    let answer = Answer::of(request.header("sec-fetch-site", "same-origin")).await.expect(303);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-keybearer-connect="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=86400"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(answer.headers.contains_key("strict-transport-security"));
}
