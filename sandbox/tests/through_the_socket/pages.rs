use crate::visitor::{ADA, Visitor};
use reqwest::header;
use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Client, Endpoint, Fault, FaultKind, User};

async fn page(visitor: &Visitor, url: &str) -> String {
    let response = visitor.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_consent_page_names_app_scopes_and_users() {
    let visitor = Visitor::new().await;
    let html = page(&visitor, &visitor.authorize_url(&[])).await;
    for part in [
        "<h1>Allow My first app to use your account?</h1>",
        "Ada Lovelace (ada@example.com, admin)",
        "<code>user:read:user</code>",
        r#"<input type="checkbox" name="ticked" value="cloud_recording:read:list_user_recordings" checked>"#,
        r#"<button class="primary" name="decision" value="allow">Allow</button>"#,
        r#"<button name="decision" value="decline">Decline</button>"#,
        r#"name="state" value="a state/with=odd &amp;characters""#,
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
}

#[tokio::test]
async fn the_front_page_has_the_credentials_and_what_happened() {
    let visitor = Visitor::new().await;
    visitor.connect(ADA).await;
    visitor.sandbox.fault(Fault::new(Endpoint::Users, FaultKind::Garbage).forever());
    let html = page(&visitor, &visitor.url("/")).await;
    for part in
        [BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, "Remove app", "<td>garbage</td><td>users</td>", "code issued"]
    {
        assert!(html.contains(part), "{part}\n{html}");
    }
}

#[tokio::test]
async fn nothing_that_somebody_typed_becomes_markup() {
    let visitor = Visitor::new().await;
    let evil = r#""><script>alert(1)</script>'"#;
    let mut client = Client::new("evil", "secret", &[crate::visitor::REDIRECT_URI]);
    client.name = evil.into();
    client.scopes = vec![evil.into()];
    client.optional_scopes = vec![format!("optional {evil}")];
    visitor.sandbox.add_client(client).unwrap();
    visitor.sandbox.add_user(User::new(evil, evil, evil)).unwrap();
    visitor.sandbox.fault(Fault::new(Endpoint::Users, FaultKind::Hold).for_user(evil).for_grant_type(evil));
    let parameters = [("client_id", "evil"), ("state", evil), ("code_challenge", evil)];
    let code = visitor.code_with(evil, &parameters);
    let fields =
        [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", crate::visitor::REDIRECT_URI)];
    visitor.token_as("evil", "secret", &[&fields[..], &[("code_verifier", evil)]].concat()).await;
    for url in [visitor.url("/"), visitor.authorize_url(&parameters)] {
        let html = page(&visitor, &url).await;
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
}

#[tokio::test]
async fn forms_of_the_front_page_come_back_to_it() {
    let visitor = Visitor::new().await;
    let check = async |path: &str, fields: &[(&str, &str)], status: u16| {
        let response = visitor.http.post(visitor.url(path)).form(fields).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert!(status != 303 || response.headers()[header::LOCATION] == "/");
    };
    let fault = [
        ("kind", "status"),
        ("endpoint", "token"),
        ("grant_type", ""),
        ("user", ""),
        ("times", "2"),
        ("status", "503"),
        ("retry_after", "30"),
        ("ms", "2000"),
        ("error", "invalid_grant"),
    ];
    check("/control/faults", &fault, 303).await;
    check("/control/faults", &[("kind", "hold"), ("endpoint", "nowhere")], 400).await;
    let html = page(&visitor, &visitor.url("/")).await;
    assert!(html.contains("<td>status</td><td>token</td><td></td><td>2</td>"), "{html}");
    check("/control/faults/clear", &[], 303).await;
    check("/control/faults/release", &[], 303).await;
    check("/control/clock/advance", &[("seconds", "3600")], 303).await;
    check("/control/expire", &[], 303).await;
    check("/control/sign-out", &[], 303).await;
    check("/control/reset", &[], 303).await;
}
