//! Somebody who talks to a sandbox of their own.

use reqwest::{StatusCode, header};
use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, ConsentRequest, Options, Sandbox};
use serde_json::Value;

pub(crate) const ADA: &str = "ada@example.com";
pub(crate) const GRACE: &str = "grace@example.com";
pub(crate) const REDIRECT_URI: &str = "http://localhost:4000/cb";

#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
}

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) json: Value,
}

pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) body: Value,
}

impl Tokens {
    pub(crate) fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.json);
        let text = |name: &str| reply.json[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token"), body: reply.json.clone() }
    }
}

impl Visitor {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    #[expect(clippy::disallowed_methods, reason = "tests of the sandbox do not have the vault's client")]
    pub(crate) async fn with(options: Options) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { sandbox: Sandbox::start(options).await.unwrap(), http }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base_url())
    }

    /// An authorization address of the built-in client, with more parameters or others.
    pub(crate) fn authorize_url(&self, parameters: &[(&str, &str)]) -> String {
        let usual = [
            ("response_type", "code"),
            ("client_id", BUILT_IN_CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("state", "a state/with=odd &characters"),
        ];
        let changed = |name: &str| parameters.iter().any(|(other, _)| *other == name);
        let all = usual.iter().filter(|(name, _)| !changed(name)).chain(parameters);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        self.url(&format!("/oauth/authorize?{query}"))
    }

    pub(crate) fn code(&self, user: &str) -> String {
        self.code_with(user, &[])
    }

    pub(crate) fn code_with(&self, user: &str, parameters: &[(&str, &str)]) -> String {
        let callback = self.sandbox.consent(&ConsentRequest::allow(&self.authorize_url(parameters), user)).unwrap();
        parameter(&callback, "code").unwrap()
    }

    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> Reply {
        self.token_as(BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, fields).await
    }

    pub(crate) async fn token_as(&self, client_id: &str, secret: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self.http.post(self.url("/oauth/token")).basic_auth(client_id, Some(secret)).form(fields);
        Self::send(request).await
    }

    pub(crate) async fn exchange(&self, code: &str) -> Reply {
        self.token(&[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)]).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Reply {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    pub(crate) async fn connect(&self, user: &str) -> Tokens {
        Tokens::of(&self.exchange(&self.code(user)).await)
    }

    pub(crate) async fn get(&self, path: &str, access_token: &str) -> Reply {
        Self::send(self.http.get(self.url(path)).bearer_auth(access_token)).await
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Reply {
        Self::send(self.http.post(self.url(path)).json(&body)).await
    }

    pub(crate) async fn send(request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        Reply { status: response.status(), json: response.json().await.unwrap_or_default() }
    }
}

pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(field, _)| field == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn location(response: &reqwest::Response) -> String {
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}
