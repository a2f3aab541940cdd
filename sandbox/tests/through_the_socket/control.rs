use crate::visitor::{ADA, GRACE, Visitor, parameter};
use reqwest::{Method, header};
use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, ConsentRequest, Options, Sandbox, User};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};

#[tokio::test]
async fn clients_and_users_are_made_over_http() {
    let visitor = Visitor::new().await;
    let client = json!({"name": "Mine", "redirect_uris": ["https://a.example/cb"], "scopes": ["user:read:user"],
        "access_token_seconds": 5, "reuse": "window:30"});
    let made = visitor.control("/control/clients", client).await.json;
    let id = made["client_id"].as_str().unwrap();
    assert_eq!((id.len(), made["client_secret"].as_str().unwrap().len()), (22, 32));
    let user = visitor.control("/control/users", json!({"email": "eve@example.com", "first_name": "Eve"})).await.json;
    assert_eq!(user["id"].as_str().unwrap().len(), 22);

    let url = visitor.authorize_url(&[("client_id", id), ("redirect_uri", "https://a.example/cb")]);
    let callback = visitor.sandbox.consent(&ConsentRequest::allow(&url, "eve@example.com")).unwrap();
    let code = parameter(&callback, "code").unwrap();
    let fields = [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", "https://a.example/cb")];
    let tokens = visitor.token_as(id, made["client_secret"].as_str().unwrap(), &fields).await;
    assert_eq!(tokens.json["expires_in"], 5);

    let rotated = visitor.control("/control/clients/rotate-secret", json!({"client_id": id})).await.json;
    assert_ne!(rotated["client_secret"], made["client_secret"]);
    let removed = visitor.control("/control/users/remove", json!({"user": "eve@example.com"})).await;
    assert_eq!(removed.status, 200);
    assert_eq!(visitor.sandbox.user("eve@example.com"), None);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_sentence() {
    let visitor = Visitor::new().await;
    let check = async |path: &str, body: Value, status: u16| {
        let reply = visitor.control(path, body.clone()).await;
        assert_eq!(reply.status.as_u16(), status, "{path} {body}");
        assert!(reply.json["error"].as_str().unwrap().ends_with('.'), "{}", reply.json);
    };
    check("/control/clients", json!({"nmae": "Mine"}), 400).await;
    check("/control/clients", json!({"client_id": "<script>"}), 400).await;
    check("/control/clients", json!({"reuse": "sometimes"}), 400).await;
    check("/control/users", json!({"first_name": "Nobody"}), 400).await;
    check("/control/users", json!({"email": ADA}), 400).await;
    check("/control/clock/advance", json!({"seconds": -1}), 400).await;
    check("/control/clock/advance", json!({}), 400).await;
    check("/control/revoke-grant", json!({"client_id": BUILT_IN_CLIENT_ID, "user": "nobody"}), 400).await;
    check("/control/expire", json!({"user": "nobody"}), 400).await;
    check("/control/nothing", json!({}), 404).await;
}

#[tokio::test]
async fn time_and_grants_are_changed_over_http() {
    let visitor = Visitor::new().await;
    let (ada, grace) = (visitor.connect(ADA).await, visitor.connect(GRACE).await);
    let expired = visitor.control("/control/expire", json!({"user": ADA})).await;
    assert_eq!(expired.json, json!({"expired": 1}));
    assert!(!visitor.sandbox.token_is_live(&ada.access) && visitor.sandbox.token_is_live(&grace.access));
    visitor.control("/control/clock/advance", json!({"seconds": 3600})).await;
    assert!(!visitor.sandbox.token_is_live(&grace.access));
    let grant = json!({"client_id": BUILT_IN_CLIENT_ID, "user": GRACE});
    assert_eq!(visitor.control("/control/revoke-grant", grant).await.status, 200);
    assert!(!visitor.sandbox.token_is_live(&grace.refresh) && visitor.sandbox.token_is_live(&ada.refresh));
    let state = Visitor::send(visitor.http.get(visitor.url("/control/state"))).await.json;
    assert_eq!(state["skipped_seconds"], 3600);
    assert_eq!(state["grants"].as_array().unwrap().len(), 1);
    assert_eq!(state["grants"][0]["user"], ADA);
}

#[tokio::test]
async fn the_journal_tells_everything_but_secrets() {
    let visitor = Visitor::new().await;
    let code = visitor.code(ADA);
    let first = visitor.exchange(&code).await.json;
    let refresh_token = first["refresh_token"].as_str().unwrap();
    let second = visitor.refresh(refresh_token).await.json;
    visitor.refresh(refresh_token).await;
    visitor.get("/v2/users/me", second["access_token"].as_str().unwrap()).await;
    visitor.token(&[("grant_type", "what a secret")]).await;
    let journal = Visitor::send(visitor.http.get(visitor.url("/control/journal"))).await.json;
    let entry = |at: usize, names: [&str; 6]| names.map(|name| journal["data"][at][name].clone());
    let names = ["sequence", "endpoint", "grant_type", "user", "outcome", "rotated"];
    let rows = (0..6).map(|at| Value::from(entry(at, names).to_vec())).collect::<Vec<_>>();
    assert_eq!(
        Value::from(rows),
        json!([
            [1, "authorize", null, ADA, "code issued", false],
            [2, "token", "authorization_code", ADA, "ok", false],
            [3, "token", "refresh_token", ADA, "ok", true],
            [4, "token", "refresh_token", ADA, "invalid_grant", false],
            [5, "users", null, ADA, "ok", false],
            [6, "token", "other", null, "unsupported_grant_type", false],
        ])
    );
    let text =
        journal.to_string() + &Visitor::send(visitor.http.get(visitor.url("/control/state"))).await.json.to_string();
    let tokens = ["access_token", "refresh_token"].map(|name| [&first[name], &second[name]]).concat();
    let secrets = tokens.iter().map(|token| token.as_str().unwrap());
    for secret in secrets.chain([&*code, BUILT_IN_CLIENT_SECRET, "what a secret"]) {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn a_reset_forgets_everything() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    visitor.sandbox.add_user(User::new("eve@example.com", "Eve", "")).unwrap();
    visitor.control("/control/clock/advance", json!({"seconds": 60})).await;
    assert_eq!(visitor.control("/control/reset", json!({})).await.status, 200);
    let state = Visitor::send(visitor.http.get(visitor.url("/control/state"))).await.json;
    assert_eq!((&state["skipped_seconds"], state["users"].as_array().unwrap().len()), (&json!(0), 3));
    assert!(!visitor.sandbox.token_is_live(&tokens.refresh));
    assert_eq!(visitor.sandbox.journal(), []);
}

#[tokio::test]
async fn foreign_pages_control_nothing() {
    let visitor = Visitor::new().await;
    let own_host = visitor.sandbox.address().to_string();
    let own_origin = format!("http://{own_host}");
    let check = async |method: Method, path: &str, headers: &[(&str, &str)], status: u16| {
        let mut request = visitor.http.request(method, visitor.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(request.send().await.unwrap().status().as_u16(), status, "{path} {headers:?}");
    };
    let reset = "/control/reset";
    check(Method::POST, reset, &[], 200).await;
    check(Method::POST, reset, &[("sec-fetch-site", "same-origin"), ("origin", "null")], 200).await;
    check(Method::POST, reset, &[("sec-fetch-site", "cross-site")], 403).await;
    check(Method::POST, reset, &[("sec-fetch-site", "same-site")], 403).await;
    check(Method::POST, reset, &[("origin", &own_origin)], 200).await;
    check(Method::POST, reset, &[("origin", "https://evil.example")], 403).await;
    check(Method::POST, reset, &[("origin", "null")], 403).await;
    check(Method::POST, "/oauth/authorize", &[("sec-fetch-site", "cross-site")], 403).await;
    check(Method::DELETE, "/control/faults", &[("origin", "https://evil.example")], 403).await;
    check(Method::GET, "/control/state", &[("host", "evil.example")], 421).await;
    check(Method::GET, "/", &[("host", "localhost.evil.example:4010")], 421).await;
    check(Method::GET, "/", &[("host", "localhost:4010")], 200).await;
    check(Method::GET, "/", &[("host", "[::1]:4010")], 200).await;
}

#[tokio::test]
async fn beyond_loopback_the_control_token_is_needed() {
    let listen = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let refused = Sandbox::start(Options { listen, control_token: None }).await.err().unwrap();
    assert!(refused.to_string().contains("set a control token"), "{refused}");
    assert!(Sandbox::start(Options { listen, control_token: Some(" ".into()) }).await.is_err());

    let visitor = Visitor::with(Options { listen, control_token: Some("a token".into()) }).await;
    let check = async |authorize: fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder, status: u16| {
        for path in ["/", "/control/state", "/control/journal"] {
            let response = authorize(visitor.http.get(visitor.url(path))).send().await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{path}");
            assert_eq!(response.headers().contains_key(header::WWW_AUTHENTICATE), status == 401);
        }
    };
    check(|request| request, 401).await;
    check(|request| request.bearer_auth("another token"), 401).await;
    check(|request| request.bearer_auth("a token"), 200).await;
    check(|request| request.basic_auth("", Some("a token")), 200).await;
    let reset = visitor.http.post(visitor.url("/control/reset"));
    assert_eq!(reset.send().await.unwrap().status(), 401);
    assert_eq!(visitor.connect(ADA).await.body["expires_in"], 3600, "the provider's side is open");
}

#[tokio::test]
async fn a_stopped_sandbox_refuses_connections_and_resumes_with_what_it_knew() {
    let visitor = Visitor::new().await;
    let tokens = visitor.connect(ADA).await;
    visitor.sandbox.stop().await;
    assert!(visitor.http.get(visitor.url("/")).send().await.unwrap_err().is_connect());
    visitor.sandbox.resume().await.unwrap();
    assert_eq!(visitor.refresh(&tokens.refresh).await.status, 200);
}
