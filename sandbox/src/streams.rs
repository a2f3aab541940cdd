//! The part of the provider's API that a proxy is tried against: bodies that stream both ways, and answers with all that a
//! proxy must not hand on. `/v2/echo`, `/v2/bytes/{n}`, `/v2/ticks/{n}`, `/v2/socket`, `/v2/redirect`, `/v2/slow/{ms}`,
//! `/v2/cookies`, `/v2/limited`.

mod bodies;
mod socket;

use crate::{
    api,
    faults::{self, Endpoint},
    http::{Answer, Call, Form},
    journal::Note,
    outcome::Outcome,
    sandbox::Inner,
    subject::Subject,
};
use bodies::{Bytes as Many, Ticks};
use http_body_util::{BodyExt, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response, StatusCode,
    body::{Body, Bytes, Incoming},
    header::{self, HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{io, sync::Arc, time::Duration};

/// A body of any kind on its way out.
pub(crate) type Outgoing = UnsyncBoxBody<Bytes, io::Error>;

const CALLS: [&str; 8] = ["echo", "bytes", "ticks", "socket", "redirect", "slow", "cookies", "limited"];

/// Whether a path belongs here.
pub(crate) fn are_at(path: &str) -> bool {
    path.strip_prefix("/v2/").and_then(|rest| rest.split('/').next()).is_some_and(|name| CALLS.contains(&name))
}

/// Checks the bearer token as any call does, then answers while the request's body may still be on its way.
pub(crate) async fn respond(inner: &Arc<Inner>, request: Request<Incoming>) -> io::Result<Response<Outgoing>> {
    let call = head(&request, inner);
    let subject = Subject::of(Endpoint::Api, &inner.state(), &call);
    let plan = inner.state().faults.take(&subject);
    tokio::time::sleep(plan.delay).await;
    if plan.hold_before {
        inner.holds.hold().await;
    }
    let done = {
        let mut state = inner.state();
        let instead = plan.decisive.as_ref().and_then(faults::instead);
        let done = match instead {
            Some(answer) => Err(Outcome::new("nothing done", answer)),
            None => api::check(&state, &call),
        };
        let (outcome, status) = match &done {
            Ok(()) => ("ok".to_owned(), None),
            Err(outcome) => (outcome.words.clone(), outcome.answer.visible_status()),
        };
        let now = state.now();
        state.journal.write(now, subject, Note { outcome, rotated: false, status, fault: plan.fault_name() });
        done
    };
    match done {
        Ok(()) => work(inner, &call, request).await,
        Err(outcome) => {
            // As gateways in front of providers do: whoever is in the midst of sending would not see the answer.
            drain(request.into_body()).await;
            whole(outcome.answer)
        }
    }
}

async fn drain(mut body: Incoming) {
    while let Some(Ok(_)) = body.frame().await {}
}

async fn work(inner: &Arc<Inner>, call: &Call, request: Request<Incoming>) -> io::Result<Response<Outgoing>> {
    let mut parts = call.path.trim_start_matches("/v2/").splitn(2, '/');
    let (name, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let number = rest.parse::<u64>().unwrap_or_default();
    let flag = |name: &str| call.query.get(name).and_then(|text| text.parse::<u64>().ok());
    match name {
        "echo" => echo(request).await,
        "bytes" => Ok(bytes(inner, number, flag("chunked").is_some())),
        "ticks" => Ok(ticks(number, Duration::from_millis(flag("every_ms").unwrap_or(10)))),
        "socket" => socket::switch(inner, request),
        "redirect" => {
            let to = call.query.get("to").unwrap_or("/v2/echo");
            whole(Answer::redirect(StatusCode::FOUND, to))
        }
        "slow" => {
            tokio::time::sleep(Duration::from_millis(number)).await;
            echo(request).await
        }
        "cookies" => whole(unwanted(call)),
        _ => whole(
            Answer::json(StatusCode::TOO_MANY_REQUESTS, json!({"code": 429, "message": "Slow down."}))
                .with(header::RETRY_AFTER, "7"),
        ),
    }
}

fn whole(answer: Answer) -> io::Result<Response<Outgoing>> {
    let response = answer.into_response().ok_or_else(|| io::Error::other("the sandbox hangs up here"))?;
    Ok(response.map(BodyExt::boxed_unsync))
}

/// What arrived, to the byte, and how much of it.
async fn echo(request: Request<Incoming>) -> io::Result<Response<Outgoing>> {
    let (head, mut body) = request.into_parts();
    let (mut count, mut hash) = (0, Sha256::new());
    while let Some(frame) = body.frame().await {
        if let Ok(piece) = frame.map_err(io::Error::other)?.into_data() {
            count += piece.len();
            hash.update(&piece);
        }
    }
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<Value> = head.headers.iter().map(|(name, value)| json!([name.as_str(), text(value)])).collect();
    let seen = json!({
        "method": head.method.as_str(),
        "path": head.uri.path(),
        "query": head.uri.query(),
        "headers": headers,
        "bytes": count,
        "sha256": data_encoding::HEXLOWER.encode(&hash.finalize()),
    });
    whole(Answer::json(StatusCode::OK, seen))
}

fn bytes(inner: &Arc<Inner>, count: u64, chunked: bool) -> Response<Outgoing> {
    let mut response = Response::new(Many::new(inner.clone(), count, chunked).boxed_unsync());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::ETAG, HeaderValue::from_static("\"bytes\""));
    response
}

fn ticks(count: u64, every: Duration) -> Response<Outgoing> {
    let mut response = Response::new(Ticks::new(count, every).boxed_unsync());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

/// Headers that belong to the provider's own pages and sessions; one of them holds the caller's token.
fn unwanted(call: &Call) -> Answer {
    let token = call.bearer().unwrap_or_default();
    let echo = format!("you sent {token}");
    let all = [
        ("set-cookie", "session=theirs; HttpOnly"),
        ("www-authenticate", "Bearer realm=\"theirs\""),
        ("strict-transport-security", "max-age=31536000"),
        ("content-security-policy", "default-src *"),
        ("access-control-allow-origin", "*"),
        ("alt-svc", "h3=\":443\""),
        ("service-worker-allowed", "/"),
        ("connection", "x-of-this-connection"),
        ("x-of-this-connection", "1"),
        ("keybearer-upstream", "forged"),
        ("x-request-id", "theirs"),
        ("x-kept", "1"),
        ("x-echo", echo.as_str()),
    ];
    let answer = Answer::json(StatusCode::OK, json!({}));
    all.into_iter().fold(answer, |answer, (name, value)| answer.with(HeaderName::from_static(name), value))
}

fn head<B: Body>(request: &Request<B>, inner: &Inner) -> Call {
    Call {
        method: request.method().clone(),
        path: request.uri().path().to_owned(),
        query: Form::parse(request.uri().query().unwrap_or_default().as_bytes()),
        headers: request.headers().clone(),
        body: Bytes::new(),
        base_url: inner.base_url(),
    }
}
