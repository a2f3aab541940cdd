//! Why a call was not proxied, or has no answer of the provider's.

/// A call without an answer of the provider's.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{detail}")]
pub struct NotProxied {
    /// What kind of reason.
    pub code: NotProxiedCode,
    /// What to do.
    pub detail: String,
}

/// The kinds of reasons, which callers tell apart by a stable word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotProxiedCode {
    /// The provider could take the path for another one.
    PathRefused,
    /// The method is no method of a provider's API.
    MethodRefused,
    /// The key's policy does not allow it.
    PolicyRefused,
    /// The provider's entry names no base of an API.
    NoApiBase,
    /// The request's body is larger than the operator allows.
    RequestTooLarge,
    /// The caller stopped sending the body, or sent it too slowly.
    RequestInterrupted,
    /// The answer says that it is larger than the operator allows.
    AnswerTooLarge,
    /// No connection, or it broke before an answer began.
    Unreachable,
    /// The provider took longer than the operator allows.
    TimedOut,
}

impl NotProxiedCode {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PathRefused => "path_refused",
            Self::MethodRefused => "method_not_allowed",
            Self::PolicyRefused => "not_allowed_by_policy",
            Self::NoApiBase => "no_api_base",
            Self::RequestTooLarge => "too_large",
            Self::RequestInterrupted => "request_interrupted",
            Self::AnswerTooLarge => "answer_too_large",
            Self::Unreachable => "provider_unreachable",
            Self::TimedOut => "provider_timed_out",
        }
    }
}

impl NotProxied {
    pub(super) fn new(code: NotProxiedCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}
