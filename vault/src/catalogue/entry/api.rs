//! The provider's API, as far as the proxy must know it.

use crate::catalogue::provider_events::{Header, Pointer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The provider's API, as far as the proxy must know it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// Hosts that a token answer may name as the API's base for its account (`token_response.api_base`), beside the host
    /// of `endpoints.api_base`.
    pub hosts: Vec<ApiHost>,
    /// Answers that mean: the access token has expired. A call that gets one is made again with a new token, once.
    pub expired: Vec<ExpiredRule>,
}

impl Api {
    /// Entries without anything to say keep the snapshot that they have always had.
    pub(super) fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.expired.is_empty()
    }
}

/// A host, or `*.example.com` for every host right below a domain and further down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiHost(String);

impl ApiHost {
    /// Whether it is this host, in lower case.
    pub fn covers(&self, host: &str) -> bool {
        match self.0.strip_prefix('*') {
            Some(domain) => host.len() > domain.len() && host.ends_with(domain),
            None => host == self.0,
        }
    }
}

impl TryFrom<String> for ApiHost {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = text.strip_prefix("*.").unwrap_or(&text);
        let label = |label: &str| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        // A top-level domain alone would be everybody's.
        if name.contains('.') && name.split('.').all(label) {
            return Ok(Self(text));
        }
        Err(format!("\"{text}\" is not a host in lower case such as api.example.com or *.example.com"))
    }
}

impl From<ApiHost> for String {
    fn from(host: ApiHost) -> Self {
        host.0
    }
}

/// An answer that means that the access token has expired. All that is given must fit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiredRule {
    /// The answer's status.
    pub status: u16,
    /// A header that must be there.
    pub header: Option<Header>,
    /// What the header must contain, letter case aside.
    pub header_words: Option<String>,
    /// A place in the answer's JSON that must be there.
    pub body_pointer: Option<Pointer>,
    /// What must stand at that place.
    pub value: Option<Scalar>,
}

/// A number or a text in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl Scalar {
    /// Whether a JSON value is it; a number may be written as text.
    pub fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Number(expected), Value::Number(found)) => found.as_i64() == Some(*expected),
            (Self::Number(expected), Value::String(found)) => found.parse() == Ok(*expected),
            (Self::Text(expected), Value::String(found)) => found == expected,
            _ => false,
        }
    }
}

/// What the types do not check.
pub(in crate::catalogue) fn check(api: &Api) -> Result<(), String> {
    for rule in &api.expired {
        if !(400..=499).contains(&rule.status) {
            return Err(format!("api.expired.status: {} is no status of a refused request, such as 401", rule.status));
        }
        if rule.value.is_some() && rule.body_pointer.is_none() {
            return Err("api.expired.value needs api.expired.body_pointer".into());
        }
        if rule.header_words.is_some() && rule.header.is_none() {
            return Err("api.expired.header_words needs api.expired.header".into());
        }
        if rule.header.is_none() && rule.body_pointer.is_none() && rule.status != 401 {
            return Err("api.expired: by its status alone only 401 may count; add a header or a body_pointer".into());
        }
    }
    Ok(())
}
