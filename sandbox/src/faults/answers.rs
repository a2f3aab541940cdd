//! What the caller gets to see of a fault.

use super::{Endpoint, Fault, FaultKind};
use crate::http::{Answer, Content, Ending};
use hyper::{StatusCode, header};
use serde_json::{Map, Value, json};

/// The answer of a fault that has one of its own; `None` for those that spoil the real one.
pub(crate) fn instead(fault: &Fault) -> Option<Answer> {
    match &fault.kind {
        FaultKind::Status { status, retry_after, body } => {
            let content = body.clone().map_or_else(|| Content::Json(failure(fault.endpoint)), given);
            let answer = Answer::new(status_code(*status), content);
            Some(match retry_after {
                Some(value) => answer.with(header::RETRY_AFTER, value),
                None => answer,
            })
        }
        FaultKind::DropBefore => Some(Answer::hang_up()),
        FaultKind::Garbage => Some(Answer::new(StatusCode::OK, raw(JSON, GARBAGE.into()))),
        FaultKind::Html { status } => Some(Answer::new(status_code(*status), Content::Html(PAGE.into()))),
        FaultKind::WrongJson => Some(Answer::json(StatusCode::OK, json!({}))),
        FaultKind::Error { status, error, reason } => {
            let mut members = Map::new();
            if let Some(reason) = reason {
                members.insert("reason".into(), json!(reason));
            }
            members.insert("error".into(), json!(error));
            Some(Answer::json(status_code(*status), Value::Object(members)))
        }
        _ => None,
    }
}

/// Spoils the real answer.
pub(crate) fn distort(fault: &Fault, mut answer: Answer) -> Answer {
    match (&fault.kind, &mut answer.content) {
        (FaultKind::DropAfter, _) => answer.ending = Ending::HangUp,
        (FaultKind::Truncated, _) => answer.ending = Ending::Truncated,
        (FaultKind::MissingExpiresIn, Content::Json(Value::Object(members))) => drop(members.remove("expires_in")),
        (FaultKind::MissingRefreshToken, Content::Json(Value::Object(members))) => {
            drop(members.remove("refresh_token"))
        }
        (FaultKind::SmallerScope { scope }, Content::Json(Value::Object(members))) => {
            members.insert("scope".into(), json!(scope));
        }
        (FaultKind::HugeBody { bytes }, Content::Json(Value::Object(members))) => {
            members.insert("padding".into(), json!("x".repeat(*bytes.min(&MOST_PADDING))));
        }
        _ => {}
    }
    answer
}

const JSON: &str = "application/json;charset=UTF-8";
const GARBAGE: &str = "\u{1f}\u{8b}{\"access_token\": \"eyJ\u{fffd}";
const MOST_PADDING: usize = 256 * 1024 * 1024;
const PAGE: &str =
    "<!doctype html><html lang=\"en\"><title>Bad gateway</title><h1>Something is broken upstream</h1></html>\n";

/// A body that somebody wrote, labelled as what it is.
fn given(text: String) -> Content {
    match serde_json::from_str(&text) {
        Ok(value) => Content::Json(value),
        Err(_) => raw("text/plain; charset=utf-8", text),
    }
}

fn raw(media_type: &'static str, text: String) -> Content {
    Content::Raw { media_type, text }
}

fn failure(endpoint: Endpoint) -> Value {
    match endpoint {
        Endpoint::Users | Endpoint::Api => {
            json!({"code": 429, "message": "The sandbox was told to fail this request."})
        }
        _ => json!({"reason": "The sandbox was told to fail this request.", "error": "invalid_request"}),
    }
}

fn status_code(status: u16) -> StatusCode {
    let final_status = StatusCode::from_u16(status).ok().filter(|status| !status.is_informational());
    final_status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
