//! What an issuer announces, well-meant and not.

use super::custom_providers::{set_up, with_tenants};
use model::custom_providers::{Discovered, MetadataCheck};
use serde_json::{Value, json};
use vault::testing::TestVault;
use vault::testing::sandbox::Document;
use vault::{DAY, VaultError};

const OIDC: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

async fn discover(test: &TestVault, issuer: &str) -> Result<Discovered, String> {
    match test.vault.discover(&test.caller, issuer).await {
        Ok(found) => Ok(found),
        Err(VaultError::Invalid(invalid)) => Err(invalid.summary),
        Err(other) => panic!("{other:?}"),
    }
}

fn document(test: &TestVault, change: impl FnOnce(&mut Value)) -> Document {
    let base = test.sandbox.base_url();
    let mut document = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/oauth/authorize"),
        "token_endpoint": format!("{base}/oauth/token"),
    });
    change(&mut document);
    Document::json(&document)
}

fn only(test: &TestVault, document: &Document) {
    test.sandbox.publish(OIDC, Some(document.clone()));
    test.sandbox.publish(OAUTH, Some(document.clone()));
}

#[tokio::test]
async fn an_issuer_fills_in_the_form() {
    let test = with_tenants(&[]).await;
    let base = test.sandbox.base_url();
    let found = discover(&test, &base).await.unwrap();
    assert_eq!(found.document, format!("{base}{OIDC}"));
    assert_eq!(found.form.token, format!("{base}/oauth/token"));
    assert_eq!(found.form.jwks, format!("{base}/oauth/jwks"));
    assert_eq!(found.form.authentication, "basic");
    assert!(found.warnings.is_empty() && found.findings.iter().all(|finding| !finding.elsewhere));
    assert!(test.vault.custom_providers(&test.caller).await.unwrap().is_empty(), "nothing is saved");
}

/// Checklist 57: both places are tried.
#[tokio::test]
async fn the_second_place_is_tried_too() {
    let test = with_tenants(&[]).await;
    let base = test.sandbox.base_url();
    test.sandbox.publish(OIDC, Some(Document { status: 404, location: None, body: "{}".into() }));
    assert_eq!(discover(&test, &base).await.unwrap().document, format!("{base}{OAUTH}"));
    let issuer = format!("{base}/tenant/1");
    let of_tenant = document(&test, |d| d["issuer"] = issuer.clone().into());
    test.sandbox.publish(&format!("{OAUTH}/tenant/1"), Some(of_tenant));
    assert_eq!(discover(&test, &issuer).await.unwrap().document, format!("{base}{OAUTH}/tenant/1"));
}

/// Checklist 57, 58, 59 and 114: each of these is a reason to use nothing of the document.
#[tokio::test]
async fn a_malicious_document_is_refused() {
    let test = with_tenants(&[]).await;
    let base = test.sandbox.base_url();
    let check = async |document: Document, told: &str| {
        only(&test, &document);
        let why = discover(&test, &base).await.unwrap_err();
        assert!(why.contains(told), "{told}: {why}");
    };
    check(document(&test, |d| d["issuer"] = format!("{base}/").into()), "not exactly").await;
    check(document(&test, |d| d["issuer"] = "https://evil.example".into()), "not exactly").await;
    check(document(&test, |d| d["issuer"] = Value::Null), "names no issuer").await;
    check(document(&test, |d| d["token_endpoint"] = "http://id.example/token".into()), "must be https").await;
    check(document(&test, |d| d["token_endpoint"] = "https://10.0.0.1/token".into()), "private").await;
    check(document(&test, |d| d["jwks_uri"] = "https://[::ffff:169.254.169.254]/".into()), "private").await;
    check(document(&test, |d| d["authorization_endpoint"] = "javascript:alert(1)".into()), "must be https").await;
    check(document(&test, |d| d["token_endpoint"] = Value::Null), "no token_endpoint").await;
    check(document(&test, |d| d["padding"] = "x".repeat(80_000).into()), "larger than").await;
    check(Document::redirect("https://id.example/elsewhere"), "redirects").await;
    check(Document { status: 200, location: None, body: "<script>".into() }, "not a JSON document").await;
    check(Document { status: 500, location: None, body: "{}".into() }, "status 500").await;
}

#[tokio::test]
async fn only_an_issuer_can_be_asked() {
    let test = with_tenants(&[]).await;
    let base = test.sandbox.base_url();
    for issuer in
        ["", "id.example", "http://id.example", "https://127.0.0.2", "https://[fe80::1]", "https://id.example/#a"]
    {
        assert!(discover(&test, issuer).await.is_err(), "{issuer}");
    }
    assert!(discover(&test, &format!("{base}?x=1")).await.unwrap_err().contains("query"));
    let closed = TestVault::empty("zoom").await;
    let why = discover(&closed, &closed.sandbox.base_url()).await.unwrap_err();
    assert!(why.contains("must be https"), "the operator's own hosts are not the tenants': {why}");
}

/// Checklist 13 and 61: what is announced never makes anything weaker.
#[tokio::test]
async fn weaker_methods_are_a_warning_and_change_nothing() {
    let mut test = with_tenants(&["user:read:user"]).await;
    let base = test.sandbox.base_url();
    only(
        &test,
        &document(&test, |d| {
            d["code_challenge_methods_supported"] = json!(["plain"]);
            d["token_endpoint_auth_methods_supported"] = json!(["client_secret_post", "none"]);
            d["userinfo_endpoint"] = "https://api.example/me".into();
        }),
    );
    let found = discover(&test, &base).await.unwrap();
    assert!(found.warnings.iter().any(|warning| warning.contains("S256")));
    assert!(found.warnings.iter().any(|warning| warning.contains("another host")));
    assert!(found.findings.iter().any(|finding| finding.elsewhere && finding.value == "https://api.example/me"));
    assert_eq!(found.form.authentication, "body");
    set_up(&mut test, &found.form, &[]).await;
    let session = test.session(|_| ()).await;
    assert!(test.begin(&session, "browser").await.contains("code_challenge_method=S256"));
}

#[tokio::test]
async fn issuers_are_not_asked_without_end() {
    let test = with_tenants(&[]).await;
    let base = test.sandbox.base_url();
    for _ in 0..30 {
        discover(&test, &base).await.unwrap();
    }
    assert!(matches!(test.vault.discover(&test.caller, &base).await, Err(VaultError::TooManyAttempts { .. })));
}

/// Checklist 59: a later change is told and waits.
#[tokio::test]
async fn a_changed_announcement_waits_until_it_is_adopted() {
    let mut test = with_tenants(&["user:read:user"]).await;
    let base = test.sandbox.base_url();
    let found = discover(&test, &base).await.unwrap();
    let slug = set_up(&mut test, &found.form, &["user:read:user"]).await;
    let check = async || test.vault.check_metadata(&test.caller, &slug).await.unwrap().0;
    assert_eq!(check().await, MetadataCheck::Unchanged);
    assert!(test.vault.entry_offer(&test.caller, &slug).await.unwrap().is_none());

    only(&test, &document(&test, |d| d["token_endpoint"] = "https://evil.example/token".into()));
    assert_eq!((check().await, check().await), (MetadataCheck::Changed, MetadataCheck::Changed));
    let events = test.vault.events_of(&test.caller, &slug).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.r#type == "custom_provider.metadata_changed").count(), 1);
    test.connected().await;

    let offer = test.vault.entry_offer(&test.caller, &slug).await.unwrap().unwrap();
    assert_eq!(offer.announced_by.as_deref(), Some(base.as_str()));
    let change = &offer.changes[0];
    assert_eq!(
        (change.field.as_str(), change.to.as_str(), change.matters),
        ("endpoints.token", "https://evil.example/token", true)
    );
    test.vault.adopt_entry(&test.caller, &slug, &offer.hash).await.unwrap();
    assert!(test.vault.entry_offer(&test.caller, &slug).await.unwrap().is_none());
    assert_eq!(check().await, MetadataCheck::Unchanged);
    assert_eq!(test.vault.custom_provider(&test.caller, &slug).await.unwrap().form.token, "https://evil.example/token");
}

#[tokio::test]
async fn every_issuer_is_asked_once_a_day() {
    let mut test = with_tenants(&[]).await;
    let found = discover(&test, &test.sandbox.base_url()).await.unwrap();
    let slug = set_up(&mut test, &found.form, &[]).await;
    assert_eq!(test.vault.check_metadata_due().await.unwrap(), 0);
    test.advance(DAY);
    only(&test, &document(&test, |d| d["issuer"] = "https://evil.example".into()));
    assert_eq!(test.vault.check_metadata_due().await.unwrap(), 1);
    test.key = "zoom".to_owned();
    assert_eq!(test.another().await.check_metadata_due().await.unwrap(), 0, "one server has done it");
    let view = test.vault.custom_provider(&test.caller, &slug).await.unwrap();
    assert!(view.check_failure.unwrap().contains("not exactly"));
}
