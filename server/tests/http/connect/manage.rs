use crate::support::{Answer, Backend, Browser, TestServer, text};
use serde_json::json;
use vault::testing::sandbox::{Endpoint, Fault, FaultKind};
use vault::{HOUR, MINUTE};

const PATH: &str = "/v1/end-users/user_42/manage-link";

async fn manage_link(backend: &Backend) -> String {
    text(&backend.post(PATH, json!({})).await.expect(201).json(), "url").to_owned()
}

#[tokio::test]
async fn an_end_user_sees_its_accounts_and_looking_changes_nothing() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    backend.token(&account).await.expect(200);
    let link = manage_link(&backend).await;
    for header in [("sec-purpose", "prefetch;prerender"), ("user-agent", "link preview")] {
        let page = Answer::of(server.client.get(&link).header(header.0, header.1)).await.expect(200);
        assert!(!page.headers.contains_key("set-cookie"));
        Answer::of(server.client.head(&link)).await.expect(200);
    }
    let page = server.browser().get(&link).await.expect(200);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'; img-src 'self'"));
    let page = page.says("Your connected accounts").says("Zoom").says("ada@example.com").says("January 1, 2026");
    let page = page.says("See your profile").says("Disconnect");
    assert!(!page.body.contains("<script") && !page.body.contains(&account.replace("ca_", "ca_x")));
    server.browser().get(&format!("{link}/disconnect/{account}")).await.expect(200).says("Disconnect Zoom?");
    backend.token(&account).await.expect(200);
}

#[tokio::test]
async fn disconnecting_ends_the_access_at_once_and_tells_what_the_provider_said() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let (link, mut browser) = (manage_link(&backend).await, server.browser());
    let ask = format!("{link}/disconnect/{account}");
    let over = browser.post(&ask, "").await.location();
    backend.token(&account).await.problem(410, "revoked");
    let page = browser.get(&over).await.expect(200).says("Zoom is disconnected");
    page.says("Zoom has ended the access too.").says("Nothing is connected to");
    let seen = backend.get(&format!("/v1/connected-accounts/{account}")).await.expect(200).json();
    assert_eq!(text(&seen["status_reason"], "code"), "revoked_by_end_user");
    let line = backend.get(&format!("/v1/connected-accounts/{account}/timeline")).await.expect(200).json();
    let revoked = line["data"].as_array().unwrap().iter().find(|e| e["type"] == "connected_account.revoked").unwrap();
    assert_eq!(text(revoked, "actor"), "end_user");
    assert_eq!(browser.post(&ask, "").await.location(), over, "twice is the same");
    assert_eq!(browser.get(&ask).await.location(), over);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_told_as_such() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let (link, mut browser) = (manage_link(&backend).await, server.browser());
    server.test.sandbox.fault(Fault::new(Endpoint::Revoke, FaultKind::retry_after(503, "300")).times(2));
    let over = browser.post(&format!("{link}/disconnect/{account}"), "").await.location();
    browser.get(&over).await.expect(200).says("Zoom has not answered yet.");
}

#[tokio::test]
async fn another_site_cannot_disconnect_anything() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let ask = format!("{}/disconnect/{account}", manage_link(&backend).await);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("x-none", "1")] {
        Answer::of(server.client.post(&ask).header(name, value)).await.expect(403);
    }
    backend.token(&account).await.expect(200);
}

#[tokio::test]
async fn an_account_that_lost_its_access_is_connected_again_from_here() {
    let server = TestServer::start().await;
    server.allow_return("https://app.example.com/done").await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    server.test.sandbox.revoke_grant(vault::testing::CLIENT_ID, "ada@example.com").unwrap();
    server.test.advance(2 * HOUR);
    backend.token(&account).await.problem(409, "needs_reconnect");
    let body = json!({ "return_url": "https://app.example.com/done" });
    let link = backend.post(PATH, body).await.expect(201).json();
    let (link, mut browser) = (text(&link, "url"), server.browser());
    browser.get(link).await.expect(200).says("no longer gives access").says("Reconnect").says("Back to Acme");
    let connect = browser.post(link, &format!("account={account}")).await.location();
    browser.get(&connect).await.expect(200).says("Reconnect Zoom to Acme");
    let callback = server.consented(&mut browser, &connect).await;
    let result = browser.get(&callback).await.location();
    assert!(browser.get(&result).await.location().starts_with("https://app.example.com/done?connect_session="));
    backend.token(&account).await.expect(200);
    assert_eq!(browser.post(link, "account=nonsense").await.location(), link.replace(&server.url(""), ""));
}

#[tokio::test]
async fn links_end_and_strangers_get_nothing() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let body = json!({ "end_user": { "id": "user_43" } });
    backend.post("/v1/connect-sessions", body).await.expect(201);
    let other = backend.post("/v1/end-users/user_43/manage-link", json!({})).await.expect(201).json();
    let mut browser = server.browser();
    let page = browser.get(text(&other, "url")).await.expect(200).says("Nothing is connected to");
    assert!(!page.body.contains("ada@example.com"));
    let theirs = format!("{}/disconnect/{account}", text(&other, "url"));
    browser.get(&theirs).await.expect(404);
    browser.post(&theirs, "").await.expect(404);
    browser.post(text(&other, "url"), &format!("account={account}")).await.expect(409);
    let page = browser.get(&format!("{}?disconnected={account}", text(&other, "url"))).await.expect(200);
    assert!(!page.body.contains("is disconnected"));
    backend.token(&account).await.expect(200);
    let short = backend.post(PATH, json!({ "expires_in": 60 })).await.expect(201).json();
    server.test.advance(MINUTE);
    browser.get(text(&short, "url")).await.expect(410).says("This link has expired");
    browser.post(&format!("{}/disconnect/{account}", text(&short, "url")), "").await.expect(410);
    backend.token(&account).await.expect(200);
}

#[tokio::test]
async fn an_address_that_guesses_links_has_to_wait() {
    let server = TestServer::start().await;
    let mut browser: Browser = server.browser();
    for _ in 0..120 {
        browser.get("/connect/manage/guess").await.expect(404).says("This link is not known");
    }
    let page = browser.get("/connect/manage/guess").await.expect(429).says("Too many tries");
    assert_eq!(page.header("retry-after"), "60");
    let backend = server.backend().await;
    server.connected(&backend).await;
    browser.get(&manage_link(&backend).await).await.expect(200);
}
