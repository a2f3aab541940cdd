//! Calls to a provider's API through the vault, over real sockets all the way.

mod answers;
mod expired;
mod framing;
mod limits;
mod policies;
mod requests;
mod streams;
mod websocket;

use crate::support::{Answer, Backend, TestServer, text};
use reqwest::Method;
use serde_json::Value;

/// A server with a connected account, and how to call for it.
struct Proxied {
    server: TestServer,
    backend: Backend,
    account: String,
}

impl Proxied {
    async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    async fn start_with(change: impl FnOnce(&mut vault::Options)) -> Self {
        let server = TestServer::start_with(change).await;
        let backend = server.backend().await;
        let account = server.connected(&backend).await;
        Self { server, backend, account }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/proxy/{}{rest}", self.account)
    }

    fn request(&self, method: Method, rest: &str) -> reqwest::RequestBuilder {
        let url = self.server.url(&self.path(rest));
        self.server.client.request(method, url).bearer_auth(self.backend.key.as_deref().unwrap())
    }

    async fn get(&self, rest: &str) -> Answer {
        let answer = Answer::of(self.request(Method::GET, rest)).await;
        self.backend.described().await.check("GET", &self.path(rest), &answer);
        answer
    }

    /// The account's access token as it is now.
    async fn token(&self) -> String {
        text(&self.backend.token(&self.account).await.expect(200).json(), "access_token").to_owned()
    }
}

/// What the sandbox saw, where it echoes.
#[track_caller]
fn echoed(answer: Answer) -> Value {
    let answer = answer.expect(200);
    assert_eq!(answer.header("keybearer-upstream"), "provider");
    answer.json()
}

/// The values of a header among those that the sandbox saw.
fn seen(echo: &Value, name: &str) -> Vec<String> {
    let lines = echo["headers"].as_array().unwrap().iter();
    lines.filter(|line| line[0] == name).map(|line| line[1].as_str().unwrap().to_owned()).collect()
}
