use crate::visitor::{ADA, GRACE, Reply, Tokens, Visitor};
use reqwest::header;
use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Endpoint, Fault, FaultKind};
use serde_json::json;
use std::time::{Duration, Instant};

/// Sends a refresh and hands out whatever came of it.
async fn raw_refresh(visitor: &Visitor, token: &str) -> reqwest::Result<reqwest::Response> {
    let request =
        visitor.http.post(visitor.url("/oauth/token")).basic_auth(BUILT_IN_CLIENT_ID, Some(BUILT_IN_CLIENT_SECRET));
    request.form(&[("grant_type", "refresh_token"), ("refresh_token", token)]).send().await
}

/// Whether the fault lets the refresh do its work, and what the caller sees of it.
async fn check(kind: FaultKind, rotates: bool, sees: impl AsyncFnOnce(reqwest::Result<reqwest::Response>)) {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let name = kind.name();
    visitor.sandbox.fault(Fault::refresh(kind));
    sees(raw_refresh(&visitor, &tokens.refresh).await).await;
    let entry = visitor.sandbox.journal().pop().unwrap();
    assert_eq!((entry.rotated, entry.fault.as_deref()), (rotates, Some(name)));
    assert_eq!(visitor.sandbox.token_is_live(&tokens.refresh), !rotates, "{name}");
    let status = visitor.refresh(&tokens.refresh).await.status;
    assert_eq!(status.as_u16(), if rotates { 400 } else { 200 }, "{name}: the fault strikes once");
}

#[tokio::test]
async fn a_connection_dropped_before_the_work_spends_nothing() {
    check(FaultKind::DropBefore, false, async |seen| assert!(seen.is_err())).await;
}

#[tokio::test]
async fn a_connection_dropped_after_the_work_has_spent_the_token() {
    check(FaultKind::DropAfter, true, async |seen| assert!(seen.is_err())).await;
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_after_the_headers() {
    check(FaultKind::Truncated, true, async |seen| {
        let mut response = seen.unwrap();
        assert_eq!(response.status(), 200);
        let promised = response.content_length().unwrap();
        let mut arrived = 0;
        let broken = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => arrived += chunk.len() as u64,
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        assert!(broken && 0 < arrived && arrived < promised, "{arrived} of {promised}");
    })
    .await;
}

#[tokio::test]
async fn statuses_come_with_what_they_were_given() {
    let check_status = async |kind: FaultKind, status: u16, retry_after: Option<&str>| {
        check(kind, false, async |seen| {
            let response = seen.unwrap();
            assert_eq!(response.status().as_u16(), status);
            let header = response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(header.as_deref(), retry_after);
        })
        .await;
    };
    check_status(FaultKind::status(500), 500, None).await;
    check_status(FaultKind::retry_after(503, "30"), 503, Some("30")).await;
    check_status(
        FaultKind::retry_after(429, "Mon, 23 Nov 2026 10:00:00 GMT"),
        429,
        Some("Mon, 23 Nov 2026 10:00:00 GMT"),
    )
    .await;
    check_status(FaultKind::retry_after(429, "2026-11-23T10:00:00Z"), 429, Some("2026-11-23T10:00:00Z")).await;
}

#[tokio::test]
async fn unreadable_answers_are_unreadable() {
    let check_text = async |kind: FaultKind, status: u16, media_type: &str, part: &str| {
        check(kind, false, async |seen| {
            let response = seen.unwrap();
            assert_eq!(response.status().as_u16(), status);
            assert!(response.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with(media_type));
            let text = response.text().await.unwrap();
            assert!(text.contains(part), "{text}");
        })
        .await;
    };
    check_text(FaultKind::Garbage, 200, "application/json", "access_token").await;
    check_text(FaultKind::Html { status: 200 }, 200, "text/html", "<h1>").await;
    check_text(FaultKind::Html { status: 502 }, 502, "text/html", "<h1>").await;
    check_text(FaultKind::WrongJson, 200, "application/json", "{}").await;
    let given = FaultKind::Status { status: 500, retry_after: None, body: Some("oh no".into()) };
    check_text(given, 500, "text/plain", "oh no").await;
}

#[tokio::test]
async fn answers_can_lack_members_or_be_too_large() {
    let check_json = async |kind: FaultKind, right: fn(&serde_json::Value) -> bool| {
        check(kind, true, async |seen| {
            let json = seen.unwrap().json().await.unwrap();
            assert!(right(&json));
        })
        .await;
    };
    check_json(FaultKind::MissingExpiresIn, |json| json.get("expires_in").is_none() && json.get("scope").is_some())
        .await;
    check_json(FaultKind::MissingRefreshToken, |json| json.get("refresh_token").is_none()).await;
    check_json(FaultKind::SmallerScope { scope: "user:read:user".into() }, |json| json["scope"] == "user:read:user")
        .await;
    check_json(FaultKind::HugeBody { bytes: 1_000_000 }, |json| json.to_string().len() > 1_000_000).await;
}

#[tokio::test]
async fn an_error_is_what_it_was_told_to_be() {
    check(FaultKind::error("invalid_request", "Invalid Token!"), false, async |seen| {
        let response = seen.unwrap();
        assert_eq!(response.status(), 400);
        let json: serde_json::Value = response.json().await.unwrap();
        assert_eq!(json, json!({"reason": "Invalid Token!", "error": "invalid_request"}));
    })
    .await;
    let bare = FaultKind::Error { status: 401, error: "invalid_grant".into(), reason: None };
    check(bare, false, async |seen| {
        let response = seen.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.text().await.unwrap(), r#"{"error":"invalid_grant"}"#);
    })
    .await;
}

#[tokio::test]
async fn an_unreadable_answer_can_follow_the_work() {
    let visitor = Visitor::new().await;
    for kind in [FaultKind::status(500), FaultKind::Garbage, FaultKind::WrongJson, FaultKind::Html { status: 200 }] {
        let tokens = visitor.connect(ADA).await;
        visitor.sandbox.fault(Fault::refresh(kind.clone()).after_work());
        visitor.refresh(&tokens.refresh).await;
        assert!(!visitor.sandbox.token_is_live(&tokens.refresh), "{}", kind.name());
        assert!(visitor.sandbox.journal().pop().unwrap().rotated);
    }
}

#[tokio::test]
async fn a_delay_lets_the_next_fault_decide() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    visitor.sandbox.fault(Fault::refresh(FaultKind::delay(Duration::from_millis(200))).times(2));
    visitor.sandbox.fault(Fault::refresh(FaultKind::status(503)));
    let started = Instant::now();
    assert_eq!(visitor.refresh(&tokens.refresh).await.status, 503);
    assert_eq!(visitor.refresh(&tokens.refresh).await.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn a_caller_that_hangs_up_at_a_hold_does_not_undo_the_work() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    visitor.sandbox.fault(Fault::refresh(FaultKind::Hold));
    let caller = tokio::spawn({
        let (visitor, token) = (visitor.clone(), tokens.refresh.clone());
        async move { raw_refresh(&visitor, &token).await }
    });
    visitor.sandbox.wait_for_hold().await;
    assert!(visitor.sandbox.token_is_live(&tokens.refresh), "held before the work");
    caller.abort();
    let _ = caller.await;
    visitor.sandbox.release();
    while visitor.sandbox.token_requests("refresh_token") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!visitor.sandbox.token_is_live(&tokens.refresh));
    assert!(visitor.sandbox.grant_is_live(BUILT_IN_CLIENT_ID, ADA));
}

#[tokio::test]
async fn a_hold_after_the_work_has_rotated_and_answers_once_released() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    visitor.sandbox.fault(Fault::refresh(FaultKind::Hold).after_work());
    let caller = tokio::spawn({
        let (visitor, token) = (visitor.clone(), tokens.refresh.clone());
        async move { visitor.refresh(&token).await }
    });
    visitor.sandbox.wait_for_hold().await;
    assert!(!visitor.sandbox.token_is_live(&tokens.refresh));
    assert_eq!(visitor.control("/control/faults/release", json!({})).await.status, 200);
    assert!(visitor.sandbox.token_is_live(&Tokens::of(&caller.await.unwrap()).refresh));
}

#[tokio::test]
async fn faults_strike_only_whom_they_are_meant_for() {
    let visitor = Visitor::new().await;
    let (ada, grace) = (visitor.connect(ADA).await, visitor.connect(GRACE).await);
    visitor
        .sandbox
        .fault(Fault::refresh(FaultKind::status(500)).for_user(GRACE).for_client(BUILT_IN_CLIENT_ID).forever());
    visitor.sandbox.fault(Fault::exchange(FaultKind::status(502)).times(1));
    assert_eq!(visitor.refresh(&ada.refresh).await.status, 200);
    for _ in 0..3 {
        assert_eq!(visitor.refresh(&grace.refresh).await.status, 500);
    }
    assert_eq!(visitor.exchange(&visitor.code(ADA)).await.status, 502);
    visitor.sandbox.clear_faults();
    assert_eq!(visitor.refresh(&grace.refresh).await.status, 200);
}

#[tokio::test]
async fn every_endpoint_can_misbehave() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    for endpoint in [Endpoint::Authorize, Endpoint::Revoke, Endpoint::Users] {
        visitor.sandbox.fault(Fault::new(endpoint, FaultKind::retry_after(503, "1")));
    }
    assert_eq!(visitor.http.get(visitor.authorize_url(&[])).send().await.unwrap().status(), 503);
    assert_eq!(visitor.get("/v2/users/me", &tokens.access).await.status, 503);
    let revoke = visitor.http.post(visitor.url("/oauth/revoke")).form(&[("token", &tokens.access)]);
    assert_eq!(Visitor::send(revoke).await.status, 503);
    assert!(visitor.sandbox.token_is_live(&tokens.access));
}

#[tokio::test]
async fn faults_are_set_as_json_and_misspellings_are_found() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    let set = async |fault: serde_json::Value| -> Reply { visitor.control("/control/faults", fault).await };
    let fault = json!({"endpoint": "token", "grant_type": "refresh_token", "user": ADA, "kind": "status", "status": 429,
        "retry_after": "7", "times": "forever"});
    assert_eq!(set(fault.clone()).await.status, 200);
    assert_eq!(visitor.refresh(&tokens.refresh).await.status, 429);
    let state = visitor.http.get(visitor.url("/control/state"));
    let state = Visitor::send(state).await.json;
    assert_eq!(state["faults"][0]["times"], "forever");
    assert_eq!(state["faults"][0]["kind"], "status");
    assert_eq!(Visitor::send(visitor.http.delete(visitor.url("/control/faults"))).await.status, 200);
    assert_eq!(visitor.refresh(&tokens.refresh).await.status, 200);

    for wrong in [
        json!({"endpoint": "token", "kind": "sometimes"}),
        json!({"endpoint": "nowhere", "kind": "hold"}),
        json!({"endpoint": "token", "kind": "hold", "time": 3}),
        json!({"endpoint": "token", "kind": "hold", "times": "often"}),
        json!({"endpoint": "token", "kind": "delay"}),
        json!([1]),
    ] {
        let reply = set(wrong.clone()).await;
        assert_eq!(reply.status, 400, "{wrong}");
        assert!(reply.json["error"].is_string());
    }
}
