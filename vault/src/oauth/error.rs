//! What a token endpoint's refusal means, by the entry's rules.

use crate::catalogue::{Entry, ErrorClass};
use crate::clock::{Clock, DAY, Millis, SECOND};
use crate::http::Answer;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

/// How long to wait at most because a provider says so.
const LONGEST_WAIT: Millis = DAY;

/// What an answer without tokens means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The code or refresh token is not good.
    NeedsReconnect(String),
    /// The client's credentials are wrong.
    ProviderConfigWrong(String),
    /// Nothing was done; `Some` when the provider says how long to wait, in milliseconds.
    NotProcessed(String, Option<Millis>),
    /// Nobody knows whether anything was done.
    Unknown(String),
}

/// Reads an answer that brought no tokens. `None` when it is a 2xx without an error in it.
pub(crate) fn refusal(entry: &Entry, answer: &Answer, clock: &Clock) -> Option<Refusal> {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let code = body.as_ref().and_then(|b| b.get("error")).and_then(Value::as_str);
    let status = answer.status;
    if status.is_success() && code.is_none() {
        return None;
    }
    let words = words(status, body.as_ref());
    let wait = retry_after(&answer.headers, clock);
    // Before the rules: a provider that is busy may well answer in its usual envelope.
    if status == StatusCode::TOO_MANY_REQUESTS || (status == StatusCode::SERVICE_UNAVAILABLE && wait.is_some()) {
        return Some(Refusal::NotProcessed(words, wait));
    }
    if status.is_server_error() {
        return Some(Refusal::Unknown(words));
    }
    let fits = |rule: &&crate::catalogue::ErrorRule| {
        let lower = words.to_lowercase();
        rule.error.as_deref().is_none_or(|e| code == Some(e))
            && rule.words.as_ref().is_none_or(|w| lower.contains(&w.to_lowercase()))
    };
    Some(match entry.errors.iter().find(fits).map(|rule| rule.class) {
        Some(ErrorClass::NeedsReconnect) => Refusal::NeedsReconnect(words),
        Some(ErrorClass::ProviderConfigWrong) => Refusal::ProviderConfigWrong(words),
        Some(ErrorClass::NotProcessed) => Refusal::NotProcessed(words, wait),
        None => Refusal::Unknown(words),
    })
}

/// The provider's own words, cut: `Invalid client_id or client_secret (invalid_client, 400)`.
pub(crate) fn words(status: StatusCode, body: Option<&Value>) -> String {
    let text = |name: &str| body.and_then(|b| b.get(name)).and_then(Value::as_str).map(clean).filter(|t| !t.is_empty());
    let sentence = ["error_description", "reason", "message", "error_message"].into_iter().find_map(text);
    let status = status.as_u16();
    match (sentence, text("error")) {
        (Some(sentence), Some(code)) => format!("{sentence} ({code}, {status})"),
        (Some(sentence), None) => format!("{sentence} ({status})"),
        (None, Some(code)) => format!("{code} ({status})"),
        (None, None) => format!("status {status} without an explanation"),
    }
}

/// Without line breaks and control characters, not too long, and without anything that may be a token: a provider can
/// quote what it was sent.
pub(crate) fn clean(text: &str) -> String {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = shown.split(' ').filter(|word| !word.is_empty()).collect();
    let told: Vec<&str> = words.into_iter().map(|word| if may_be_secret(word) { "[redacted]" } else { word }).collect();
    told.join(" ").chars().take(200).collect::<String>().trim().to_owned()
}

/// A run of 20 characters or more such as tokens are made of, with a digit in it; prose and error codes have none.
fn may_be_secret(word: &str) -> bool {
    let of_a_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=%".contains(c);
    word.split(|c| !of_a_token(c)).any(|run| run.len() >= 20 && run.bytes().any(|b| b.is_ascii_digit()))
}

/// Seconds, an HTTP date, or an ISO 8601 date-time.
pub(crate) fn retry_after(headers: &HeaderMap, clock: &Clock) -> Option<Millis> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<i64>() {
        Ok(seconds) => seconds.saturating_mul(SECOND),
        Err(_) => {
            let at = text.parse::<Timestamp>().ok().or_else(|| http_date(text))?;
            at.as_millisecond() - clock.now()
        }
    };
    Some(wait.clamp(SECOND, LONGEST_WAIT))
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn retry_after_has_three_forms() {
        let clock = Clock::manual(1_700_000_000_000);
        let check = |text: &'static str| {
            retry_after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]), &clock)
        };
        assert_eq!(check("30"), Some(30_000));
        assert_eq!(check("0"), Some(1_000));
        assert_eq!(check("2023-11-14T22:14:20Z"), Some(60_000));
        assert_eq!(check("Tue, 14 Nov 2023 22:14:20 GMT"), Some(60_000));
        assert_eq!(check("9999999999"), Some(DAY));
        assert_eq!(check("soon"), None);
    }

    #[test]
    fn what_may_be_a_token_is_not_repeated() {
        let check = |said: &str, told: &str| assert_eq!(clean(said), told);
        check("Invalid Token! eyJzdiI6IjAwMDAwMSIsImFsZyI6IkhTNTEyIn0.x", "Invalid Token! [redacted]");
        check("token 'a3f5a3f5a3f5a3f5a3f5' is unknown", "token [redacted] is unknown");
        check(
            "Scope meeting:read:list_meetings:admin is missing, error 4711",
            "Scope meeting:read:list_meetings:admin is missing, error 4711",
        );
        check("unsupported_authentication_method", "unsupported_authentication_method");
    }

    #[test]
    fn a_providers_words_are_cut_and_on_one_line() {
        let body = serde_json::json!({ "reason": format!("a\nb{}", "x".repeat(500)), "error": "invalid_grant" });
        let words = words(StatusCode::BAD_REQUEST, Some(&body));
        assert!(words.starts_with("a bxxx") && words.ends_with("(invalid_grant, 400)") && words.len() < 240);
    }
}
