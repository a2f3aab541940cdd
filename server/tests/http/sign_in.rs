//! `/sign-in`, and the session behind it.

use crate::support::{Answer, Browser, TestServer, logged};

const PASSWORD: &str = "canary-password-123";

/// Sends the page's form as a browser with scripts off does.
pub(crate) async fn sign_in(browser: &mut Browser, password: &str) -> Answer {
    sign_in_as(browser, "owner@example.com", password).await
}

/// The same as somebody else.
pub(crate) async fn sign_in_as(browser: &mut Browser, email: &str, password: &str) -> Answer {
    let page = browser.get("/sign-in").await.expect(200);
    let field = page.body.split('<').find(|tag| tag.contains("name=\"_action\"")).unwrap().to_owned();
    let action = field.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("_action", action), ("email", email), ("password", password), ("next", "")])
        .finish();
    browser.post("/sign-in", &form).await
}

#[tokio::test]
async fn a_member_signs_in_with_scripts_off() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    assert!(browser.get("/applications").await.redirected().starts_with("/sign-in?next="));
    assert!(browser.cookies().is_empty(), "nobody has a session before signing in");
    let refused = sign_in(&mut browser, "not-the-password").await;
    assert!((400..500).contains(&refused.status) && !refused.body.contains("not-the-password"), "{}", refused.body);
    let answer = sign_in(&mut browser, PASSWORD).await.expect(303);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("keybearer="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    browser.get("/applications").await.expect(200).says("Acme");
    let secret = browser.cookies().split('=').nth(1).unwrap().to_owned();
    assert!(!logged().contains(PASSWORD) && !logged().contains(&secret));
}

#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own_and_all_end_together() {
    let server = TestServer::start().await;
    let (mut first, mut second) = (server.browser(), server.browser());
    sign_in(&mut first, PASSWORD).await.expect(303);
    sign_in(&mut second, PASSWORD).await.expect(303);
    assert_ne!(first.cookies(), second.cookies());
    server.test.clock.advance(vault::SECOND);
    server.test.vault.sign_out_everywhere(&server.test.member).await.ok().unwrap();
    for browser in [&mut first, &mut second] {
        assert!(browser.get("/applications").await.redirected().starts_with("/sign-in"));
    }
}

#[tokio::test]
async fn a_session_in_use_lasts_seven_days_at_most() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    sign_in(&mut browser, PASSWORD).await.expect(303);
    server.test.clock.advance(6 * vault::DAY);
    let again = browser.get("/applications").await.expect(200);
    assert!(again.header("set-cookie").contains("keybearer="), "a session in use is kept alive");
    server.test.clock.advance(vault::DAY);
    assert!(browser.get("/applications").await.redirected().starts_with("/sign-in"));
}
