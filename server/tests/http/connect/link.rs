use crate::support::{Answer, Browser, TestServer, link, text};
use serde_json::json;
use vault::{Begun, MINUTE};

#[tokio::test]
async fn looking_at_a_link_changes_nothing() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let session = backend.session(json!({})).await;
    for header in [("sec-purpose", "prefetch;prerender"), ("user-agent", "link preview")] {
        let request = server.client.get(link(&session)).header(header.0, header.1);
        let answer = Answer::of(request).await.expect(200);
        assert!(!answer.headers.contains_key("set-cookie"));
        Answer::of(server.client.head(link(&session))).await.expect(200);
    }
    let page = server.browser().get(link(&session)).await.expect(200);
    let page = page.says("Connect Zoom to Acme").says("Ada").says("Continue").says("Development");
    assert!(!page.body.contains("<script") && page.body.len() < 10_000);
    server.browser().post(link(&session), "").await.expect(303);
}

#[tokio::test]
async fn the_page_may_lead_to_the_provider_and_is_never_framed_or_kept() {
    let server = TestServer::start().await;
    server.allow_return("https://app.example.com/done").await;
    let session = server.backend().await.session(json!({ "return_url": "https://app.example.com/done" })).await;
    let page = server.browser().get(link(&session)).await.expect(200);
    let expected = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' {} https://*.zoom.us https://app.example.com; \
         base-uri 'none'; frame-ancestors 'none'",
        server.test.sandbox.base_url()
    );
    assert_eq!(page.header("content-security-policy"), expected);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("cross-origin-opener-policy"), "unsafe-none");
}

#[tokio::test]
async fn continue_binds_the_session_to_one_browser() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let (mut first, mut second) = (server.browser(), server.browser());
    let provider = first.post(link(&session), "").await.location();
    assert!(provider.starts_with(&format!("{}/oauth/authorize?", server.test.sandbox.base_url())));
    let query = url::Url::parse(&provider).unwrap();
    let mut names: Vec<_> = query.query_pairs().map(|(name, _)| name.into_owned()).collect();
    names.sort();
    assert_eq!(names, ["client_id", "redirect_uri", "response_type", "state"]);
    second.get(link(&session)).await.expect(409).says("Already started elsewhere");
    second.post(link(&session), "").await.expect(409).says("Already started elsewhere");
    first.get(link(&session)).await.expect(200).says("Continue");
    first.post(link(&session), "").await.expect(303);
}

#[tokio::test]
async fn a_link_that_leads_nowhere_says_so() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let mut browser = server.browser();
    browser.get("/connect/unknown").await.expect(404).says("This link is not known");
    browser.post("/connect/unknown", "").await.expect(404).says("This link is not known");
    let session = backend.session(json!({ "expires_in": 60 })).await;
    server.test.advance(2 * MINUTE);
    browser.get(link(&session)).await.expect(410).says("This link has expired");
    browser.post(link(&session), "").await.expect(410).says("This link has expired");
}

#[tokio::test]
async fn a_link_works_once() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    browser.get(&callback).await.expect(303);
    for browser in [&mut browser, &mut server.browser()] {
        browser.get(link(&session)).await.expect(410).says("This link was used already");
        browser.post(link(&session), "").await.expect(410).says("This link was used already");
    }
}

#[tokio::test]
async fn what_the_backend_named_is_escaped() {
    let server = TestServer::start().await;
    let body = json!({ "end_user": { "id": "u", "name": "<script>alert(1)</script>" } });
    let session = server.backend().await.post("/v1/connect-sessions", body).await.expect(201).json();
    let page = server.browser().get(text(&session, "url")).await.expect(200);
    assert!(!page.body.contains("<script") && page.body.contains("&lt;script"));
}

/// A second provider config at the same provider.
pub(super) async fn with_two_providers(server: &TestServer) -> (serde_json::Value, Browser) {
    let test = &server.test;
    let mut form = vault::testing::form("zoom", vault::testing::CLIENT_ID, vault::testing::CLIENT_SECRET, false);
    form.key = "zoom-admin".to_owned();
    test.vault.save_provider_config(&test.caller, form).await.ok().unwrap();
    let session = server.backend().await.session(json!({ "providers": ["zoom", "zoom-admin"] })).await;
    (session, server.browser())
}

#[tokio::test]
async fn with_several_providers_the_end_user_chooses() {
    let server = TestServer::start().await;
    let (session, mut browser) = with_two_providers(&server).await;
    let page = browser.get(link(&session)).await.expect(200).says("Connect your accounts to Acme");
    assert!(!page.body.contains("name=\"provider\""));
    let choice = browser.post(link(&session), "").await.location();
    let page = browser.get(&choice).await.expect(200);
    assert!(page.body.contains("value=\"zoom\"") && page.body.contains("value=\"zoom-admin\""));
    let provider = browser.post(link(&session), "provider=zoom-admin").await.location();
    assert!(provider.contains("zoom-admin"), "{provider}");
    browser.post(link(&session), "provider=other").await.expect(422).says("not on offer");
    let begun = server.test.vault.begin("nothing", "nobody", None).await.ok().unwrap();
    assert!(matches!(begun, Begun::Stopped(_)));
}
