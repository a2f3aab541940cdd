//! Notices to a client's endpoint: when they are sent, how they are signed, and when they are sent again.

use crate::visitor::{ADA, Visitor};
use sandbox::{BUILT_IN_CLIENT_ID as CLIENT_ID, BUILT_IN_CLIENT_SECRET, Client, Sandbox};
use serde_json::json;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// An endpoint that answers with the statuses it is given, in order, then with 200, and remembers what it got.
#[derive(Clone, Default)]
struct Endpoint {
    requests: Arc<Mutex<Vec<String>>>,
    statuses: Arc<Mutex<Vec<u16>>>,
}

impl Endpoint {
    async fn listen(statuses: &[u16]) -> (Self, String) {
        let endpoint = Self::default();
        endpoint.statuses.lock().unwrap().extend(statuses.iter().rev());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notices", listener.local_addr().unwrap());
        let serving = endpoint.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = String::new();
                let mut bytes = [0; 4096];
                while !whole(&request) {
                    let read = stream.read(&mut bytes).await.unwrap();
                    request.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
                }
                let status = serving.statuses.lock().unwrap().pop().unwrap_or(200);
                serving.requests.lock().unwrap().push(request);
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        (endpoint, url)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn send_to(sandbox: &Sandbox, url: &str) {
    let set = |client: &mut Client| {
        client.notices.url = url.to_owned();
        client.notices.secret_token = "TheSecretToken_0000001".to_owned();
    };
    sandbox.update_client(CLIENT_ID, set).unwrap();
}

#[tokio::test]
async fn a_removal_is_told_with_a_signature_over_the_bytes() {
    let visitor = Visitor::new().await;
    let (endpoint, url) = Endpoint::listen(&[]).await;
    send_to(&visitor.sandbox, &url);
    visitor.sandbox.revoke_grant(CLIENT_ID, ADA).unwrap();
    visitor.connect(ADA).await;
    visitor.sandbox.revoke_grant(CLIENT_ID, ADA).unwrap();
    visitor.sandbox.wait_for_deliveries(1).await;
    let requests = endpoint.requests();
    assert_eq!(requests.len(), 1, "who had no grant removes nothing");
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let header = |name: &str| head.lines().find_map(|l| l.strip_prefix(&format!("{name}: "))).unwrap().to_owned();
    let signed = visitor.sandbox.sign(CLIENT_ID, body).unwrap();
    // Signed again for the same second it is the same; a second may have passed.
    if signed.timestamp == header("x-zm-request-timestamp") {
        assert_eq!(signed.signature, header("x-zm-signature"));
    }
    let notice: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(notice["event"], "app_deauthorized");
    assert_eq!(notice["payload"]["client_id"], CLIENT_ID);
    assert_eq!(notice["payload"]["user_id"], "AdaLovelace_0000000001");
    assert_eq!(notice["payload"]["user_data_retention"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_revocation_by_the_client_is_told_too() {
    let visitor = Visitor::new().await;
    let (endpoint, url) = Endpoint::listen(&[204]).await;
    send_to(&visitor.sandbox, &url);
    let tokens = visitor.connect(ADA).await;
    let revoke = visitor.http.post(visitor.url("/oauth/revoke")).form(&[("token", &tokens.access)]);
    Visitor::send(revoke.basic_auth(CLIENT_ID, Some(BUILT_IN_CLIENT_SECRET))).await;
    visitor.sandbox.wait_for_deliveries(1).await;
    assert_eq!(endpoint.requests().len(), 1);
    assert_eq!(visitor.sandbox.deliveries()[0].outcome, "delivered");
}

#[tokio::test]
async fn what_fails_is_sent_again_after_5_20_and_60_minutes_with_the_same_bytes() {
    let visitor = Visitor::new().await;
    let (endpoint, url) = Endpoint::listen(&[500, 503, 502, 500]).await;
    send_to(&visitor.sandbox, &url);
    visitor.connect(ADA).await;
    visitor.sandbox.revoke_grant(CLIENT_ID, ADA).unwrap();
    for (attempt, minutes) in [(1, 5), (2, 20), (3, 60)] {
        visitor.sandbox.wait_for_deliveries(attempt).await;
        assert_eq!(visitor.sandbox.deliveries().len() as u64, attempt, "not before its time");
        visitor.sandbox.advance(Duration::from_secs(60 * minutes + 1));
    }
    visitor.sandbox.wait_for_deliveries(4).await;
    let deliveries = visitor.sandbox.deliveries();
    assert_eq!((deliveries[3].outcome.as_str(), &deliveries[3].next_attempt_at), ("failed, given up", &None));
    let requests = endpoint.requests();
    assert!(requests.iter().all(|request| *request == requests[0]));
}

#[tokio::test]
async fn a_refusal_is_not_repeated_and_a_replay_is_sent_on_request() {
    let visitor = Visitor::new().await;
    let (endpoint, url) = Endpoint::listen(&[401]).await;
    send_to(&visitor.sandbox, &url);
    visitor.connect(ADA).await;
    visitor.sandbox.revoke_grant(CLIENT_ID, ADA).unwrap();
    visitor.sandbox.wait_for_deliveries(1).await;
    visitor.sandbox.advance(Duration::from_secs(24 * 3600));
    visitor.sandbox.replay_notice(CLIENT_ID).unwrap();
    visitor.sandbox.wait_for_deliveries(2).await;
    let outcomes: Vec<_> = visitor.sandbox.deliveries().into_iter().map(|delivery| delivery.outcome).collect();
    assert_eq!(outcomes, ["refused", "delivered"]);
    let requests = endpoint.requests();
    assert_eq!(requests[0], requests[1]);
    let validation = visitor.sandbox.validate_endpoint(CLIENT_ID).await.unwrap();
    assert_eq!(validation.words, "the answer does not give the token back");
}

#[tokio::test]
async fn notices_are_controlled_by_http_without_showing_the_secret() {
    let visitor = Visitor::new().await;
    let (_, url) = Endpoint::listen(&[]).await;
    let control = async |verb: &str, body: serde_json::Value| {
        let reply = visitor.control(&format!("/control/notices/{verb}"), body).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json
    };
    let set = control("endpoint", json!({"client_id": CLIENT_ID, "url": url})).await;
    let token = set["secret_token"].as_str().unwrap().to_owned();
    assert_eq!(token.len(), 22, "made up");
    control("misbehave", json!({"client_id": CLIENT_ID, "signed_wrongly": true})).await;
    let validation = control("validate", json!({"client_id": CLIENT_ID})).await;
    assert_eq!((&validation["right"], &validation["status"]), (&false.into(), &200.into()));
    visitor.connect(ADA).await;
    visitor.sandbox.revoke_grant(CLIENT_ID, ADA).unwrap();
    visitor.sandbox.wait_for_deliveries(2).await;
    control("replay", json!({"client_id": CLIENT_ID})).await;
    visitor.sandbox.wait_for_deliveries(3).await;
    let read = async |path: &str| visitor.http.get(visitor.url(path)).send().await.unwrap().text().await.unwrap();
    let notices = read("/control/notices").await;
    assert!(notices.contains("app_deauthorized") && notices.contains("endpoint.url_validation"));
    for path in ["/", "/control/notices", "/control/state", "/control/journal"] {
        assert!(!read(path).await.contains(&token), "{path}");
    }
}
