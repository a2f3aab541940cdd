//! An application's backend, and its end users' browsers, at any of the servers.

use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Calls the servers by their number, with one key.
#[derive(Clone)]
pub(crate) struct Backend {
    pub(crate) client: reqwest::Client,
    urls: Vec<String>,
    key: String,
}

/// A call under way.
pub(crate) type Asking = JoinHandle<Result<Answer, reqwest::Error>>;

/// What a call came to.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Backend {
    pub(crate) fn new(urls: Vec<String>, key: String) -> Self {
        Self { client: http(), urls, key }
    }

    /// Asks a server for an account's token; `refused` is one that the provider's API did not take.
    pub(crate) async fn token(
        &self,
        server: usize,
        account: &str,
        refused: Option<&str>,
    ) -> Result<Answer, reqwest::Error> {
        Answer::of(self.asking(server, account, refused)).await
    }

    /// The same in a task of its own: nobody need wait for it.
    pub(crate) fn ask(&self, server: usize, account: &str, refused: Option<&str>) -> Asking {
        tokio::spawn(Answer::of(self.asking(server, account, refused)))
    }

    fn asking(&self, server: usize, account: &str, refused: Option<&str>) -> reqwest::RequestBuilder {
        let hash = |token: &str| data_encoding::HEXLOWER.encode(&vault::sha256(token.as_bytes()));
        let body = refused.map_or(json!({}), |token| json!({ "rejected_token_sha256": hash(token) }));
        self.post(server, &format!("connected-accounts/{account}/token"), &body)
    }

    /// Opens a connect session.
    pub(crate) async fn invite(&self, server: usize, end_user: &str) -> Value {
        let body = json!({ "end_user": { "id": end_user, "name": "Ada" } });
        Answer::of(self.post(server, "connect-sessions", &body)).await.unwrap().expect(201).body
    }

    /// A connect session.
    pub(crate) async fn session(&self, server: usize, id: &str) -> Value {
        let request = self.client.get(format!("{}/v1/connect-sessions/{id}", self.urls[server]));
        Answer::of(request.bearer_auth(&self.key)).await.unwrap().expect(200).body
    }

    fn post(&self, server: usize, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let request = self.client.post(format!("{}/v1/{path}", self.urls[server]));
        request.bearer_auth(&self.key).body(body.to_string())
    }

    /// A browser goes to an address of a server, in a task of its own.
    pub(crate) fn browse(&self, server: usize, path: &str, cookie: &str) -> Asking {
        let request = self.client.get(format!("{}{path}", self.urls[server])).header("cookie", cookie);
        tokio::spawn(Answer::of(request))
    }

    /// A browser presses a page's button; gives its cookie and where it is sent.
    pub(crate) async fn press(&self, server: usize, path: &str, cookie: &str) -> (String, String) {
        let request = self.client.post(format!("{}{path}", self.urls[server])).header("cookie", cookie);
        let answer = request.header("sec-fetch-site", "same-origin").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 303, "{path}");
        let header = |name| answer.headers()[name].to_str().unwrap().to_owned();
        (header("set-cookie").split(';').next().unwrap().to_owned(), header("location"))
    }
}

impl Answer {
    async fn of(request: reqwest::RequestBuilder) -> Result<Self, reqwest::Error> {
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok(Self { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The token of a good answer.
    pub(crate) fn token(&self) -> Option<&str> {
        self.body["access_token"].as_str()
    }

    /// The code of a problem: that of the account, or of the call.
    pub(crate) fn code(&self) -> &str {
        self.body["status_reason"]["code"].as_str().or(self.body["code"].as_str()).unwrap_or_default()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is a client of its own, and never calls a dead server twice")]
fn http() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.pool_max_idle_per_host(0).timeout(Duration::from_secs(60)).build().unwrap()
}
