//! Forms whose answer shows a secret, sent a second time: as when the answer's page is loaded again, with scripts off.

use crate::support::{Answer, Browser, TestServer};

async fn signed_in(server: &TestServer) -> Browser {
    let mut browser = server.browser();
    let form = browser.get("/sign-in").await.form("sign_in").with("email", "owner@example.com");
    browser.post("/sign-in", &form.with("password", "canary-password-123").body()).await.expect(303);
    browser
}

fn keys_in(answer: &Answer) -> usize {
    answer.body.matches("<tr>").count()
}

#[tokio::test]
async fn a_page_that_is_loaded_again_makes_no_second_key() {
    let server = TestServer::start().await;
    let mut owner = signed_in(&server).await;
    let page = format!("/applications/{}/api-keys", server.test.caller.application());
    let form = owner.get(&page).await.form("add_api_key").with("name", "Billing");
    let made = owner.post(&page, &form.body()).await.expect(200).says("You will not see this again");
    let rows = keys_in(&made);
    let again =
        owner.post(&page, &form.body()).await.expect(409).says("sent already").says(&format!("href=\"{page}\""));
    assert!(!again.body.contains("You will not see this again") && again.body.contains("value=\"Billing\""));
    assert_eq!(keys_in(&owner.get(&page).await), rows, "a second key was made");
    // Whoever means it sends the form that came back.
    owner.post(&page, &again.form("add_api_key").body()).await.expect(200).says("You will not see this again");
    assert_eq!(keys_in(&owner.get(&page).await), rows + 1);
}

#[tokio::test]
async fn a_form_that_made_nothing_can_be_sent_again_as_it_is() {
    let server = TestServer::start().await;
    let mut owner = signed_in(&server).await;
    let page = format!("/applications/{}/api-keys", server.test.caller.application());
    let form = owner.get(&page).await.form("add_api_key").with("name", "");
    for _ in 0..2 {
        owner.post(&page, &form.body()).await.expect(422).says("Name the key");
    }
    owner.post(&page, &form.with("name", "Billing").body()).await.expect(200).says("You will not see this again");
}

#[tokio::test]
async fn an_invitation_that_is_loaded_again_invites_nobody_twice() {
    let server = TestServer::start().await;
    let mut owner = signed_in(&server).await;
    let page = "/settings/members/invite";
    let form = owner.get(page).await.form("invite").with("email", "new@example.com");
    owner.post(page, &form.body()).await.expect(200);
    owner.post(page, &form.body()).await.expect(409).says("sent already").says("href=\"/settings/members\"");
    assert_eq!(server.test.vault.invitations(&server.test.member).await.ok().unwrap().len(), 1);
}

#[tokio::test]
async fn each_press_makes_one_link() {
    let server = TestServer::start().await;
    let account = server.test.connected().await;
    let mut owner = signed_in(&server).await;
    let app = format!("/applications/{}", server.test.caller.application());
    let list = format!("{app}/connect-sessions");
    for (page, function) in
        [(app.clone(), "open_connect_session"), (format!("{app}/connected-accounts/{account}"), "make_reconnect_link")]
    {
        let before = keys_in(&owner.get(&list).await);
        let form = owner.get(&page).await.form(function);
        owner.post(&page, &form.body()).await.expect(200).says("You will not see this again");
        let again = owner.post(&page, &form.body()).await.expect(409).says("sent already");
        assert!(again.body.contains(&format!("href=\"{list}\"")));
        assert_eq!(keys_in(&owner.get(&list).await), before + 1, "{page} made one session");
    }
}
