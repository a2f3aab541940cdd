use crate::visitor::{ADA, GRACE, REDIRECT_URI, Reply, Tokens, Visitor};
use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Client, ConsentRequest, Reuse};
use serde_json::json;
use std::time::Duration;

fn check_error(reply: &Reply, reason: &str, error: &str) {
    assert_eq!((reply.status.as_u16(), &reply.json), (400, &json!({"reason": reason, "error": error})));
}

#[tokio::test]
async fn an_exchange_answers_with_six_fields() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    assert_eq!(tokens.body.as_object().unwrap().len(), 6);
    assert_eq!(tokens.body["token_type"], "bearer");
    assert_eq!(tokens.body["expires_in"], 3600);
    assert_eq!(
        tokens.body["scope"],
        "user:read:user meeting:read:list_meetings cloud_recording:read:list_user_recordings"
    );
    assert_eq!(tokens.body["api_url"], visitor.sandbox.base_url());
    for token in [&tokens.access, &tokens.refresh] {
        assert_eq!(token.split('.').count(), 3);
        assert!((650..=900).contains(&token.len()), "{} characters", token.len());
        assert!(visitor.sandbox.token_is_live(token));
    }
}

#[tokio::test]
async fn every_refusal_has_the_envelope_of_the_provider() {
    let visitor = Visitor::new().await;
    let check = async |fields: &[(&str, &str)], reason: &str, error: &str| {
        check_error(&visitor.token(fields).await, reason, error);
    };
    check(&[], "Missing grant type.", "invalid_request").await;
    check(&[("grant_type", "password")], "unsupported grant type", "unsupported_grant_type").await;
    let code = "authorization_code";
    check(&[("grant_type", code)], "Invalid authorization code", "invalid_grant").await;
    check(&[("grant_type", code), ("code", "made_up")], "Invalid authorization code", "invalid_grant").await;
    check(&[("grant_type", "refresh_token")], "Invalid Token!", "invalid_grant").await;
    let tokens = visitor.connect(ADA).await;
    for token in ["made.up.token", &tokens.access] {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        check(&fields, "Invalid Token!", "invalid_grant").await;
    }
    for (redirect_uri, user) in [(None, ADA), (Some("http://localhost:4000/other"), GRACE)] {
        let fresh = visitor.code(user);
        let fields: Vec<_> = [("grant_type", code), ("code", &fresh)]
            .into_iter()
            .chain(redirect_uri.map(|redirect_uri| ("redirect_uri", redirect_uri)))
            .collect();
        check(&fields, "Redirect URI mismatch.", "invalid_grant").await;
    }
}

#[tokio::test]
async fn credentials_go_in_the_header_or_in_the_body() {
    let visitor = Visitor::new().await;
    let wrong = ("Invalid client_id or client_secret", "invalid_client");
    let missing = ("Client ID or client secret is missing.", "invalid_client");
    let fields = [("grant_type", "client_credentials")];
    for (id, secret) in [(BUILT_IN_CLIENT_ID, "wrong"), ("nobody", BUILT_IN_CLIENT_SECRET)] {
        check_error(&visitor.token_as(id, secret, &fields).await, wrong.0, wrong.1);
    }
    let post = |fields: &[(&str, &str)]| Visitor::send(visitor.http.post(visitor.url("/oauth/token")).form(fields));
    check_error(&post(&fields).await, missing.0, missing.1);
    let with_body = |secret| [fields[0], ("client_id", BUILT_IN_CLIENT_ID), ("client_secret", secret)];
    check_error(&post(&with_body("wrong")).await, wrong.0, wrong.1);
    assert_eq!(post(&with_body(BUILT_IN_CLIENT_SECRET)).await.status, 200);

    let json =
        visitor.http.post(visitor.url("/oauth/token")).basic_auth(BUILT_IN_CLIENT_ID, Some(BUILT_IN_CLIENT_SECRET));
    check_error(
        &Visitor::send(json.json(&json!({"grant_type": "client_credentials"}))).await,
        "Bad Request",
        "invalid_request",
    );
}

#[tokio::test]
async fn client_credentials_give_a_token_without_a_user() {
    let visitor = Visitor::new().await;
    let reply = visitor.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json.get("refresh_token").is_none());
    let me = visitor.get("/v2/users/me", reply.json["access_token"].as_str().unwrap()).await;
    assert_eq!(me.status, 401);
}

#[tokio::test]
async fn a_code_works_once_and_for_five_minutes() {
    let visitor = Visitor::new().await;
    let code = visitor.code(ADA);
    assert_eq!(code.len(), 33);
    assert_eq!(visitor.exchange(&code).await.status, 200);
    check_error(&visitor.exchange(&code).await, "Invalid authorization code", "invalid_grant");

    let late = visitor.code(ADA);
    visitor.sandbox.advance(Duration::from_secs(300));
    check_error(&visitor.exchange(&late).await, "Code is expired", "invalid_grant");
}

#[tokio::test]
async fn a_code_of_one_client_is_unknown_to_another() {
    let visitor = Visitor::new().await;
    visitor.sandbox.add_client(Client::new("other", "secret", &[REDIRECT_URI])).unwrap();
    let code = visitor.code(ADA);
    let fields = [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", REDIRECT_URI)];
    let reply = visitor.token_as("other", "secret", &fields).await;
    check_error(&reply, "Invalid authorization code", "invalid_grant");
    assert_eq!(visitor.exchange(&code).await.status, 200);
}

#[tokio::test]
async fn pkce_is_honoured_if_sent_and_not_asked_for_otherwise() {
    let visitor = Visitor::new().await;
    // The pair of RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let s256 = [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
    let plain = [("code_challenge", verifier)];
    let check = async |sent: &[(&str, &str)], verifier: Option<&str>, status: u16| {
        let code = visitor.code_with(ADA, sent);
        let fields = [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", REDIRECT_URI)];
        let fields: Vec<_> = fields.into_iter().chain(verifier.map(|verifier| ("code_verifier", verifier))).collect();
        let reply = visitor.token(&fields).await;
        assert_eq!(reply.status.as_u16(), status, "{sent:?} {verifier:?} {}", reply.json);
        assert!(status == 200 || reply.json["error"] == "invalid_grant");
    };
    check(&s256, Some(verifier), 200).await;
    check(&s256, Some("wrong"), 400).await;
    check(&s256, None, 400).await;
    check(&plain, Some(verifier), 200).await;
    check(&plain, Some("wrong"), 400).await;
    check(&[], Some(verifier), 200).await;
    check(&[], None, 200).await;
}

#[tokio::test]
async fn a_refresh_rotates_without_grace_and_without_revoking_the_family() {
    let visitor = Visitor::new().await;
    let first = visitor.connect(ADA).await;
    let second = Tokens::of(&visitor.refresh(&first.refresh).await);
    assert_ne!(first.refresh, second.refresh);
    assert_eq!(second.body.as_object().unwrap().len(), 6);
    check_error(&visitor.refresh(&first.refresh).await, "Invalid Token!", "invalid_grant");
    assert!(!visitor.sandbox.token_is_live(&first.access));
    assert!(visitor.sandbox.token_is_live(&second.access));
    assert_eq!(visitor.refresh(&second.refresh).await.status, 200);
}

#[tokio::test]
async fn of_a_hundred_refreshes_at_once_one_succeeds() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (visitor, token) = (visitor.clone(), tokens.refresh.clone());
        calls.spawn(async move { visitor.refresh(&token).await.status.as_u16() });
    }
    let statuses = calls.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 99);
    assert_eq!(visitor.sandbox.token_requests("refresh_token"), 100);
    assert_eq!(visitor.sandbox.count(|entry| entry.rotated), 1);
}

#[tokio::test]
async fn reuse_can_be_switched_to_revoke_or_to_a_window() {
    let visitor = Visitor::new().await;
    let reuse = |reuse| visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.reuse = reuse).unwrap();

    reuse(Reuse::Revokes);
    let first = visitor.connect(ADA).await;
    let second = Tokens::of(&visitor.refresh(&first.refresh).await);
    check_error(&visitor.refresh(&first.refresh).await, "Invalid Token!", "invalid_grant");
    check_error(&visitor.refresh(&second.refresh).await, "Invalid Token!", "invalid_grant");

    reuse(Reuse::Window(30));
    let first = visitor.connect(ADA).await;
    let second = Tokens::of(&visitor.refresh(&first.refresh).await);
    visitor.sandbox.advance(Duration::from_secs(29));
    let again = Tokens::of(&visitor.refresh(&first.refresh).await);
    assert!(visitor.sandbox.token_is_live(&second.refresh) && visitor.sandbox.token_is_live(&again.refresh));
    visitor.sandbox.advance(Duration::from_secs(2));
    check_error(&visitor.refresh(&first.refresh).await, "Invalid Token!", "invalid_grant");
}

#[tokio::test]
async fn the_previous_access_token_can_be_switched_to_live_on() {
    let visitor = Visitor::new().await;
    visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.keep_previous_access_token = true).unwrap();
    let first = visitor.connect(ADA).await;
    visitor.refresh(&first.refresh).await;
    assert!(visitor.sandbox.token_is_live(&first.access));
}

#[tokio::test]
async fn a_second_consent_ends_the_tokens_of_the_first() {
    let visitor = Visitor::new().await;
    let first = visitor.connect(ADA).await;
    let grace = visitor.connect(GRACE).await;
    let code = visitor.code(ADA);
    assert!(visitor.sandbox.token_is_live(&first.refresh), "it is the exchange that counts");
    let second = Tokens::of(&visitor.exchange(&code).await);
    check_error(&visitor.refresh(&first.refresh).await, "Invalid Token!", "invalid_grant");
    assert!(!visitor.sandbox.token_is_live(&first.access));
    assert!(visitor.sandbox.token_is_live(&second.refresh) && visitor.sandbox.token_is_live(&grace.refresh));
}

#[tokio::test]
async fn refresh_tokens_live_ninety_days_from_the_last_refresh() {
    let visitor = Visitor::new().await;
    let day = Duration::from_secs(24 * 3600);
    let first = visitor.connect(ADA).await;
    visitor.sandbox.advance(day * 89);
    let second = Tokens::of(&visitor.refresh(&first.refresh).await);
    visitor.sandbox.advance(day * 89);
    let third = Tokens::of(&visitor.refresh(&second.refresh).await);
    visitor.sandbox.advance(day * 90);
    check_error(&visitor.refresh(&third.refresh).await, "Invalid Token!", "invalid_grant");
}

#[tokio::test]
async fn a_refresh_keeps_the_scopes_of_the_consent() {
    let visitor = Visitor::new().await;
    let request = ConsentRequest::allow(&visitor.authorize_url(&[]), ADA);
    let callback = visitor.sandbox.consent(&request.without("cloud_recording:read:list_user_recordings")).unwrap();
    let first = Tokens::of(&visitor.exchange(&crate::visitor::parameter(&callback, "code").unwrap()).await);
    assert_eq!(first.body["scope"], "user:read:user meeting:read:list_meetings");
    visitor
        .sandbox
        .update_client(BUILT_IN_CLIENT_ID, |client| client.scopes.push("meeting:read:meeting".into()))
        .unwrap();
    let second = Tokens::of(&visitor.refresh(&first.refresh).await);
    assert_eq!(second.body["scope"], first.body["scope"]);
}

#[tokio::test]
async fn what_happens_to_client_and_user_shows_at_the_next_refresh() {
    let visitor = Visitor::new().await;
    let ada = visitor.connect(ADA).await;
    let secret = visitor.sandbox.rotate_secret(BUILT_IN_CLIENT_ID).unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &*ada.refresh)];
    check_error(&visitor.token(&fields).await, "Invalid client_id or client_secret", "invalid_client");
    let ada = Tokens::of(&visitor.token_as(BUILT_IN_CLIENT_ID, &secret, &fields).await);

    let fields = [("grant_type", "refresh_token"), ("refresh_token", &*ada.refresh)];
    let refresh = || visitor.token_as(BUILT_IN_CLIENT_ID, &secret, &fields);
    visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.disabled = true).unwrap();
    check_error(&refresh().await, "The app has been disabled", "unauthorized_client");
    visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.disabled = false).unwrap();
    visitor.sandbox.remove_user(ADA).unwrap();
    check_error(&refresh().await, "The owner of the token does not exist.", "invalid_grant");
}

#[tokio::test]
async fn lifetimes_are_the_clients() {
    let visitor = Visitor::new().await;
    visitor.sandbox.update_client(BUILT_IN_CLIENT_ID, |client| client.access_token_seconds = 60).unwrap();
    let tokens = visitor.connect(ADA).await;
    assert_eq!(tokens.body["expires_in"], 60);
    visitor.sandbox.advance(Duration::from_secs(60));
    assert!(!visitor.sandbox.token_is_live(&tokens.access));
}
