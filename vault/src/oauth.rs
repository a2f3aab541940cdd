//! The protocol, in pairs: build a request, check an answer. Both are pure; `http.rs` stands between them.

pub(crate) mod authorize;
mod client_authentication;
pub(crate) mod error;
pub(crate) mod exchange;
pub(crate) mod id_token;
pub(crate) mod identity;
pub(crate) mod probe;
pub(crate) mod refresh;
pub(crate) mod revoke;
pub(crate) mod token_response;

use crate::secret::Secret;

/// A client's credentials, opened for one request.
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
}

/// A member of a JSON value, with dots for nested ones.
pub(crate) fn member<'a>(value: &'a serde_json::Value, path: &str) -> Option<&'a serde_json::Value> {
    path.split('.').try_fold(value, |value, name| value.get(name)).filter(|v| !v.is_null())
}

/// The first of several members that is there, as text.
pub(crate) fn first_text(value: &serde_json::Value, paths: &[String]) -> Option<String> {
    paths.iter().find_map(|path| text(member(value, path)?)).filter(|t| !t.is_empty())
}

/// A text or a number as text.
pub(crate) fn text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
