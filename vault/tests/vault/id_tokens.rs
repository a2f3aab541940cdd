//! Whose account it is by OpenID Connect, and who answers (RFC 9207).

use super::custom_providers::{set_up, with_tenants};
use model::connect_sessions::ConnectSessionView;
use vault::Filter;
use vault::testing::sandbox::{ConsentRequest, Document, IdTokenFlaw};
use vault::testing::{CLIENT_ID, TestVault, callback};

const SCOPES: [&str; 2] = ["openid", "user:read:user"];

async fn at_an_issuer() -> TestVault {
    let mut test = with_tenants(&SCOPES).await;
    let mut form = test.vault.discover(&test.caller, &test.sandbox.base_url()).await.unwrap().form;
    // The sandbox takes nothing else.
    form.advanced = "[revoke]\ntoken = \"access_token\"\n".to_owned();
    set_up(&mut test, &form, &SCOPES).await;
    test
}

/// Goes to the provider and back, with `change` made to the address that the browser comes back to.
async fn trip(test: &TestVault, allow: bool, change: impl FnOnce(String) -> String) -> ConnectSessionView {
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    let consent = if allow { ConsentRequest::allow } else { ConsentRequest::decline };
    let back = change(test.sandbox.consent(&consent(&url, "ada@example.com")).unwrap());
    test.vault.complete(callback(&back), Some("browser")).await.unwrap();
    test.vault.connect_session(&test.caller, session.id).await.unwrap()
}

fn code_of(session: &ConnectSessionView) -> &str {
    session.results[0].error.as_ref().map_or("none", |error| error.code.as_str())
}

/// Checklist 7.
#[tokio::test]
async fn the_subject_of_the_id_token_is_the_account() {
    let test = at_an_issuer().await;
    let session = test.session(|_| ()).await;
    let url = test.begin(&session, "browser").await;
    assert!(url.contains("nonce=") && url.contains("scope=openid"));
    let account = test.connected().await;
    let account = test.vault.connected_account(&test.caller, account).await.unwrap();
    let known = account.provider_account;
    assert_eq!(known.id.as_deref(), Some("AdaLovelace_0000000001"));
    assert_eq!(known.email.as_deref(), Some("ada@example.com"));
}

/// Checklist 37.
#[tokio::test]
async fn an_id_token_that_cannot_be_trusted_connects_nothing_and_its_tokens_are_revoked() {
    use IdTokenFlaw::*;
    let flaws = [Missing, Unsigned, Hmac, OtherKey, OtherIssuer, OtherAudience, OtherParty, Expired, OtherNonce];
    for flaw in flaws {
        let test = at_an_issuer().await;
        test.sandbox.flaw_id_tokens(Some(flaw));
        let session = trip(&test, true, |back| back).await;
        assert_eq!(code_of(&session), "id_token_invalid", "{flaw:?}");
        let accounts = test.vault.connected_accounts(&test.caller, &Filter::default(), None, 10).await.unwrap();
        assert!(accounts.data.is_empty(), "{flaw:?}");
        // Revocations run in tasks of their own, and closing waits for them.
        test.vault.close().await;
        assert!(!test.sandbox.grant_is_live(CLIENT_ID, "ada@example.com"), "{flaw:?}");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_read_are_no_reason_to_trust() {
    let test = at_an_issuer().await;
    test.sandbox.publish("/oauth/jwks", Some(Document { status: 503, location: None, body: "{}".into() }));
    assert_eq!(code_of(&trip(&test, true, |back| back).await), "id_token_invalid");
}

/// Checklist 16: by plain comparison, for errors too.
#[tokio::test]
async fn an_answer_that_names_another_issuer_is_not_used() {
    let test = at_an_issuer().await;
    let issuer = test.sandbox.base_url();
    let with = |iss: String| move |back: String| format!("{back}&iss={iss}");
    for (allow, iss) in
        [(true, "https://evil.example".to_owned()), (true, format!("{issuer}/")), (false, "x".to_owned())]
    {
        assert_eq!(code_of(&trip(&test, allow, with(iss)).await), "issuer_mismatch");
    }
    assert_eq!(test.sandbox.token_requests("authorization_code"), 0);
    assert_eq!(code_of(&trip(&test, false, with(issuer.clone())).await), "access_denied");
    assert_eq!(code_of(&trip(&test, true, with(issuer)).await), "none");
}

/// Checklist 17.
#[tokio::test]
async fn an_answer_without_an_issuer_is_not_used_where_one_is_promised() {
    let mut test = with_tenants(&SCOPES).await;
    let base = test.sandbox.base_url();
    let mut form = test.vault.discover(&test.caller, &base).await.unwrap().form;
    form.iss_required = true;
    set_up(&mut test, &form, &SCOPES).await;
    assert_eq!(code_of(&trip(&test, true, |back| back).await), "issuer_mismatch");
    assert_eq!(test.sandbox.token_requests("authorization_code"), 0);
    assert_eq!(code_of(&trip(&test, true, |back| format!("{back}&iss={base}")).await), "none");
}
