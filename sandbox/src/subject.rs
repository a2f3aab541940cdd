//! Who and what a request is about, told before any work is done: faults choose by it, the journal shows it.

use crate::{
    authorize::USER_COOKIE, credentials, faults::Endpoint, http::Call, state::State, token_sets::Pair, user::User,
};

#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) endpoint: Endpoint,
    pub(crate) grant_type: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) user: Option<User>,
}

impl Subject {
    pub(crate) fn of(endpoint: Endpoint, state: &State, call: &Call) -> Self {
        let form = call.form();
        let pair = match endpoint {
            Endpoint::Authorize => None,
            Endpoint::Token => token_pair(state, form.get("code"), form.get("refresh_token")),
            Endpoint::Revoke => token_pair(state, None, form.get("token")),
            Endpoint::Users | Endpoint::Api => token_pair(state, None, call.bearer()),
        };
        let named_client = credentials::client_id(call, &form);
        let named_user = form.get("user").or_else(|| call.cookie(USER_COOKIE));
        let user = match &pair {
            Some(pair) => state.user(&pair.user_id),
            None => named_user.filter(|_| endpoint == Endpoint::Authorize).and_then(|user| state.user(user)),
        };
        Self {
            endpoint,
            grant_type: form.get("grant_type").filter(|_| endpoint == Endpoint::Token).map(known_grant_type),
            client_id: named_client
                .filter(|id| state.clients.contains_key(id))
                .or_else(|| pair.map(|pair| pair.client_id)),
            user: user.cloned(),
        }
    }
}

fn token_pair(state: &State, code: Option<&str>, token: Option<&str>) -> Option<Pair> {
    let of_code = || code.and_then(|code| state.codes.find(code)).map(|code| code.pair.clone());
    let of_token = || token.and_then(|token| state.token_sets.find(token)).map(|(pair, _)| pair.clone());
    of_token().or_else(of_code)
}

fn known_grant_type(grant_type: &str) -> String {
    match grant_type {
        "authorization_code" | "refresh_token" | "client_credentials" => grant_type.into(),
        _ => "other".into(),
    }
}
