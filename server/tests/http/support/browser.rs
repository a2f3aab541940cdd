//! An end user's browser: it keeps cookies, says where its forms come from, and follows nothing by itself.

use super::{Answer, TestServer};
use std::collections::BTreeMap;

/// A browser.
pub(crate) struct Browser {
    client: reqwest::Client,
    base: String,
    cookies: BTreeMap<String, String>,
    language: String,
}

impl Browser {
    pub(crate) fn new(server: &TestServer) -> Self {
        Self {
            client: server.client.clone(),
            base: server.url(""),
            cookies: BTreeMap::new(),
            language: "en".to_owned(),
        }
    }

    /// Says which languages it likes.
    pub(crate) fn accepts(&mut self, language: &str) {
        language.clone_into(&mut self.language);
    }

    pub(crate) async fn get(&mut self, address: &str) -> Answer {
        let request = self.client.get(self.full(address));
        self.send(request).await
    }

    /// Sends a form from one of our own pages.
    pub(crate) async fn post(&mut self, address: &str, form: &str) -> Answer {
        let request = self.client.post(self.full(address)).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned());
        self.send(request).await
    }

    /// What somebody does who has seen another browser's cookies.
    pub(crate) fn take_cookies(&mut self, other: &Self) {
        self.cookies.clone_from(&other.cookies);
    }

    pub(crate) fn cookies(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Answer {
        request = request.header("accept", "text/html,*/*;q=0.8").header("accept-language", &self.language);
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.cookies());
        }
        let answer = Answer::of(request).await;
        for line in answer.headers.get_all("set-cookie") {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        answer
    }

    fn full(&self, address: &str) -> String {
        if address.starts_with('/') { format!("{}{address}", self.base) } else { address.to_owned() }
    }
}
