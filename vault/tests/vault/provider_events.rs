//! A provider's notices: who may send them, what they end, and what they leave alone.
//!
//! Together with `server/tests/http/provider_events.rs` this covers line 81 of the security checklist, inbound provider
//! events: signature, timestamp, replay, challenge, match on the provider's user.

use super::tokens::{ask, outcome};
use http::{HeaderMap, HeaderName};
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use model::ids::{ApplicationId, ConnectedAccountId};
use std::str::FromStr;
use vault::testing::sandbox::{Client, DataRetention, Endpoint, Fault, FaultKind, Notice};
use vault::testing::{CLIENT_ID, CLIENT_SECRET, END_USER, TestVault, WEBHOOK_SECRET, form};
use vault::{DAY, HOUR, MINUTE, ProviderEvent, Secret, Taken, TokenRequest, VaultError};

const ADA: &str = "ada@example.com";
const GRACE: &str = "grace@example.com";

/// A vault whose provider config has a webhook secret. The notices are handed over by the test.
async fn listening() -> TestVault {
    let test = TestVault::new("zoom").await;
    test.listen_to_events("https://vault.example.com/provider-events").await;
    test
}

fn event(test: &TestVault, notice: &Notice) -> ProviderEvent {
    let mut headers = HeaderMap::new();
    for (name, value) in notice.headers() {
        headers.insert(HeaderName::from_str(name).unwrap(), value.parse().unwrap());
    }
    let (application, key) = (test.caller.application(), test.key.clone());
    ProviderEvent { application, key, headers, body: notice.body.clone().into_bytes() }
}

async fn take(test: &TestVault, notice: &Notice) -> Taken {
    test.vault.take_provider_event(event(test, notice)).await.unwrap()
}

/// The user removes the app at the provider; the notice is handed over by the caller.
fn remove(test: &TestVault, user: &str) -> Notice {
    let notice = test.sandbox.notice(CLIENT_ID, user).unwrap();
    test.sandbox.revoke_grant(CLIENT_ID, user).unwrap();
    notice
}

fn change(test: &TestVault, change: impl FnOnce(&mut Client)) {
    test.sandbox.update_client(CLIENT_ID, change).unwrap();
}

async fn standing(test: &TestVault, id: ConnectedAccountId) -> (ConnectedAccountStatus, Option<StatusReasonCode>) {
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    (account.status, account.status_reason.map(|reason| reason.code))
}

const WORKS: (ConnectedAccountStatus, Option<StatusReasonCode>) = (ConnectedAccountStatus::Active, None);
const WITHDRAWN: (ConnectedAccountStatus, Option<StatusReasonCode>) =
    (ConnectedAccountStatus::NeedsReconnect, Some(StatusReasonCode::DeauthorizedAtProvider));

#[tokio::test]
async fn a_notice_ends_the_user_and_nobody_else() {
    let test = listening().await;
    let ada = test.connected().await;
    let grace = test.connect("user_43", GRACE).await;
    let token = ask(&test, ada).await.unwrap();
    let notice = remove(&test, ADA);
    assert_eq!(take(&test, &notice).await, Taken::In);
    assert_eq!((standing(&test, ada).await, standing(&test, grace).await), (WITHDRAWN, WORKS));
    assert_eq!(ask(&test, ada).await, Err("deauthorized_at_provider".to_owned()));
    assert!(ask(&test, grace).await.is_ok());
    assert!(!test.sandbox.token_is_live(&token));
    let refreshes = test.sandbox.token_requests("refresh_token");
    test.advance(80 * DAY);
    assert_eq!(ask(&test, ada).await, Err("deauthorized_at_provider".to_owned()), "nothing is left to refresh with");
    assert_eq!(test.sandbox.token_requests("refresh_token"), refreshes);
    let told = test.vault.events_of(&test.caller, &ada.to_string()).await.unwrap();
    let told: Vec<_> = told.iter().map(|event| (event.r#type.as_str(), event.outcome.as_str())).collect();
    assert!(told.contains(&("connected_account.needs_reconnect", "deauthorized_at_provider")), "{told:?}");
    assert_eq!(test.connect(END_USER, ADA).await, ada, "a new consent renews the account");
    assert_eq!(standing(&test, ada).await, WORKS);
}

#[tokio::test]
async fn a_forged_notice_ends_nothing() {
    let test = listening().await;
    let id = test.connected().await;
    let good = test.sandbox.notice(CLIENT_ID, ADA).unwrap();
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&good.body).unwrap()).unwrap();
    let forgeries = [
        Notice { signature: "v0=00".to_owned(), ..good.clone() },
        Notice { signature: good.signature.replace("v0=", ""), ..good.clone() },
        Notice { timestamp: (good.timestamp.parse::<i64>().unwrap() + 1).to_string(), ..good.clone() },
        Notice { body: good.body.replace("AdaLovelace", "GraceHopper"), ..good.clone() },
        // The same JSON written in other bytes.
        Notice { body: pretty, ..good.clone() },
        Notice { body: String::new(), ..good.clone() },
    ];
    for forgery in &forgeries {
        assert_eq!(take(&test, forgery).await, Taken::Refused, "{forgery:?}");
    }
    change(&test, |client| client.notices.signed_wrongly = true);
    assert_eq!(take(&test, &test.sandbox.notice(CLIENT_ID, ADA).unwrap()).await, Taken::Refused);
    let mut unsigned = event(&test, &good);
    unsigned.headers.clear();
    assert_eq!(test.vault.take_provider_event(unsigned).await.unwrap(), Taken::Refused);
    let mut twice = event(&test, &good);
    twice.headers.append("x-zm-signature", good.signature.parse().unwrap());
    assert_eq!(test.vault.take_provider_event(twice).await.unwrap(), Taken::Refused);
    assert_eq!(standing(&test, id).await, WORKS);
    assert_eq!(take(&test, &good).await, Taken::In);
    assert_eq!(standing(&test, id).await, WITHDRAWN);
}

#[tokio::test]
async fn without_a_stored_secret_every_notice_is_refused() {
    let test = listening().await;
    let id = test.connected().await;
    let mut form = form(&test.key, CLIENT_ID, "", false);
    form.remove_webhook_secret = true;
    test.vault.save_provider_config(&test.caller, form).await.ok().unwrap();
    assert!(!test.vault.provider_config(&test.caller, &test.key).await.unwrap().webhook_secret_stored);
    assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::Refused);
    change(&test, |client| client.notices.secret_token = " ".to_owned());
    assert_eq!(take(&test, &test.sandbox.notice(CLIENT_ID, ADA).unwrap()).await, Taken::Refused);
    assert_eq!(standing(&test, id).await, WORKS);
}

#[tokio::test]
async fn notices_are_good_for_a_day_and_five_minutes_ahead() {
    let test = listening().await;
    let check = async |ago: i64, expected: Taken| {
        change(&test, |client| client.notices.signed_ago_seconds = ago);
        let notice = test.sandbox.notice(CLIENT_ID, ADA).unwrap();
        assert_eq!(take(&test, &notice).await, expected, "signed {ago} s ago");
    };
    check(0, Taken::In).await;
    check(85 * 60, Taken::In).await;
    check(23 * 3600, Taken::In).await;
    check(25 * 3600, Taken::Refused).await;
    check(-4 * 60, Taken::In).await;
    check(-20 * 60, Taken::Refused).await;
}

#[tokio::test]
async fn a_repeated_delivery_does_its_work_once() {
    let test = listening().await;
    let id = test.connected().await;
    let notice = remove(&test, ADA);
    let both = tokio::join!(
        test.vault.take_provider_event(event(&test, &notice)),
        test.vault.take_provider_event(event(&test, &notice))
    );
    assert_eq!((both.0.unwrap(), both.1.unwrap()), (Taken::In, Taken::In));
    test.advance(HOUR);
    assert_eq!(test.connect(END_USER, ADA).await, id);
    // The second copy arrives after the end user has consented again.
    assert_eq!(take(&test, &notice).await, Taken::In);
    test.advance(22 * HOUR);
    assert_eq!(take(&test, &notice).await, Taken::In);
    assert_eq!(standing(&test, id).await, WORKS);
    test.advance(2 * HOUR);
    assert_eq!(take(&test, &notice).await, Taken::Refused, "too old for a replay");
    let told = test.vault.events_of(&test.caller, &id.to_string()).await.unwrap();
    assert_eq!(told.iter().filter(|event| event.outcome == "deauthorized_at_provider").count(), 1);
    // What no signature is good for any more is forgotten; the notice itself stays refused.
    test.advance(2 * DAY);
    test.vault.reap().await.unwrap();
    assert_eq!(take(&test, &notice).await, Taken::Refused);
}

#[tokio::test]
async fn a_newer_consent_is_not_ended_by_an_older_notice() {
    let test = listening().await;
    let id = test.connected().await;
    let late = remove(&test, ADA);
    test.advance(20 * MINUTE);
    assert_eq!(test.connect(END_USER, ADA).await, id);
    assert_eq!(take(&test, &late).await, Taken::In);
    assert_eq!(standing(&test, id).await, WORKS);
    assert!(ask(&test, id).await.is_ok());
    test.advance(MINUTE);
    assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::In);
    assert_eq!(standing(&test, id).await, WITHDRAWN);
}

#[tokio::test]
async fn only_a_client_of_this_provider_config_is_meant() {
    let test = listening().await;
    let id = test.connected().await;
    // Another client of the same provider, whose notices are signed with our secret.
    let mut other = Client::new("OtherClient_0000000001", "other-client-secret-0123456789ab", &[]);
    (other.notices.url, other.notices.secret_token) = ("https://x.example".to_owned(), WEBHOOK_SECRET.to_owned());
    test.sandbox.add_client(other).unwrap();
    assert_eq!(take(&test, &test.sandbox.notice("OtherClient_0000000001", ADA).unwrap()).await, Taken::In);
    assert_eq!(standing(&test, id).await, WORKS);
    // A second provider config with a secret of its own: neither takes what was sent to the other.
    let mut second = form("zoom", CLIENT_ID, CLIENT_SECRET, false);
    (second.key, second.webhook_secret) = ("zoom-admin".to_owned(), Secret::new("another-webhook-secret".to_owned()));
    test.vault.save_provider_config(&test.caller, second).await.ok().unwrap();
    let notice = remove(&test, ADA);
    let mut elsewhere = event(&test, &notice);
    elsewhere.key = "zoom-admin".to_owned();
    assert_eq!(test.vault.take_provider_event(elsewhere).await.unwrap(), Taken::Refused);
    for (application, key) in [(ApplicationId::new(), "zoom"), (test.caller.application(), "nothing")] {
        let nowhere = ProviderEvent { application, key: key.to_owned(), ..event(&test, &notice) };
        let answer = test.vault.take_provider_event(nowhere).await;
        assert!(matches!(answer, Err(VaultError::NotFound)), "{key}");
    }
    assert_eq!(standing(&test, id).await, WORKS);
    assert_eq!(take(&test, &notice).await, Taken::In);
    assert_eq!(standing(&test, id).await, WITHDRAWN);
}

#[tokio::test]
async fn an_older_client_of_the_provider_config_is_meant_too() {
    let test = listening().await;
    let id = test.connected().await;
    let mut newer = Client::new("NewerClient_0000000001", "newer-client-secret-0123456789ab", &[]);
    newer.any_redirect_uri = true;
    test.sandbox.add_client(newer).unwrap();
    test.save("NewerClient_0000000001", "newer-client-secret-0123456789ab", false).await.ok().unwrap();
    assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::In);
    assert_eq!(standing(&test, id).await, WITHDRAWN);
}

#[tokio::test]
async fn whatever_it_says_of_data_the_tokens_go() {
    use DataRetention::{Absent, False, Null, TextFalse, TextTrue, True};
    let test = listening().await;
    let id = test.connected().await;
    for retention in [Null, Absent, TextTrue, TextFalse, True, False] {
        change(&test, |client| client.notices.user_data_retention = retention);
        test.advance(MINUTE);
        assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::In);
        assert_eq!(standing(&test, id).await, WITHDRAWN, "{retention:?}");
        test.advance(MINUTE);
        assert_eq!(test.connect(END_USER, ADA).await, id);
    }
}

#[tokio::test]
async fn accounts_that_share_the_authorization_go_together() {
    let test = listening().await;
    let first = test.connected().await;
    test.advance(MINUTE);
    let second = test.connect("user_43", ADA).await;
    assert_ne!(first, second);
    test.advance(MINUTE);
    assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::In);
    assert_eq!((standing(&test, first).await, standing(&test, second).await), (WITHDRAWN, WITHDRAWN));
}

#[tokio::test]
async fn the_echo_of_our_own_revocation_changes_nothing() {
    let test = listening().await;
    let id = test.connected().await;
    test.advance(MINUTE);
    let echo = test.sandbox.notice(CLIENT_ID, ADA).unwrap();
    test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    let before = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(before.status, ConnectedAccountStatus::Revoked);
    assert_eq!(take(&test, &echo).await, Taken::In);
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap(), before);
    // A later account of the same user is not touched by a late echo either.
    test.advance(MINUTE);
    let next = test.connect(END_USER, ADA).await;
    assert_ne!(next, id);
    let late = Notice { ..echo };
    assert_eq!(take(&test, &late).await, Taken::In);
    assert_eq!(standing(&test, next).await, WORKS);
}

#[tokio::test]
async fn a_revocation_that_was_pending_is_done() {
    let test = listening().await;
    let id = test.connected().await;
    test.sandbox.fault(Fault::new(Endpoint::Revoke, FaultKind::retry_after(503, "10")).forever());
    let revoked = test.vault.revoke_connected_account(&test.caller, id).await.unwrap();
    assert_eq!(revoked.provider_revocation, ProviderRevocation::Pending);
    test.advance(MINUTE);
    assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::In);
    let detail = test.vault.connected_account_detail(&test.caller, id).await.unwrap();
    assert_eq!(detail.provider_revocation, Some(ProviderRevocation::Revoked));
    let asked = |test: &TestVault| test.sandbox.count(|entry| entry.endpoint == Endpoint::Revoke);
    let before = asked(&test);
    test.advance(2 * DAY);
    test.vault.reap().await.unwrap();
    assert_eq!(asked(&test), before, "nobody is asked again");
    assert_eq!(standing(&test, id).await.0, ConnectedAccountStatus::Revoked);
}

#[tokio::test]
async fn a_refresh_under_way_does_not_revive_it() {
    let test = listening().await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    test.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let (vault, caller) = (test.vault.clone(), test.caller.clone());
    let asking = tokio::spawn(async move { outcome(vault.fresh(&caller, id, TokenRequest::default()).await) });
    test.sandbox.wait_for_hold().await;
    assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::In);
    assert_eq!(standing(&test, id).await, WITHDRAWN);
    let revocations = test.sandbox.count(|entry| entry.endpoint == Endpoint::Revoke);
    test.sandbox.release();
    assert_eq!(asking.await.unwrap(), Err("deauthorized_at_provider".to_owned()));
    assert_eq!(standing(&test, id).await, WITHDRAWN);
    let revoked = test.sandbox.count(|entry| entry.endpoint == Endpoint::Revoke);
    assert_eq!(revoked, revocations + 1, "the late tokens went straight back");
    test.vault.close().await;
}

#[tokio::test]
async fn an_account_that_had_stopped_already_learns_why() {
    let test = listening().await;
    let id = test.connected().await;
    test.advance(2 * HOUR);
    let notice = remove(&test, ADA);
    assert_eq!(ask(&test, id).await, Err("refresh_rejected".to_owned()));
    let rejected = (ConnectedAccountStatus::NeedsReconnect, Some(StatusReasonCode::RefreshRejected));
    assert_eq!(standing(&test, id).await, rejected);
    assert_eq!(take(&test, &notice).await, Taken::In);
    assert_eq!(standing(&test, id).await, WITHDRAWN);
}

#[tokio::test]
async fn a_user_nobody_knows_ends_only_what_belongs_to_the_whole_tenant() {
    let test = listening().await;
    let ada = test.connected().await;
    change(&test, |client| client.scopes.push("user:read:list_users:admin".to_owned()));
    let wide = test.connect("user_43", GRACE).await;
    let alan = test.connect("user_44", "alan@example.com").await;
    test.advance(MINUTE);
    // The owner of Ada's and Grace's account, who never connected here, removes the app.
    let mut owner = test.sandbox.user(ADA).unwrap();
    (owner.id, owner.email) = ("TheOwner_0000000000004".to_owned(), "owner@example.com".to_owned());
    test.sandbox.add_user(owner).unwrap();
    assert_eq!(take(&test, &test.sandbox.notice(CLIENT_ID, "owner@example.com").unwrap()).await, Taken::In);
    assert_eq!((standing(&test, ada).await, standing(&test, wide).await), (WORKS, WITHDRAWN));
    assert_eq!(standing(&test, alan).await, WORKS, "another tenant");
}

#[tokio::test]
async fn what_cannot_be_stored_is_an_error_and_succeeds_later() {
    let test = listening().await;
    let id = test.connected().await;
    let notice = remove(&test, ADA);
    test.hide_table("provider_events", true).await;
    assert!(test.vault.take_provider_event(event(&test, &notice)).await.is_err());
    assert_eq!(standing(&test, id).await, WORKS);
    test.hide_table("provider_events", false).await;
    // An error later in the same transaction leaves nothing either.
    test.hide_table("events", true).await;
    assert!(test.vault.take_provider_event(event(&test, &notice)).await.is_err());
    assert_eq!(standing(&test, id).await, WORKS);
    test.hide_table("events", false).await;
    assert_eq!(take(&test, &notice).await, Taken::In);
    assert_eq!(standing(&test, id).await, WITHDRAWN);
}

#[tokio::test]
async fn a_webhook_secret_is_kept_replaced_and_held_over_a_refusal() {
    use vault::Saved;
    let test = listening().await;
    let id = test.connected().await;
    // An empty field keeps it.
    test.save(CLIENT_ID, "", false).await.ok().unwrap();
    assert_eq!(take(&test, &test.sandbox.notice(CLIENT_ID, GRACE).unwrap()).await, Taken::In);
    // A refused save holds both secrets for "Save anyway".
    let mut refused = form(&test.key, CLIENT_ID, "a-wrong-client-secret-0123456789", false);
    refused.webhook_secret = Secret::new(" the-next-webhook-secret ".to_owned());
    let Ok(Saved::Rejected { held_secret, .. }) = test.vault.save_provider_config(&test.caller, refused).await else {
        panic!("the provider knows another secret");
    };
    let mut anyway = form(&test.key, CLIENT_ID, "", true);
    anyway.held_secret = held_secret;
    test.vault.save_provider_config(&test.caller, anyway).await.ok().unwrap();
    assert_eq!(take(&test, &test.sandbox.notice(CLIENT_ID, ADA).unwrap()).await, Taken::Refused);
    change(&test, |client| client.notices.secret_token = "the-next-webhook-secret".to_owned());
    assert_eq!(take(&test, &remove(&test, ADA)).await, Taken::In, "also while the credentials are rejected");
    assert_eq!(standing(&test, id).await, WITHDRAWN);
    // Neither the Client Secret again, nor one with a space in the middle.
    for wrong in [CLIENT_SECRET, "two words"] {
        let mut form = form(&test.key, CLIENT_ID, CLIENT_SECRET, false);
        form.webhook_secret = Secret::new(wrong.to_owned());
        let answer = test.vault.save_provider_config(&test.caller, form).await;
        let Err(VaultError::Invalid(invalid)) = answer else { panic!("{wrong} is refused") };
        assert_eq!(invalid.fields[0].0, "webhook_secret");
    }
    assert!(!String::from_utf8_lossy(&test.database_bytes()).contains("webhook-secret"), "it is sealed");
}
