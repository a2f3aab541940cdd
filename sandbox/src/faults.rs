//! Misbehaviour on request: which requests it hits, how often, and what it does.

mod answers;
mod parse;
mod queue;

pub(crate) use answers::{distort, instead};
pub(crate) use queue::Faults;

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A part of the provider's side of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `/oauth/authorize`
    Authorize,
    /// `/oauth/token`
    Token,
    /// `/oauth/revoke`
    Revoke,
    /// `/v2/users/…`
    Users,
    /// The calls of the API that stream: `/v2/echo` and the like. Faults come before their work.
    Api,
}

impl Endpoint {
    /// The name in the control API and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Revoke => "revoke",
            Self::Users => "users",
            Self::Api => "api",
        }
    }
}

/// Misbehaviour that waits for requests to hit.
///
/// A request meets the faults in the order in which they were set. `Delay` and `Hold` let it go on to the next fault
/// that fits; any other fault decides the answer. So `Delay` and `DropAfter` together are a slow answer that is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where it strikes.
    pub endpoint: Endpoint,
    /// Only token requests of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<String>,
    /// Only requests of this client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Only requests about this user, by id or e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What it does.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many requests are left to hit.
    pub times: Times,
    /// The request does its work first: a refresh rotates, a code is used up. Of meaning for `Hold`, `Status`,
    /// `Garbage`, `Html`, `WrongJson` and `Error`; the other kinds say themselves which they do.
    pub after_work: bool,
}

impl Fault {
    /// A fault that hits the next request to the endpoint, once.
    pub fn new(endpoint: Endpoint, kind: FaultKind) -> Self {
        Self {
            endpoint,
            grant_type: None,
            client_id: None,
            user: None,
            kind,
            times: Times::Count(1),
            after_work: false,
        }
    }

    /// A fault that hits the next refresh, once.
    pub fn refresh(kind: FaultKind) -> Self {
        Self::new(Endpoint::Token, kind).for_grant_type("refresh_token")
    }

    /// A fault that hits the next code exchange, once.
    pub fn exchange(kind: FaultKind) -> Self {
        Self::new(Endpoint::Token, kind).for_grant_type("authorization_code")
    }

    /// Narrows it to token requests of one grant type.
    pub fn for_grant_type(self, grant_type: &str) -> Self {
        Self { grant_type: Some(grant_type.into()), ..self }
    }

    /// Narrows it to one client.
    pub fn for_client(self, client_id: &str) -> Self {
        Self { client_id: Some(client_id.into()), ..self }
    }

    /// Narrows it to one user, by id or e-mail address.
    pub fn for_user(self, user: &str) -> Self {
        Self { user: Some(user.into()), ..self }
    }

    /// Hits this many requests.
    pub fn times(self, times: u32) -> Self {
        Self { times: Times::Count(times), ..self }
    }

    /// Hits every request until the faults are cleared.
    pub fn forever(self) -> Self {
        Self { times: Times::Forever, ..self }
    }

    /// Strikes once the request has done its work.
    pub fn after_work(self) -> Self {
        Self { after_work: true, ..self }
    }
}

/// How many requests a fault hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// So many.
    Count(u32),
    /// Until the faults are cleared. `"forever"` in JSON.
    Forever,
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Waits before the work.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Waits until it is released; before the work, or after it with `after_work`.
    Hold,
    /// Answers with a status of its own.
    Status {
        /// 400 to 599 make sense; 503 where JSON does not say.
        #[serde(default = "unavailable")]
        status: u16,
        /// The `Retry-After` header, verbatim: seconds, an HTTP date, an ISO date, or nonsense.
        #[serde(default)]
        retry_after: Option<String>,
        /// The body, as text; without one it is a JSON error like the provider's.
        #[serde(default)]
        body: Option<String>,
    },
    /// Closes the connection before doing anything.
    DropBefore,
    /// Does the work, then closes the connection without an answer.
    DropAfter,
    /// 200 with something that is not JSON, though it says so.
    Garbage,
    /// A web page.
    Html {
        /// 200 or 502, say.
        #[serde(default = "ok")]
        status: u16,
    },
    /// 200 with `{}`.
    WrongJson,
    /// Does the work, sends half of the answer and closes the connection.
    Truncated,
    /// Does the work; the answer lacks `expires_in`.
    MissingExpiresIn,
    /// Does the work; the answer lacks `refresh_token`.
    MissingRefreshToken,
    /// Does the work; the answer claims another scope.
    SmallerScope {
        /// Space-separated.
        scope: String,
    },
    /// Does the work; the answer is padded to a size nobody should read.
    HugeBody {
        /// Bytes of padding.
        #[serde(default = "huge")]
        bytes: usize,
    },
    /// An error in the provider's envelope.
    Error {
        /// Usually 400.
        #[serde(default = "bad_request")]
        status: u16,
        /// The OAuth error code.
        error: String,
        /// The sentence beside it; without one the member is missing.
        #[serde(default)]
        reason: Option<String>,
    },
}

impl FaultKind {
    /// `Delay` of a duration.
    pub fn delay(duration: Duration) -> Self {
        Self::Delay { ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX) }
    }

    /// `Status` without `Retry-After`.
    pub fn status(status: u16) -> Self {
        Self::Status { status, retry_after: None, body: None }
    }

    /// `Status` with `Retry-After`.
    pub fn retry_after(status: u16, retry_after: &str) -> Self {
        Self::Status { status, retry_after: Some(retry_after.into()), body: None }
    }

    /// `Error` with status 400.
    pub fn error(error: &str, reason: &str) -> Self {
        Self::Error { status: bad_request(), error: error.into(), reason: Some(reason.into()) }
    }

    /// `HugeBody` of 16 MiB.
    pub fn huge_body() -> Self {
        Self::HugeBody { bytes: huge() }
    }

    /// The name in the control API and in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "delay",
            Self::Hold => "hold",
            Self::Status { .. } => "status",
            Self::DropBefore => "drop_before",
            Self::DropAfter => "drop_after",
            Self::Garbage => "garbage",
            Self::Html { .. } => "html",
            Self::WrongJson => "wrong_json",
            Self::Truncated => "truncated",
            Self::MissingExpiresIn => "missing_expires_in",
            Self::MissingRefreshToken => "missing_refresh_token",
            Self::SmallerScope { .. } => "smaller_scope",
            Self::HugeBody { .. } => "huge_body",
            Self::Error { .. } => "error",
        }
    }
}

fn ok() -> u16 {
    200
}

fn bad_request() -> u16 {
    400
}

fn unavailable() -> u16 {
    503
}

fn huge() -> usize {
    16 * 1024 * 1024
}
