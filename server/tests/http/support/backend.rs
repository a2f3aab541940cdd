//! An application's backend.

use super::{Answer, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

/// Calls the API with a key, or without one.
#[derive(Clone)]
pub(crate) struct Backend {
    client: reqwest::Client,
    base: String,
    pub(crate) key: Option<String>,
}

impl Backend {
    pub(crate) fn new(server: &TestServer, key: Option<&String>) -> Self {
        Self { client: server.client.clone(), base: server.url(""), key: key.cloned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body.to_string())).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        Answer::of(request).await
    }

    /// Opens a connect session for `user_42` with these members beside.
    pub(crate) async fn session(&self, members: Value) -> Value {
        let mut body = json!({ "end_user": { "id": "user_42", "name": "Ada" } });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.post("/v1/connect-sessions", body).await.expect(201).json()
    }

    pub(crate) async fn token(&self, account: &str) -> Answer {
        self.post(&format!("/v1/connected-accounts/{account}/token"), json!({})).await
    }
}
