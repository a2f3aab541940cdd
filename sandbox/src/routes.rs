//! Every route of the sandbox, and the way a request to the provider's side takes through faults and journal.

use crate::{
    api, authorize, control,
    control::guard,
    discovery,
    faults::{self, Endpoint, Fault},
    http::{Answer, Call},
    journal::Note,
    outcome::Outcome,
    revoke,
    sandbox::Inner,
    state::State,
    subject::Subject,
    token_endpoint,
};
use hyper::StatusCode;
use serde_json::json;

pub(crate) async fn respond(inner: &Inner, call: &Call) -> Answer {
    if let Some(document) = inner.state().documents.get(&call.path) {
        return document.answer();
    }
    match call.path.as_str() {
        "/oauth/authorize" if guard::is_cross_site_post(call) => guard::cross_site(),
        "/oauth/authorize" => provide(inner, call, Endpoint::Authorize, authorize::respond).await,
        "/oauth/token" => provide(inner, call, Endpoint::Token, token_endpoint::post).await,
        "/oauth/revoke" => provide(inner, call, Endpoint::Revoke, revoke::post).await,
        path if path.starts_with("/v2/users/") => provide(inner, call, Endpoint::Users, api::get).await,
        "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => {
            Answer::json(StatusCode::OK, discovery::metadata(&call.base_url))
        }
        "/oauth/jwks" => Answer::json(StatusCode::OK, inner.state().id_tokens.keys()),
        "/oauth/userinfo" => provide(inner, call, Endpoint::Users, api::userinfo).await,
        "/control/notices/validate" => control::validate(inner, call).await,
        path if path == "/" || path.starts_with("/control/") => control::respond(inner, call),
        _ => {
            Answer::json(StatusCode::NOT_FOUND, json!({"error": "The sandbox has nothing here. Its front page is /."}))
        }
    }
}

type Work = fn(&mut State, &Call) -> Outcome;

/// Does the work of an endpoint, with what faults put before it, after it or in its place.
async fn provide(inner: &Inner, call: &Call, endpoint: Endpoint, work: Work) -> Answer {
    let (subject, plan) = {
        let mut state = inner.state();
        let subject = Subject::of(endpoint, &state, call);
        let plan = state.faults.take(&subject);
        (subject, plan)
    };
    if !plan.delay.is_zero() {
        tokio::time::sleep(plan.delay).await;
    }
    if plan.hold_before {
        inner.holds.hold().await;
    }
    let answer = perform(inner, call, work, subject, plan.decisive.as_ref(), plan.fault_name());
    if plan.hold_after {
        inner.holds.hold().await;
    }
    answer
}

fn perform(
    inner: &Inner,
    call: &Call,
    work: Work,
    subject: Subject,
    fault: Option<&Fault>,
    fault_name: Option<&'static str>,
) -> Answer {
    let mut state = inner.state();
    let instead = fault.and_then(faults::instead);
    let done = match (&instead, fault) {
        (Some(answer), Some(fault)) if !fault.after_work => Outcome::new("nothing done", answer.clone()),
        _ => work(&mut state, call),
    };
    let Outcome { answer, words, rotated } = done;
    let answer = match (instead, fault) {
        (Some(instead), _) => instead,
        (None, Some(fault)) => faults::distort(fault, answer),
        (None, None) => answer,
    };
    let note = Note { outcome: words, rotated, status: answer.visible_status(), fault: fault_name };
    let now = state.now();
    state.journal.write(now, subject, note);
    // What was done may have ended a grant.
    inner.due.notify_one();
    answer
}
