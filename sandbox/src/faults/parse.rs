//! Faults as JSON. Read by hand where serde cannot tell a misspelt field of a flattened enum.

use super::{Fault, FaultKind, Times};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;

const FIELDS: [&str; 15] = [
    "endpoint",
    "grant_type",
    "client_id",
    "user",
    "kind",
    "times",
    "after_work",
    "ms",
    "status",
    "retry_after",
    "body",
    "scope",
    "bytes",
    "error",
    "reason",
];

#[derive(Deserialize)]
struct Frame {
    endpoint: super::Endpoint,
    grant_type: Option<String>,
    client_id: Option<String>,
    user: Option<String>,
    #[serde(default)]
    times: Times,
    #[serde(default)]
    after_work: bool,
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let names = value.as_object().into_iter().flat_map(|object| object.keys());
        if let Some(unknown) = names.into_iter().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(D::Error::custom(format!("a fault has no field {unknown:?}")));
        }
        let kind = FaultKind::deserialize(&value).map_err(D::Error::custom)?;
        let Frame { endpoint, grant_type, client_id, user, times, after_work } =
            Frame::deserialize(value).map_err(D::Error::custom)?;
        Ok(Self { endpoint, grant_type, client_id, user, kind, times, after_work })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Count(u32),
    Word(String),
}

impl Default for Times {
    fn default() -> Self {
        Self::Count(1)
    }
}

impl Serialize for Times {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => Written::Count(*count),
            Self::Forever => Written::Word("forever".into()),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::deserialize(deserializer)? {
            Written::Count(count) => Ok(Self::Count(count)),
            Written::Word(word) if word == "forever" => Ok(Self::Forever),
            Written::Word(word) => Err(D::Error::custom(format!("times is a number or \"forever\", not {word:?}"))),
        }
    }
}
