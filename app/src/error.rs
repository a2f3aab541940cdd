//! What server functions answer when they cannot do what was asked: one type for forms, one for pages.

use crate::request;
use leptos::server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr};
use model::second_factors::Ways;
use serde::{Deserialize, Serialize};

/// Why a form was not accepted: a sentence for the top and messages for single fields. Whatever was typed stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormError {
    /// What did not happen, and what to do: "Meetline is not saved: check the fields below."
    pub summary: String,
    /// Field names with their messages, in the order of the form.
    pub fields: Vec<(String, String)>,
    /// What looks odd and may be the reason.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Hidden fields for the next submission, by name. Never shown.
    #[serde(default)]
    pub carried: Vec<(String, String)>,
    /// What the person can prove with that it is really them: the form then asks for it and comes again.
    #[serde(default)]
    pub proof: Option<Ways>,
    /// The form was sent already and is done once only.
    #[serde(default)]
    pub sent_before: bool,
}

impl FormError {
    /// An error with its sentence and, so far, no field.
    pub fn new(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), ..Self::default() }
    }

    /// Adds what is wrong with the field `name`, and how to put it right.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, message: impl Into<String>) -> Self {
        self.push(name, message);
        self
    }

    /// The same as [`FormError::field`] for checks in a row.
    pub fn push(&mut self, name: impl Into<String>, message: impl Into<String>) {
        self.fields.push((name.into(), message.into()));
    }

    /// The message of one field.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, message)| message.as_str())
    }

    /// Ends a server function with this error and status 422.
    ///
    /// # Errors
    /// Always: that is its purpose.
    pub fn refuse<T>(self) -> Result<T, Self> {
        self.refuse_with(422)
    }

    /// Ends a server function with this error and a status of its own, such as 403 or 429.
    ///
    /// # Errors
    /// Always: that is its purpose.
    pub fn refuse_with<T>(self, status: u16) -> Result<T, Self> {
        request::set_status(status);
        Err(self)
    }

    /// Ends a server function with 422 if any field was complained about; otherwise goes on.
    ///
    /// # Errors
    /// When a field has a message.
    pub fn check(self) -> Result<(), Self> {
        if self.fields.is_empty() { Ok(()) } else { self.refuse() }
    }
}

impl FromServerFnError for FormError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::new(sentence(&error))
    }
}

/// Why a page, or a part of one, cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageError {
    /// There is no such thing, or it belongs to somebody else.
    NotFound,
    /// Nobody is signed in, or the session has ended.
    SignInNeeded,
    /// The member's role does not reach.
    Forbidden,
    /// Our fault. The details are in the log under this id.
    Internal {
        /// As in the log and in the answer's header; empty when the server was not reached at all.
        request_id: String,
    },
}

impl PageError {
    /// Gives the answer the status that belongs to the error, and sends a visitor without a session to sign in and
    /// back. For the last line of a server function that reads: `return Err(error.answer())`.
    #[must_use]
    pub fn answer(self) -> Self {
        match &self {
            Self::NotFound => request::set_status(404),
            Self::Forbidden => request::set_status(403),
            Self::Internal { .. } => request::set_status(500),
            Self::SignInNeeded => {
                request::set_status(401);
                request::redirect(&request::sign_in());
            }
        }
        self
    }
}

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Internal { request_id: String::new() }
    }
}

/// A general failure in words that lead on.
fn sentence(error: &ServerFnErrorErr) -> &'static str {
    match error {
        ServerFnErrorErr::Request(_) => "The server could not be reached. Check the connection and try again.",
        ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
            "The form arrived incomplete. Reload the page and try again."
        }
        _ => "Something went wrong on our side and nothing was saved. Try again in a moment.",
    }
}
