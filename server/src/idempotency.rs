//! Calls with an `Idempotency-Key` are made once: whoever sends one again gets the answer that the first one got.

use crate::auth::{Asked, Known, caller_of};
use crate::layers::request_log::RequestId;
use crate::problem::{Code, Problem};
use crate::state::State;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State as From};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;
use vault::{KeptAnswer, Outcome, Secret, Turn};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is that of an earlier call.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// What is stored of an answer beside its status and body.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::CACHE_CONTROL];
/// Bodies of calls that are read here have at most this; the layer before has refused more.
const MOST: usize = 64 * 1024;
/// No answer that is stored is larger.
const MOST_ANSWERED: usize = 1024 * 1024;

/// The layer of the API. Tokens and proxied calls are never stored.
pub(crate) async fn layer(From(state): From<State>, request: Request, next: Next) -> Response {
    let taken = request.method() == Method::POST && !is_ignored(request.uri().path());
    if !taken || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match once(state, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

/// `…/token` and the proxy.
pub(crate) fn is_ignored(path: &str) -> bool {
    path == "/v1/token" || path.starts_with("/v1/proxy/") || (path.starts_with("/v1/") && path.ends_with("/token"))
}

async fn once(state: State, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    // Whose key it is must be known to look for an earlier call; without one the handler refuses.
    let Some(caller) = caller_of(&parts, &state).await? else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let key = named(&parts.headers);
    let bytes = to_bytes(body, MOST).await.map_err(|_| Problem::unreadable_body(StatusCode::BAD_REQUEST))?;
    let target = parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |target| target.as_str());
    let call = [parts.method.as_str().as_bytes(), b"\0", target.as_bytes(), b"\0", &bytes].concat();
    let once = match state.vault.take_turn(&caller, &key, &call).await? {
        Turn::First(once) => once,
        Turn::Answered(kept) => return answered(kept, parts.extensions.get::<RequestId>()),
        Turn::Reused => return Err(reused()),
        Turn::Running { retry_after } => return Err(running().after(retry_after)),
    };
    let asked = Asked::default();
    parts.extensions.insert(asked.clone());
    parts.extensions.insert(Known(caller));
    let request = Request::from_parts(parts, Body::from(bytes));
    let public_origin = state.public_url.origin().ascii_serialization();
    let call = async move {
        let response = next.run(request).await;
        keep(response, &asked, &public_origin).await
    };
    Ok(state.vault.make_once(once, call.in_current_span()).await?)
}

/// The key; one that is unreadable or stands there twice is none, and refused as that.
fn named(headers: &HeaderMap) -> String {
    let mut all = headers.get_all(KEY).iter();
    match (all.next().and_then(|value| value.to_str().ok()), all.next()) {
        (Some(key), None) => key.trim().to_owned(),
        _ => String::new(),
    }
}

/// The answer, and what is kept of it: nothing, where the call may succeed in a moment or was never let in.
async fn keep(response: Response, asked: &Asked, public_origin: &str) -> (Response, Option<Outcome>) {
    let status = response.status();
    let passing = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let Some(scope) = asked.scope().filter(|_| !passing) else { return (response, None) };
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST_ANSWERED).await else { return (Problem::internal().into_response(), None) };
    let problem = parts.extensions.get::<Problem>().map(|problem| problem.to_json(public_origin));
    let Ok(text) = problem.map_or_else(|| String::from_utf8(bytes.to_vec()), Ok) else {
        return (Response::from_parts(parts, Body::from(bytes)), None);
    };
    let header = |name: &HeaderName| Some((name.to_string(), parts.headers.get(name)?.to_str().ok()?.to_owned()));
    let headers = KEPT.iter().filter_map(header).collect();
    let answer = KeptAnswer { status: status.as_u16(), headers, body: Secret::new(text) };
    parts.headers.remove(header::CONTENT_LENGTH);
    (Response::from_parts(parts, Body::from(bytes)), Some(Outcome { scope, answer }))
}

/// The earlier answer. A problem is told under this request's id.
fn answered(kept: KeptAnswer, request_id: Option<&RequestId>) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(kept.status).map_err(|_| Problem::internal())?;
    let body = kept.body.expose();
    let body = if status.is_success() { Bytes::from(body.clone()) } else { retold(body, request_id) };
    let mut response = (status, Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in &kept.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if !status.is_success() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn retold(problem: &str, request_id: Option<&RequestId>) -> Bytes {
    let Ok(serde_json::Value::Object(mut members)) = serde_json::from_str(problem) else {
        return Bytes::from(problem.to_owned());
    };
    let id = request_id.map(|id| id.0.clone()).unwrap_or_default();
    members.insert("request_id".to_owned(), id.into());
    serde_json::to_vec(&members).unwrap_or_default().into()
}

fn reused() -> Problem {
    let detail = "This Idempotency-Key was sent with another call within the last 24 hours: send each call with a key of its own, \
                  and the same call with the same key and the same body.";
    Problem::new(Code::IdempotencyKeyReused, detail)
}

fn running() -> Problem {
    let detail = "A call with this Idempotency-Key is under way: ask again after Retry-After, and you get its answer.";
    Problem::new(Code::IdempotencyInProgress, detail)
}
