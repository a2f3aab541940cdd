//! What an API key is restricted to, seen from outside.

use super::every_operation::{Things, send};
use crate::support::{Backend, TestServer, text};
use model::api_keys::KeyScope;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use vault::ApiKeyForm;

async fn backend(server: &TestServer, form: ApiKeyForm) -> Backend {
    let key = server.test.vault.add_api_key(&server.test.caller, form).await.ok().unwrap();
    Backend::new(server, Some(key.secret.expose()))
}

async fn backend_with(server: &TestServer, scopes: Vec<KeyScope>) -> Backend {
    backend(server, ApiKeyForm { scopes, ..ApiKeyForm::from("scoped") }).await
}

#[test]
fn every_route_is_described() {
    let router = include_str!("../../../src/router.rs");
    let routes = router.split(".route(").skip(1).filter_map(|rest| rest.split('"').nth(1));
    let others: BTreeSet<&str> = routes.filter(|route| route.starts_with("/v1")).collect();
    let known = [
        "/v1",
        "/v1/",
        "/v1/openapi.json",
        "/v1/proxy/{account}",
        "/v1/proxy/{account}/",
        "/v1/proxy/{account}/{*path}",
        "/v1/{*rest}",
    ];
    assert_eq!(others, BTreeSet::from(known), "a route of the API goes through routes!, which describes it");
}

#[tokio::test]
async fn a_key_without_the_scope_is_403_for_every_operation() {
    let server = TestServer::start().await;
    let all = server.backend().await;
    let things = Things::of(&server, &all).await;
    let others = |scope: KeyScope| KeyScope::ALL.iter().copied().filter(|other| *other != scope).collect();
    let mut keys = BTreeMap::new();
    for scope in KeyScope::ALL {
        let pair = (backend_with(&server, others(*scope)).await, backend_with(&server, vec![*scope]).await);
        keys.insert(scope.as_str(), pair);
    }
    let mut asked = BTreeSet::new();
    for operation in all.described().await.operations() {
        let called = format!("{} {}", operation.method, operation.path);
        let Some(scope) = operation.of["security"][0]["api_key"][0].as_str() else {
            let (_, least) = &keys["webhook_endpoints:read"];
            send(least, &operation, &things).await.expect(200);
            continue;
        };
        let (without, with) = &keys[scope];
        let answer = send(without, &operation, &things).await.problem(403, "missing_scope");
        let detail = text(&answer.json(), "detail").to_owned();
        assert!(detail.contains(&format!("scope {scope},")), "{called}: {detail}");
        asked.insert(scope.to_owned());
        // The one scope is enough; what is wrong then is something else. What changes things is left alone.
        if operation.method == "get" || operation.method == "post" {
            let status = send(with, &operation, &things).await.status;
            assert!(status != 401 && status != 403, "{called}: {status}");
        }
    }
    let unused: Vec<_> = KeyScope::ALL.iter().filter(|scope| !asked.contains(scope.as_str())).collect();
    assert_eq!(unused, Vec::<&KeyScope>::new(), "each scope opens something");
    all.token(&things.0["connected-accounts"]).await.expect(200);
}

#[tokio::test]
async fn a_key_without_the_scope_hears_of_nothing_else() {
    let server = TestServer::start().await;
    let narrow = backend_with(&server, vec![KeyScope::EventsRead]).await;
    narrow.token("nonsense").await.problem(403, "missing_scope");
    narrow.post("/v1/token", json!({ "nonsense": 1 })).await.problem(403, "missing_scope");
    narrow.get("/v1/connected-accounts/nonsense").await.problem(403, "missing_scope");
}

#[tokio::test]
async fn a_key_from_elsewhere_is_403_and_says_no_more() {
    let server = TestServer::start().await;
    let account = server.connected(&server.backend().await).await;
    let from = |source: &str| ApiKeyForm { sources: vec![source.to_owned()], ..ApiKeyForm::from("here") };
    let here = backend(&server, from("127.0.0.0/8")).await;
    here.token(&account).await.expect(200);
    here.get("/v1/providers").await.expect(200);
    let elsewhere = backend(&server, from("192.0.2.0/24")).await;
    for answer in [elsewhere.token(&account).await, elsewhere.get("/v1/providers").await, elsewhere.token("x").await] {
        let answer = answer.problem(403, "source_not_allowed");
        assert!(!answer.body.contains("192.0.2"), "{}", answer.body);
    }
}

#[tokio::test]
async fn proxy_only_means_403_for_every_token() {
    let server = TestServer::start().await;
    let usual = server.backend().await;
    let account = server.connected(&usual).await;
    let proxied = backend(&server, ApiKeyForm { proxy_only: true, ..ApiKeyForm::from("proxied") }).await;
    let by_end_user = json!({ "end_user_id": "user_42", "provider": "zoom" });
    proxied.token(&account).await.problem(403, "proxy_only");
    proxied.post("/v1/token", by_end_user.clone()).await.problem(403, "proxy_only");
    proxied.get(&format!("/v1/connected-accounts/{account}")).await.expect(200);
    usual.token(&account).await.expect(200);
    server.test.vault.set_proxy_only(&server.test.caller, true).await.ok().unwrap();
    usual.token(&account).await.problem(403, "proxy_only");
    usual.post("/v1/token", by_end_user).await.problem(403, "proxy_only");
    assert_eq!(usual.get("/v1/application").await.expect(200).json()["proxy_only"], true);
}
