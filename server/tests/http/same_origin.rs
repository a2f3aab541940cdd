//! Whatever the path: forms come from our own pages.

use crate::support::{Answer, TestServer, link};
use serde_json::json;

#[tokio::test]
async fn a_form_from_another_site_binds_nothing() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let session = backend.session(json!({})).await;
    let foreign: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[],
    ];
    for headers in foreign {
        let request = server.client.post(link(&session));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = Answer::of(request).await.expect(403);
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    server.browser().get(link(&session)).await.expect(200).says("Continue");
}

#[tokio::test]
async fn the_api_is_for_every_origin_since_it_takes_no_cookie() {
    let server = TestServer::start().await;
    let key = server.backend().await.key.unwrap();
    let request = server.client.post(server.url("/v1/connect-sessions")).bearer_auth(key);
    let request = request.header("sec-fetch-site", "cross-site").body(r#"{"end_user":{"id":"u"}}"#);
    Answer::of(request).await.expect(201);
}
