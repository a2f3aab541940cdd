//! `/applications/{app}/events/export.csv` and `.jsonl`, and the same of the organization.

use crate::security::{action_of, post};
use crate::sign_in::{sign_in, sign_in_as};
use crate::support::TestServer;
use model::people::Role;
use serde_json::Value;
use vault::{MINUTE, Secret};

const OWNERS_PASSWORD: &str = "canary-password-123";

#[tokio::test]
async fn an_owner_takes_the_log_away_and_that_is_recorded() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    server.test.vault.add_api_key(&server.test.caller, "=HYPERLINK(\"x\")").await.ok().unwrap();
    server.connected(&backend).await;
    let mut browser = server.browser();
    sign_in(&mut browser, OWNERS_PASSWORD).await.expect(303);
    let log = format!("/applications/{}/events/export", server.test.caller.application());
    let csv = browser.get(&format!("{log}.csv?group=api_keys")).await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(csv.header("content-disposition").starts_with("attachment; filename=\"events-app_"));
    assert_eq!(csv.header("cache-control"), "no-store");
    let lines: Vec<_> = csv.body.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1..].iter().all(|line| line.contains("\"api_key.created\"")));

    let json = browser.get(&format!("{log}.jsonl")).await.expect(200);
    let rows: Vec<Value> = json.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows[0]["type"], "application.events_exported");
    assert_eq!(rows[1]["type"], "application.events_exported");
    assert_eq!(rows[1]["detail"]["filter"]["group"], "api_keys");
    assert!(rows[0]["request_id"].as_str().is_some_and(|id| !id.is_empty()));
    assert!(rows.iter().any(|row| row["personal"]["end_user"] == "user_42"));
    browser.get(&format!("{log}.xml")).await.expect(404);

    let organization = browser.get("/settings/events/export.jsonl").await.expect(200);
    assert!(organization.body.contains("person.sign_in") && organization.body.contains("organization.events_exported"));
    assert!(!organization.body.contains("api_key.created"), "that is the application's");

    let chain = browser.get("/settings/events/export.chain.jsonl").await.expect(200);
    assert!(chain.header("content-disposition").contains("events-chain.jsonl"));
    let mut verifier = vault::ChainVerifier::default();
    chain.body.lines().for_each(|line| verifier.read(line).unwrap());
    assert!(verifier.finish().unwrap().events > 5 && chain.body.contains("api_key.created"));
}

#[tokio::test]
async fn nobody_else_gets_it() {
    let server = TestServer::start().await;
    let log = format!("/applications/{}/events/export.csv", server.test.caller.application());
    let mut nobody = server.browser();
    for path in [log.as_str(), "/settings/events/export.csv", "/settings/events/export.chain.jsonl"] {
        let next = path.replace('/', "%2F");
        assert_eq!(nobody.get(path).await.location(), format!("/sign-in?next={next}"));
    }
    let password = "a-long-password-of-a-developer";
    let vault = &server.test.vault;
    vault.add_member(None, "dev@example.com", Role::Developer, Secret::new(password.into())).await.ok().unwrap();
    let mut developer = server.browser();
    sign_in_as(&mut developer, "dev@example.com", password).await.expect(303);
    for path in [log.as_str(), "/settings/events/export.csv", "/settings/events/export.chain.jsonl"] {
        developer.get(path).await.expect(403).says("Only admins and owners");
    }
    let mut owner = server.browser();
    sign_in(&mut owner, OWNERS_PASSWORD).await.expect(303);
    owner.get("/applications/app_00000000000000000000000000/events/export.csv").await.expect(404);
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_a_proof_comes_first() {
    let server = TestServer::start().await;
    let mut owner = server.browser();
    sign_in(&mut owner, OWNERS_PASSWORD).await.expect(303);
    let app = server.test.caller.application();
    let log = format!("/applications/{app}/events/export.csv?group=api_keys");
    server.test.clock.advance(15 * MINUTE);
    for file in [format!("/applications/{app}/connected-accounts/export.csv"), "/settings/events/export.jsonl".into()] {
        assert!(owner.get(&file).await.expect(303).location().starts_with("/settings/download?next="), "{file}");
    }
    let asks = owner.get(&log).await.expect(303).location();
    assert!(asks.starts_with("/settings/download?next=%2Fapplications%2F"), "{asks}");
    let page = owner.get(&asks).await.expect(200).says("Confirm that it is you to go on");
    assert!(!page.body.contains("export.csv?group=api_keys\""), "no link before the proof");
    let action = action_of(&page.body, "prove_for_download");
    post(&mut owner, &asks, &action, &[]).await.expect(403).says("Your password");
    post(&mut owner, &asks, &action, &[("proof_password", "wrong-password-1")]).await.expect(422);
    owner.get(&log).await.expect(303);
    post(&mut owner, &asks, &action, &[("proof_password", OWNERS_PASSWORD)]).await.expect(303);
    owner.get(&asks).await.expect(200).says("The file is ready.").says("export.csv?group=api_keys");
    owner.get(&log).await.expect(200);
    let elsewhere = owner.get("/settings/download?next=https://example.com/").await.expect(200);
    assert!(!elsewhere.body.contains("href=\"https://example.com"), "a link of somebody else's is not shown");
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_exports_nothing() {
    let server = TestServer::start().await;
    let mut owner = server.browser();
    sign_in(&mut owner, OWNERS_PASSWORD).await.expect(303);
    let log = format!("/applications/{}/events/export", server.test.caller.application());
    for file in [format!("{log}.csv?from=bogus"), "/settings/events/export.jsonl?from=bogus".to_owned()] {
        let answer = owner.get(&file).await.expect(422).says("from: \"bogus\" is no day");
        assert!(!answer.body.contains("evt_"), "{}", answer.body);
    }
    for file in [format!("{log}.csv?form=2026-01-01"), "/settings/events/export.jsonl?actr=end_user".to_owned()] {
        let answer = owner.get(&file).await.expect(400).says("unknown field");
        assert!(!answer.body.contains("evt_"), "{}", answer.body);
    }
    let accounts = format!("/applications/{}/connected-accounts", server.test.caller.application());
    let page = owner.get(&format!("{accounts}?from=bogus")).await.expect(200).says("A filter cannot be read");
    assert!(
        page.body.contains("&quot;bogus&quot; is no day") || page.body.contains("\"bogus\" is no day"),
        "{}",
        page.body
    );
    for list in
        ["events?from=bogus", "events?cursor=garbage", "connect-sessions?outcome=bogus", "connect-sessions?cursor=x"]
    {
        let list = format!("/applications/{}/{list}", server.test.caller.application());
        let page = owner.get(&list).await.expect(200);
        let told = ["A filter cannot be read", "This page of the list is not there"];
        assert!(told.iter().any(|words| page.body.contains(words)), "{list}");
        assert!(!page.body.contains("<tbody"), "{list} shows no line");
    }
    for list in ["connected-accounts", "connect-sessions"] {
        let backend = server.backend().await;
        backend.get(&format!("/v1/{list}?cursor=garbage")).await.problem(422, "invalid_request");
    }
}
