//! Pages about problems look like the application's where that is known, and tell nothing where it is not.

use crate::support::{Answer, TestServer, link, text};
use serde_json::json;
use vault::{BrandingChange, MINUTE};

const NAME: &str = "Acme Calendar";

async fn branded() -> TestServer {
    let server = TestServer::start().await;
    let change = BrandingChange {
        display_name: NAME.into(),
        accent: "#0f766e".into(),
        support: "https://acme.example/help".into(),
        ..BrandingChange::default()
    };
    server.test.vault.change_branding(&server.test.caller, &change).await.ok().unwrap();
    server
}

#[track_caller]
fn is_branded(page: Answer) {
    let page = page.says(&format!("· {NAME}</title>")).says("/brand/accent.css?light=0f766e");
    page.says("href=\"https://acme.example/help\" rel=\"noopener noreferrer external\"");
}

#[track_caller]
fn is_nobodys(page: Answer) {
    assert!(!page.body.contains(NAME) && !page.body.contains("/brand/") && !page.body.contains("acme.example"));
    page.says("· Keybearer</title>");
}

#[tokio::test]
async fn links_that_lead_no_further_are_branded() {
    let server = branded().await;
    let backend = server.backend().await;
    let session = backend.session(json!({ "expires_in": 60 })).await;
    let (mut browser, mut other) = (server.browser(), server.browser());
    let callback = server.consented(&mut browser, link(&session)).await;
    is_branded(other.get(link(&session)).await.expect(409));
    is_branded(other.post(link(&session), "").await.expect(409));
    browser.get(&callback).await.expect(303);
    is_branded(browser.get(link(&session)).await.expect(410).says("This link was used already"));
    let session = backend.session(json!({ "expires_in": 60 })).await;
    server.test.advance(2 * MINUTE);
    is_branded(other.get(link(&session)).await.expect(410).says("This link has expired"));
    let body = json!({ "expires_in": 60 });
    let manage = backend.post("/v1/end-users/user_42/manage-link", body).await.expect(201).json();
    is_branded(other.get(&format!("{}/disconnect/ca_x", text(&manage, "url"))).await.expect(404));
    server.test.advance(2 * MINUTE);
    is_branded(other.get(text(&manage, "url")).await.expect(410).says("This link has expired"));
}

#[tokio::test]
async fn a_provider_that_is_switched_off_meanwhile_is_told_in_the_applications_colours() {
    let server = branded().await;
    let session = server.backend().await.session(json!({ "providers": ["zoom"] })).await;
    server.test.vault.set_provider_config_disabled(&server.test.caller, "zoom", true).await.ok().unwrap();
    let page = server.browser().post(link(&session), "provider=zoom").await;
    assert!(page.status == 409 || page.status == 422, "{}", page.status);
    is_branded(page);
}

#[tokio::test]
async fn answers_that_nobody_asked_for_are_branded_by_the_address_that_they_came_to() {
    let server = branded().await;
    let path = format!("/oauth/callback/{}/zoom", server.test.caller.application());
    let mut browser = server.browser();
    is_branded(browser.get(&format!("{path}?code=a&state=forged")).await.expect(400));
    is_branded(browser.get(&path).await.expect(400));
    is_branded(browser.get(&format!("{path}?code=a")).await.expect(200).says(&format!("Start from {NAME}")));
    let session = server.backend().await.session(json!({})).await;
    let mut first = server.browser();
    let callback = server.consented(&mut first, link(&session)).await;
    is_branded(browser.get(&callback).await.expect(403));
}

#[tokio::test]
async fn what_is_not_known_is_branded_for_nobody() {
    let server = branded().await;
    let application = server.test.caller.application().to_string();
    let session = server.backend().await.session(json!({})).await;
    let mut browser = server.browser();
    for path in ["/connect/forged", "/connect/manage/forged", "/connect/manage/forged/disconnect/ca_x"] {
        is_nobodys(browser.get(path).await.expect(404));
    }
    is_nobodys(browser.get(&format!("/connect/result/{}", text(&session, "id"))).await.expect(404));
    is_nobodys(browser.get(&format!("/oauth/callback/{application}/nothing?code=a&state=b")).await.expect(400));
    is_nobodys(browser.get("/oauth/callback/app_00000000000000000000000000/zoom?code=a").await.expect(400));
}

#[tokio::test]
async fn problems_are_told_in_the_end_users_language() {
    let server = branded().await;
    let path = format!("/oauth/callback/{}/zoom", server.test.caller.application());
    let mut browser = server.browser();
    browser.accepts("de");
    browser.get("/connect/forged").await.expect(404).says("Dieser Link ist nicht bekannt");
    let page = browser.get(&format!("{path}?code=a&state=forged")).await.expect(400);
    page.says("<html lang=\"de\"").says("Diese Antwort wurde nicht erwartet");
    browser.accepts("ja");
    browser.get(&format!("{path}?code=a")).await.expect(200).says(&format!("{NAME} から始めてください"));
}
