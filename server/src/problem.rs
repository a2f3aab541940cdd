//! Errors of the API: RFC 9457 problems.

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
    #[serde(serialize_with = "as_number")]
    status: StatusCode,
    detail: String,
    code: &'static str,
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

fn type_of(code: &str) -> String {
    format!("urn:keybearer:problem:{code}")
}

fn as_number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Contents {
            r#type: type_of(code),
            title,
            status,
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
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
    }

    pub(crate) fn unauthorized() -> Self {
        let detail = "Send a valid API key of the application: Authorization: Bearer kb_…";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "An API key is needed", detail)
    }

    pub(crate) fn internal() -> Self {
        let detail = "Something went wrong here; the log knows more under the request's id. Try again in a moment.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal error", detail)
    }

    fn database_away() -> Self {
        let detail = "Keybearer cannot reach its database. Try again after Retry-After.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "database_unavailable", "The database does not answer", detail)
            .after(5 * SECOND)
    }

    pub(crate) fn invalid(invalid: Invalid) -> Self {
        let (status, title) = (StatusCode::UNPROCESSABLE_ENTITY, "The request cannot be done as it stands");
        let mut problem = Self::new(status, "invalid_request", title, invalid.summary);
        for (name, message) in invalid.fields {
            let known = problem.0.fields.entry(name).or_default();
            if !known.is_empty() {
                known.push(' ');
            }
            known.push_str(&message);
        }
        problem
    }

    pub(crate) fn too_many(retry_after: Millis) -> Self {
        let title = "Too many attempts";
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            title,
            "Wait before the next try; see Retry-After.",
        )
        .after(retry_after)
    }

    /// The same under another code.
    pub(crate) fn coded(mut self, code: &'static str) -> Self {
        (self.0.code, self.0.r#type) = (code, type_of(code));
        self
    }

    fn after(mut self, retry_after: Millis) -> Self {
        self.0.retry_after = Some(retry_after);
        self
    }

    /// Writes the problem, which now knows its request.
    pub(crate) fn write(mut self, response: &mut Response, request_id: &str) {
        self.0.request_id = request_id.to_owned();
        *response.body_mut() = serde_json::to_vec(&self.0).unwrap_or_default().into();
        self.set_headers(response.headers_mut());
    }

    fn set_headers(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(header::CONTENT_LENGTH);
        if self.0.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from((wait + SECOND - 1).max(SECOND) / SECOND));
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        let conflict = |code, title, detail: String| Self::new(StatusCode::CONFLICT, code, title, detail);
        match error {
            VaultError::NotFound => Self::not_found(),
            VaultError::Forbidden => {
                let detail = "The caller's role does not allow this.";
                Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
            }
            VaultError::Invalid(invalid) => Self::invalid(invalid),
            VaultError::Conflict { code, detail } => conflict(code, "Not possible at the moment", detail),
            VaultError::NeedsReconnect(reason) => {
                let title = "The end user has to connect again";
                let mut problem = conflict("needs_reconnect", title, reason.detail.clone());
                problem.0.status_reason = Some(reason);
                problem
            }
            VaultError::Revoked => {
                let detail = "This connected account is revoked, which is final: the end user can connect anew.";
                Self::new(StatusCode::GONE, "revoked", "Revoked", detail)
            }
            VaultError::ProviderConfigDisabled => {
                let detail = "The provider config is switched off or removed; a member can switch it on in the portal.";
                conflict("provider_config_disabled", "The provider config is disabled", detail.to_owned())
            }
            VaultError::Unavailable { code, detail, retry_after } => {
                let title = "No valid token is left, and none can be had now";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code, title, detail).after(retry_after)
            }
            VaultError::SeveralAccounts(ids) => {
                let detail = "Several connected accounts fit: ask for one by its id.".to_owned();
                let mut problem = conflict("several_accounts", "Several connected accounts fit", detail);
                problem.0.connected_accounts = ids;
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

/// Writes a failure of ours down with its causes, once; the request's span names the request.
pub(crate) fn log_failure(error: &VaultError) {
    tracing::error!(error = vault::chain(error), "A request failed.");
}
