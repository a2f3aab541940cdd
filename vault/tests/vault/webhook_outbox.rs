//! The outbox: each way in which something changes is told, in the change's own transaction, and nothing secret with it.

use super::tokens::ask;
use super::webhook_endpoints::add;
use model::connect_sessions::Completion;
use model::ids::{ConnectedAccountId, WebhookEndpointId};
use model::lists::Turn;
use model::webhook_endpoints::WebhookType;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use vault::testing::sandbox::{ConsentRequest, Fault, FaultKind};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, END_USER, Receiver, TestVault, WEBHOOK_SECRET, callback};
use vault::{
    Adoption, BulkRequest, Filter, HOUR, MINUTE, ManageLink, NewManageLink, SECOND, TokenRequest, WebhookEndpointChange,
};

const ADA: &str = "ada@example.com";

/// A vault with an endpoint that is never sent to: what waits for it is looked at.
struct Outbox {
    test: TestVault,
    endpoint: WebhookEndpointId,
    seen: usize,
}

impl Outbox {
    async fn of(mut test: TestVault) -> Self {
        let receiver = Receiver::start().await;
        test.vault = test.sending_to(&[&receiver]).await;
        let endpoint = add(&test, &receiver.url(), &[]).await.view.id;
        Self { test, endpoint, seen: 0 }
    }

    async fn new() -> Self {
        Self::of(TestVault::new("zoom").await).await
    }

    /// The bodies of everything that was told, oldest first.
    async fn all(&self) -> Vec<Value> {
        let (v, c) = (&self.test.vault, &self.test.caller);
        let page = v.deliveries(c, self.endpoint, "", &Turn::default(), 100).await.unwrap();
        let mut bodies = Vec::new();
        for delivery in page.data.iter().rev() {
            let detail = v.delivery(c, self.endpoint, delivery.id).await.unwrap();
            bodies.push(serde_json::from_str(&detail.body).unwrap());
        }
        bodies
    }

    /// What was told since the last look.
    async fn news(&mut self) -> Vec<Value> {
        let news = self.all().await.split_off(self.seen);
        self.seen += news.len();
        news
    }

    /// Their types, with the status of what they are about.
    async fn told(&mut self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let status = |body: &Value| text(&body["data"]["status"]) + &text(&body["data"]["state"]);
        self.news().await.iter().map(|body| (text(&body["type"]), status(body))).collect()
    }

    async fn check_told(&mut self, expected: &[(&str, &str)]) {
        let told = self.told().await;
        let told: Vec<_> = told.iter().map(|(r#type, status)| (r#type.as_str(), status.as_str())).collect();
        assert_eq!(told, expected);
    }
}

const CONNECTED: (&str, &str) = ("connected_account.connected", "active");
const RECONNECTED: (&str, &str) = ("connected_account.reconnected", "active");
const LOST: (&str, &str) = ("connected_account.needs_reconnect", "needs_reconnect");
const REVOKED: (&str, &str) = ("connected_account.revoked", "revoked");
const COMPLETED: (&str, &str) = ("connect_session.completed", "completed");
const FAILED: (&str, &str) = ("connect_session.failed", "failed");
const REFRESH_FAILED: (&str, &str) = ("connected_account.refresh_failed", "active");
const OTHER_SCOPES: (&str, &str) = ("connected_account.scopes_changed", "active");

#[tokio::test]
async fn a_connection_is_told_as_the_api_shows_it() {
    let mut outbox = Outbox::new().await;
    let id = outbox.test.connected().await;
    let news = outbox.news().await;
    assert_eq!(news.len(), 2);
    let body = &news[0];
    let names: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        BTreeSet::from_iter(names),
        BTreeSet::from(["id", "type", "created_at", "application_id", "seq", "data"])
    );
    assert!(body["id"].as_str().unwrap().starts_with("del_"));
    assert_eq!(body["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(body["application_id"], outbox.test.caller.application().to_string());
    assert_eq!(body["seq"], 1);
    let shown = outbox.test.vault.connected_account(&outbox.test.caller, id).await.unwrap();
    assert_eq!(body["data"], serde_json::to_value(&shown).unwrap());
    let session = &news[1]["data"];
    assert_eq!((&news[1]["type"], &news[1]["seq"]), (&"connect_session.completed".into(), &Value::Null));
    assert_eq!(session["results"][0]["connected_account"], id.to_string());
    assert!(session.get("url").is_none(), "the link is shown once, to who made it");
}

#[tokio::test]
async fn a_renewal_is_told_and_other_scopes_with_it() {
    let mut outbox = Outbox::new().await;
    let optional = "cloud_recording:read:list_user_recordings";
    outbox.test.sandbox.update_client(CLIENT_ID, |c| c.optional_scopes = vec![optional.into()]).unwrap();
    outbox.test.connected().await;
    outbox.check_told(&[CONNECTED, COMPLETED]).await;
    outbox.test.connected().await;
    outbox.check_told(&[RECONNECTED, COMPLETED]).await;
    let session = outbox.test.session(|_| ()).await;
    let url = outbox.test.begin(&session, "browser").await;
    let back = outbox.test.sandbox.consent(&ConsentRequest::allow(&url, ADA).without(optional)).unwrap();
    outbox.test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    outbox.check_told(&[RECONNECTED, OTHER_SCOPES, COMPLETED]).await;
    let seqs: Vec<i64> = outbox.all().await.iter().filter_map(|body| body["seq"].as_i64()).collect();
    assert_eq!(seqs, [1, 2, 3, 4], "strictly increasing for the account");
}

#[tokio::test]
async fn each_way_of_revoking_is_told() {
    let mut outbox = Outbox::new().await;
    let (v, c) = (outbox.test.vault.clone(), outbox.test.caller.clone());
    let id = outbox.test.connected().await;
    v.revoke_connected_account(&c, id).await.unwrap();
    v.revoke_connected_account(&c, id).await.unwrap();
    outbox.check_told(&[CONNECTED, COMPLETED, REVOKED]).await;
    let own = outbox.test.connected().await;
    let view = v.open_manage_link(&c, END_USER, NewManageLink::default()).await.unwrap();
    let entered = v.enter_by_manage_link(view.url.rsplit('/').next().unwrap()).await.unwrap();
    let ManageLink::Entered(end_user) = entered else { panic!("the link is good") };
    v.disconnect_own_account(&end_user, own).await.unwrap();
    outbox.check_told(&[CONNECTED, COMPLETED, REVOKED]).await;
    outbox.test.connected().await;
    let filter = Filter { provider_config: Some("zoom".into()), ..Filter::default() };
    let preview = v.preview_bulk_revocation(&c, &filter).await.unwrap();
    let request = BulkRequest {
        id: preview.id,
        filter,
        newest: preview.newest.unwrap(),
        accounts: preview.accounts,
        typed: preview.accounts.to_string(),
        reason: "The client secret has leaked".into(),
    };
    v.request_bulk_revocation(&c, request).await.unwrap();
    v.work_on_bulk_revocations().await.unwrap();
    outbox.check_told(&[CONNECTED, COMPLETED, REVOKED]).await;
    outbox.test.connected().await;
    v.remove_provider_config(&c, "zoom").await.unwrap();
    outbox.check_told(&[CONNECTED, COMPLETED, REVOKED]).await;
    let reasons: Vec<_> = outbox.all().await.iter().filter(|b| b["type"] == REVOKED.0).map(code).collect();
    let expected = ["revoked_by_member", "revoked_by_end_user", "revoked_by_member", "client_removed"];
    assert_eq!(reasons, expected);
}

fn code(body: &Value) -> String {
    body["data"]["status_reason"]["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_a_refresh_comes_to_is_told_and_its_success_is_not() {
    let mut outbox = Outbox::new().await;
    let id = outbox.test.connected().await;
    outbox.news().await;
    outbox.test.advance(2 * HOUR);
    ask(&outbox.test, id).await.unwrap();
    outbox.check_told(&[]).await;
    outbox.test.sandbox.fault(Fault::refresh(FaultKind::status(500)));
    outbox.test.sandbox.fault(Fault::refresh(FaultKind::DropBefore));
    outbox.test.advance(2 * HOUR);
    assert!(ask(&outbox.test, id).await.is_err());
    outbox.test.advance(MINUTE);
    assert!(ask(&outbox.test, id).await.is_err());
    outbox.check_told(&[REFRESH_FAILED]).await;
    outbox.test.advance(HOUR);
    ask(&outbox.test, id).await.unwrap();
    outbox.test.sandbox.fault(Fault::refresh(FaultKind::SmallerScope { scope: "user:read:user".into() }));
    outbox.test.advance(2 * HOUR);
    ask(&outbox.test, id).await.unwrap();
    let news = outbox.news().await;
    assert_eq!((news.len(), &news[0]["type"]), (1, &OTHER_SCOPES.0.into()));
    assert_eq!(news[0]["data"]["scopes"], serde_json::json!(["user:read:user"]));
    outbox.test.sandbox.revoke_grant(CLIENT_ID, ADA).unwrap();
    outbox.test.advance(2 * HOUR);
    assert!(ask(&outbox.test, id).await.is_err());
    outbox.check_told(&[LOST]).await;
}

#[tokio::test]
async fn a_failure_after_a_success_is_told_again() {
    let mut outbox = Outbox::new().await;
    let id = outbox.test.connected().await;
    outbox.news().await;
    for _ in 0..2 {
        outbox.test.sandbox.fault(Fault::refresh(FaultKind::status(500)));
        outbox.test.advance(2 * HOUR);
        assert!(ask(&outbox.test, id).await.is_err());
        outbox.test.advance(10 * SECOND);
        ask(&outbox.test, id).await.unwrap();
        outbox.check_told(&[REFRESH_FAILED]).await;
    }
}

#[tokio::test]
async fn a_token_without_a_refresh_token_that_ends_is_told() {
    let mut outbox = Outbox::new().await;
    outbox.test.sandbox.fault(Fault::exchange(FaultKind::MissingRefreshToken));
    let id = outbox.test.connected().await;
    outbox.news().await;
    outbox.test.advance(2 * HOUR);
    assert!(ask(&outbox.test, id).await.is_err());
    outbox.check_told(&[LOST]).await;
}

#[tokio::test]
async fn a_notice_of_the_provider_is_told() {
    let test = TestVault::new("zoom").await;
    test.listen_to_events("https://vault.example.com/provider-events").await;
    let mut outbox = Outbox::of(test).await;
    outbox.test.connected().await;
    outbox.news().await;
    let test = &outbox.test;
    let notice = test.sandbox.notice(CLIENT_ID, ADA).unwrap();
    let mut headers = http::HeaderMap::new();
    for (name, value) in notice.headers() {
        headers.insert(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
    }
    let (application, key, body) = (test.caller.application(), test.key.clone(), notice.body.clone().into_bytes());
    test.vault.take_provider_event(vault::ProviderEvent { application, key, headers, body }).await.unwrap();
    let news = outbox.news().await;
    assert_eq!((news.len(), code(&news[0]).as_str()), (1, "deauthorized_at_provider"));
}

#[tokio::test]
async fn a_client_that_is_removed_is_told() {
    let mut outbox = Outbox::new().await;
    let test = &outbox.test;
    test.connected().await;
    let mut second = vault::testing::client();
    second.client_id = "SecondClient_000000001".into();
    second.client_secret = "second-secret-00000000000000000a".into();
    test.sandbox.add_client(second).unwrap();
    test.save("SecondClient_000000001", "second-secret-00000000000000000a", false).await.unwrap();
    let clients = test.vault.provider_config_detail(&test.caller, "zoom").await.unwrap().clients;
    let old = clients.iter().find(|client| !client.is_current).unwrap().id;
    test.vault.remove_client(&test.caller, "zoom", old).await.unwrap();
    outbox.check_told(&[CONNECTED, COMPLETED, LOST]).await;
}

#[tokio::test]
async fn an_account_that_a_later_consent_ended_or_moved_is_told() {
    let mut outbox = Outbox::new().await;
    let optional = "cloud_recording:read:list_user_recordings";
    outbox.test.sandbox.update_client(CLIENT_ID, |c| c.optional_scopes = vec![optional.into()]).unwrap();
    let less = async |end_user: &str| {
        let session = outbox.test.session(|new| new.end_user.id = end_user.to_owned()).await;
        let url = outbox.test.begin(&session, end_user).await;
        let back = outbox.test.sandbox.consent(&ConsentRequest::allow(&url, ADA).without(optional)).unwrap();
        outbox.test.vault.complete(callback(&back), Some(end_user)).await.unwrap();
    };
    less("user_1").await;
    outbox.test.connect("user_2", ADA).await;
    less("user_3").await;
    outbox.check_told(&[CONNECTED, COMPLETED, CONNECTED, LOST, COMPLETED, CONNECTED, OTHER_SCOPES, COMPLETED]).await;
    let all = outbox.all().await;
    assert_eq!(code(&all[3]), "superseded");
    assert_eq!(all[6]["data"]["end_user"]["id"], "user_2");
}

#[tokio::test]
async fn sessions_that_fail_or_wait_for_a_confirmation_are_told_when_they_end() {
    let mut outbox = Outbox::new().await;
    let test = &outbox.test;
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::decline(&url, ADA)).unwrap();
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    outbox.check_told(&[FAILED]).await;
    let test = &outbox.test;
    test.vault.add_return_address(&test.caller, "https://example.com/done").await.unwrap();
    let confirmed = async || {
        let change = |new: &mut vault::NewConnectSession| {
            new.completion = Completion::Confirmed;
            new.return_url = Some("https://example.com/done".into());
        };
        let session = test.session(change).await;
        let url = test.begin(&session, "other").await;
        let back = test.sandbox.consent(&ConsentRequest::allow(&url, ADA)).unwrap();
        test.vault.complete(callback(&back), Some("other")).await.unwrap();
        let page = test.vault.result_page(session.id, "other").await.unwrap().unwrap();
        (session.id, page.returning.code.unwrap())
    };
    let (id, code) = confirmed().await;
    outbox.check_told(&[]).await;
    outbox.test.vault.confirm_connect_session(&outbox.test.caller, id, &code).await.unwrap();
    outbox.check_told(&[CONNECTED, COMPLETED]).await;
}

#[tokio::test]
async fn a_member_who_tests_a_provider_config_tells_nothing() {
    let mut outbox = Outbox::new().await;
    let test = &outbox.test;
    let session = test.vault.begin_connection_test(&test.caller, "zoom").await.unwrap();
    test.consent(&session, ADA).await;
    outbox.check_told(&[]).await;
}

#[tokio::test]
async fn credentials_that_are_refused_are_told_once() {
    let mut outbox = Outbox::new().await;
    let id = outbox.test.connected().await;
    outbox.news().await;
    let refused = ("provider_config.rejected", "rejected");
    outbox.test.sandbox.update_client(CLIENT_ID, |client| client.client_secret = "another".into()).unwrap();
    outbox.test.advance(2 * HOUR);
    assert!(ask(&outbox.test, id).await.is_err());
    assert!(ask(&outbox.test, id).await.is_err());
    outbox.check_told(&[refused, REFRESH_FAILED]).await;
    let (v, c) = (outbox.test.vault.clone(), outbox.test.caller.clone());
    v.verify_provider_config(&c, "zoom").await.unwrap();
    outbox.check_told(&[]).await;
    for disabled in [true, false] {
        v.set_provider_config_disabled(&c, "zoom", disabled).await.unwrap();
    }
    outbox.check_told(&[refused]).await;
    outbox.test.sandbox.update_client(CLIENT_ID, |client| client.client_secret = CLIENT_SECRET.into()).unwrap();
    v.verify_provider_config(&c, "zoom").await.unwrap();
    outbox.test.sandbox.update_client(CLIENT_ID, |client| client.client_secret = "another".into()).unwrap();
    v.verify_provider_config(&c, "zoom").await.unwrap();
    outbox.check_told(&[refused]).await;
}

#[tokio::test]
async fn credentials_that_are_saved_anyway_are_told() {
    let mut outbox = Outbox::of(TestVault::empty("zoom").await).await;
    outbox.test.save(CLIENT_ID, "wrong-secret-000000000000000000a", true).await.unwrap();
    let news = outbox.news().await;
    assert_eq!((news.len(), &news[0]["data"]["key"]), (1, &"zoom".into()));
    assert!(news[0]["data"].get("client_secret_ends").is_none());
}

/// Checklist 44: the answer of a holder that stood still comes after the account was given up.
#[tokio::test]
async fn an_account_that_works_again_is_told() {
    let mut outbox = Outbox::new().await;
    let test = &outbox.test;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let (v, c) = (test.vault.clone(), test.caller.clone());
    let first = tokio::spawn(async move { v.fresh(&c, id, TokenRequest::default()).await.map(drop) });
    test.sandbox.wait_for_hold().await;
    test.clock.advance(10 * MINUTE);
    let other = test.another().await;
    assert!(other.fresh(&test.caller, id, TokenRequest::default()).await.is_err());
    test.sandbox.release();
    drop(first.await.unwrap());
    outbox.check_told(&[CONNECTED, COMPLETED, LOST, RECONNECTED]).await;
}

#[tokio::test]
async fn a_change_that_is_rolled_back_leaves_no_delivery_and_one_without_its_delivery_is_none() {
    let mut outbox = Outbox::new().await;
    let id = outbox.test.connected().await;
    outbox.news().await;
    outbox.test.hide_table("deliveries", true).await;
    let (v, c) = (outbox.test.vault.clone(), outbox.test.caller.clone());
    assert!(v.revoke_connected_account(&c, id).await.is_err());
    outbox.test.hide_table("deliveries", false).await;
    let account = v.connected_account(&c, id).await.unwrap();
    assert_eq!(account.status.as_str(), "active", "a change that cannot be told is not made");
    outbox.check_told(&[]).await;
    let seqs: Vec<i64> = outbox.all().await.iter().filter_map(|body| body["seq"].as_i64()).collect();
    assert_eq!(seqs, [1], "no number is spent");
    v.revoke_connected_account(&c, id).await.unwrap();
    outbox.check_told(&[REVOKED]).await;
}

#[tokio::test]
async fn endpoints_hear_what_they_chose_and_the_paused_ones_later() {
    let mut outbox = Outbox::new().await;
    let chosen = add(&outbox.test, "https://example.com/hooks", &["connected_account.revoked"]).await.view.id;
    let change = WebhookEndpointChange { paused: Some(true), ..WebhookEndpointChange::default() };
    outbox.test.vault.change_webhook_endpoint(&outbox.test.caller, outbox.endpoint, change).await.unwrap();
    let id = outbox.test.connected().await;
    outbox.test.vault.revoke_connected_account(&outbox.test.caller, id).await.unwrap();
    outbox.check_told(&[CONNECTED, COMPLETED, REVOKED]).await;
    (outbox.endpoint, outbox.seen) = (chosen, 0);
    let news = outbox.news().await;
    assert_eq!((news.len(), &news[0]["seq"]), (1, &2.into()), "the numbers are the account's");
}

#[tokio::test]
async fn no_secret_and_no_token_is_told() {
    let outbox = Outbox::new().await;
    let test = &outbox.test;
    test.listen_to_events("https://vault.example.com/provider-events").await;
    let id = test.connected().await;
    let token = ask(test, id).await.unwrap();
    let link = test.vault.open_reconnect_link(&test.caller, id).await.unwrap().url.unwrap();
    test.sandbox.update_client(CLIENT_ID, |client| client.client_secret = "another".into()).unwrap();
    test.advance(2 * HOUR);
    assert!(ask(test, id).await.is_err());
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    let told = serde_json::to_string(&outbox.all().await).unwrap();
    assert!(told.contains("provider_config.rejected") && told.contains(REVOKED.0) && told.contains(ADA));
    let link = link.rsplit('/').next().unwrap();
    for secret in [CLIENT_SECRET, WEBHOOK_SECRET, token.as_str(), link, "789a\""] {
        assert!(!told.contains(secret), "{secret} is told");
    }
}

#[tokio::test]
async fn a_copy_sends_nothing_of_its_originals() {
    let test = TestVault::new("zoom").await;
    let mut outbox = Outbox::of(test).await;
    let id: ConnectedAccountId = outbox.test.connected().await;
    let url = "https://copy.example.com".parse().unwrap();
    let copy = outbox.test.open_again(|options| options.public_url = url).await.unwrap();
    assert_eq!(copy.deliver_due().await.unwrap(), 0);
    let refused = copy.test_webhook_endpoint(&outbox.test.caller, outbox.endpoint).await.err().unwrap();
    assert!(matches!(refused, vault::VaultError::Conflict { code: "quarantined", .. }), "{refused:?}");
    copy.adopt(Adoption::ForgetTokens).await.unwrap();
    assert_eq!(copy.deliver_due().await.unwrap(), 0);
    let endpoint = copy.webhook_endpoint(&outbox.test.caller, outbox.endpoint).await.unwrap();
    assert_eq!(endpoint.paused.unwrap().code.as_str(), "copied");
    let waiting = copy.deliveries(&outbox.test.caller, outbox.endpoint, "pending", &Turn::default(), 20).await.unwrap();
    assert_eq!(waiting.data.iter().map(|d| d.connected_account).collect::<Vec<_>>(), [Some(id)]);
    outbox.check_told(&[CONNECTED, COMPLETED, LOST]).await;
}

/// A status that is set anywhere else has to be told there too.
#[test]
fn whatever_sets_a_status_records_an_event() {
    let mut setters = BTreeSet::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut setters);
    let known = [
        "connect_sessions/attach.rs",
        "connect_sessions/settle.rs",
        "connected_accounts/revoke.rs",
        "imports/identity.rs",
        "provider_configs/several_clients.rs",
        "provider_events/ending.rs",
        "quarantine.rs",
        "tokens.rs",
        "tokens/judge.rs",
    ];
    assert_eq!(setters, known.map(str::to_owned).into(), "test that a new one is told, then name it here");
    assert_eq!(WebhookType::ALL.len(), 9);
}

fn gather(folder: &Path, setters: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
        let name = name.display().to_string();
        if path.is_dir() && name != "store" && name != "testing" {
            gather(&path, setters);
        } else if path.is_file() {
            let source = std::fs::read_to_string(&path).unwrap();
            let sets =
                ["::set_status(", "::set_needs_reconnect(tx", "::end_all(", "connected_accounts::renew(", "::revive("];
            if sets.iter().any(|call| source.contains(call)) {
                setters.insert(name);
            }
        }
    }
}
