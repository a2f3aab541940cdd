//! What stands in a notice, found by the entry's pointers. Unknown members and their order do not matter.

use crate::catalogue::{Pointer, ProviderEvents, TimeFormat, When};
use crate::clock::{Millis, SECOND};
use serde_json::Value;

/// A notice whose signature is good.
pub(super) struct Notice {
    /// Its name; `None`, when the body is no such thing.
    pub(super) name: Option<String>,
    /// The provider's id of the user.
    pub(super) user_id: Option<String>,
    /// The user's tenant.
    pub(super) tenant_id: Option<String>,
    /// The OAuth client id.
    pub(super) client_id: Option<String>,
    /// When the authorization ended.
    pub(super) ended_at: Option<Millis>,
    /// Whether data may be kept, if it says so.
    pub(super) retention: Option<bool>,
    document: Value,
}

impl Notice {
    pub(super) fn read(entry: &ProviderEvents, body: &[u8]) -> Self {
        let document: Value = serde_json::from_slice(body).unwrap_or_default();
        let text_at = |places: &[Pointer]| places.iter().find_map(|at| text(document.pointer(at.as_str())?));
        let name = document.pointer(entry.event.as_str()).and_then(Value::as_str).map(str::to_owned);
        Self {
            name,
            user_id: text_at(&entry.user_id),
            tenant_id: text_at(&entry.tenant_id),
            client_id: text_at(&entry.client_id),
            ended_at: entry.ended_at.iter().find_map(|when| moment(&document, when)),
            retention: entry.retention.iter().find_map(|at| yes_or_no(document.pointer(at.as_str())?)),
            document,
        }
    }

    /// The token that a challenge wants back, if this is one.
    pub(super) fn challenge_token(&self, entry: &ProviderEvents) -> Option<&str> {
        let challenge = entry.challenge.as_ref().filter(|c| self.name.as_deref() == Some(c.event.as_str()))?;
        self.document.pointer(challenge.token.as_str())?.as_str().filter(|token| !token.is_empty())
    }

    /// The name for the log: a provider's text, cut.
    pub(super) fn loggable_name(&self) -> String {
        let name = self.name.as_deref().unwrap_or("(none)");
        name.chars().filter(|c| c.is_ascii_graphic()).take(60).collect()
    }
}

/// An id: text, or a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn moment(document: &Value, when: &When) -> Option<Millis> {
    let text = text(document.pointer(when.at.as_str())?)?;
    match when.format {
        TimeFormat::Rfc3339 => text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
        TimeFormat::Seconds => text.parse::<Millis>().ok()?.checked_mul(SECOND),
        TimeFormat::Milliseconds => text.parse().ok(),
    }
}

/// Providers have written it as a boolean, as text and as null.
fn yes_or_no(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(answer) => Some(*answer),
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}
