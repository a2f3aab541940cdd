use crate::support::{Answer, TestServer, link, text};
use serde_json::json;
use vault::MINUTE;
use vault::testing::CLIENT_ID;

fn exchanges(server: &TestServer) -> usize {
    server.test.sandbox.count(|entry| entry.grant_type.as_deref() == Some("authorization_code"))
}

#[tokio::test]
async fn the_whole_way_from_a_key_to_a_token() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let session = backend.session(json!({})).await;
    let mut browser = server.browser();
    browser.get(link(&session)).await.expect(200);
    let callback = server.consented(&mut browser, link(&session)).await;
    let answer = browser.get(&callback).await.expect(303);
    let clean = answer.header("location").to_owned();
    assert!(!clean.contains('?') && answer.body.is_empty());
    assert_eq!((answer.header("referrer-policy"), answer.header("cache-control")), ("no-referrer", "no-store"));
    let session = backend.get(&format!("/v1/connect-sessions/{}", text(&session, "id"))).await.expect(200).json();
    assert_eq!(text(&session, "status"), "completed");
    let account = text(&session["results"][0], "connected_account");
    let token = backend.token(account).await.expect(200).json();
    let me = server.client.get(format!("{}/users/me", text(&token, "api_base_url")));
    let me = Answer::of(me.bearer_auth(text(&token, "access_token"))).await.expect(200).json();
    assert_eq!(text(&me, "email"), "ada@example.com");
}

#[tokio::test]
async fn a_repeated_callback_exchanges_nothing_and_shows_the_result() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let before = exchanges(&server);
    let first = browser.get(&callback).await.location();
    let second = browser.get(&callback).await.location();
    assert_eq!((first, exchanges(&server)), (second, before + 1));
}

#[tokio::test]
async fn another_browser_spends_nothing() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let before = exchanges(&server);
    server.browser().get(&callback).await.expect(403).says("started in another browser");
    let mut other = server.browser();
    let second = server.backend().await.session(json!({})).await;
    other.post(link(&second), "").await.expect(303);
    other.get(&callback).await.expect(403).says("started in another browser");
    assert_eq!(exchanges(&server), before);
    browser.get(&callback).await.expect(303);
}

#[tokio::test]
async fn a_visit_that_no_person_sees_spends_nothing() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let before = exchanges(&server);
    let cookie = browser.cookies();
    let prefetch = server.client.get(&callback).header("sec-purpose", "prefetch").header("cookie", &cookie);
    Answer::of(prefetch).await.expect(503);
    Answer::of(server.client.head(&callback).header("cookie", &cookie)).await.expect(503);
    assert_eq!(exchanges(&server), before);
    browser.get(&callback).await.expect(303);
}

#[tokio::test]
async fn a_state_of_another_provider_config_is_not_expected() {
    let server = TestServer::start().await;
    let test = &server.test;
    let mut form = vault::testing::form("zoom", CLIENT_ID, vault::testing::CLIENT_SECRET, false);
    form.key = "zoom-admin".to_owned();
    test.vault.save_provider_config(&test.caller, form).await.ok().unwrap();
    let session = server.backend().await.session(json!({ "providers": ["zoom"] })).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let before = exchanges(&server);
    let elsewhere = callback.replace("/zoom?", "/zoom-admin?");
    assert_ne!(elsewhere, callback);
    browser.get(&elsewhere).await.expect(400).says("This answer was not expected");
    assert_eq!(exchanges(&server), before);
}

#[tokio::test]
async fn answers_that_belong_to_nothing_bind_nothing() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let before = exchanges(&server);
    let (path, _) = callback.split_once('?').unwrap();
    let state = callback.split("state=").nth(1).unwrap().split('&').next().unwrap();
    browser.get(&format!("{path}?code=x&state=unknown")).await.expect(400).says("not expected");
    browser.get(&format!("{path}?code=x&state={state}&state=y")).await.expect(400).says("not expected");
    browser.get(&format!("{path}?state={state}")).await.expect(400).says("sent nothing back");
    browser.get(path).await.expect(400).says("sent nothing back");
    browser.get("/oauth/callback/app_x/zoom?code=x&state=y").await.expect(400);
    let install = server.test.sandbox.install(CLIENT_ID, "ada@example.com", Some(path)).unwrap();
    browser.get(&install).await.expect(200).says("Start from Acme");
    assert_eq!(exchanges(&server), before);
    browser.get(&callback).await.expect(303);
}

#[tokio::test]
async fn a_late_answer_exchanges_nothing() {
    let server = TestServer::start().await;
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    let callback = server.consented(&mut browser, link(&session)).await;
    let before = exchanges(&server);
    server.test.clock.advance(40 * MINUTE);
    let result = browser.get(&callback).await.location();
    browser.get(&result).await.expect(410).says("expired");
    assert_eq!(exchanges(&server), before);
}
