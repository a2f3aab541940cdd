//! What visitors read of the vault's errors. The causes go to the log, once, under the request's id.

use crate::error::{FormError, PageError};
use crate::request;
use crate::session::Visitor;
use leptos::prelude::use_context;
use vault::{Invalid, MINUTE, Millis, SECOND, VaultError};

impl From<VaultError> for PageError {
    /// Gives the answer its status too.
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NotFound => Self::NotFound.answer(),
            VaultError::Forbidden => Self::Forbidden.answer(),
            error => broken(vault::chain(&error)),
        }
    }
}

impl From<VaultError> for FormError {
    /// Gives the answer its status too.
    fn from(error: VaultError) -> Self {
        if let VaultError::TooManyAttempts { retry_after } | VaultError::Unavailable { retry_after, .. } = &error {
            request::set_retry_after((retry_after + SECOND - 1).max(SECOND) / SECOND);
        }
        let (status, error) = form_error(error);
        request::set_status(status);
        error
    }
}

impl From<PageError> for FormError {
    fn from(error: PageError) -> Self {
        Self::new(match error {
            PageError::NotFound => GONE.to_owned(),
            PageError::SignInNeeded => {
                "Your session has ended: sign in in another tab, then send the form again.".to_owned()
            }
            PageError::Forbidden => FORBIDDEN.to_owned(),
            PageError::Internal { request_id } => our_fault(&request_id),
        })
    }
}

const GONE: &str = "This is not there any more: somebody may have removed it. Reload the page.";
const FORBIDDEN: &str = "Your role does not allow this: ask an owner or admin of the organization.";

/// An error in the words of a form, with its status.
pub fn form_error(error: VaultError) -> (u16, FormError) {
    match error {
        VaultError::NotFound => (404, FormError::new(GONE)),
        // The three that are said to API keys reach no member.
        VaultError::Forbidden | VaultError::MissingScope(_) | VaultError::SourceNotAllowed | VaultError::ProxyOnly => {
            (403, FormError::new(FORBIDDEN))
        }
        VaultError::Invalid(invalid) => {
            let error = FormError::new(summary(&invalid));
            (422, invalid.fields.into_iter().fold(error, |error, (name, words)| error.field(name, words)))
        }
        VaultError::Conflict { detail, .. } => (409, FormError::new(detail)),
        VaultError::NeedsReconnect(reason) => {
            (409, FormError::new(format!("The end user has to connect again. {}", reason.detail)))
        }
        VaultError::Revoked => (409, FormError::new("This connected account is revoked, which is final.")),
        VaultError::ProviderConfigDisabled => (409, FormError::new("The provider is disabled: enable it first.")),
        VaultError::AlreadyConnected { detail, .. } => (409, FormError::new(detail)),
        VaultError::SeveralAccounts(_) => (409, FormError::new("Several connected accounts fit: choose one.")),
        VaultError::Unavailable { detail, retry_after, .. } => {
            (503, FormError::new(format!("{} Try again in {}.", sentence(&detail), duration(retry_after))))
        }
        VaultError::NotProxied(refusal) => (502, FormError::new(refusal.detail)),
        VaultError::TooManyAttempts { retry_after } => {
            (429, FormError::new(format!("Too many attempts: try again in {}.", duration(retry_after))))
        }
        error @ (VaultError::Unsealable(_) | VaultError::Settings(_) | VaultError::Internal { .. }) => {
            (500, broken(vault::chain(&error)).into())
        }
    }
}

/// Logs what is our fault and answers 500.
pub(super) fn broken(cause: impl std::fmt::Display) -> PageError {
    let request_id = use_context::<Visitor>().map(|visitor| visitor.request_id).unwrap_or_default();
    tracing::error!(request.id = request_id, error = %cause, "A page or form of the portal failed.");
    PageError::Internal { request_id }.answer()
}

/// A field's own sentence stands beside it; it is not said twice.
fn summary(invalid: &Invalid) -> String {
    let same = matches!(invalid.fields.as_slice(), [(_, words)] if *words == invalid.summary);
    if same { "Nothing is changed: check the field below.".into() } else { invalid.summary.clone() }
}

fn our_fault(request_id: &str) -> String {
    let under = if request_id.is_empty() { String::new() } else { format!(" The log has more under {request_id}.") };
    format!("Something went wrong on our side, and nothing was changed. Try again in a moment.{under}")
}

fn sentence(text: &str) -> String {
    let mut chars = text.trim().trim_end_matches('.').chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

fn duration(of: Millis) -> String {
    match (of + MINUTE - 1) / MINUTE {
        minutes if minutes <= 1 => "a minute".into(),
        minutes => format!("{minutes} minutes"),
    }
}
