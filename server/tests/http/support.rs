//! A server that listens, a backend with its key, and a browser with its cookie.

mod answer;
mod backend;
mod browser;
mod described;
mod forms;
mod logs;

pub(crate) use answer::Answer;
pub(crate) use backend::Backend;
pub(crate) use browser::Browser;
pub(crate) use described::{Described, Operation};
pub(crate) use forms::PageForm;
pub(crate) use logs::logged;

use model::api_keys::KeyScope;
use model::applications::Environment;
use serde_json::{Value, json};
use server::settings::RateLimits;
use server::{State, listen};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;
use vault::testing::TestVault;
use vault::testing::sandbox::ConsentRequest;
use vault::{ApiKeyForm, Networks};

/// A running server.
pub(crate) struct TestServer {
    pub(crate) test: TestVault,
    pub(crate) address: SocketAddr,
    pub(crate) client: reqwest::Client,
    serving: Vec<JoinHandle<()>>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::start_at(|address| format!("http://{address}")).await
    }

    /// A server whose vault is opened with other options.
    pub(crate) async fn start_with(change: impl FnOnce(&mut vault::Options)) -> Self {
        Self::start_with_both(|address| format!("http://{address}"), change).await
    }

    /// A server whose public URL is made of its address.
    pub(crate) async fn start_at(public_url: impl FnOnce(SocketAddr) -> String) -> Self {
        Self::start_with_both(public_url, |_| ()).await
    }

    async fn start_with_both(
        public_url: impl FnOnce(SocketAddr) -> String,
        change: impl FnOnce(&mut vault::Options),
    ) -> Self {
        Self::start_with_all(public_url, change, RateLimits::default()).await
    }

    async fn start_with_all(
        public_url: impl FnOnce(SocketAddr) -> String,
        change: impl FnOnce(&mut vault::Options),
        limits: RateLimits,
    ) -> Self {
        logs::collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = Url::parse(&public_url(address)).unwrap();
        let mut test = TestVault::new("zoom").await;
        let set = |options: &mut vault::Options| {
            options.public_url = url.clone();
            options.connect_url = url.clone();
            change(options);
        };
        test.vault = test.open_again(set).await.ok().unwrap();
        let state = State::new(test.vault.clone(), url, Networks::default(), Some(&test.sandbox.base_url()));
        Self { test, address, client: client(), serving: vec![serve(listener, state.with_rate_limits(limits))] }
    }

    /// A server with limits of its own for the API.
    pub(crate) async fn start_limited(limits: RateLimits) -> Self {
        Self::start_with_all(|address| format!("http://{address}"), |_| (), limits).await
    }

    /// Another process on the same database, as far as the database can tell. Gives its address.
    pub(crate) async fn second_server(&mut self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (vault, url) = (self.test.another().await, Url::parse(&base).unwrap());
        let state = State::new(vault, url, Networks::default(), Some(&self.test.sandbox.base_url()));
        self.serving.push(serve(listener, state));
        base
    }

    /// A backend of the application, with a key of its own.
    pub(crate) async fn backend(&self) -> Backend {
        let key = self.test.vault.add_api_key(&self.test.caller, "tests").await.ok().unwrap();
        Backend::new(self, Some(key.secret.expose()))
    }

    /// A backend whose key has every scope, imports among them.
    pub(crate) async fn backend_for_all(&self) -> Backend {
        let form = ApiKeyForm { scopes: KeyScope::ALL.to_vec(), ..ApiKeyForm::from("all") };
        let key = self.test.vault.add_api_key(&self.test.caller, form).await.ok().unwrap();
        Backend::new(self, Some(key.secret.expose()))
    }

    /// A backend of another application of the same organization.
    pub(crate) async fn stranger(&self) -> Backend {
        let vault = &self.test.vault;
        let other = vault.add_application(&self.test.member, "Other", Environment::Development).await.ok().unwrap();
        let caller = vault.enter(&self.test.member, other.id).await.ok().unwrap();
        let key = vault.add_api_key(&caller, "tests").await.ok().unwrap();
        Backend::new(self, Some(key.secret.expose()))
    }

    /// A backend without a key.
    pub(crate) fn nobody(&self) -> Backend {
        Backend::new(self, None)
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self)
    }

    /// The full address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Lets the application return to an address.
    pub(crate) async fn allow_return(&self, url: &str) {
        self.test.vault.add_return_address(&self.test.caller, url).await.ok().unwrap();
    }

    /// Presses Continue and consents as Ada; gives the address that the provider sends the browser back to.
    pub(crate) async fn consented(&self, browser: &mut Browser, link: &str) -> String {
        let provider = browser.post(link, "").await.location();
        self.test.sandbox.consent(&ConsentRequest::allow(&provider, "ada@example.com")).unwrap()
    }

    /// Connects an end user in a browser of its own and gives the account's id.
    pub(crate) async fn connected(&self, backend: &Backend) -> String {
        let session = backend.session(json!({})).await;
        let mut browser = self.browser();
        let callback = self.consented(&mut browser, link(&session)).await;
        browser.get(&callback).await.expect(303);
        let session = backend.get(&format!("/v1/connect-sessions/{}", text(&session, "id"))).await.expect(200);
        text(&session.json()["results"][0], "connected_account").to_owned()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.serving.iter().for_each(JoinHandle::abort);
    }
}

fn serve(listener: TcpListener, state: State) -> JoinHandle<()> {
    tokio::spawn(async move {
        listen(listener, state, std::future::pending()).await.unwrap();
    })
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

pub(crate) fn link(session: &Value) -> &str {
    text(session, "url")
}

#[expect(clippy::disallowed_methods, reason = "a test is a client of its own: no redirect is followed unseen")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}
