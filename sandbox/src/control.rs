//! The control API: `/control/…`, and the page at `/`.

pub(crate) mod guard;
mod submission;
mod verbs;

use crate::{
    authorize::USER_COOKIE,
    client::Client,
    clock,
    faults::Fault,
    http::{Answer, Call},
    notices, pages,
    sandbox::Inner,
    state::State,
};
use hyper::{Method, StatusCode, header};
use serde_json::{Value, json};
use std::{error::Error, fmt};
use submission::Submission;

/// Why something could not be done to the sandbox, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlError(String);

impl ControlError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(crate) fn unknown(what: &str, name: &str) -> Self {
        Self(format!("The sandbox has no {what} {name:?}."))
    }
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ControlError {}

pub(crate) fn respond(inner: &Inner, call: &Call) -> Answer {
    if let Err(refusal) = guard::check(inner, call) {
        return refusal;
    }
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/") => pages::home(&inner.state(), &call.base_url, inner.holds.held()),
        ("GET", "/control/state") => Answer::json(StatusCode::OK, state(&inner.state(), inner.holds.held())),
        ("GET", "/control/notices") => Answer::json(StatusCode::OK, deliveries(&inner.state())),
        ("GET", "/control/journal") => Answer::json(StatusCode::OK, journal(&inner.state())),
        ("DELETE", "/control/faults") => {
            inner.state().faults.clear();
            Answer::json(StatusCode::OK, json!({}))
        }
        ("POST", "/control/sign-out") => submission::accepted(call, json!({}))
            .with(header::SET_COOKIE, &format!("{USER_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")),
        ("POST", path) => change(inner, call, path),
        _ => no_such_call(),
    }
}

fn change(inner: &Inner, call: &Call, path: &str) -> Answer {
    let submission = match Submission::read(call) {
        Ok(submission) => submission,
        Err(error) => return submission::refused(call, &error),
    };
    let done = act(inner, path, &submission);
    inner.due.notify_one();
    match done {
        None => no_such_call(),
        Some(Ok(result)) => submission::accepted(call, result),
        Some(Err(error)) => submission::refused(call, &error),
    }
}

fn act(inner: &Inner, path: &str, given: &Submission) -> Option<Result<Value, ControlError>> {
    let mut state = inner.state();
    Some(match path {
        "/control/reset" => {
            state.reset();
            inner.holds.release();
            Ok(json!({}))
        }
        "/control/clients" => given.parse().and_then(|client| state.put_client(client)).map(|client| created(&client)),
        "/control/clients/rotate-secret" => given
            .need("client_id")
            .and_then(|client_id| state.rotate_secret(client_id))
            .map(|secret| json!({"client_secret": secret})),
        "/control/users" => given.parse().and_then(|user| state.put_user(user)).map(|user| json!(user)),
        "/control/users/remove" => given.need("user").and_then(|user| state.remove_user(user)).map(|()| json!({})),
        "/control/clock/advance" => given.need_seconds().map(|seconds| {
            state.clock.advance_seconds(seconds);
            json!({"now": clock::rfc3339(state.now())})
        }),
        "/control/expire" => {
            state.expire(given.get("client_id"), given.get("user")).map(|expired| json!({"expired": expired}))
        }
        "/control/revoke-grant" => given
            .need_two("client_id", "user")
            .and_then(|(client_id, user)| state.revoke_grant(client_id, user).map(|()| json!({}))),
        "/control/notices/endpoint" => given
            .need("client_id")
            .and_then(|id| state.set_notice_endpoint(id, given.get("url"), given.get("secret_token")))
            .map(|client| created(&client)),
        "/control/notices/misbehave" => {
            given.parse().and_then(|switches| state.set_notice_switches(switches)).map(|()| json!({}))
        }
        "/control/notices/replay" => given.need("client_id").and_then(|id| state.replay_notice(id)).map(|()| json!({})),
        "/control/install" => given.need_two("client_id", "user").and_then(|(client_id, user)| {
            state.install(client_id, user, given.get("redirect_uri")).map(|location| json!({"location": location}))
        }),
        "/control/faults" => given.parse::<Fault>().map(|fault| {
            state.faults.add(fault);
            json!({})
        }),
        "/control/faults/clear" => {
            state.faults.clear();
            Ok(json!({}))
        }
        "/control/faults/release" => {
            inner.holds.release();
            Ok(json!({}))
        }
        _ => return None,
    })
}

fn state(state: &State, held: usize) -> Value {
    let grants: Vec<_> = state
        .token_sets
        .live(state.now())
        .into_iter()
        .map(|(pair, token)| {
            json!({
                "client_id": pair.client_id,
                "user": state.user(&pair.user_id).map_or(&pair.user_id, |user| &user.email),
                "scopes": token.scopes,
                "refresh_token_expires_at": clock::rfc3339(token.expires_at),
            })
        })
        .collect();
    json!({
        "now": clock::rfc3339(state.now()),
        "skipped_seconds": state.clock.skipped_seconds(),
        "clients": state.clients.values().collect::<Vec<_>>(),
        "users": state.users,
        "grants": grants,
        "faults": state.faults.waiting(),
        "held": held,
    })
}

/// Asks a client's endpoint for notices to prove its secret token.
pub(crate) async fn validate(inner: &Inner, call: &Call) -> Answer {
    if let Err(refusal) = guard::check(inner, call) {
        return refusal;
    }
    if call.method != Method::POST {
        return no_such_call();
    }
    let client_id = Submission::read(call).and_then(|given| given.need("client_id").map(ToOwned::to_owned));
    let validation = match client_id {
        Ok(client_id) => notices::validate(inner, &client_id).await,
        Err(error) => Err(error),
    };
    match validation {
        Ok(validation) => submission::accepted(call, json!(validation)),
        Err(error) => submission::refused(call, &error),
    }
}

/// The answer to whoever made a client: the one place that shows its secrets.
fn created(client: &Client) -> Value {
    json!({
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "secret_token": client.notices.secret_token,
    })
}

fn deliveries(state: &State) -> Value {
    json!({"data": state.notices.deliveries().collect::<Vec<_>>(), "waiting": state.notices.waiting()})
}

fn journal(state: &State) -> Value {
    json!({"data": state.journal.entries().collect::<Vec<_>>()})
}

fn no_such_call() -> Answer {
    Answer::json(StatusCode::NOT_FOUND, json!({"error": "The sandbox has no such control call."}))
}
