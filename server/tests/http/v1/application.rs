use crate::support::TestServer;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_backend_sees_its_own_application() {
    let server = TestServer::start().await;
    server.allow_return("http://localhost:3000/done").await;
    let seen = server.backend().await.get("/v1/application").await.expect(200).json();
    assert_eq!(seen["name"], "Acme");
    assert_eq!(seen["environment"], "development");
    assert_eq!(seen["return_addresses"], json!(["http://localhost:3000/done"]));
}

#[tokio::test]
async fn a_backend_saves_its_settings_whole_or_not_at_all() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let put =
        async |body: serde_json::Value| backend.send(Method::PUT, "/v1/application", Some(body.to_string())).await;
    let branding = json!({ "display_name": "Acme Cloud", "accent": "#1f6feb", "support": "help@example.com" });
    let body = json!({ "name": "Acme 2", "return_addresses": ["https://app.example.com/done"], "branding": branding });
    let saved = put(body).await.expect(200).json();
    assert_eq!(
        (&saved["name"], &saved["return_addresses"]),
        (&json!("Acme 2"), &json!(["https://app.example.com/done"]))
    );
    assert_eq!(saved["branding"]["accent"]["light"], "#1f6feb");
    assert_eq!(
        (&saved["branding"]["support"], &saved["branding"]["logo_url"]),
        (&json!("mailto:help@example.com"), &json!(null))
    );
    let wrong =
        json!({ "name": "", "branding": { "accent": "#zzz", "support": "x" }, "return_addresses": ["http://x"] });
    let fields = put(wrong).await.problem(422, "invalid_request").json()["fields"].clone();
    for name in ["name", "branding.accent", "branding.support", "return_addresses"] {
        assert!(fields[name].is_string(), "{name} in {fields}");
    }
    assert_eq!(backend.get("/v1/application").await.expect(200).json(), saved);
}
