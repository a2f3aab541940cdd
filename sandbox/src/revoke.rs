//! `POST /oauth/revoke`

use crate::{
    credentials,
    http::{Answer, Call},
    outcome::Outcome,
    state::State,
    token_error::TokenError,
    token_sets::{Kind, Pair},
};
use hyper::{Method, StatusCode};
use serde_json::json;

pub(crate) fn post(state: &mut State, call: &Call) -> Outcome {
    answer(state, call).unwrap_or_else(Into::into)
}

/// Takes a live access token and ends the whole grant. Anything else changes nothing and is answered alike, as RFC 7009
/// has it; the journal tells them apart.
fn answer(state: &mut State, call: &Call) -> Result<Outcome, TokenError> {
    if call.method != Method::POST || !call.has_content_type("application/x-www-form-urlencoded") {
        return Err(TokenError::BAD_REQUEST);
    }
    let form = call.form();
    let client = credentials::authenticate(state, call, &form)?;
    let token = form.get("token").ok_or(TokenError::BAD_REQUEST)?;
    let words = match grant_of(state, token).filter(|pair| pair.client_id == client.client_id) {
        Some(pair) => {
            state.end_grant(&pair);
            "ok"
        }
        None => "no such access token",
    };
    Ok(Outcome::new(words, Answer::json(StatusCode::OK, json!({"status": "success"}))))
}

fn grant_of(state: &State, token: &str) -> Option<Pair> {
    let (pair, token) = state.token_sets.find(token)?;
    (token.kind == Kind::Access && token.is_good(state.now())).then(|| pair.clone())
}
