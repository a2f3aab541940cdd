//! Sends what is due, and asks endpoints to prove themselves.

use super::{Notice, Validation, hmac};
use crate::{control::ControlError, sandbox::Inner};
use serde_json::Value;
use std::{io, sync::Arc, time::Duration};

/// An answer after this long counts as none.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often the clock is looked at when nobody says that something is due.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends notices as they fall due, until the sandbox stops.
pub(crate) async fn deliver(inner: Arc<Inner>) {
    let mut stopping = inner.stopping.subscribe();
    tokio::select! {
        () = work(&inner) => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

async fn work(inner: &Inner) {
    loop {
        let due = {
            let state = inner.state();
            state.notices.due(state.now())
        };
        let Some(due) = due else {
            let _ = tokio::time::timeout(PAUSE, inner.due.notified()).await;
            continue;
        };
        let status = send(&due.notice).await.ok().map(|(status, _)| status);
        let mut state = inner.state();
        let now = state.now();
        state.notices.attempted(&due, status, now);
        drop(state);
        inner.attempted.send_modify(|count| *count = count.wrapping_add(1));
    }
}

/// Asks a client's endpoint to answer with its secret token, and says whether it did.
pub(crate) async fn validate(inner: &Inner, client_id: &str) -> Result<Validation, ControlError> {
    let (notice, token, expected) = {
        let mut state = inner.state();
        let client = state.client(client_id)?.clone();
        if client.notices.url.is_empty() {
            return Err(ControlError::new("This client has no endpoint for notices yet."));
        }
        let (token, now) = (state.random.word(22), state.now());
        let expected = hmac(&client.notices.secret_token, &token);
        (Notice::of_validation(&client, &token, now), token, expected)
    };
    let validation = match send(&notice).await {
        Ok((status, body)) => judge(status, &body, &token, &expected),
        Err(_) => Validation { right: false, status: None, words: "no answer within 3 seconds".into() },
    };
    let mut state = inner.state();
    let now = state.now();
    state.notices.validated(client_id, validation.status, &validation.words, now);
    drop(state);
    inner.attempted.send_modify(|count| *count = count.wrapping_add(1));
    Ok(validation)
}

fn judge(status: u16, body: &[u8], token: &str, expected: &str) -> Validation {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let member = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let words = match (status, member("plainToken") == token, member("encryptedToken") == expected) {
        (200, true, true) => "validated",
        (200, false, _) => "the answer does not give the token back",
        (200, true, false) => "the answer is made with another secret token",
        _ => "the endpoint refused",
    };
    Validation { right: words == "validated", status: Some(status), words: words.into() }
}

async fn send(notice: &Notice) -> io::Result<(u16, Vec<u8>)> {
    let mut request = client()?.post(&notice.url).header("content-type", "application/json; charset=utf-8");
    for (name, value) in notice.headers() {
        request = request.header(name, value);
    }
    let answer = request.body(notice.body.clone()).send().await.map_err(io::Error::other)?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(io::Error::other)?;
    Ok((status, body.to_vec()))
}

/// A client for one request: an endpoint that was restarted meanwhile is not met over an old connection.
#[expect(clippy::disallowed_methods, reason = "the sandbox is a provider, with a client of its own")]
fn client() -> io::Result<reqwest::Client> {
    // An error means that the process has chosen one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().timeout(PATIENCE);
    builder.build().map_err(io::Error::other)
}
