use super::{Proxied, echoed, seen};
use crate::support::Answer;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn method_path_query_and_body_reach_the_provider_as_they_were_sent_and_with_the_token() {
    let proxied = Proxied::start().await;
    let token = proxied.token().await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"] {
        let body = if method == "GET" { "" } else { "{\"topic\":\"x\"}" };
        let request =
            proxied.request(Method::from_bytes(method.as_bytes()).unwrap(), "/echo/a%2Fb/%252F/ü;x=1/?a=b%20c&a=&d");
        let echo = echoed(Answer::of(request.body(body)).await);
        assert_eq!((&echo["method"], &echo["query"]), (&json!(method), &json!("a=b%20c&a=&d")));
        assert_eq!(echo["path"], "/v2/echo/a%2Fb/%252F/%C3%BC;x=1/");
        assert_eq!(echo["bytes"], body.len());
        assert_eq!(seen(&echo, "authorization"), [format!("Bearer {token}")]);
        assert_eq!(seen(&echo, "host"), [proxied.server.test.sandbox.address().to_string()]);
    }
    let head = Answer::of(proxied.request(Method::HEAD, "/bytes/70000")).await.expect(200);
    assert_eq!((head.header("content-length"), head.body.as_str()), ("70000", ""));
}

#[tokio::test]
async fn what_names_the_caller_stays_here() {
    let proxied = Proxied::start().await;
    let request = proxied
        .request(Method::POST, "/echo")
        .header("cookie", "session=ours")
        .header("x-forwarded-for", "192.0.2.1")
        .header("x-forwarded-host", proxied.server.address.to_string())
        .header("forwarded", "for=192.0.2.1")
        .header("via", "1.1 here")
        .header("proxy-authorization", "Basic x")
        .header("x-http-method-override", "DELETE")
        .header("connection", "x-hop")
        .header("x-hop", "1")
        .header("idempotency-key", "the-provider-s")
        .header("x-own", "1")
        .header("accept-encoding", "br;q=0.5")
        .body("x");
    let echo = echoed(Answer::of(request).await);
    let names: Vec<&str> = echo["headers"].as_array().unwrap().iter().map(|line| line[0].as_str().unwrap()).collect();
    let expected = [
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "host",
        "idempotency-key",
        "user-agent",
        "x-own",
    ];
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(seen(&echo, "accept-encoding"), ["br;q=0.5"]);
    assert!(!echo.to_string().contains("kb_test_"));
}

#[tokio::test]
async fn a_path_that_leads_elsewhere_is_refused_and_nothing_is_sent() {
    let proxied = Proxied::start().await;
    let before = proxied.server.test.sandbox.journal().len();
    // A client would tidy these up, so they are written by hand.
    for path in
        ["/%2e%2e/oauth/token", "/a/..%2f..%2fx", "//evil.example/", "/%2Fevil.example", "/a%5c..", "/a%00", "/a%"]
    {
        let answer = super::framing::send(&proxied, &format!("GET {} HTTP/1.1", proxied.path(path)), "").await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("\"path_refused\""), "{path}: {answer}");
        assert!(!answer.contains("keybearer-upstream"), "{path}");
    }
    for path in ["/../oauth/token", "/./x"] {
        let answer = super::framing::send(&proxied, &format!("GET {} HTTP/1.1", proxied.path(path)), "").await;
        assert!(answer.contains("\"path_refused\""), "{path}: {answer}");
    }
    let trace = super::framing::send(&proxied, &format!("TRACE {} HTTP/1.1", proxied.path("/echo")), "").await;
    assert!(trace.starts_with("HTTP/1.1 405"), "{trace}");
    assert_eq!(proxied.server.test.sandbox.journal().len(), before);
}

#[tokio::test]
async fn our_own_refusals_are_problems_and_the_provider_s_are_not() {
    let proxied = Proxied::start().await;
    let theirs = proxied.get("/users/nobody").await.expect(404);
    assert_eq!((theirs.header("keybearer-upstream"), theirs.json()["code"].as_i64()), ("provider", Some(1001)));
    for path in ["/v1/proxy/x/echo", "/v1/proxy/", "/v1/proxy/ca_01h455vb4pex5vsknk084sn02q/echo"] {
        let ours = proxied.backend.get(path).await.problem(404, "not_found");
        assert_eq!(ours.header("keybearer-upstream"), "");
    }
    proxied.server.stranger().await.get(&proxied.path("/echo")).await.problem(404, "not_found");
    let test = &proxied.server.test;
    test.vault.set_provider_config_disabled(&test.caller, "zoom", true).await.ok().unwrap();
    proxied.get("/echo").await.problem(409, "provider_config_disabled");
}

#[tokio::test]
async fn each_call_is_in_the_audit_log_before_it_is_made_and_without_its_query() {
    let proxied = Proxied::start().await;
    echoed(proxied.get("/echo/a?secret=canary-in-the-query").await);
    let test = &proxied.server.test;
    test.sandbox.stop().await;
    proxied.get("/echo/b").await.problem(502, "provider_unreachable");
    test.vault.chain_events().await.ok().unwrap();
    let events = test.vault.events_after(&test.caller, 0, 100).await.ok().unwrap();
    let lines: Vec<_> = events.iter().filter(|event| event.r#type == "connected_account.proxied").collect();
    assert_eq!(lines.len(), 2);
    let called = json!({ "address": "127.0.0.1", "host": "127.0.0.1", "method": "GET" });
    assert!(lines.iter().all(|line| line.target == proxied.account && line.detail == called), "{lines:?}");
    let mut export = test.vault.export_event_chain(&test.member, 0).await.ok().unwrap();
    let mut whole = String::new();
    while let Some(piece) = export.next().await.ok().unwrap() {
        whole.push_str(&piece);
    }
    assert!(whole.contains("/v2/echo/a") && whole.contains("/v2/echo/b"), "paths stand among the personal fields");
    assert!(!whole.contains("canary") && !crate::support::logged().contains("canary-in-the-query"));
    // What was called is no part of why the account is as it is.
    let timeline =
        proxied.backend.get(&format!("/v1/connected-accounts/{}/timeline", proxied.account)).await.expect(200);
    assert!(!timeline.body.contains("proxied"));
}
