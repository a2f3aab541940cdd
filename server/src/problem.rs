//! Errors of the API: RFC 9457 problems.

pub(crate) mod codes;

pub(crate) use codes::Code;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::connected_accounts::StatusReason;
use model::ids::ConnectedAccountId;
use serde::Serialize;
use std::collections::BTreeMap;
use vault::{Invalid, Millis, SECOND, VaultError};

/// Why a request was not done. `layers::request_log` writes it out, with the request's id.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Contents>);

#[derive(Clone, Debug, Serialize)]
struct Contents {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    code: Code,
    request_id: String,
    /// What is wrong, by the member's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<Box<StatusReason>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    connected_accounts: Vec<ConnectedAccountId>,
    #[serde(skip)]
    retry_after: Option<Millis>,
}

/// Where the reference says what a code means.
fn type_of(code: Code, public_origin: &str) -> String {
    format!("{public_origin}/docs/problems#{}", code.as_str())
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Contents {
            r#type: String::new(),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code,
            request_id: String::new(),
            fields: BTreeMap::new(),
            status_reason: None,
            connected_accounts: Vec::new(),
            retry_after: None,
        }))
    }

    pub(crate) fn not_found() -> Self {
        let detail = "There is no such thing, or it belongs to another application.";
        Self::new(Code::NotFound, detail)
    }

    pub(crate) fn unauthorized() -> Self {
        let detail = "Send a valid API key of the application: Authorization: Bearer kb_…";
        Self::new(Code::Unauthorized, detail)
    }

    pub(crate) fn internal() -> Self {
        let detail = "Something went wrong here; the log knows more under the request's id. Try again in a moment.";
        Self::new(Code::InternalError, detail)
    }

    fn database_away() -> Self {
        let detail = "Keybearer cannot reach its database. Try again after Retry-After.";
        Self::new(Code::DatabaseUnavailable, detail).after(5 * SECOND)
    }

    pub(crate) fn invalid(invalid: Invalid) -> Self {
        let mut problem = Self::new(Code::InvalidRequest, invalid.summary);
        for (name, message) in invalid.fields {
            let known = problem.0.fields.entry(name).or_default();
            if !known.is_empty() {
                known.push(' ');
            }
            known.push_str(&message);
        }
        problem
    }

    pub(crate) fn unreadable_body(status: StatusCode) -> Self {
        let code = if status == StatusCode::PAYLOAD_TOO_LARGE { Code::TooLarge } else { Code::UnreadableBody };
        Self::new(code, "Bodies may have at most 64 KiB, and must arrive whole.")
    }

    /// `who` has called too often; `wait` is until there is room again.
    pub(crate) fn rate_limited(who: &str, wait: Millis) -> Self {
        let detail = format!("{who} has called more often than RateLimit-Policy allows: wait for Retry-After.");
        Self::new(Code::TooManyRequests, detail).after(wait)
    }

    pub(crate) fn too_many(retry_after: Millis) -> Self {
        Self::new(Code::TooManyRequests, "Wait before the next try; see Retry-After.").after(retry_after)
    }

    /// The same under another code.
    pub(crate) fn coded(mut self, code: Code) -> Self {
        (self.0.code, self.0.title, self.0.status) = (code, code.title(), code.status().as_u16());
        self
    }

    /// Says when to try again.
    pub(crate) fn after(mut self, retry_after: Millis) -> Self {
        self.0.retry_after = Some(retry_after);
        self
    }

    /// The problem as it is written, without the name of its request.
    pub(crate) fn to_json(&self, public_origin: &str) -> String {
        let mut contents = self.0.clone();
        contents.r#type = type_of(contents.code, public_origin);
        serde_json::to_string(&contents).unwrap_or_default()
    }

    /// Writes the problem, which now knows its request. Its type leads to what the reference says about its code.
    pub(crate) fn write(mut self, response: &mut Response, request_id: &str, public_origin: &str) {
        self.0.request_id = request_id.to_owned();
        self.0.r#type = type_of(self.0.code, public_origin);
        *response.body_mut() = serde_json::to_vec(&self.0).unwrap_or_default().into();
        self.set_headers(response.headers_mut());
    }

    fn set_headers(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(header::CONTENT_LENGTH);
        if self.0.code.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from((wait + SECOND - 1).max(SECOND) / SECOND));
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NotFound => Self::not_found(),
            VaultError::Forbidden => {
                let detail = "The caller's role does not allow this.";
                Self::new(Code::Forbidden, detail)
            }
            VaultError::MissingScope(scope) => {
                let detail = format!(
                    "This call needs the scope {scope}, which this API key does not have: use a key that has it."
                );
                Self::new(Code::MissingScope, detail)
            }
            VaultError::SourceNotAllowed => {
                let detail = "This API key is not taken from the address that the request comes from.";
                Self::new(Code::SourceNotAllowed, detail)
            }
            VaultError::ProxyOnly => {
                let detail = "The application or this API key is set to proxy-only, so no token is handed out: call the provider \
                              through /v1/proxy.";
                Self::new(Code::ProxyOnly, detail)
            }
            VaultError::Invalid(invalid) => Self::invalid(invalid),
            VaultError::Conflict { code, detail } => Self::new(known(code, Code::Conflict), detail),
            VaultError::NeedsReconnect(reason) => {
                let mut problem = Self::new(Code::NeedsReconnect, reason.detail.clone());
                problem.0.status_reason = Some(reason);
                problem
            }
            VaultError::Revoked => {
                let detail = "This connected account is revoked, which is final: the end user can connect anew.";
                Self::new(Code::Revoked, detail)
            }
            VaultError::ProviderConfigDisabled => {
                let detail = "The provider config is switched off or removed; a member can switch it on in the portal.";
                Self::new(Code::ProviderConfigDisabled, detail)
            }
            VaultError::Unavailable { code, detail, retry_after } => {
                Self::new(known(code, Code::ProviderUnavailable), detail).after(retry_after)
            }
            VaultError::NotProxied(refusal) => crate::http::api::proxy::problem(refusal),
            VaultError::SeveralAccounts(ids) => {
                let detail = "Several connected accounts fit: ask for one by its id.";
                let mut problem = Self::new(Code::SeveralAccounts, detail);
                problem.0.connected_accounts = ids;
                problem
            }
            VaultError::AlreadyConnected { detail, accounts } => {
                let mut problem = Self::new(Code::AlreadyConnected, detail);
                problem.0.connected_accounts = accounts;
                problem
            }
            VaultError::TooManyAttempts { retry_after } => Self::too_many(retry_after),
            error @ (VaultError::Unsealable(_) | VaultError::Settings(_) | VaultError::Internal { .. }) => {
                log_failure(&error);
                if error.is_database_away() { Self::database_away() } else { Self::internal() }
            }
        }
    }
}

/// The code of a name that the vault gave. One without words in the table is told as its kind, and the log says so.
fn known(name: &'static str, kind: Code) -> Code {
    Code::of(name).unwrap_or_else(|| {
        tracing::error!(code = name, "A problem's code is not documented.");
        kind
    })
}

/// Writes a failure of ours down with its causes, once; the request's span names the request.
pub(crate) fn log_failure(error: &VaultError) {
    tracing::error!(error = vault::chain(error), "A request failed.");
}
