//! Webhook endpoints: what can be one, its secrets, and what a test says.
//!
//! With `webhook_outbox.rs` and `webhook_deliveries.rs` this covers line 80 of the security checklist.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use model::applications::Environment;
use model::ids::{DeliveryId, WebhookEndpointId};
use model::lists::Turn;
use model::webhook_endpoints::{DeliveryStatus, EndpointStatus, TEST_TYPE};
use sha2::Sha256;
use vault::testing::{Received, Receiver, TestVault};
use vault::{DAY, HOUR, NewSecret, NewWebhookEndpoint, VaultError, WebhookEndpointChange};

/// A vault that may send to a backend.
pub(crate) async fn with_receiver() -> (TestVault, Receiver) {
    let (mut test, receiver) = (TestVault::new("zoom").await, Receiver::start().await);
    test.vault = test.sending_to(&[&receiver]).await;
    (test, receiver)
}

pub(crate) async fn add(test: &TestVault, url: &str, types: &[&str]) -> NewSecret {
    let types = types.iter().map(|known| (*known).to_owned()).collect();
    let new = NewWebhookEndpoint { url: url.to_owned(), description: String::new(), types };
    test.vault.add_webhook_endpoint(&test.caller, new).await.expect("an endpoint")
}

/// Whether one of the signatures is of this secret, computed as a receiver does it.
pub(crate) fn is_signed_with(received: &Received, secret: &str) -> bool {
    let header = |name: &str| received.headers[name].clone();
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), received.body).as_bytes());
    let expected = format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()));
    header("webhook-signature").split(' ').any(|signature| signature == expected)
}

async fn refused(test: &TestVault, url: &str) -> String {
    let new = NewWebhookEndpoint { url: url.to_owned(), ..NewWebhookEndpoint::default() };
    match test.vault.add_webhook_endpoint(&test.caller, new).await {
        Err(VaultError::Invalid(invalid)) => invalid.fields[0].1.clone(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("{url} is let through"),
    }
}

fn change(paused: bool) -> WebhookEndpointChange {
    WebhookEndpointChange { paused: Some(paused), ..WebhookEndpointChange::default() }
}

#[tokio::test]
async fn only_public_addresses_with_tls_are_endpoints() {
    let (test, receiver) = with_receiver().await;
    for (url, says) in [
        ("", "Enter where"),
        ("example.com", "not a URL"),
        ("http://example.com/hooks", "must be https"),
        ("https://127.0.0.1/hooks", "private or loopback"),
        ("https://10.1.2.3/hooks", "private or loopback"),
        ("https://[::1]/hooks", "private or loopback"),
        ("https://169.254.169.254/latest", "private or loopback"),
        ("https://localhost/hooks", "private network"),
        ("https://user:pass@example.com/", "user information"),
        ("https://example.com/#x", "fragment"),
        ("ftp://example.com/", "must be https"),
        // The sandbox is open to the operator's entries, and to nothing that a tenant names.
        (&test.sandbox.base_url(), "must be https"),
    ] {
        let why = refused(&test, url).await;
        assert!(why.contains(says), "{url}: {why}");
    }
    let added = add(&test, &receiver.url(), &[]).await;
    let to = |url: &str| WebhookEndpointChange { url: Some(url.to_owned()), ..WebhookEndpointChange::default() };
    let moved = test.vault.change_webhook_endpoint(&test.caller, added.view.id, to("https://10.0.0.1/")).await;
    assert!(matches!(moved, Err(VaultError::Invalid(_))), "nor by a change");
}

#[tokio::test]
async fn a_name_that_leads_inwards_later_is_not_sent_to() {
    let (mut test, receiver) = with_receiver().await;
    let added = add(&test, &receiver.url(), &[]).await;
    // The operator no longer lets the host through: what is stored is judged again when something is sent.
    test.vault = test.another().await;
    let sent = test.vault.test_webhook_endpoint(&test.caller, added.view.id).await.unwrap();
    assert_eq!(sent.delivery.status, DeliveryStatus::Failed);
    assert!(sent.delivery.last_error.unwrap().contains("private network"));
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn types_are_those_that_there_are() {
    let (test, receiver) = with_receiver().await;
    let new = NewWebhookEndpoint {
        url: receiver.url(),
        description: "a\nb".into(),
        types: vec!["connected_account.moved".into()],
    };
    let Err(VaultError::Invalid(invalid)) = test.vault.add_webhook_endpoint(&test.caller, new).await else {
        panic!("it is refused")
    };
    let names: Vec<&str> = invalid.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["description", "types"]);
    assert!(invalid.fields[1].1.contains("connected_account.revoked"), "{invalid:?}");
    let twice = ["connected_account.revoked", "connected_account.connected", "connected_account.revoked"];
    let added = add(&test, &receiver.url(), &twice).await;
    assert_eq!(added.view.types, ["connected_account.connected", "connected_account.revoked"]);
}

#[tokio::test]
async fn an_endpoint_is_listed_changed_and_deleted() {
    let (test, receiver) = with_receiver().await;
    let (first, second) = (add(&test, &receiver.url(), &[]).await, add(&test, &receiver.url(), &[]).await);
    let page = test.vault.webhook_endpoints(&test.caller, None, 1).await.unwrap();
    assert_eq!((page.data[0].id, page.data.len()), (second.view.id, 1));
    let cursor = page.next_cursor.unwrap().parse().unwrap();
    let page = test.vault.webhook_endpoints(&test.caller, Some(cursor), 1).await.unwrap();
    assert_eq!((page.data[0].id, page.next_cursor), (first.view.id, None));
    let id = first.view.id;
    let changed = WebhookEndpointChange {
        description: Some(" Billing ".into()),
        types: Some(vec!["connected_account.revoked".into()]),
        ..WebhookEndpointChange::default()
    };
    let view = test.vault.change_webhook_endpoint(&test.caller, id, changed).await.unwrap();
    assert_eq!((view.description.as_str(), view.types.len(), view.url), ("Billing", 1, receiver.url()));
    test.vault.delete_webhook_endpoint(&test.caller, id).await.unwrap();
    assert!(matches!(test.vault.webhook_endpoint(&test.caller, id).await, Err(VaultError::NotFound)));
    assert!(matches!(test.vault.delete_webhook_endpoint(&test.caller, id).await, Err(VaultError::NotFound)));
    let events = test.vault.events_of(&test.caller, &id.to_string()).await.unwrap();
    let events: Vec<_> = events.iter().rev().map(|event| event.r#type.as_str()).collect();
    assert_eq!(events, ["webhook_endpoint.created", "webhook_endpoint.changed", "webhook_endpoint.deleted"]);
    for _ in 0..19 {
        add(&test, &receiver.url(), &[]).await;
    }
    let new = NewWebhookEndpoint { url: receiver.url(), ..NewWebhookEndpoint::default() };
    let more = test.vault.add_webhook_endpoint(&test.caller, new).await.err().unwrap();
    assert!(matches!(more, VaultError::Conflict { code: "too_many_webhook_endpoints", .. }), "{more:?}");
}

#[tokio::test]
async fn another_applications_endpoint_is_not_found() {
    let (test, receiver) = with_receiver().await;
    let id = add(&test, &receiver.url(), &[]).await.view.id;
    let sent = test.vault.test_webhook_endpoint(&test.caller, id).await.unwrap().delivery.id;
    let other = test.vault.add_application(&test.member, "Other", Environment::Development).await.unwrap();
    let c = test.vault.enter(&test.member, other.id).await.unwrap();
    let (v, turn) = (&test.vault, Turn::default());
    let missing = |ended: Option<VaultError>| assert!(matches!(ended, Some(VaultError::NotFound)), "{ended:?}");
    missing(v.webhook_endpoint(&c, id).await.err());
    missing(v.change_webhook_endpoint(&c, id, change(true)).await.err());
    missing(v.rotate_webhook_secret(&c, id).await.err());
    missing(v.test_webhook_endpoint(&c, id).await.err());
    missing(v.deliveries(&c, id, "", &turn, 20).await.err());
    missing(v.delivery(&c, id, sent).await.err());
    missing(v.replay_delivery(&c, id, sent).await.err());
    missing(v.delete_webhook_endpoint(&c, id).await.err());
    missing(v.delivery(&test.caller, id, DeliveryId::new()).await.err());
    missing(v.delivery(&test.caller, WebhookEndpointId::new(), sent).await.err());
    assert!(v.webhook_endpoints(&c, None, 20).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_test_says_what_the_endpoint_said() {
    let (test, receiver) = with_receiver().await;
    let added = add(&test, &receiver.url(), &["connected_account.revoked"]).await;
    let id = added.view.id;
    let sent = test.vault.test_webhook_endpoint(&test.caller, id).await.unwrap();
    assert_eq!((sent.delivery.status, sent.delivery.last_status), (DeliveryStatus::Delivered, Some(200)));
    assert_eq!((sent.attempt_log.len(), sent.attempt_log[0].answer.as_str()), (1, "ok"));
    let received = receiver.received().remove(0);
    assert!(is_signed_with(&received, added.secret.expose()));
    assert_eq!(received.path, "/webhooks");
    assert_eq!(received.headers["content-type"], "application/json");
    assert!(received.headers["user-agent"].starts_with("Keybearer/"));
    assert_eq!(received.headers["webhook-id"], sent.delivery.id.to_string());
    let body: serde_json::Value = serde_json::from_str(&received.body).unwrap();
    assert_eq!((&body["type"], &body["id"]), (&TEST_TYPE.into(), &sent.delivery.id.to_string().into()));
    receiver.answer(500, "", "\u{1b}[31mno <b>");
    test.vault.change_webhook_endpoint(&test.caller, id, change(true)).await.unwrap();
    let failed = test.vault.test_webhook_endpoint(&test.caller, id).await.unwrap();
    assert_eq!((failed.delivery.status, failed.delivery.next_attempt_at), (DeliveryStatus::Failed, None));
    assert_eq!(failed.attempt_log[0].answer, "\u{fffd}[31mno <b>");
    test.advance(DAY);
    test.vault.deliver_due().await.unwrap();
    assert_eq!(receiver.received().len(), 2, "a test is not repeated");
    for _ in 0..30 {
        test.vault.test_webhook_endpoint(&test.caller, id).await.unwrap();
    }
    let often = test.vault.test_webhook_endpoint(&test.caller, id).await.err().unwrap();
    assert!(matches!(often, VaultError::TooManyAttempts { .. }), "{often:?}");
}

#[tokio::test]
async fn a_new_secret_signs_at_once_and_the_old_one_beside_it_for_a_day() {
    let (test, receiver) = with_receiver().await;
    let first = add(&test, &receiver.url(), &[]).await;
    let id = first.view.id;
    let sent = async |count: usize| {
        test.vault.test_webhook_endpoint(&test.caller, id).await.unwrap();
        receiver.received().remove(count)
    };
    let second = test.vault.rotate_webhook_secret(&test.caller, id).await.unwrap();
    assert_eq!(second.view.previous_secret_until.as_deref(), Some("2026-01-02T00:00:00.000Z"));
    let both = sent(0).await;
    assert!(is_signed_with(&both, second.secret.expose()) && is_signed_with(&both, first.secret.expose()));
    assert_eq!(both.headers["webhook-signature"].split(' ').count(), 2);
    test.advance(DAY - HOUR);
    test.vault.reap().await.unwrap();
    assert!(is_signed_with(&sent(1).await, first.secret.expose()));
    test.advance(HOUR);
    let alone = sent(2).await;
    assert!(is_signed_with(&alone, second.secret.expose()) && !is_signed_with(&alone, first.secret.expose()));
    test.vault.reap().await.unwrap();
    assert_eq!(test.vault.webhook_endpoint(&test.caller, id).await.unwrap().previous_secret_until, None);
    let third = test.vault.rotate_webhook_secret(&test.caller, id).await.unwrap();
    let fourth = test.vault.rotate_webhook_secret(&test.caller, id).await.unwrap();
    let newest = sent(3).await;
    assert!(is_signed_with(&newest, fourth.secret.expose()) && is_signed_with(&newest, third.secret.expose()));
    assert!(!is_signed_with(&newest, second.secret.expose()), "an older one ends with the second rotation");
}

#[tokio::test]
async fn two_who_rotate_at_once_make_one_secret_each_or_a_conflict() {
    let (test, receiver) = with_receiver().await;
    let id = add(&test, &receiver.url(), &[]).await.view.id;
    let both = tokio::join!(
        test.vault.rotate_webhook_secret(&test.caller, id),
        test.vault.rotate_webhook_secret(&test.caller, id)
    );
    let made: Vec<_> = [both.0, both.1].into_iter().filter_map(Result::ok).collect();
    assert!(!made.is_empty());
    test.vault.test_webhook_endpoint(&test.caller, id).await.unwrap();
    let received = receiver.received().remove(0);
    assert!(made.iter().all(|made| is_signed_with(&received, made.secret.expose())), "nobody holds a dead secret");
}

#[tokio::test]
async fn a_paused_endpoint_says_so() {
    let (test, receiver) = with_receiver().await;
    let id = add(&test, &receiver.url(), &[]).await.view.id;
    let paused = test.vault.change_webhook_endpoint(&test.caller, id, change(true)).await.unwrap();
    assert_eq!((paused.status, paused.paused.unwrap().code.as_str()), (EndpointStatus::Paused, "requested"));
    let resumed = test.vault.change_webhook_endpoint(&test.caller, id, change(false)).await.unwrap();
    assert_eq!((resumed.status, resumed.paused), (EndpointStatus::Active, None));
}

#[tokio::test]
async fn the_database_holds_no_secret_in_clear_and_none_of_a_deleted_endpoint() {
    let (test, receiver) = with_receiver().await;
    let added = add(&test, &receiver.url(), &[]).await;
    let rotated = test.vault.rotate_webhook_secret(&test.caller, added.view.id).await.unwrap();
    let bytes = test.database_bytes();
    for secret in [&added.secret, &rotated.secret] {
        let key = secret.expose().trim_start_matches("whsec_");
        assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()));
    }
}
