//! `/provider-events/{application}/{key}`, with notices that the sandbox signs and sends over a real socket.
//!
//! Line 81 of the security checklist, inbound provider events: signature, timestamp, replay, challenge, and the match on
//! the provider's user. `vault/tests/vault/provider_events.rs` has what a notice ends and what it leaves alone.

use crate::support::{Answer, Backend, TestServer, logged, text};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use vault::testing::sandbox::{Delivery, Notice};
use vault::testing::{CLIENT_ID, WEBHOOK_SECRET};
use vault::{HOUR, MINUTE};

const ADA: &str = "ada@example.com";

/// A server that hears of Ada, whose account is connected.
async fn listening() -> (TestServer, Backend, String) {
    let server = TestServer::start().await;
    server.test.listen_to_events(&events_url(&server)).await;
    let backend = server.backend().await;
    let account = server.connected(&backend).await;
    (server, backend, account)
}

fn events_url(server: &TestServer) -> String {
    server.test.vault.provider_events_url(server.test.caller.application(), "zoom")
}

/// The reason why an account needs its end user; empty when it works.
async fn reason(backend: &Backend, account: &str) -> String {
    let account = backend.get(&format!("/v1/connected-accounts/{account}")).await.expect(200).json();
    account["status_reason"]["code"].as_str().unwrap_or_default().to_owned()
}

/// Ada removes the app at the provider; gives what came of the notice.
async fn remove(server: &TestServer) -> Delivery {
    let before = server.test.sandbox.deliveries().len() as u64;
    server.test.sandbox.revoke_grant(CLIENT_ID, ADA).unwrap();
    server.test.sandbox.wait_for_deliveries(before + 1).await;
    server.test.sandbox.deliveries().pop().unwrap()
}

/// Posts a notice as it stands.
async fn post(server: &TestServer, url: &str, notice: &Notice) -> Answer {
    let mut request = server.client.post(url).body(notice.body.clone());
    for (name, value) in notice.headers() {
        request = request.header(name, value);
    }
    Answer::of(request).await
}

fn notice(server: &TestServer) -> Notice {
    server.test.sandbox.notice(CLIENT_ID, ADA).unwrap()
}

#[tokio::test]
async fn a_user_who_removes_the_app_at_the_provider_is_ended_here() {
    let (server, backend, account) = listening().await;
    let began = Instant::now();
    let delivery = remove(&server).await;
    assert!(began.elapsed() < Duration::from_secs(3));
    assert_eq!((delivery.status, delivery.outcome.as_str(), delivery.attempt), (Some(200), "delivered", 1));
    assert_eq!(reason(&backend, &account).await, "deauthorized_at_provider");
    backend.token(&account).await.problem(409, "needs_reconnect").says("withdrawn at Zoom").says("reconnect link");
    // The same bytes again do nothing, and nothing is said of them.
    let session = backend.session(json!({ "reconnect": account })).await;
    server.test.advance(MINUTE);
    let callback = server.consented(&mut server.browser(), text(&session, "url")).await;
    assert!(!callback.is_empty());
    server.test.sandbox.replay_notice(CLIENT_ID).unwrap();
    server.test.sandbox.wait_for_deliveries(2).await;
    assert_eq!(server.test.sandbox.deliveries()[1].status, Some(200));
}

#[tokio::test]
async fn what_the_provider_did_not_sign_is_401_and_the_log_says_which_headers_came() {
    let (server, backend, account) = listening().await;
    let url = events_url(&server);
    let good = notice(&server);
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&good.body).unwrap()).unwrap();
    for forgery in [
        Notice { signature: "v0=0".to_owned(), ..good.clone() },
        Notice { body: pretty, ..good.clone() },
        Notice { timestamp: "0".to_owned(), ..good.clone() },
    ] {
        post(&server, &url, &forgery).await.expect(401);
    }
    server.test.clock.advance(2 * MINUTE);
    let old_scheme =
        server.client.post(&url).header("authorization", "canary-verification-token").body(good.body.clone());
    Answer::of(old_scheme).await.expect(401);
    server.test.sandbox.update_client(CLIENT_ID, |client| client.notices.signed_wrongly = true).unwrap();
    let delivery = remove(&server).await;
    assert_eq!((delivery.status, delivery.outcome.as_str(), delivery.next_attempt_at), (Some(401), "refused", None));
    assert_eq!(reason(&backend, &account).await, "");
    let log = logged();
    let config = server.test.vault.provider_config(&server.test.caller, "zoom").await.ok().unwrap().id.to_string();
    let lines: Vec<&str> = log.lines().filter(|l| l.contains("was refused") && l.contains(&config)).collect();
    assert_eq!(lines.len(), 3, "once a minute for each reason: {lines:#?}");
    assert!(lines[0].contains("headers.present=\"x-zm-signature x-zm-request-timestamp\""), "{}", lines[0]);
    assert!(lines[1].contains("headers.present=\"authorization\""), "{}", lines[1]);
    assert!(!log.contains("canary-verification-token") && !log.contains(WEBHOOK_SECRET));
    assert!(!log.contains(&good.signature) && !log.contains("AdaLovelace"));
}

#[tokio::test]
async fn a_notice_may_be_a_day_old_and_five_minutes_ahead() {
    let (server, backend, account) = listening().await;
    for (ago, status) in [(25 * 3600, 401), (-20 * 60, 401), (-4 * 60, 200)] {
        server.test.sandbox.update_client(CLIENT_ID, |client| client.notices.signed_ago_seconds = ago).unwrap();
        post(&server, &events_url(&server), &notice(&server)).await.expect(status);
    }
    assert_eq!(reason(&backend, &account).await, "deauthorized_at_provider");
}

#[tokio::test]
async fn only_the_address_of_the_provider_config_takes_it() {
    let (server, backend, account) = listening().await;
    let good = notice(&server);
    let stranger =
        server.test.vault.add_application(&server.test.member, "Other", model::applications::Environment::Development);
    let other = stranger.await.ok().unwrap().id;
    let own = server.test.caller.application();
    for path in [
        format!("/provider-events/{other}/zoom"),
        format!("/provider-events/{own}/sandbox"),
        "/provider-events/app_x/zoom".to_owned(),
    ] {
        post(&server, &server.url(&path), &good).await.expect(404);
    }
    Answer::of(server.client.get(events_url(&server))).await.expect(405);
    // A provider's own page as the sender, a foreign site by the header, changes nothing: the signature counts.
    let request = server.client.post(events_url(&server)).header("sec-fetch-site", "cross-site").body("{}");
    Answer::of(request).await.expect(401);
    let large = server.client.post(events_url(&server)).body("x".repeat(65 * 1024));
    Answer::of(large).await.expect(413);
    assert_eq!(reason(&backend, &account).await, "");
    // Another application's own config with its own secret: our notice is a forgery there.
    let caller = server.test.vault.enter(&server.test.member, other).await.ok().unwrap();
    let mut form = vault::testing::form("zoom", CLIENT_ID, vault::testing::CLIENT_SECRET, false);
    form.webhook_secret = vault::Secret::new("another-secret-token-1".to_owned());
    server.test.vault.save_provider_config(&caller, form).await.ok().unwrap();
    post(&server, &server.url(&format!("/provider-events/{other}/zoom")), &good).await.expect(401);
    assert_eq!(reason(&backend, &account).await, "");
}

#[tokio::test]
async fn a_challenge_is_answered_only_when_it_is_signed() {
    let (server, ..) = listening().await;
    let sandbox = &server.test.sandbox;
    let validation = sandbox.validate_endpoint(CLIENT_ID).await.unwrap();
    assert!(validation.right, "{validation:?}");
    sandbox.update_client(CLIENT_ID, |client| client.notices.signed_wrongly = true).unwrap();
    let refused = sandbox.validate_endpoint(CLIENT_ID).await.unwrap();
    assert_eq!((refused.right, refused.status), (false, Some(401)));
    // Answering would sign a forged notice for whoever asks.
    let timestamp = notice(&server).timestamp;
    let token = format!("v0:{timestamp}:{{\"event\":\"app_deauthorized\"}}");
    let body = json!({ "event": "endpoint.url_validation", "payload": { "plainToken": token } }).to_string();
    let answer = Answer::of(server.client.post(events_url(&server)).body(body)).await.expect(401);
    assert!(!answer.body.contains("encryptedToken"));
}

#[tokio::test]
async fn an_event_that_nobody_asked_for_is_taken_and_does_nothing() {
    let (server, backend, account) = listening().await;
    let signed = |body: &str| server.test.sandbox.sign(CLIENT_ID, body).unwrap();
    for body in ["{\"event\":\"meeting.started\",\"payload\":{}}", "[]", "not JSON", "{\"event\":7}"] {
        post(&server, &events_url(&server), &signed(body)).await.expect(200);
    }
    // About nobody, at no time, or of no client: nothing to end.
    for payload in [json!({}), json!({ "user_id": "AdaLovelace_0000000001", "client_id": CLIENT_ID }), Value::Null] {
        let body = json!({ "event": "app_deauthorized", "payload": payload }).to_string();
        post(&server, &events_url(&server), &signed(&body)).await.expect(200);
    }
    assert_eq!(reason(&backend, &account).await, "");
}

#[tokio::test]
async fn what_could_not_be_stored_is_a_5xx_and_the_providers_next_try_succeeds() {
    let (server, backend, account) = listening().await;
    server.test.hide_table("provider_events", true).await;
    let first = remove(&server).await;
    assert_eq!((first.status, first.outcome.as_str()), (Some(503), "failed, to be tried again"));
    assert!(first.next_attempt_at.is_some());
    assert_eq!(reason(&backend, &account).await, "");
    server.test.hide_table("provider_events", false).await;
    // Five minutes, then twenty, then sixty: the first retry suffices.
    server.test.advance(6 * MINUTE);
    server.test.sandbox.wait_for_deliveries(2).await;
    let second = server.test.sandbox.deliveries().pop().unwrap();
    assert_eq!((second.status, second.attempt), (Some(200), 2));
    assert_eq!(reason(&backend, &account).await, "deauthorized_at_provider");
}

#[tokio::test]
async fn the_echo_of_a_revocation_of_ours_is_taken_and_changes_nothing() {
    let (server, backend, account) = listening().await;
    let path = format!("/v1/connected-accounts/{account}");
    let revoked = backend.send(Method::DELETE, &path, None).await.expect(200).json();
    assert_eq!(revoked["provider_revocation"], "revoked");
    server.test.sandbox.wait_for_deliveries(1).await;
    assert_eq!(server.test.sandbox.deliveries()[0].status, Some(200));
    assert_eq!(reason(&backend, &account).await, "revoked_by_application");
}

#[tokio::test]
async fn the_webhook_secret_goes_in_and_never_comes_out() {
    let (server, backend, _) = listening().await;
    server.test.advance(HOUR);
    let path = "/v1/provider-configs/zoom";
    let config = backend.get(path).await.expect(200);
    assert!(!config.body.contains(WEBHOOK_SECRET));
    assert_eq!(text(&config.json(), "provider_events_url"), events_url(&server));
    assert_eq!(config.json()["takes_provider_events"], true);
    let put = async |members: Value| {
        let mut body = json!({ "client_id": CLIENT_ID });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        backend.send(Method::PUT, path, Some(body.to_string())).await
    };
    let kept = put(json!({ "webhook_secret": "" })).await.expect(200).json();
    assert_eq!(kept["takes_provider_events"], true);
    let set = put(json!({ "webhook_secret": "canary-webhook-secret-02" })).await.expect(200);
    assert!(!set.body.contains("canary-webhook-secret"));
    post(&server, &events_url(&server), &notice(&server)).await.expect(401);
    let removed = put(json!({ "webhook_secret": null })).await.expect(200).json();
    assert_eq!(removed["takes_provider_events"], false);
    put(json!({ "webhook_secret": "two words" })).await.expect(422);
    assert!(!logged().contains("canary-webhook-secret"));
}
