//! What an entry says of the notices that its provider sends: how they are signed, and where things stand in them.

use http::HeaderName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a provider tells that a user has ended an authorization.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderEvents {
    /// The provider's own word for the secret that notices are signed with.
    #[serde(default = "webhook_secret")]
    pub secret_label: String,
    /// The provider's own word for the address that notices are sent to.
    #[serde(default = "events_url")]
    pub url_label: String,
    /// How a notice is signed.
    pub signature: Signature,
    /// Where a notice's name stands.
    pub event: Pointer,
    /// Names that mean: the user has ended the authorization.
    pub ends_grant: Vec<String>,
    /// The provider's id of the user; of several places the first that holds something counts, here and below.
    pub user_id: Vec<Pointer>,
    /// The user's company, workspace or account.
    #[serde(default)]
    pub tenant_id: Vec<Pointer>,
    /// The OAuth client that it is about. Without a place, a notice concerns every client of the provider config.
    #[serde(default)]
    pub client_id: Vec<Pointer>,
    /// When the authorization ended: what was granted later is not meant.
    pub ended_at: Vec<When>,
    /// Whether the user lets the application keep data.
    #[serde(default)]
    pub retention: Vec<Pointer>,
    /// How scopes end that only an app of a whole tenant can have. A notice about a user whom nobody here knows ends
    /// the tenant's authorizations with such scopes: whoever installed the app for the tenant has removed it.
    #[serde(default)]
    pub tenant_wide_scopes: Vec<String>,
    /// How the provider makes sure that the address answers.
    pub challenge: Option<Challenge>,
}

fn webhook_secret() -> String {
    "Webhook secret".to_owned()
}

fn events_url() -> String {
    "Provider events URL".to_owned()
}

/// HMAC-SHA256 under the webhook secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// What is signed, with `{timestamp}` and, at the end, `{body}`: the raw bytes.
    pub signed: Signed,
    /// The header with the signature.
    pub header: Header,
    /// What stands before the signature in its header.
    #[serde(default)]
    pub prefix: String,
    /// What the signature is written in.
    #[serde(default)]
    pub encoding: Encoding,
    /// The header with the time of signing, as it is signed.
    pub timestamp_header: Header,
    /// What that time is counted in.
    #[serde(default)]
    pub timestamp_unit: TimeUnit,
    /// How old a notice may be. Retries may come hours later with the first signature.
    #[serde(default = "a_day")]
    pub past_seconds: u32,
    /// How far the provider's clock may be ahead.
    #[serde(default = "five_minutes")]
    pub future_seconds: u32,
    /// Headers of older schemes, whose presence is worth a word in the log when a check fails.
    #[serde(default)]
    pub other_headers: Vec<Header>,
}

fn a_day() -> u32 {
    24 * 3600
}

fn five_minutes() -> u32 {
    5 * 60
}

/// A request that only wants an answer made with the secret. It is answered only when it is signed: otherwise anybody
/// could have forged notices signed here.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// Its name.
    pub event: String,
    /// Where the token stands that is to be given back.
    pub token: Pointer,
    /// The answer's members; `{token}` is the token, `{hmac}` its HMAC-SHA256 under the webhook secret.
    pub answer: BTreeMap<String, String>,
    /// What that HMAC is written in.
    #[serde(default)]
    pub encoding: Encoding,
}

/// A moment within a notice.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Where it stands.
    pub at: Pointer,
    /// How it is written.
    pub format: TimeFormat,
}

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// `2026-01-02T03:04:05.678Z`.
    Rfc3339,
    /// Unix seconds, as a number or as text.
    Seconds,
    /// Unix milliseconds, as a number or as text.
    Milliseconds,
}

/// What a time of signing is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Unix seconds.
    #[default]
    Seconds,
    /// Unix milliseconds.
    Milliseconds,
}

/// What bytes are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Lower-case hexadecimal digits.
    #[default]
    Hex,
    /// Base64 with padding.
    Base64,
}

/// A place in a JSON document (RFC 6901): `/payload/user_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pointer(String);

impl Pointer {
    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.len() > 1 && text.starts_with('/') {
            return Ok(Self(text));
        }
        Err(format!("\"{text}\" is not a place in JSON; write \"/payload/user_id\""))
    }
}

impl From<Pointer> for String {
    fn from(pointer: Pointer) -> Self {
        pointer.0
    }
}

/// The name of a header, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Header(HeaderName);

impl Header {
    /// The header's name.
    pub fn name(&self) -> &HeaderName {
        &self.0
    }
}

impl TryFrom<String> for Header {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = HeaderName::from_lowercase(text.as_bytes());
        name.map(Self).map_err(|_| format!("\"{text}\" is not the name of a header in lower case"))
    }
}

impl From<Header> for String {
    fn from(header: Header) -> Self {
        header.0.as_str().to_owned()
    }
}

/// What is signed: text around the time of signing, then the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signed {
    before: String,
    between: String,
}

impl Signed {
    /// What comes before the body.
    pub fn before_body(&self, timestamp: &str) -> String {
        format!("{}{timestamp}{}", self.before, self.between)
    }
}

impl TryFrom<String> for Signed {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.strip_suffix("{body}").and_then(|rest| rest.split_once("{timestamp}"));
        match parts {
            Some((before, between)) if !between.contains('{') && !before.contains('{') => {
                Ok(Self { before: before.to_owned(), between: between.to_owned() })
            }
            _ => Err(format!(
                "\"{text}\" must hold {{timestamp}} once and end in {{body}}: \"v0:{{timestamp}}:{{body}}\""
            )),
        }
    }
}

impl From<Signed> for String {
    fn from(signed: Signed) -> Self {
        format!("{}{{timestamp}}{}{{body}}", signed.before, signed.between)
    }
}

/// What the fields cannot check by themselves.
pub(super) fn check(events: &ProviderEvents) -> Result<(), String> {
    let empty = [
        ("ends_grant", events.ends_grant.is_empty()),
        ("user_id", events.user_id.is_empty()),
        ("ended_at", events.ended_at.is_empty()),
    ];
    if let Some((name, _)) = empty.into_iter().find(|(_, empty)| *empty) {
        return Err(format!("provider_events.{name} is empty"));
    }
    let Some(challenge) = &events.challenge else { return Ok(()) };
    if events.ends_grant.contains(&challenge.event) {
        return Err("provider_events.challenge.event stands in provider_events.ends_grant too".into());
    }
    if challenge.answer.values().any(|text| text.contains("{hmac}")) {
        return Ok(());
    }
    Err("provider_events.challenge.answer has no member with {hmac}".into())
}
