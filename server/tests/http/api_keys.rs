//! The pages of API keys and the setting that no token is handed out, with scripts off.

use crate::support::{Browser, TestServer};
use model::api_keys::{ApiKeyView, KeyScope};
use model::people::Role;
use vault::testing::PASSWORD;
use vault::{DAY, HOUR, rfc3339};

async fn signed_in(server: &TestServer, email: &str) -> Browser {
    let mut browser = server.browser();
    let form = browser.get("/sign-in").await.form("sign_in").with("email", email);
    browser.post("/sign-in", &form.with("password", PASSWORD).body()).await.expect(303);
    browser
}

async fn keys(server: &TestServer) -> Vec<ApiKeyView> {
    server.test.vault.api_keys(&server.test.caller).await.ok().unwrap()
}

fn page(server: &TestServer, rest: &str) -> String {
    format!("/applications/{}{rest}", server.test.caller.application())
}

#[tokio::test]
async fn a_key_is_made_by_its_name_alone_or_restricted() {
    let server = TestServer::start().await;
    let mut owner = signed_in(&server, "owner@example.com").await;
    let page = page(&server, "/api-keys");
    let form = owner.get(&page).await.form("add_api_key").with("name", "Plain");
    owner.post(&page, &form.body()).await.expect(200).says("kb_test_");
    let plain = keys(&server).await.remove(0);
    assert!(
        plain.scopes.is_empty() && plain.sources.is_empty() && plain.expires_at.is_none() && plain.policy.is_none()
    );

    let form = owner.get(&page).await.form("add_api_key").with("name", "Narrow").with("scopes[]", "proxy:call");
    let form = form.with("expires", "90").with("sources", "10.0.0.0/8\n192.0.2.7").with("proxy_only", "on");
    let form = form.with("methods", "get, post").with("paths", "/users/**\n/rooms/*");
    owner.post(&page, &form.body()).await.expect(200).says("kb_test_");
    let narrow = keys(&server).await.remove(0);
    assert_eq!((narrow.scopes, narrow.proxy_only), (vec![KeyScope::ProxyCall], true));
    assert_eq!(narrow.sources, ["10.0.0.0/8", "192.0.2.7"]);
    assert_eq!(narrow.expires_at, Some(rfc3339(server.test.clock.now() + 90 * DAY)));
    let policy = narrow.policy.unwrap();
    assert_eq!((policy.methods.unwrap().len(), policy.paths.unwrap().len(), policy.providers), (2, 2, None));
    let list = owner.get(&page).await.expect(200);
    for words in
        ["Scopes: proxy:call", "Networks: 10.0.0.0/8, 192.0.2.7", "Proxy only", "Methods: GET, POST", "Active until"]
    {
        assert!(list.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_said_where_it_stands_and_what_was_typed_stays() {
    let server = TestServer::start().await;
    let mut owner = signed_in(&server, "owner@example.com").await;
    let page = page(&server, "/api-keys");
    let form = owner.get(&page).await.form("add_api_key").with("name", "x").with("sources", "10.0.0.1/8");
    let refused = owner.post(&page, &form.clone().with("expires", "day").body()).await.expect(422);
    for words in ["the network is 10.0.0.0/8", "Enter the day", "10.0.0.1/8", "<details open class=\"disclosure\""] {
        assert!(refused.body.contains(words), "{words} in {}", refused.body);
    }
    let mut none = form;
    none.fields.retain(|(name, _)| name != "scopes[]");
    let refused = owner.post(&page, &none.body()).await.expect(422).says("Tick what this backend needs");
    assert!(!refused.body.contains("value=\"tokens:read\" checked"), "what was unticked stays so");
    assert!(keys(&server).await.is_empty());
}

#[tokio::test]
async fn a_key_is_rotated_on_a_page_of_its_own() {
    let server = TestServer::start().await;
    let old = server.test.vault.add_api_key(&server.test.caller, "Billing").await.ok().unwrap();
    let mut owner = signed_in(&server, "owner@example.com").await;
    let list = owner.get(&page(&server, "/api-keys")).await.expect(200);
    let rotate = page(&server, &format!("/api-keys/{}/rotate", old.view.id));
    assert!(list.links().contains(&rotate));
    let form = owner.get(&rotate).await.expect(200).form("rotate_api_key").with("overlap", "1");
    owner.post(&rotate, &form.body()).await.expect(200).says("kb_test_");
    let known = keys(&server).await;
    assert_eq!(known[1].replaced_by, Some(known[0].id));
    assert_eq!(known[1].expires_at, Some(rfc3339(server.test.clock.now() + HOUR)));
    let form = owner.get(&rotate).await.form("rotate_api_key").with("overlap", "24");
    owner.post(&rotate, &form.body()).await.expect(409).says("already");
    let list = owner.get(&page(&server, "/api-keys")).await.says("Replaced, ends");
    assert!(!list.links().contains(&rotate));
    let elsewhere = page(&server, &format!("/api-keys/{}/rotate", model::ids::ApiKeyId::FIRST));
    owner.get(&elsewhere).await.expect(404);
}

#[tokio::test]
async fn that_no_token_is_handed_out_is_said_by_admins() {
    let server = TestServer::start().await;
    let settings = page(&server, "/settings");
    let mut owner = signed_in(&server, "owner@example.com").await;
    let is_set = async || server.test.vault.application(&server.test.caller).await.ok().unwrap().proxy_only;
    let form = owner.get(&settings).await.form("set_proxy_only").with("proxy_only", "on");
    owner.post(&settings, &form.body()).await.expect(303);
    owner.get(&settings).await.says("Never handed out");
    assert!(is_set().await);
    server.test.member_as("dev@example.com", Role::Developer).await;
    let mut developer = signed_in(&server, "dev@example.com").await;
    let theirs = developer.get(&settings).await.expect(200);
    assert!(theirs.forms().iter().all(|form| !form.action().contains("set_proxy_only")));
    let mut off = form;
    off.fields.retain(|(name, _)| name != "proxy_only");
    developer.post(&settings, &off.body()).await.expect(403);
    assert!(is_set().await);
    owner.post(&settings, &off.body()).await.expect(303);
    assert!(!is_set().await);
}
