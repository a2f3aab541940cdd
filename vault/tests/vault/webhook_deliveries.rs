//! Sending: signed, once at a time, again when it failed, and no endpoint at another's cost.

use super::webhook_endpoints::{add, is_signed_with, with_receiver};
use model::ids::WebhookEndpointId;
use model::lists::Turn;
use model::webhook_endpoints::{DeliveryStatus, DeliveryView, WebhookEndpointView};
use vault::testing::{Onlooker, Receiver, TestVault};
use vault::{AllowedHosts, DAY, HOUR, MINUTE, Millis, SECOND, VaultError, WebhookEndpointChange};

const REVOKED: &[&str] = &["connected_account.revoked"];

/// Something happens that makes one delivery.
async fn happen(test: &TestVault) {
    let id = test.connected().await;
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
}

async fn log(test: &TestVault, endpoint: WebhookEndpointId, status: &str) -> Vec<DeliveryView> {
    test.vault.deliveries(&test.caller, endpoint, status, &Turn::default(), 100).await.unwrap().data
}

async fn set_paused(test: &TestVault, endpoint: WebhookEndpointId, paused: bool) -> WebhookEndpointView {
    let change = WebhookEndpointChange { paused: Some(paused), ..WebhookEndpointChange::default() };
    test.vault.change_webhook_endpoint(&test.caller, endpoint, change).await.unwrap()
}

/// A vault with an endpoint that hears of revocations.
async fn listening() -> (TestVault, Receiver, WebhookEndpointId) {
    let (test, receiver) = with_receiver().await;
    let endpoint = add(&test, &receiver.url(), REVOKED).await.view.id;
    (test, receiver, endpoint)
}

#[tokio::test]
async fn what_happens_arrives_signed_once() {
    let (test, receiver) = with_receiver().await;
    let added = add(&test, &receiver.url(), REVOKED).await;
    happen(&test).await;
    assert_eq!(test.vault.deliver_due().await.unwrap(), 1);
    assert_eq!(test.vault.deliver_due().await.unwrap(), 0);
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    assert!(is_signed_with(&received[0], added.secret.expose()));
    let delivery = log(&test, added.view.id, "delivered").await.remove(0);
    assert_eq!((delivery.attempts, delivery.last_status), (1, Some(200)));
    let detail = test.vault.delivery(&test.caller, added.view.id, delivery.id).await.unwrap();
    assert_eq!(detail.body, received[0].body);
}

#[tokio::test]
async fn a_failed_delivery_is_repeated_for_three_days_and_then_given_up() {
    let (test, receiver, endpoint) = listening().await;
    happen(&test).await;
    let pauses: [Millis; 10] =
        [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
    for (number, pause) in pauses.into_iter().enumerate() {
        receiver.answer(500, "", "down");
        assert_eq!(test.vault.deliver_due().await.unwrap(), 1, "attempt {number}");
        test.advance(pause * 89 / 100);
        assert_eq!(test.vault.deliver_due().await.unwrap(), 0, "attempt {number} comes too early");
        test.advance(pause * 22 / 100);
    }
    receiver.answer(503, "", "still down");
    assert_eq!(test.vault.deliver_due().await.unwrap(), 1);
    let received = receiver.received();
    assert_eq!(received.len(), 11);
    assert!(received.iter().all(|one| one.headers["webhook-id"] == received[0].headers["webhook-id"]));
    assert!(received.iter().all(|one| one.body == received[0].body));
    assert_ne!(received[0].headers["webhook-timestamp"], received[1].headers["webhook-timestamp"]);
    let failed = log(&test, endpoint, "failed").await.remove(0);
    assert_eq!((failed.attempts, failed.last_status, failed.next_attempt_at), (11, Some(503), None));
    let detail = test.vault.delivery(&test.caller, endpoint, failed.id).await.unwrap();
    assert_eq!(detail.attempt_log.len(), 11);
    assert_eq!((detail.attempt_log[0].number, detail.attempt_log[0].answer.as_str()), (11, "still down"));
    let paused = test.vault.webhook_endpoint(&test.caller, endpoint).await.unwrap().paused.unwrap();
    assert_eq!(paused.code.as_str(), "failing");
    let events = test.vault.events_of(&test.caller, &endpoint.to_string()).await.unwrap();
    assert_eq!((events[0].r#type.as_str(), events[0].outcome.as_str()), ("webhook_endpoint.paused", "failing"));
}

#[tokio::test]
async fn an_endpoint_that_takes_something_now_and_then_is_not_paused() {
    let (test, receiver, endpoint) = listening().await;
    for _ in 0..4 {
        happen(&test).await;
        receiver.answer(500, "", "");
        test.vault.deliver_due().await.unwrap();
        test.advance(DAY);
        test.vault.deliver_due().await.unwrap();
    }
    let view = test.vault.webhook_endpoint(&test.caller, endpoint).await.unwrap();
    assert_eq!((view.paused, view.failing_since), (None, None));
    assert_eq!(log(&test, endpoint, "delivered").await.len(), 4);
}

#[tokio::test]
async fn whatever_is_no_success_is_a_failure_with_words() {
    let (test, receiver, endpoint) = listening().await;
    happen(&test).await;
    let location = format!("location: {}\r\n", receiver.url());
    for (status, headers, says) in [(302, location.as_str(), "redirects"), (404, "", "404"), (429, "", "429")] {
        receiver.answer(status, headers, "");
        test.vault.deliver_due().await.unwrap();
        let delivery = log(&test, endpoint, "pending").await.remove(0);
        assert!(delivery.last_error.as_deref().unwrap().contains(says), "{delivery:?}");
        test.advance(HOUR);
    }
    assert_eq!(receiver.received().len(), 3, "a redirect is not followed");
    receiver.answer(204, "", "");
    test.vault.deliver_due().await.unwrap();
    assert_eq!(log(&test, endpoint, "delivered").await.len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_paused_and_keeps_its_deliveries() {
    let (test, receiver, endpoint) = listening().await;
    happen(&test).await;
    receiver.answer(410, "", "");
    test.vault.deliver_due().await.unwrap();
    let paused = test.vault.webhook_endpoint(&test.caller, endpoint).await.unwrap().paused.unwrap();
    assert_eq!(paused.code.as_str(), "gone");
    let attention = test.vault.attention(&test.caller).await.unwrap();
    assert_eq!(attention.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["A webhook endpoint is paused"]);
    assert_eq!(log(&test, endpoint, "pending").await.len(), 1);
    set_paused(&test, endpoint, false).await;
    assert_eq!(test.vault.deliver_due().await.unwrap(), 1, "at once, though its next attempt was later");
    assert_eq!(log(&test, endpoint, "delivered").await.len(), 1);
}

#[tokio::test]
async fn a_paused_endpoint_is_sent_what_happened_when_it_is_resumed() {
    let (test, receiver, endpoint) = listening().await;
    set_paused(&test, endpoint, true).await;
    happen(&test).await;
    happen(&test).await;
    test.advance(5 * DAY);
    assert_eq!(test.vault.deliver_due().await.unwrap(), 0);
    set_paused(&test, endpoint, false).await;
    assert_eq!(test.vault.deliver_due().await.unwrap(), 2);
    assert_eq!(receiver.received().len(), 2);
}

#[tokio::test]
async fn two_servers_send_each_delivery_once() {
    let (test, receiver, endpoint) = listening().await;
    for _ in 0..6 {
        happen(&test).await;
    }
    let other = test.sending_to(&[&receiver]).await;
    let rounds = tokio::join!(test.vault.deliver_due(), other.deliver_due(), test.vault.deliver_due());
    let sent = rounds.0.unwrap() + rounds.1.unwrap() + rounds.2.unwrap();
    let rest = test.vault.deliver_due().await.unwrap();
    assert_eq!((sent + rest, receiver.received().len()), (6, 6));
    assert_eq!(log(&test, endpoint, "delivered").await.len(), 6);
}

#[tokio::test]
async fn what_a_server_that_died_was_sending_another_sends_when_its_lease_is_over() {
    let (test, receiver, endpoint) = listening().await;
    happen(&test).await;
    receiver.hold(true);
    let dying = test.sending_to(&[&receiver]).await;
    let round = tokio::spawn(async move { dying.deliver_due().await });
    receiver.arrived(1).await;
    assert_eq!(test.vault.deliver_due().await.unwrap(), 0, "somebody is at it");
    test.advance(61 * SECOND);
    let vault = test.vault.clone();
    let again = tokio::spawn(async move { vault.deliver_due().await });
    receiver.arrived(2).await;
    receiver.hold(false);
    assert_eq!(again.await.unwrap().unwrap(), 1, "it may arrive twice, and never not at all");
    round.await.unwrap().unwrap();
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].headers["webhook-id"], received[1].headers["webhook-id"]);
    assert_eq!(log(&test, endpoint, "delivered").await.len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_hangs_does_not_hold_up_another() {
    let (mut test, slow, quick) = (TestVault::new("zoom").await, Receiver::start().await, Receiver::start().await);
    test.vault = test.sending_to(&[&slow, &quick]).await;
    add(&test, &slow.url(), REVOKED).await;
    add(&test, &quick.url(), REVOKED).await;
    slow.hold(true);
    happen(&test).await;
    let vault = test.vault.clone();
    let hanging = tokio::spawn(async move { vault.deliver_due().await });
    slow.arrived(1).await;
    quick.arrived(1).await;
    happen(&test).await;
    test.vault.deliver_due().await.unwrap();
    assert_eq!(quick.received().len(), 2, "the next round is not held up either");
    assert_eq!(slow.received().len(), 1, "and sends the other one no more than it can take");
    slow.hold(false);
    hanging.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_backlog_goes_out_a_few_at_a_time() {
    let (test, receiver, endpoint) = listening().await;
    for _ in 0..9 {
        happen(&test).await;
    }
    receiver.hold(true);
    let vault = test.vault.clone();
    let round = tokio::spawn(async move { vault.deliver_due().await });
    receiver.arrived(4).await;
    assert_eq!(test.vault.deliver_due().await.unwrap(), 0, "its lane is taken");
    assert_eq!(receiver.received().len(), 4);
    receiver.hold(false);
    assert_eq!(round.await.unwrap().unwrap(), 9);
    assert_eq!(log(&test, endpoint, "delivered").await.len(), 9);
}

#[tokio::test]
async fn an_endpoint_that_fails_is_tried_with_one_at_a_time() {
    let (test, receiver, _) = listening().await;
    for _ in 0..6 {
        happen(&test).await;
    }
    for _ in 0..5 {
        receiver.answer(500, "", "");
    }
    assert_eq!(test.vault.deliver_due().await.unwrap(), 4);
    assert_eq!(test.vault.deliver_due().await.unwrap(), 1);
    assert_eq!(test.vault.deliver_due().await.unwrap(), 1, "this one is taken");
    test.advance(6 * SECOND);
    assert_eq!(test.vault.deliver_due().await.unwrap(), 5, "and so is the rest");
}

#[tokio::test]
async fn a_delivery_is_replayed_under_its_id() {
    let (test, receiver, endpoint) = listening().await;
    happen(&test).await;
    test.vault.deliver_due().await.unwrap();
    let id = log(&test, endpoint, "").await[0].id;
    let replayed = test.vault.replay_delivery(&test.caller, endpoint, id).await.unwrap();
    assert_eq!(replayed.status, DeliveryStatus::Pending);
    receiver.answer(500, "", "");
    test.vault.deliver_due().await.unwrap();
    test.advance(6 * SECOND);
    assert_eq!(test.vault.deliver_due().await.unwrap(), 1, "a replay is repeated like any other");
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|one| one.headers["webhook-id"] == id.to_string()));
    let delivery = log(&test, endpoint, "delivered").await.remove(0);
    assert_eq!(delivery.attempts, 3);
    set_paused(&test, endpoint, true).await;
    let refused = test.vault.replay_delivery(&test.caller, endpoint, id).await.err().unwrap();
    assert!(matches!(refused, VaultError::Conflict { code: "webhook_endpoint_paused", .. }), "{refused:?}");
}

#[tokio::test]
async fn the_log_is_narrowed_and_turned() {
    let (test, receiver, endpoint) = listening().await;
    for _ in 0..3 {
        happen(&test).await;
    }
    receiver.answer(500, "", "");
    test.vault.deliver_due().await.unwrap();
    let page =
        async |status: &str, turn: &Turn| test.vault.deliveries(&test.caller, endpoint, status, turn, 2).await.unwrap();
    let first = page("", &Turn::default()).await;
    let second = page("", &Turn { cursor: first.older.clone().unwrap(), newer: false }).await;
    assert_eq!((first.data.len(), second.data.len(), second.older), (2, 1, None));
    let back = page("", &Turn { cursor: second.newer.unwrap(), newer: true }).await;
    assert_eq!(back.data, first.data);
    assert_eq!(page("pending", &Turn::default()).await.data.len(), 1);
    assert_eq!(page("delivered", &Turn::default()).await.data.len(), 2);
    assert_eq!(page("failed", &Turn::default()).await.data.len(), 0);
    for (status, cursor) in [("nonsense", ""), ("", "nonsense")] {
        let turn = Turn { cursor: cursor.into(), newer: false };
        let refused = test.vault.deliveries(&test.caller, endpoint, status, &turn, 2).await;
        assert!(matches!(refused, Err(VaultError::Invalid(_))));
    }
}

#[tokio::test]
async fn deliveries_are_kept_for_thirty_days_and_go_with_their_endpoint() {
    let (test, receiver, endpoint) = listening().await;
    happen(&test).await;
    test.vault.deliver_due().await.unwrap();
    test.advance(29 * DAY);
    happen(&test).await;
    test.vault.deliver_due().await.unwrap();
    test.vault.reap().await.unwrap();
    assert_eq!(log(&test, endpoint, "").await.len(), 2);
    test.advance(2 * DAY);
    test.vault.reap().await.unwrap();
    let kept = log(&test, endpoint, "").await;
    assert_eq!(kept.len(), 1);
    happen(&test).await;
    test.vault.delete_webhook_endpoint(&test.caller, endpoint).await.unwrap();
    assert_eq!(test.vault.deliver_due().await.unwrap(), 0, "nothing is sent to what was deleted");
    for _ in 0..2 {
        test.vault.reap().await.unwrap();
    }
    assert_eq!(receiver.received().len(), 2);
    let mut onlooker = Onlooker::at(&test.database_url).await;
    assert_eq!((onlooker.count("deliveries").await, onlooker.count("delivery_attempts").await), (0, 0));
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_reached_is_told_apart() {
    let mut test = TestVault::new("zoom").await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let allowed = AllowedHosts::parse(&format!("{},tenants:{nobody}", test.sandbox.address())).unwrap();
    test.vault = test.open_again(|options| options.allowed_hosts = allowed).await.unwrap();
    let endpoint = add(&test, &format!("http://{nobody}/"), REVOKED).await.view.id;
    happen(&test).await;
    test.vault.deliver_due().await.unwrap();
    let delivery = log(&test, endpoint, "pending").await.remove(0);
    assert!(delivery.last_error.unwrap().contains("refused"));
    assert_eq!((delivery.attempts, delivery.last_status), (1, None));
}
