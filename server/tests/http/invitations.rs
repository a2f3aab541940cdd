//! `/settings/members` and `/invitations/{link}`: from an address to a member, with scripts off.

use crate::support::{Answer, Browser, TestServer, logged};
use model::people::Role;

const PASSWORD: &str = "canary-password-123";
const INVITE: &str = "/settings/members/invite";

async fn signed_in(server: &TestServer) -> Browser {
    let mut browser = server.browser();
    let form = browser.get("/sign-in").await.form("sign_in").with("email", "owner@example.com");
    browser.post("/sign-in", &form.with("password", PASSWORD).body()).await.expect(303);
    browser
}

/// The path of the link that a page shows once; invitations' ids are no secret and begin otherwise.
#[track_caller]
fn link(answer: &Answer) -> String {
    let mut found = answer.body.split("/invitations/").skip(1).map(|rest| rest.split('"').next().unwrap());
    let secret = found.find(|text| !text.starts_with("inv_")).unwrap_or_else(|| panic!("a link in {}", answer.body));
    format!("/invitations/{secret}")
}

async fn invited(owner: &mut Browser, email: &str) -> String {
    let form = owner.get(INVITE).await.expect(200).form("invite").with("email", email);
    link(&owner.post(INVITE, &form.body()).await.expect(200).says("You will not see this again"))
}

#[tokio::test]
async fn who_accepts_an_invitation_is_signed_in_and_listed() {
    let server = TestServer::start().await;
    let mut owner = signed_in(&server).await;
    let link = invited(&mut owner, "new@example.com").await;
    let mut guest = server.browser();
    for _ in 0..2 {
        guest.get(&link).await.expect(200).says("new@example.com").says("Developer");
    }
    assert!(guest.cookies().is_empty(), "a link that is opened changes nothing");
    let form = guest.get(&link).await.form("accept");
    let refused = guest.post(&link, &form.clone().with("password", "short").body()).await.expect(422);
    assert!(refused.says("Use at least 10 characters").forms().iter().any(|form| form.action().contains("accept")));
    let accepted = guest.post(&link, &form.with("password", "canary-new-password").body()).await;
    assert_eq!(accepted.location(), "/applications");
    guest.get("/applications").await.expect(200).says("Acme");
    owner.get("/settings/members").await.expect(200).says("new@example.com").says("Nobody is invited");
    server.browser().get(&link).await.expect(410).says("accepted already");
    let secret = link.rsplit('/').next().unwrap();
    assert!(!logged().contains(secret) && !logged().contains("canary-new-password"));
}

#[tokio::test]
async fn a_link_that_is_not_good_says_why() {
    let server = TestServer::start().await;
    let mut owner = signed_in(&server).await;
    let link = invited(&mut owner, "new@example.com").await;
    owner.get(&link).await.expect(200).says("You are signed in as owner@example.com");
    let id = server.test.vault.invitations(&server.test.member).await.ok().unwrap()[0].id;
    server.test.clock.advance(7 * vault::DAY);
    let mut guest = server.browser();
    guest.get(&link).await.expect(410).says("has expired").says("owner@example.com");
    let mut owner = signed_in(&server).await;
    let page = format!("/settings/members/invitations/{id}");
    let form = owner.get(&page).await.form("renew");
    let renewed = owner.post(&page, &form.body()).await.expect(200);
    guest.get(&link).await.expect(404).says("is not known");
    let renewed = self::link(&renewed);
    guest.get(&renewed).await.expect(200);
    let ask = format!("{page}/withdraw");
    let form = owner.get(&ask).await.expect(200).form("withdraw");
    assert_eq!(owner.post(&ask, &form.body()).await.location(), "/settings/members");
    guest.get(&renewed).await.expect(410).says("was withdrawn");
    guest.get("/invitations/made-up").await.expect(404);
    let link = invited(&mut owner, "new@example.com").await;
    server.test.member_as("new@example.com", Role::Viewer).await;
    guest.get(&link).await.expect(200).says("is a member already");
}

#[tokio::test]
async fn a_removed_member_is_sent_to_the_sign_in_page_at_once() {
    let server = TestServer::start().await;
    let member = server.test.member_as("dev@example.com", Role::Developer).await.view().member;
    let mut dev = server.browser();
    let form = dev.get("/sign-in").await.form("sign_in").with("email", "dev@example.com");
    dev.post("/sign-in", &form.with("password", PASSWORD).body()).await.expect(303);
    let new_key = format!("/applications/{}/api-keys", server.test.caller.application());
    let add = dev.get(&new_key).await.expect(200).form("add_api_key").with("name", "x");
    let mut owner = signed_in(&server).await;
    let page = format!("/settings/members/{member}");
    let form = owner.get(&page).await.expect(200).form("set_role").with("role", "viewer");
    owner.post(&page, &form.body()).await.expect(303);
    dev.post(&new_key, &add.body()).await.expect(403);
    let ask = format!("{page}/remove");
    let form = owner.get(&ask).await.expect(200).form("remove_member");
    assert_eq!(owner.post(&ask, &form.body()).await.location(), "/settings/members");
    assert!(dev.get("/applications").await.redirected().starts_with("/sign-in"));
}
