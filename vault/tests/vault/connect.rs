//! An end user connects: from the link to the account, and every way in which it can end otherwise.

use super::tokens::ask;
use model::connect_sessions::ConnectSessionStatus::{self, Completed, Expired, Failed, Open};
use model::connect_sessions::{ConnectResult, ConnectSessionView};
use model::connected_accounts::ConnectedAccountStatus;
use model::provider_configs::ProviderConfigState;
use url::Url;
use vault::testing::sandbox::{ConsentRequest, Fault, FaultKind};
use vault::testing::{CLIENT_ID, TestVault, callback, link, new_session};
use vault::{Begun, Ended, LinkPage, MINUTE, VaultError, new_browser};

async fn state_of(test: &TestVault, session: &ConnectSessionView) -> (ConnectSessionStatus, Vec<ConnectResult>) {
    let view = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    (view.status, view.results)
}

fn error_code(results: &[ConnectResult]) -> &str {
    results.first().and_then(|r| r.error.as_ref()).map_or("none", |e| e.code.as_str())
}

#[tokio::test]
async fn zooms_authorization_url_has_four_parameters_and_nothing_else() {
    let test = TestVault::new("zoom").await;
    let session =
        test.session(|new| new.scopes = [("zoom".to_owned(), vec!["user:read:user".to_owned()])].into()).await;
    let url = Url::parse(&test.begin(&session, "browser").await).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["response_type", "client_id", "redirect_uri", "state"]);
    assert_eq!(pairs[0].1, "code");
    assert_eq!(pairs[1].1, CLIENT_ID);
    assert_eq!(pairs[2].1, format!("http://localhost:4000/oauth/callback/{}/zoom", test.caller.application()));
    assert_eq!(pairs[3].1.len(), 43);
}

#[tokio::test]
async fn a_provider_with_pkce_gets_a_challenge() {
    let test = TestVault::new("sandbox").await;
    let session = test.session(|_| ()).await;
    let url = Url::parse(&test.begin(&session, "browser").await).unwrap();
    let challenge = url.query_pairs().find(|(name, _)| name == "code_challenge").unwrap().1.into_owned();
    assert_eq!(challenge.len(), 43);
    assert!(url.query_pairs().any(|(name, value)| name == "code_challenge_method" && value == "S256"));
    assert!(ask(&test, test.connected().await).await.is_ok(), "the verifier fits");
}

#[tokio::test]
async fn an_end_user_connects() {
    let test = TestVault::new("zoom").await;
    let session = test
        .session(|new| {
            new.end_user.name = Some("Ada".into());
            new.end_user.group = Some("acme".into());
        })
        .await;
    assert_eq!(session.status, Open);
    assert!(matches!(test.consent(&session, "ada@example.com").await, Ended::Session(id) if id == session.id));
    let (status, results) = state_of(&test, &session).await;
    let id = results[0].connected_account.unwrap();
    assert_eq!((status, results[0].provider.as_str()), (Completed, "zoom"));
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(account.end_user.name.as_deref(), Some("Ada"));
    assert_eq!(account.provider_account.id.as_deref(), Some("AdaLovelace_0000000001"));
    assert_eq!(account.provider_account.email.as_deref(), Some("ada@example.com"));
    assert_eq!(account.provider_account.tenant_id.as_deref(), Some("SandboxAccount_0000001"));
    let again = test.vault.connect_session(&test.caller, session.id).await.unwrap();
    assert!(again.url.is_none(), "the link is in the first answer alone");
}

#[tokio::test]
async fn looking_binds_nothing_and_another_browser_comes_too_late() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    for browser in [None, Some("a preview bot"), None] {
        assert!(
            matches!(test.vault.link_page(link(&session), browser).await.unwrap(), LinkPage::Offer(offer) if !offer.begun)
        );
    }
    test.begin(&session, "the end user").await;
    assert!(matches!(
        test.vault.link_page(link(&session), Some("somebody")).await.unwrap(),
        LinkPage::StartedElsewhere
    ));
    assert!(matches!(test.vault.link_page(link(&session), None).await.unwrap(), LinkPage::StartedElsewhere));
    assert!(matches!(
        test.vault.begin(link(&session), "somebody", None).await.unwrap(),
        Begun::Stopped(LinkPage::StartedElsewhere)
    ));
    assert!(
        matches!(test.vault.link_page(link(&session), Some("the end user")).await.unwrap(), LinkPage::Offer(offer) if offer.begun)
    );
}

#[tokio::test]
async fn a_callback_in_another_browser_spends_nothing() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "the end user").await;
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
    for browser in [None, Some("an attacker")] {
        assert!(matches!(test.vault.complete(callback(&back), browser).await.unwrap(), Ended::OtherBrowser));
    }
    assert_eq!(test.sandbox.token_requests("authorization_code"), 0);
    test.vault.complete(callback(&back), Some("the end user")).await.unwrap();
    assert_eq!(state_of(&test, &session).await.0, Completed);
}

#[tokio::test]
async fn a_repeated_callback_shows_the_same_end() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
    let before = test.sandbox.token_requests("authorization_code");
    for _ in 0..3 {
        assert!(
            matches!(test.vault.complete(callback(&back), Some("browser")).await.unwrap(), Ended::Session(id) if id == session.id)
        );
    }
    assert_eq!(test.sandbox.token_requests("authorization_code"), before + 1);
    assert_eq!(state_of(&test, &session).await.0, Completed);
    assert!(matches!(test.vault.link_page(link(&session), Some("browser")).await.unwrap(), LinkPage::Finished));
}

#[tokio::test]
async fn a_state_is_good_for_its_own_provider_config_only() {
    let test = TestVault::new("zoom").await;
    let mut second = vault::testing::form("zoom", CLIENT_ID, vault::testing::CLIENT_SECRET, false);
    second.key = "zoom-admin".into();
    test.vault.save_provider_config(&test.caller, second).await.unwrap();
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
    let mixed = back.replace("/zoom?", "/zoom-admin?");
    assert_ne!(mixed, back);
    assert!(matches!(test.vault.complete(callback(&mixed), Some("browser")).await.unwrap(), Ended::StateUnknown));
    assert_eq!(state_of(&test, &session).await.0, Open);
}

#[tokio::test]
async fn callbacks_that_nobody_asked_for_bind_nothing() {
    let test = TestVault::new("zoom").await;
    let base = format!("http://localhost:4000/oauth/callback/{}/zoom", test.caller.application());
    let installed = test.sandbox.install(CLIENT_ID, "ada@example.com", Some(&base)).unwrap();
    let before = test.sandbox.token_requests("authorization_code");
    assert!(matches!(
        test.vault.complete(callback(&installed), Some("b")).await.unwrap(),
        Ended::BeganAtProvider { .. }
    ));
    for (query, unknown) in
        [("?code=x&state=made-up", true), ("?state=made-up", true), ("", false), ("?error=access_denied", true)]
    {
        let ended = test.vault.complete(callback(&format!("{base}{query}")), Some("b")).await.unwrap();
        assert_eq!(matches!(ended, Ended::StateUnknown), unknown, "{query}");
        assert_eq!(matches!(ended, Ended::Empty), !unknown, "{query}");
    }
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let state = Url::parse(&url).unwrap().query_pairs().find(|(n, _)| n == "state").unwrap().1.into_owned();
    let empty = callback(&format!("{base}?state={state}"));
    assert!(matches!(test.vault.complete(empty, Some("browser")).await.unwrap(), Ended::Empty));
    assert_eq!(test.sandbox.token_requests("authorization_code"), before);
    assert!(
        test.vault.connected_accounts(&test.caller, &vault::Filter::default(), None, 20).await.unwrap().data.is_empty()
    );
}

#[tokio::test]
async fn declining_and_errors_are_told_in_the_providers_words_cut() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::decline(&url, "ada@example.com")).unwrap();
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    let (status, results) = state_of(&test, &session).await;
    assert_eq!((status, error_code(&results)), (Failed, "access_denied"));

    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let state = Url::parse(&url).unwrap().query_pairs().find(|(n, _)| n == "state").unwrap().1.into_owned();
    let mut bad = callback(&back);
    bad.state = Some(state);
    (bad.error, bad.error_description) = (Some("weird".into()), Some(format!("<script>\n{}", "x".repeat(5_000))));
    test.vault.complete(bad, Some("browser")).await.unwrap();
    let (_, results) = state_of(&test, &session).await;
    let error = results[0].error.clone().unwrap();
    assert_eq!(error.code, "provider_refused");
    assert!(error.detail.starts_with("<script> x") && error.detail.len() <= 200);
}

#[tokio::test]
async fn an_exchange_that_fails_connects_nothing() {
    let cases = [
        (FaultKind::status(500), "exchange_interrupted"),
        (FaultKind::DropAfter, "exchange_interrupted"),
        (FaultKind::Garbage, "exchange_interrupted"),
        (FaultKind::retry_after(503, "5"), "provider_unavailable"),
        (FaultKind::error("invalid_grant", "Code is expired"), "provider_refused"),
        (FaultKind::error("invalid_client", "Invalid client_id or client_secret"), "provider_config_rejected"),
    ];
    for (kind, expected) in cases {
        let name = kind.name();
        let test = TestVault::new("zoom").await;
        test.sandbox.fault(Fault::exchange(kind));
        let session = test.session(|_| ()).await;
        test.consent(&session, "ada@example.com").await;
        let (status, results) = state_of(&test, &session).await;
        assert_eq!((status, error_code(&results)), (Failed, expected), "{name}");
        let state = test.vault.provider_config(&test.caller, "zoom").await.unwrap().state;
        assert_eq!(state == ProviderConfigState::Rejected, expected == "provider_config_rejected", "{name}");
    }
}

#[tokio::test]
async fn a_session_ends_with_its_time_but_not_during_the_trip() {
    let test = TestVault::new("zoom").await;
    let unused = test.session(|new| new.expires_in = Some(60)).await;
    let begun = test.session(|new| new.expires_in = Some(60)).await;
    let url = test.begin(&begun, "browser").await;
    test.advance(2 * MINUTE);
    assert_eq!(state_of(&test, &unused).await.0, Expired);
    assert!(matches!(test.vault.link_page(link(&unused), None).await.unwrap(), LinkPage::Expired));
    assert!(matches!(test.vault.begin(link(&unused), "b", None).await.unwrap(), Begun::Stopped(LinkPage::Expired)));
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    assert_eq!(state_of(&test, &begun).await.0, Completed);
    assert_eq!(test.vault.reap().await.unwrap().connect_sessions, 1);
    assert_eq!(state_of(&test, &unused).await.0, Expired);
}

#[tokio::test]
async fn a_state_is_good_for_a_quarter_of_an_hour() {
    let test = TestVault::new("zoom").await;
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
    test.advance(16 * MINUTE);
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    assert_eq!(state_of(&test, &session).await.0, Open, "the link itself lives on");
    assert_eq!(test.sandbox.token_requests("authorization_code"), 0);
}

#[tokio::test]
async fn the_same_four_renew_and_keep_the_id() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let old = ask(&test, id).await.unwrap();
    test.sandbox.revoke_grant(CLIENT_ID, "ada@example.com").unwrap();
    test.advance(61 * MINUTE);
    assert!(ask(&test, id).await.is_err());
    assert_eq!(test.connected().await, id);
    let new = ask(&test, id).await.unwrap();
    assert!(new != old && test.sandbox.token_is_live(&new));
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!((account.status, account.status_reason), (ConnectedAccountStatus::Active, None));
}

#[tokio::test]
async fn another_provider_user_or_end_user_is_another_account() {
    let test = TestVault::new("zoom").await;
    let ids = [
        test.connect("user_42", "ada@example.com").await,
        test.connect("user_42", "grace@example.com").await,
        test.connect("user_43", "alan@example.com").await,
    ];
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
}

#[tokio::test]
async fn a_reconnect_by_another_provider_user_changes_nothing() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let token = ask(&test, id).await.unwrap();
    let before = test.vault.connected_account(&test.caller, id).await.unwrap();
    let session = test.session(|new| new.reconnect = Some(id)).await;
    test.consent(&session, "grace@example.com").await;
    let (status, results) = state_of(&test, &session).await;
    assert_eq!((status, error_code(&results)), (Failed, "different_account"));
    let after = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!((after.provider_account, after.status), (before.provider_account, before.status));
    assert_eq!(ask(&test, id).await, Ok(token));
    test.vault.reap().await.unwrap();
    assert!(!test.sandbox.grant_is_live(CLIENT_ID, "grace@example.com"), "the tokens nobody stands on are revoked");
}

#[tokio::test]
async fn a_reconnect_by_the_right_user_renews() {
    let test = TestVault::new("zoom").await;
    let id = test.connected().await;
    let link_session = test.vault.open_reconnect_link(&test.caller, id).await.unwrap();
    assert_eq!(link_session.expires_at, "2026-01-08T00:00:00.000Z");
    test.consent(&link_session, "ada@example.com").await;
    assert_eq!(state_of(&test, &link_session).await.1[0].connected_account, Some(id));
    let refused = test.vault.open_connect_session(&test.caller, {
        let mut new = new_session("user_99", "zoom");
        new.reconnect = Some(id);
        new
    });
    assert!(matches!(refused.await, Err(VaultError::Invalid(_))), "it must be an account of that end user");
}

#[tokio::test]
async fn an_unknown_identity_is_never_guessed() {
    let test = TestVault::new("zoom").await;
    test.sandbox.update_client(CLIENT_ID, |c| c.scopes = vec!["meeting:read:list_meetings".into()]).unwrap();
    let id = test.connected().await;
    let account = test.vault.connected_account(&test.caller, id).await.unwrap();
    assert_eq!(
        account.provider_account.id.as_deref(),
        Some("AdaLovelace_0000000001"),
        "from the token we received ourselves"
    );
    assert_eq!(account.provider_account.email, None);
    assert_eq!(test.connected().await, id);
}

#[tokio::test]
async fn a_session_is_checked_when_it_is_opened() {
    let test = TestVault::new("zoom").await;
    test.vault.add_return_address(&test.caller, "https://example.com/done").await.unwrap();
    let check = async |change: fn(&mut vault::NewConnectSession), expected: &str| {
        let mut new = new_session("user_42", "zoom");
        change(&mut new);
        let got = match test.vault.open_connect_session(&test.caller, new).await {
            Ok(_) => "ok".to_owned(),
            Err(VaultError::Invalid(invalid)) => invalid.fields[0].0.clone(),
            Err(other) => format!("{other:?}"),
        };
        assert_eq!(got, expected);
    };
    check(|_| (), "ok").await;
    check(|n| n.providers = vec![], "ok").await;
    check(|n| n.return_url = Some("https://example.com/done?x=1".into()), "ok").await;
    check(|n| n.origin = Some("https://example.com".into()), "ok").await;
    check(|n| n.return_url = Some("https://example.com/done/more".into()), "return_url").await;
    check(|n| n.return_url = Some("https://evil.example/done".into()), "return_url").await;
    check(|n| n.origin = Some("https://evil.example".into()), "origin").await;
    check(|n| n.providers = vec!["other".into()], "providers").await;
    check(|n| n.expires_in = Some(59), "expires_in").await;
    check(|n| n.expires_in = Some(86_401), "expires_in").await;
    check(|n| n.end_user.id = String::new(), "end_user.id").await;
    check(|n| n.end_user.name = Some("a\u{7}b".into()), "end_user.name").await;
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.unwrap();
    check(|_| (), "providers").await;
}

#[tokio::test]
async fn several_providers_are_picked_one_by_one() {
    let test = TestVault::new("zoom").await;
    let mut second = vault::testing::form("sandbox", CLIENT_ID, vault::testing::CLIENT_SECRET, false);
    second.key = String::new();
    test.vault.save_provider_config(&test.caller, second).await.unwrap();
    let session = test.session(|new| new.providers = vec!["zoom".into(), "sandbox".into()]).await;
    let browser = new_browser().unwrap();
    let browser = browser.expose();
    assert!(matches!(test.vault.begin(link(&session), browser, None).await.unwrap(), Begun::Choose));
    let Begun::GoTo(url) = test.vault.begin(link(&session), browser, Some("zoom")).await.unwrap() else { panic!() };
    let back = test.sandbox.consent(&ConsentRequest::allow(&url, "ada@example.com")).unwrap();
    test.vault.complete(callback(&back), Some(browser)).await.unwrap();
    let page = test.vault.result_page(session.id, browser).await.unwrap().unwrap();
    assert_eq!(page.status, Open);
    assert!(test.vault.result_page(session.id, "another browser").await.unwrap().is_none());
    assert!(matches!(test.vault.begin_again(session.id, browser, Some("zoom")).await, Err(VaultError::Invalid(_))));
    assert!(test.vault.finish_session(session.id, browser).await.unwrap());
    let (status, results) = state_of(&test, &session).await;
    assert_eq!((status, results.len()), (Completed, 1));
}

#[tokio::test]
async fn a_code_that_a_busy_provider_did_not_look_at_is_sent_again() {
    let test = TestVault::new("zoom").await;
    test.sandbox.fault(Fault::exchange(FaultKind::retry_after(429, "1")));
    let id = test.connected().await;
    assert_eq!(test.sandbox.token_requests("authorization_code"), 2);
    assert_eq!(test.vault.connected_account(&test.caller, id).await.unwrap().status, ConnectedAccountStatus::Active);
}
