//! Whatever the path: a secret appears in the one answer that is for it, and in no log.

use crate::support::{Answer, TestServer, link, logged, text};
use reqwest::Method;
use serde_json::json;
use vault::HOUR;
use vault::testing::CLIENT_SECRET;
use vault::testing::sandbox::ConsentRequest;

/// Answers with the name of what they are, and secrets with the names of the answers that may carry them.
#[derive(Default)]
struct Story {
    answers: Vec<(&'static str, Answer)>,
    secrets: Vec<(&'static str, String, &'static [&'static str])>,
}

impl Story {
    fn told(&mut self, name: &'static str, answer: Answer) -> Answer {
        self.answers.push((name, answer.clone()));
        answer
    }

    fn secret(&mut self, name: &'static str, value: &str, only_in: &'static [&'static str]) {
        assert!(value.len() >= 16, "{name} is worth looking for");
        self.secrets.push((name, value.to_owned(), only_in));
    }

    fn check(&self) {
        let log = logged();
        assert!(log.contains("/oauth/callback/{application}/{key}"), "the log has the story's lines");
        for (name, value, only_in) in &self.secrets {
            assert!(!log.contains(value), "the {name} is in the log");
            for (answer, seen) in &self.answers {
                let here = seen.whole().contains(value);
                assert!(!here || only_in.contains(answer), "the {name} is in the answer \"{answer}\"");
            }
        }
    }
}

#[tokio::test]
async fn no_secret_is_logged_or_answered_where_it_does_not_belong() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    server.allow_return("https://app.example.com/done").await;
    let mut story = Story::default();
    story.secret("client secret", CLIENT_SECRET, &[]);
    story.secret("password", "canary-password-123", &[]);
    story.secret("API key", backend.key.as_deref().unwrap(), &[]);

    let body = json!({ "end_user": { "id": "canary-end-user-id-42" }, "completion": "confirmed", "return_url": "https://app.example.com/done" });
    let session = story.told("session", backend.post("/v1/connect-sessions", body).await).expect(201).json();
    let secret = link(&session).rsplit('/').next().unwrap();
    story.secret("link", secret, &["session"]);
    let mut browser = server.browser();
    story.told("page", browser.get(link(&session)).await).expect(200);
    let provider = story.told("continue", browser.post(link(&session), "").await).location();
    let cookie = browser.cookies().split('=').nth(1).unwrap().to_owned();
    story.secret("browser's cookie", &cookie, &["continue"]);
    let consent = ConsentRequest::allow(&provider, "ada@example.com");
    let callback = url::Url::parse(&server.test.sandbox.consent(&consent).unwrap()).unwrap();
    let parameter = |url: &url::Url, name: &str| url.query_pairs().find(|(n, _)| n == name).unwrap().1.into_owned();
    story.secret("state", &parameter(&callback, "state"), &["continue"]);
    story.secret("code", &parameter(&callback, "code"), &[]);
    let result = story.told("callback", browser.get(callback.as_str()).await).location();
    let back = story.told("return", browser.get(&result).await).location();
    let confirmation = parameter(&url::Url::parse(&back).unwrap(), "code");
    story.secret("confirmation code", &confirmation, &["return"]);

    let path = format!("/v1/connect-sessions/{}/confirm", text(&session, "id"));
    let confirmed =
        story.told("confirmed", backend.post(&path, json!({ "code": confirmation })).await).expect(200).json();
    let account = text(&confirmed["results"][0], "connected_account").to_owned();
    let first = story.told("first token", backend.token(&account).await).expect(200).json();
    story.secret("first token", text(&first, "access_token"), &["first token"]);
    server.test.advance(HOUR);
    let second = story.told("second token", backend.token(&account).await).expect(200).json();
    story.secret("second token", text(&second, "access_token"), &["second token"]);
    let account = format!("/v1/connected-accounts/{account}");
    story.told("account", backend.get(&account).await).expect(200);
    story.told("timeline", backend.get(&format!("{account}/timeline")).await).expect(200);
    story.told("config", backend.get("/v1/provider-configs/zoom").await).expect(200);
    story
        .told("in query", backend.get(&format!("/v1/providers?key={}", backend.key.as_deref().unwrap())).await)
        .expect(400);
    let wrong = json!({ "client_id": "x y", "client_secret": CLIENT_SECRET, "scopes": CLIENT_SECRET });
    story
        .told("misplaced", backend.send(Method::PUT, "/v1/provider-configs/zoom", Some(wrong.to_string())).await)
        .expect(422);
    story.told("revoked", backend.send(Method::DELETE, &account, None).await).expect(200);
    story.check();
    assert!(!logged().contains("canary-end-user-id-42"), "an end user's id is personal");
    // The sandbox's tokens, of either kind, begin as every JWT does.
    assert!(!logged().contains("eyJ"), "a token is in the log");
}
