//! The provider's API, as far as an identity call and one useful call go: `/v2/users/…`.

use crate::{
    http::{Answer, Call},
    outcome::Outcome,
    state::State,
    token_sets::{Kind, Standing},
    user::User,
};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use std::borrow::Cow;

const USER_SCOPES: [&str; 3] = ["user:read:user", "user:read", "user_info:read"];
const MEETING_SCOPES: [&str; 2] = ["meeting:read:list_meetings", "meeting:read"];

pub(crate) fn get(state: &mut State, call: &Call) -> Outcome {
    answer(state, call).unwrap_or_else(Into::into)
}

/// OpenID Connect's user info.
pub(crate) fn userinfo(state: &mut State, call: &Call) -> Outcome {
    let (user, _) = match caller(state, call) {
        Ok(known) => known,
        Err(error) => return error.into(),
    };
    let body = json!({"sub": user.id, "name": user.display_name(), "email": user.email});
    Outcome::new("ok", Answer::json(StatusCode::OK, body))
}

/// Whether a call of the API has a token that is good, whatever it was granted for.
pub(crate) fn check(state: &State, call: &Call) -> Result<(), Outcome> {
    caller(state, call).map(drop).map_err(Into::into)
}

fn answer(state: &State, call: &Call) -> Result<Outcome, ApiError> {
    let (user, scopes) = caller(state, call)?;
    let path = call.path.trim_start_matches("/v2/users/");
    let (id, rest) = path.split_once('/').map_or((path, None), |(id, rest)| (id, Some(rest)));
    if id != "me" && id != user.id && id != user.email {
        return Err(ApiError::unknown_user(id));
    }
    let body = match (&call.method, rest) {
        (&Method::GET, None) => profile(user, demand(&scopes, &USER_SCOPES)?),
        (&Method::GET, Some("meetings")) => meetings(user, demand(&scopes, &MEETING_SCOPES)?),
        _ => return Err(ApiError::NO_SUCH_CALL),
    };
    Ok(Outcome::new("ok", Answer::json(StatusCode::OK, body)))
}

/// The user behind the bearer token, and what the token is good for.
fn caller<'a>(state: &'a State, call: &Call) -> Result<(&'a User, Vec<String>), ApiError> {
    if call.query.get("access_token").is_some() {
        return Err(ApiError::TOKEN_IN_QUERY);
    }
    let found = call.bearer().and_then(|token| state.token_sets.find(token));
    let (pair, token) = found.filter(|(_, token)| token.kind == Kind::Access).ok_or(ApiError::INVALID_TOKEN)?;
    if token.standing != Standing::Live {
        return Err(ApiError::INVALID_TOKEN);
    }
    if !token.is_good(state.now()) {
        return Err(ApiError::EXPIRED_TOKEN);
    }
    let user = state.user(&pair.user_id).ok_or_else(|| ApiError::unknown_user(&pair.user_id))?;
    Ok((user, token.scopes.clone()))
}

/// Proof that one of the scopes was granted.
struct Granted;

fn demand(granted: &[String], any_of: &[&str]) -> Result<Granted, ApiError> {
    if granted.iter().any(|scope| any_of.contains(&scope.as_str())) {
        return Ok(Granted);
    }
    Err(ApiError::missing_scope(any_of.first().copied().unwrap_or_default()))
}

fn profile(user: &User, _: Granted) -> Value {
    json!({
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "display_name": user.display_name(),
        "email": user.email,
        "type": 2,
        "role_name": if user.admin { "Admin" } else { "Member" },
        "role_id": if user.admin { "1" } else { "2" },
        "pmi": 5_550_100_123_u64,
        "use_pmi": false,
        "timezone": "Europe/London",
        "verified": 1,
        "dept": "",
        "created_at": "2024-01-15T09:00:00Z",
        "user_created_at": "2024-01-15T09:00:00Z",
        "language": "en-US",
        "phone_numbers": [],
        "account_id": user.account_id,
        "account_number": 100_000_001,
        "status": "active",
        "job_title": "",
        "location": "",
        "login_types": [100],
        "group_ids": [],
        "im_group_ids": [],
        "custom_attributes": [],
        "plan_united_type": "1",
    })
}

fn meetings(user: &User, _: Granted) -> Value {
    let meeting = |id: u64, topic: &str, start: &str, minutes: u32| {
        json!({
            "id": id, "topic": topic, "type": 2, "start_time": start, "duration": minutes, "timezone": "Europe/London",
            "host_id": user.id, "join_url": format!("https://zoom.example/j/{id}"), "created_at": "2026-11-01T09:00:00Z",
        })
    };
    json!({
        "page_size": 30,
        "total_records": 2,
        "next_page_token": "",
        "meetings": [
            meeting(81_234_567_890, "Weekly planning", "2026-12-01T10:00:00Z", 30),
            meeting(81_234_567_891, &format!("Coffee with {}", user.first_name), "2026-12-03T15:30:00Z", 45),
        ],
    })
}

struct ApiError {
    status: StatusCode,
    code: u16,
    words: &'static str,
    message: Cow<'static, str>,
}

impl ApiError {
    const INVALID_TOKEN: Self = Self::unauthorized("invalid token", "Invalid access token.");
    const EXPIRED_TOKEN: Self = Self::unauthorized("expired token", "Access token is expired.");
    const TOKEN_IN_QUERY: Self = Self::unauthorized(
        "token in the query",
        "Invalid access token, this access token is not supported as query parameter string.",
    );
    const NO_SUCH_CALL: Self = Self {
        status: StatusCode::NOT_FOUND,
        code: 2300,
        words: "no such call",
        message: Cow::Borrowed("This API endpoint is not recognized."),
    };

    const fn unauthorized(words: &'static str, message: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: 124, words, message: Cow::Borrowed(message) }
    }

    fn missing_scope(scope: &str) -> Self {
        let message = Cow::Owned(format!("Invalid access token, does not contain scopes:[{scope}]."));
        Self { status: StatusCode::BAD_REQUEST, code: 4711, words: "missing scope", message }
    }

    fn unknown_user(user: &str) -> Self {
        let message = Cow::Owned(format!("User does not exist: {user}."));
        Self { status: StatusCode::NOT_FOUND, code: 1001, words: "no such user", message }
    }
}

impl From<ApiError> for Outcome {
    fn from(error: ApiError) -> Self {
        Self::new(error.words, Answer::json(error.status, json!({"code": error.code, "message": error.message})))
    }
}
