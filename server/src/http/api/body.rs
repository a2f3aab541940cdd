//! Reads JSON bodies member by member, so that every mistake is told at once and none passes unseen.

use crate::problem::{Code, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use vault::Invalid;

/// The members of a body that have not been taken yet, and the mistakes so far.
pub(crate) struct Body {
    members: Map<String, Value>,
    /// The members that there are.
    known: Vec<String>,
    /// Where a nested object stands: `end_user.`.
    inside: String,
    mistakes: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Problem::unreadable_body(rejection.status()))?;
        if bytes.trim_ascii().is_empty() {
            return Ok(Self::of(Map::new(), String::new()));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => Ok(Self::of(members, String::new())),
            Ok(_) => Err(malformed("it is not an object")),
            // The position alone: serde's own words may quote the body.
            Err(error) => Err(malformed(&format!("line {}, column {}", error.line(), error.column()))),
        }
    }
}

impl Body {
    fn of(members: Map<String, Value>, inside: String) -> Self {
        Self { members, known: Vec::new(), inside, mistakes: Vec::new() }
    }

    /// A body whose members were read already.
    pub(crate) fn of_members(members: Map<String, Value>) -> Self {
        Self::of(members, String::new())
    }

    /// Takes a member that may be absent or null.
    pub(crate) fn optional<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.member(name)?
    }

    /// Takes a member for which null means something else than absence: `Some(None)` is null.
    pub(crate) fn member<T: DeserializeOwned>(&mut self, name: &str) -> Option<Option<T>> {
        self.known.push(name.to_owned());
        match self.members.remove(name)? {
            Value::Null => Some(None),
            value => match serde_json::from_value(value) {
                Ok(value) => Some(Some(value)),
                Err(error) => {
                    self.mistake(name, sentence(&error));
                    None
                }
            },
        }
    }

    /// Takes a member that must be there.
    pub(crate) fn required<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        if self.members.get(name).is_none_or(Value::is_null) {
            self.members.remove(name);
            self.known.push(name.to_owned());
            self.mistake(name, "It is missing.");
            return None;
        }
        self.optional(name)
    }

    /// Takes an object that must be there, and reads it with `read`.
    pub(crate) fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let members: Map<String, Value> = self.required(name)?;
        let mut nested = Self::of(members, format!("{}{name}.", self.inside));
        let value = read(&mut nested);
        nested.mistake_unknown();
        self.mistakes.append(&mut nested.mistakes);
        Some(value)
    }

    /// Takes an object that may be absent or null, and reads it with `read`.
    pub(crate) fn optional_object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.members.get(name).is_none_or(Value::is_null) {
            self.members.remove(name);
            self.known.push(name.to_owned());
            return None;
        }
        self.object(name, read)
    }

    /// Refuses members that somebody might expect here, and says why they are not there.
    pub(crate) fn refuse(&mut self, names: &[&str], why: &str) {
        for name in names {
            if self.members.remove(*name).is_some() {
                self.mistake(name, why);
            }
        }
    }

    /// Notes what is wrong with a member.
    pub(crate) fn mistake(&mut self, name: &str, message: impl Into<String>) {
        self.mistakes.push((format!("{}{name}", self.inside), message.into()));
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 with every mistake, members that nobody took among them.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        self.end().map_err(Problem::invalid)
    }

    /// The same for those who answer with no problem.
    ///
    /// # Errors
    /// Every mistake, members that nobody took among them.
    pub(crate) fn end(mut self) -> Result<(), Invalid> {
        self.mistake_unknown();
        if self.mistakes.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.mistakes.iter().map(|(name, _)| name.as_str()).collect();
        let summary = format!("Check these members of the body: {}.", names.join(", "));
        Err(Invalid { summary, fields: self.mistakes })
    }

    fn mistake_unknown(&mut self) {
        let message = unknown("member", &self.known);
        for name in std::mem::take(&mut self.members).keys() {
            // A name is the caller's text: shown, but cut.
            let name: String = name.chars().take(60).collect();
            self.mistake(&name, message.clone());
        }
    }
}

/// What to say of a name that nobody knows: those that there are.
pub(super) fn unknown(thing: &str, known: &[String]) -> String {
    match known {
        [] => format!("There is no such {thing} here; there are none."),
        _ => format!("There is no such {thing} here; there are: {}.", known.join(", ")),
    }
}

fn malformed(what: &str) -> Problem {
    let detail = format!("The body must be one JSON object: {what}.");
    Problem::new(Code::MalformedBody, detail)
}

/// What was expected. Serde says first what it found, which may be a secret at the wrong place.
fn sentence(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once("expected ") {
        Some((_, "u32" | "u64" | "i64")) => "It must be a whole number, and not negative.".to_owned(),
        Some((_, expected)) => format!("It must be {expected}."),
        None => "It has the wrong type or an unknown value.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(value: Value) -> Body {
        Body::of(value.as_object().unwrap().clone(), String::new())
    }

    #[test]
    fn every_mistake_is_told_at_once_and_by_its_name() {
        let mut body = body(json!({ "id": 7, "end_user": { "nmae": "x" }, "more": true }));
        assert_eq!(body.required::<String>("id"), None);
        assert_eq!(body.required::<String>("code"), None);
        body.object("end_user", |u| u.required::<String>("id"));
        let names: Vec<String> = body.mistakes.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names, ["id", "code", "end_user.id", "end_user.nmae"]);
        assert!(body.finish().is_err());
    }

    #[test]
    fn null_is_absence_unless_asked_for() {
        let mut body = body(json!({ "a": null, "b": null }));
        assert_eq!(body.optional::<String>("a"), None);
        assert_eq!(body.member::<String>("b"), Some(None));
        assert_eq!(body.member::<String>("c"), None);
        assert!(body.finish().is_ok());
    }

    #[test]
    fn a_message_never_quotes_the_value() {
        let mut body = body(json!({ "id": ["the secret"], "n": "the secret" }));
        body.required::<String>("id");
        body.required::<i64>("n");
        assert!(body.mistakes.iter().all(|(_, message)| !message.contains("secret")), "{:?}", body.mistakes);
    }
}
