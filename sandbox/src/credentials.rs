//! Who asks at the token and revocation endpoints: HTTP Basic, or two fields of the form.

use crate::{
    client::Client,
    http::{Call, Form},
    state::State,
    token_error::TokenError,
};
use subtle::ConstantTimeEq;

/// The client that the request proves to be.
pub(crate) fn authenticate(state: &State, call: &Call, form: &Form) -> Result<Client, TokenError> {
    let (id, secret) = presented(call, form).ok_or(TokenError::MISSING_CREDENTIALS)?;
    let client = state.clients.get(&id).ok_or(TokenError::WRONG_CREDENTIALS)?;
    let is = |known: &str| !known.is_empty() && bool::from(known.as_bytes().ct_eq(secret.as_bytes()));
    if !is(&client.client_secret) && !is(&client.second_secret) {
        return Err(TokenError::WRONG_CREDENTIALS);
    }
    if client.disabled {
        return Err(TokenError::CLIENT_DISABLED);
    }
    Ok(client.clone())
}

/// The client that the request claims to be.
pub(crate) fn client_id(call: &Call, form: &Form) -> Option<String> {
    let named = || form.get("client_id").or_else(|| call.query.get("client_id")).map(Into::into);
    call.basic().map(|(id, _)| id).or_else(named)
}

fn presented(call: &Call, form: &Form) -> Option<(String, String)> {
    call.basic().or_else(|| Some((form.get("client_id")?.into(), form.get("client_secret")?.into())))
}
