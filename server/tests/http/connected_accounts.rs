//! `/applications/{app}/connected-accounts`: the list as a file, and what revokes many at once, with scripts off.

use crate::sign_in::sign_in_as;
use crate::support::{Browser, PageForm, TestServer, text};
use model::people::Role;
use serde_json::json;
use vault::testing::Onlooker;
use vault::{MINUTE, Worked};

const PASSWORD: &str = "canary-password-123";

async fn signed_in(server: &TestServer, email: &str, role: Role) -> Browser {
    if email != "owner@example.com" {
        server.test.member_as(email, role).await;
    }
    let mut browser = server.browser();
    sign_in_as(&mut browser, email, PASSWORD).await.expect(303);
    browser
}

async fn owner(server: &TestServer) -> Browser {
    signed_in(server, "owner@example.com", Role::Owner).await
}

fn list(server: &TestServer) -> String {
    format!("/applications/{}/connected-accounts", server.test.caller.application())
}

/// The lines of a file, without its head.
fn lines(body: &str) -> Vec<&str> {
    body.trim_end().split("\r\n").skip(1).collect()
}

#[tokio::test]
async fn the_file_has_what_the_filters_let_through_and_no_formula() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let first = server.connected(&backend).await;
    let label = json!({ "label": "=HYPERLINK(\"http://evil.example\")" });
    backend.send(reqwest::Method::PATCH, &format!("/v1/connected-accounts/{first}"), Some(label.to_string())).await;
    let mut browser = owner(&server).await;
    let file = browser.get(&format!("{}/export.csv", list(&server))).await.expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(file.header("content-disposition").starts_with("attachment; filename=\"connected-accounts-app_"));
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.body.starts_with("id,end_user_id,end_user_name,"), "{}", file.body);
    let rows = lines(&file.body);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].starts_with(&format!("\"{first}\",\"user_42\",\"Ada\"")), "{rows:?}");
    assert!(rows[0].contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""), "{rows:?}");
    for (query, found) in
        [("status=active", 1), ("status=revoked", 0), ("q=user_4", 1), ("q=4", 0), ("unused=never", 1)]
    {
        let file = browser.get(&format!("{}/export.csv?{query}", list(&server))).await.expect(200);
        assert_eq!(lines(&file.body).len(), found, "{query}: {}", file.body);
    }
    let log = browser.get(&list(&server).replace("connected-accounts", "events/export.jsonl")).await.expect(200).body;
    let written = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let exports: Vec<_> = written.filter(|event| event["type"] == "application.accounts_exported").collect();
    assert_eq!(exports.len(), 6);
    assert_eq!(exports[1]["personal"]["filter"]["status"], serde_json::Value::Null);
    assert_eq!(exports[0]["detail"], json!({ "filtered": true }));
    assert!(exports[0]["request_id"].as_str().is_some_and(|id| !id.is_empty()));
}

#[tokio::test]
async fn a_viewer_a_stranger_and_nobody_get_no_file() {
    let server = TestServer::start().await;
    let file = format!("{}/export.csv", list(&server));
    assert!(server.browser().get(&file).await.location().starts_with("/sign-in?next="));
    let mut viewer = signed_in(&server, "viewer@example.com", Role::Viewer).await;
    viewer.get(&file).await.expect(403).says("Developers, admins and owners may export");
    let page = viewer.get(&list(&server)).await.expect(200);
    assert!(!page.links().iter().any(|link| link.contains("export.csv")), "a viewer is offered no file");
    let mut developer = signed_in(&server, "developer@example.com", Role::Developer).await;
    developer.get(&file).await.expect(200);
    developer.get("/applications/app_00000000000000000000000000/connected-accounts/export.csv").await.expect(404);
    developer.get("/applications/nothing/connected-accounts/export.csv").await.expect(404);
}

#[tokio::test]
async fn a_large_file_is_read_only_as_fast_as_it_is_taken() {
    let server = TestServer::start().await;
    server.test.seed_without_tokens(100_000, server.test.clock.now()).await;
    let browser = owner(&server).await;
    let address = server.url(&format!("{}/export.csv", list(&server)));
    let mut answer = server.client.get(address).header("cookie", browser.cookies()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers().get("content-length"), None, "nobody knows the length before the end");
    let mut body = answer.chunk().await.unwrap().unwrap().to_vec();
    // The connection's buffers are full by now, and the oldest accounts have not been read from the database.
    let mut db = Onlooker::at(&server.test.database_url).await;
    db.run("UPDATE connected_accounts SET label = 'read late' WHERE provider_user_id = 'user1'").await;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        body.extend_from_slice(&chunk);
    }
    let body = String::from_utf8(body).unwrap();
    let rows = lines(&body);
    assert_eq!(rows.len(), 100_000);
    assert!(body.len() > 12_000_000, "more than the connection's buffers hold: {}", body.len());
    assert!(rows.last().unwrap().contains("\"read late\""), "{:?}", rows.last());
}

/// The form of the page that shows what would be revoked, filled in.
async fn asked(browser: &mut Browser, page: &str) -> PageForm {
    let form = browser.get(page).await.expect(200).form("request_bulk_revocation");
    form.with("reason", "The client secret has leaked").with("typed", "1")
}

#[tokio::test]
async fn what_is_confirmed_is_revoked_and_the_form_sent_twice_makes_one() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    let mut browser = owner(&server).await;
    let page = format!("{}/revoke?provider=zoom", list(&server));
    let form = asked(&mut browser, &page).await;
    let wrong = form.clone().with("typed", "2").with("reason", " ");
    let refused = browser.post(&page, &wrong.body()).await.expect(422);
    refused.says("Type 1 to confirm.").says("Say why");
    assert_eq!(backend.token(&account).await.status, 200, "nothing is revoked yet");
    let progress = browser.post(&page, &form.body()).await.location();
    assert!(progress.starts_with(&format!("{}/revocations/br_", list(&server))), "{progress}");
    assert_eq!(browser.post(&page, &form.body()).await.location(), progress, "the same form makes the same one");
    browser.get(&progress).await.expect(200).says("0 of 1 revoked").says("Load it again");
    let worked = server.test.vault.work_on_bulk_revocations().await.ok().unwrap();
    assert_eq!(worked, Worked { revoked: 1, finished: 1 });
    browser.get(&progress).await.expect(200).says("1 of 1 revoked").says("Finished");
    assert_eq!(backend.token(&account).await.status, 410);
    let again = browser.get(&page).await.expect(200);
    assert!(
        again.body.contains("No account would be revoked")
            && again.forms().iter().all(|f| !f.action().contains("bulk"))
    );
}

#[tokio::test]
async fn a_second_person_confirms_with_a_proof_and_nobody_confirms_alone() {
    let server = TestServer::start().await;
    let account = server.connected(&server.backend().await).await;
    server.test.vault.require_second_person(&server.test.member, true).await.ok().unwrap();
    let mut first = signed_in(&server, "admin@example.com", Role::Admin).await;
    let page = format!("{}/revoke?provider=zoom", list(&server));
    let form = asked(&mut first, &page).await;
    let progress = first.post(&page, &form.body()).await.location();
    let shown = first.get(&progress).await.expect(200).says("Another admin or owner must confirm");
    assert!(shown.forms().iter().all(|form| !form.action().contains("confirm_bulk")), "who asks is not offered it");
    let mut second = owner(&server).await;
    let confirm = second.get(&progress).await.expect(200).form("confirm_bulk_revocation");
    first.post(&progress, &confirm.body()).await.expect(403);
    let mut developer = signed_in(&server, "developer@example.com", Role::Developer).await;
    developer.post(&progress, &confirm.body()).await.expect(403);
    server.test.clock.advance(16 * MINUTE);
    let wants = second.post(&progress, &confirm.body()).await;
    assert!(wants.status >= 400 && wants.body.contains("proof_password"), "{} {}", wants.status, wants.body);
    let proved = confirm.with("proof_password", PASSWORD);
    assert_eq!(second.post(&progress, &proved.body()).await.expect(303).location(), progress);
    let worked = server.test.vault.work_on_bulk_revocations().await.ok().unwrap();
    assert_eq!(worked, Worked { revoked: 1, finished: 1 });
    let account = server.backend().await.get(&format!("/v1/connected-accounts/{account}")).await.expect(200).json();
    assert_eq!(text(&account, "status"), "revoked");
}

#[tokio::test]
async fn roles_decide_who_revokes_what() {
    let server = TestServer::start().await;
    let account = server.connected(&server.backend().await).await;
    let (chosen, fit) = (format!("{}/revoke?id={account}", list(&server)), format!("{}/revoke?q=user", list(&server)));
    let form = asked(&mut owner(&server).await, &fit).await;
    let mut viewer = signed_in(&server, "viewer@example.com", Role::Viewer).await;
    for page in [&chosen, &fit] {
        viewer.get(page).await.expect(403);
        viewer.post(page, &form.body()).await.expect(403);
    }
    let mut developer = signed_in(&server, "developer@example.com", Role::Developer).await;
    developer.get(&fit).await.expect(403);
    developer.post(&fit, &form.body()).await.expect(403);
    let form = asked(&mut developer, &chosen).await;
    let progress = developer.post(&chosen, &form.body()).await.expect(303).location();
    let stop = developer.get(&progress).await.expect(200).form("stop_bulk_revocation");
    viewer.get(&progress).await.expect(200);
    viewer.post(&progress, &stop.body()).await.expect(403);
    developer.post(&progress, &stop.body()).await.expect(303);
    developer.get(&progress).await.expect(200).says("Stopped");
    developer.get(&format!("{}/revocations/br_00000000000000000000000000", list(&server))).await.expect(404);
}
