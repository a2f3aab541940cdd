//! `POST /oauth/token`

use crate::{
    client::{Client, Reuse},
    clock::Millis,
    credentials,
    http::{Answer, Call, Form},
    id_tokens,
    outcome::Outcome,
    state::{Issued, State},
    token_error::TokenError,
    token_sets::{Kind, Pair, Standing},
    tokens::{self, Claims},
    user::User,
};
use hyper::{Method, StatusCode};
use serde_json::json;

pub(crate) fn post(state: &mut State, call: &Call) -> Outcome {
    answer(state, call).unwrap_or_else(Into::into)
}

fn answer(state: &mut State, call: &Call) -> Result<Outcome, TokenError> {
    if call.method != Method::POST || !call.has_content_type("application/x-www-form-urlencoded") {
        return Err(TokenError::BAD_REQUEST);
    }
    let form = call.form();
    let client = credentials::authenticate(state, call, &form)?;
    match form.get("grant_type").ok_or(TokenError::MISSING_GRANT_TYPE)? {
        "authorization_code" => exchange(state, call, &form, &client),
        "refresh_token" => refresh(state, call, &form, &client),
        "client_credentials" => Ok(without_user(state, call, &client)),
        _ => Err(TokenError::UNSUPPORTED_GRANT_TYPE),
    }
}

fn exchange(state: &mut State, call: &Call, form: &Form, client: &Client) -> Result<Outcome, TokenError> {
    let name = form.get("code").ok_or(TokenError::UNKNOWN_CODE)?;
    let belongs = |state: &State| state.codes.find(name).is_some_and(|code| code.pair.client_id == client.client_id);
    let code = belongs(state).then(|| state.codes.take(name)).flatten().ok_or(TokenError::UNKNOWN_CODE)?;
    if code.expires_at <= state.now() {
        return Err(TokenError::EXPIRED_CODE);
    }
    if form.get("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err(TokenError::REDIRECT_MISMATCH);
    }
    let verifier = form.get("code_verifier").unwrap_or_default();
    if code.challenge.is_some_and(|challenge| !challenge.is_met_by(verifier)) {
        return Err(TokenError::WRONG_VERIFIER);
    }
    let user = state.user(&code.pair.user_id).cloned().ok_or(TokenError::OWNER_GONE)?;
    // The set issued last is the valid one; those before it die.
    state.token_sets.end(&code.pair);
    let issued = state.issue_tokens(&code.pair, client, &user, &code.scopes);
    let id_token = id_tokens::answer(state, call, client, &user, code.nonce.as_deref(), &code.scopes);
    Ok(success(call, client, &issued, &code.scopes, id_token))
}

fn refresh(state: &mut State, call: &Call, form: &Form, client: &Client) -> Result<Outcome, TokenError> {
    let token = form.get("refresh_token").ok_or(TokenError::DEAD_TOKEN)?;
    let spendable = find_spendable(state, client, token)?;
    let Spendable { pair, user, scopes, first_use } = spendable;
    state.token_sets.spend(token, state.clock.now());
    if first_use && !client.keep_previous_access_token {
        state.token_sets.end_access(&pair);
    }
    let issued = state.issue_tokens(&pair, client, &user, &scopes);
    Ok(success(call, client, &issued, &scopes, None).rotated())
}

struct Spendable {
    pair: Pair,
    user: User,
    scopes: Vec<String>,
    /// Not a repetition within the reuse window, which leaves the tokens of the first use alone.
    first_use: bool,
}

fn find_spendable(state: &mut State, client: &Client, token: &str) -> Result<Spendable, TokenError> {
    let now = state.now();
    let (pair, found) = state.token_sets.find(token).ok_or(TokenError::DEAD_TOKEN)?;
    let (pair, standing, scopes) = (pair.clone(), found.standing, found.scopes.clone());
    if found.kind != Kind::Refresh || pair.client_id != client.client_id || found.expires_at <= now {
        return Err(TokenError::DEAD_TOKEN);
    }
    let first_use = match (standing, client.reuse) {
        (Standing::Live, _) => true,
        (Standing::Spent { at }, Reuse::Window(seconds)) if now < at.saturating_add(Millis::from(seconds) * 1000) => {
            false
        }
        (Standing::Spent { .. }, Reuse::Revokes) => {
            state.token_sets.end(&pair);
            return Err(TokenError::DEAD_TOKEN);
        }
        _ => return Err(TokenError::DEAD_TOKEN),
    };
    let user = state.user(&pair.user_id).cloned().ok_or(TokenError::OWNER_GONE)?;
    Ok(Spendable { pair, user, scopes, first_use })
}

/// A token of the client alone. No user stands behind it, so the API refuses it.
fn without_user(state: &mut State, call: &Call, client: &Client) -> Outcome {
    let issued_at = state.now();
    let expires_at = issued_at.saturating_add(Millis::from(client.access_token_seconds) * 1000);
    let user = User::default();
    let claims = Claims { kind: Kind::Access, client_id: &client.client_id, user: &user, issued_at, expires_at };
    let access_token = tokens::mint(&mut state.random, &claims);
    let body = json!({
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": client.access_token_seconds,
        "scope": client.scopes.join(" "),
        "api_url": call.base_url,
    });
    Outcome::new("ok", Answer::json(StatusCode::OK, body))
}

fn success(call: &Call, client: &Client, issued: &Issued, scopes: &[String], id_token: Option<String>) -> Outcome {
    let mut body = json!({
        "access_token": issued.access_token,
        "token_type": "bearer",
        "refresh_token": issued.refresh_token,
        "expires_in": client.access_token_seconds,
        "scope": scopes.join(" "),
        "api_url": call.base_url,
    });
    if let (Some(id_token), Some(members)) = (id_token, body.as_object_mut()) {
        members.insert("id_token".to_owned(), id_token.into());
    }
    Outcome::new("ok", Answer::json(StatusCode::OK, body))
}
