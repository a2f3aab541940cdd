use super::link::with_two_providers;
use crate::support::{TestServer, link, text};
use serde_json::json;
use vault::testing::sandbox::ConsentRequest;

#[tokio::test]
async fn without_a_return_url_the_page_says_how_it_went() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let result = browser.get(&callback).await.location();
    assert_eq!(result, format!("/connect/result/{}", text(&session, "id")));
    browser.get(&result).await.expect(200).says("Zoom is connected").says("go back to");
    server.browser().get(&result).await.expect(404).says("Nothing to see in this browser");
    server.browser().get("/connect/result/cs_x").await.expect(404);
}

#[tokio::test]
async fn a_browser_returns_with_what_must_not_be_trusted() {
    let server = TestServer::start().await;
    server.allow_return("https://app.example.com/done").await;
    let backend = server.backend().await;
    let session = backend.session(json!({ "return_url": "https://app.example.com/done?tab=1" })).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let result = browser.get(&callback).await.location();
    let id = text(&session, "id");
    let expected = format!("https://app.example.com/done?tab=1&connect_session={id}&status=completed");
    assert_eq!(browser.get(&result).await.location(), expected);
}

#[tokio::test]
async fn a_declined_consent_is_told_in_the_providers_words_escaped() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let session = backend.session(json!({})).await;
    let mut browser = server.browser();
    let provider = browser.post(link(&session), "").await.location();
    let back = server.test.sandbox.consent(&ConsentRequest::decline(&provider, "ada@example.com")).unwrap();
    let back = format!("{}&error_description=%3Cb%3EAda%20said%20no", back.split("&error_description").next().unwrap());
    let result = browser.get(&back).await.location();
    let page = browser.get(&result).await.expect(200).says("Zoom is not connected").says("&lt;b&gt;Ada said no");
    assert!(!page.body.contains("<b>Ada"));
    let session = backend.get(&format!("/v1/connect-sessions/{}", text(&session, "id"))).await.expect(200).json();
    assert_eq!(text(&session, "status"), "failed");
    assert_eq!(text(&session["results"][0]["error"], "code"), "access_denied");
}

#[tokio::test]
async fn a_popup_tells_exactly_one_origin() {
    let server = TestServer::start().await;
    server.allow_return("https://app.example.com/done").await;
    let members = json!({ "return_url": "https://app.example.com/done", "origin": "https://app.example.com", "completion": "confirmed" });
    let session = server.backend().await.session(members).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let result = browser.get(&callback).await.location();
    let page = browser.get(&result).await.expect(200);
    let policy = page.header("content-security-policy").to_owned();
    let nonce = policy.split("script-src 'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned();
    assert!(page.body.contains(&format!("<script nonce=\"{nonce}\">")) && nonce.len() >= 22, "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
    let page = page.says("data-origin=\"https://app.example.com\"").says("keybearer:connect").says("code");
    assert!(!page.body.contains("\"*\"") && page.body.contains("Back to"));
    let again = browser.get(&result).await.expect(200);
    assert!(!again.header("content-security-policy").contains(&nonce), "a nonce is used once");
}

#[tokio::test]
async fn one_of_several_is_connected_and_the_end_user_is_done() {
    let server = TestServer::start().await;
    let (session, mut browser) = with_two_providers(&server).await;
    browser.post(link(&session), "").await.expect(303);
    let provider = browser.post(link(&session), "provider=zoom").await.location();
    let callback = server.test.sandbox.consent(&ConsentRequest::allow(&provider, "ada@example.com")).unwrap();
    let result = browser.get(&callback).await.location();
    let page = browser.get(&result).await.expect(200).says("Connected").says("Done");
    assert!(!page.body.contains("value=\"zoom\"") && page.body.contains("value=\"zoom-admin\""));
    let next = browser.post(&result, "provider=zoom-admin").await.location();
    assert!(next.contains("/oauth/authorize?"));
    assert_eq!(browser.post(&result, "done=1").await.location(), result);
    browser.get(&result).await.expect(200).says("Your accounts are connected");
    browser.post(&result, "provider=zoom-admin").await.expect(303);
    server.browser().post(&result, "done=1").await.expect(404);
}
