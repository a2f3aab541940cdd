//! What a token endpoint answers when it gives tokens (RFC 6749, 5.1).

use super::{member, text};
use crate::catalogue::Entry;
use crate::clock::{DAY, Millis, SECOND};
use crate::secret::Secret;
use serde_json::Value;
use std::collections::BTreeMap;

/// The longest access token life that is believed.
const LONGEST: Millis = 400 * DAY;

/// Tokens, as they came.
pub(crate) struct Tokens {
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    /// OpenID Connect's; believed only once it is checked.
    pub(crate) id_token: Option<Secret>,
    pub(crate) token_type: String,
    /// In milliseconds from the answer; `None` when neither the answer nor the entry says.
    pub(crate) lifetime: Option<Millis>,
    /// `None` when the answer does not say: as requested.
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) api_base_url: Option<String>,
    pub(crate) metadata: BTreeMap<String, Value>,
}

/// Reads an answer of status 2xx.
///
/// # Errors
/// A sentence on what is missing, without any of the answer's content.
pub(crate) fn read(entry: &Entry, body: &[u8]) -> Result<Tokens, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "the answer is not JSON")?;
    let at = &entry.token_response;
    let secret = |path: &str| {
        member(&answer, path).and_then(Value::as_str).filter(|t| !t.is_empty()).map(|t| Secret::new(t.to_owned()))
    };
    let token_type = member(&answer, "token_type").and_then(Value::as_str).unwrap_or("bearer");
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err("the token is not a bearer token");
    }
    let scopes = member(&answer, &at.scope).and_then(|v| scopes(v, &at.scope_separator));
    let api_base = at.api_base.as_ref().and_then(|path| member(&answer, path)).and_then(Value::as_str);
    let keep = at.keep.iter().filter_map(|path| Some((path.clone(), member(&answer, path)?.clone())));
    Ok(Tokens {
        access_token: secret(&at.access_token).ok_or("the answer has no access token")?,
        refresh_token: secret(&at.refresh_token),
        id_token: secret("id_token"),
        token_type: "Bearer".to_owned(),
        lifetime: lifetime(entry, &answer),
        scopes,
        api_base_url: api_base.filter(|b| is_safe(entry, b)).map(|b| format!("{b}{}", at.api_base_suffix)),
        metadata: keep.collect(),
    })
}

/// An API base that an answer names is believed if it is https, or where the entry's own base is.
fn is_safe(entry: &Entry, base: &str) -> bool {
    base.starts_with("https://") || entry.endpoints.api_base.as_ref().is_some_and(|own| own.starts_with(base))
}

/// A missing life is the entry's, never "forever"; one that cannot be is taken as none.
fn lifetime(entry: &Entry, answer: &Value) -> Option<Millis> {
    let said = member(answer, &entry.token_response.expires_in).and_then(text).and_then(|t| t.parse::<f64>().ok());
    let usual = entry.refresh.access_token_seconds.map(|s| Millis::from(s) * SECOND);
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the range first")]
    let said = said.filter(|s| s.is_finite() && *s > 0.0).map(|s| (s * 1_000.0).min(LONGEST as f64) as Millis);
    said.or(usual)
}

fn scopes(value: &Value, separator: &str) -> Option<Vec<String>> {
    match value {
        Value::String(text) => {
            let scopes = text.split(separator).flat_map(str::split_whitespace);
            Some(scopes.map(str::to_owned).collect())
        }
        Value::Array(list) => Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    }
}
