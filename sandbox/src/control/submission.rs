//! What a control call brings, as JSON or from a form of the control page, and the answer in kind.

use super::ControlError;
use crate::{
    http::{Answer, Call},
    pages,
};
use hyper::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The fields that are numbers; a form has only text.
const NUMBERS: [&str; 6] = ["seconds", "ms", "status", "times", "bytes", "signed_ago_seconds"];
/// The fields that are yes or no.
const FLAGS: [&str; 2] = ["after_work", "signed_wrongly"];

pub(crate) struct Submission(Map<String, Value>);

impl Submission {
    pub(crate) fn read(call: &Call) -> Result<Self, ControlError> {
        if is_form(call) {
            let form = call.form();
            let filled = form.iter().filter(|(_, value)| !value.is_empty());
            return Ok(Self(filled.map(|(name, value)| (name.to_owned(), typed(name, value))).collect()));
        }
        if call.body.is_empty() {
            return Ok(Self(Map::new()));
        }
        let fields = serde_json::from_slice(&call.body);
        fields.map(Self).map_err(|error| ControlError::new(format!("The body is not a JSON object: {error}.")))
    }

    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, ControlError> {
        T::deserialize(Value::Object(self.0.clone())).map_err(|error| ControlError::new(format!("{error}.")))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(crate) fn need(&self, name: &str) -> Result<&str, ControlError> {
        self.get(name).ok_or_else(|| ControlError::new(format!("{name} is missing.")))
    }

    pub(crate) fn need_two(&self, one: &str, other: &str) -> Result<(&str, &str), ControlError> {
        Ok((self.need(one)?, self.need(other)?))
    }

    pub(crate) fn need_seconds(&self) -> Result<i64, ControlError> {
        let seconds = self.0.get("seconds").and_then(Value::as_i64).filter(|seconds| *seconds >= 0);
        seconds.ok_or_else(|| ControlError::new("seconds is a number, and time goes forward only."))
    }
}

/// JSON gets the result; a form gets back to its page, or to where the result leads.
pub(crate) fn accepted(call: &Call, result: Value) -> Answer {
    if !is_form(call) {
        return Answer::json(StatusCode::OK, result);
    }
    let location = result.get("location").and_then(Value::as_str).unwrap_or("/");
    Answer::redirect(StatusCode::SEE_OTHER, location)
}

pub(crate) fn refused(call: &Call, error: &ControlError) -> Answer {
    if is_form(call) {
        return pages::refusal("That did not work", &error.to_string());
    }
    Answer::json(StatusCode::BAD_REQUEST, json!({"error": error.to_string()}))
}

fn is_form(call: &Call) -> bool {
    call.has_content_type("application/x-www-form-urlencoded")
}

fn typed(name: &str, value: &str) -> Value {
    match value.parse::<i64>() {
        Ok(number) if NUMBERS.contains(&name) => number.into(),
        _ if FLAGS.contains(&name) => (value == "true" || value == "on").into(),
        _ => value.into(),
    }
}
