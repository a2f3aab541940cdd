use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where a client hears of removals, and how the sandbox misbehaves there.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticeEndpoint {
    /// The deauthorization endpoint; while it is empty no notices are sent.
    pub url: String,
    /// What notices are signed with: 22 characters, made up when empty, or kept if the client exists already.
    #[serde(skip_serializing)]
    pub secret_token: String,
    /// Sign with another secret.
    pub signed_wrongly: bool,
    /// Sign with a time so long ago; in the future when negative.
    pub signed_ago_seconds: i64,
    /// What notices say of the user's data.
    pub user_data_retention: DataRetention,
}

/// What stands in a notice as `user_data_retention`. All of these have been seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataRetention {
    /// `null`
    #[default]
    Null,
    /// The member is missing.
    Absent,
    /// `"true"`
    TextTrue,
    /// `"false"`
    TextFalse,
    /// `true`
    True,
    /// `false`
    False,
}

impl DataRetention {
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Null => Some(Value::Null),
            Self::TextTrue => Some(json!("true")),
            Self::TextFalse => Some(json!("false")),
            Self::True => Some(json!(true)),
            Self::False => Some(json!(false)),
        }
    }
}
