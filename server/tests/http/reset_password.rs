//! `/reset-password` and the links behind it, with scripts off.

use crate::support::{TestServer, logged};
use vault::testing::TestMail;

const ASK: &str = "/reset-password";

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_mailed_link() {
    let mail = TestMail::start().await;
    let server = TestServer::start_with(|options| options.mail = Some(mail.mailer())).await;
    let mut browser = server.browser();
    browser.get("/sign-in").await.says("href=\"/reset-password\"");
    let form = browser.get(ASK).await.expect(200).form("ask_for");
    let ask = async |email: &str| {
        let answer = server.browser().post(ASK, &form.clone().with("email", email).body()).await.expect(200);
        answer.body.replace(email, "E")
    };
    let same = |body: String| body.split("<body").nth(1).unwrap().split("<script").next().unwrap().to_owned();
    assert_eq!(same(ask("owner@example.com").await), same(ask("nobody@example.com").await));
    let secret = mail.letter(1).await.secret();
    let link = format!("{ASK}/{secret}");
    let form = browser.get(&link).await.expect(200).says("owner@example.com").form("set_new");
    browser.post(&link, &form.clone().with("password", "short").body()).await.expect(422);
    let set = browser.post(&link, &form.clone().with("password", "canary-new-password").body()).await;
    assert_eq!(set.location(), "/sign-in", "a link for a password signs nobody in");
    assert!(browser.get("/applications").await.redirected().starts_with("/sign-in"));
    browser.get(&link).await.expect(410).says("not good any more");
    browser.post(&link, &form.with("password", "canary-third-password").body()).await.expect(410);
    assert!(!logged().contains(&secret) && !logged().contains("canary-new-password"));
}

#[tokio::test]
async fn without_a_mail_server_the_page_names_the_command() {
    let server = TestServer::start().await;
    let page = server.browser().get(ASK).await.expect(200).says("keybearer member reset-password");
    assert!(page.forms().is_empty());
}

#[tokio::test]
async fn asking_too_often_is_429() {
    let mail = TestMail::start().await;
    let server = TestServer::start_with(|options| options.mail = Some(mail.mailer())).await;
    let mut browser = server.browser();
    let form = browser.get(ASK).await.form("ask_for").with("email", "nobody@example.com");
    for _ in 0..3 {
        browser.post(ASK, &form.body()).await.expect(200);
    }
    let refused = browser.post(ASK, &form.body()).await.expect(429);
    assert!(refused.header("retry-after").parse::<i64>().is_ok_and(|seconds| seconds > 0));
}
