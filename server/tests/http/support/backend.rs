//! An application's backend.

use super::{Answer, Described, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

/// Calls the API with a key, or without one, and holds every answer against the API's description.
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

    /// Sends a call with an idempotency key.
    pub(crate) async fn post_once(&self, key: &str, path: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).header("idempotency-key", key);
        let answer = Answer::of(request.body(body.to_string())).await;
        self.described().await.check("POST", path, &answer);
        answer
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let mut request = self.request(method.clone(), path);
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = Answer::of(request).await;
        self.described().await.check(method.as_str(), path, &answer);
        answer
    }

    /// The description of the API that it calls.
    pub(crate) async fn described(&self) -> &'static Described {
        Described::of(&self.client, &self.base).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// The same backend at another server.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
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
