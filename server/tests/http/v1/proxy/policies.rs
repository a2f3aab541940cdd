use super::{Proxied, echoed};
use crate::support::{Answer, Backend};
use model::api_keys::{KeyScope, Policy};
use model::events::EventFilter;
use model::lists::Turn;
use reqwest::Method;
use vault::ApiKeyForm;

impl Proxied {
    /// Calls with another key from here on.
    async fn with_key(mut self, form: ApiKeyForm) -> Self {
        let key = self.server.test.vault.add_api_key(&self.server.test.caller, form).await.ok().unwrap();
        self.backend = Backend::new(&self.server, Some(key.secret.expose()));
        self
    }
}

fn list(words: &[&str]) -> Option<Vec<String>> {
    Some(words.iter().map(|word| (*word).to_owned()).collect())
}

#[tokio::test]
async fn a_key_s_policy_judges_what_is_sent() {
    let policy = Policy { providers: list(&["zoom"]), methods: list(&["GET"]), paths: list(&["/echo/*", "/users/**"]) };
    let proxied = Proxied::start().await.with_key(ApiKeyForm { policy, ..ApiKeyForm::from("narrow") }).await;
    let calls = || proxied.server.test.sandbox.journal().len();
    let before = calls();
    echoed(proxied.get("/echo/a?b=/users/").await);
    proxied.get("/users/me").await.expect(200);
    assert_eq!(calls(), before + 2);
    for path in ["/echo", "/echo/", "/echo/a/b", "/echo/a%2Fb", "/Echo/a", "/%65cho/a", "/bytes/1", ""] {
        let answer = proxied.get(path).await.problem(403, "not_allowed_by_policy");
        assert!(answer.body.contains("these paths alone: /echo/*, /users/**"), "{path}: {}", answer.body);
        assert_eq!(answer.header("keybearer-upstream"), "");
    }
    let answer = Answer::of(proxied.request(Method::POST, "/echo/a")).await.problem(403, "not_allowed_by_policy");
    assert!(answer.body.contains("these methods alone: GET"));
    assert_eq!(calls(), before + 2, "nothing was sent");
    let test = &proxied.server.test;
    let page = test.vault.events(&test.caller, &EventFilter::default(), &Turn::default(), 100).await.ok().unwrap();
    let refused = page.data.iter().filter(|line| line.outcome == "not_allowed_by_policy");
    assert!(refused.clone().all(|line| line.says == "A call to the provider's API was refused"));
    assert_eq!(refused.count(), 9);
    let policy = Policy { providers: list(&["sandbox"]), ..Policy::default() };
    let proxied = proxied.with_key(ApiKeyForm { policy, ..ApiKeyForm::from("of another provider") }).await;
    let answer = proxied.get("/echo/a").await.problem(403, "not_allowed_by_policy");
    assert!(answer.body.contains("these providers alone: sandbox"));
}

#[tokio::test]
async fn a_proxy_only_key_calls_providers_and_is_handed_no_token() {
    let form = ApiKeyForm { proxy_only: true, ..ApiKeyForm::from("proxy-only") };
    let proxied = Proxied::start().await.with_key(form).await;
    echoed(proxied.get("/echo").await);
    proxied.server.test.sandbox.expire_access_tokens(None, None).unwrap();
    echoed(proxied.get("/echo").await);
    proxied.backend.token(&proxied.account).await.problem(403, "proxy_only");
}

#[tokio::test]
async fn a_key_calls_through_the_proxy_only_with_its_scope() {
    let form = |scope| ApiKeyForm { scopes: vec![scope], ..ApiKeyForm::from("scoped") };
    let proxied = Proxied::start().await.with_key(form(KeyScope::TokensRead)).await;
    proxied.get("/echo").await.problem(403, "missing_scope");
    echoed(proxied.with_key(form(KeyScope::ProxyCall)).await.get("/echo").await);
}
