//! Errors are for callers: a variant for each thing that a caller does differently.

use crate::clock::Millis;
use crate::proxy::NotProxied;
use model::api_keys::KeyScope;
use model::connected_accounts::StatusReason;
use model::ids::ConnectedAccountId;

/// What a verb of the vault can end with, other than its result.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no such thing, or it belongs to somebody else.
    #[error("not found")]
    NotFound,
    /// The member's role does not allow it.
    #[error("your role does not allow this")]
    Forbidden,
    /// The API key does not have the scope.
    #[error("this API key does not have the scope {0}")]
    MissingScope(KeyScope),
    /// The API key is not taken from this address.
    #[error("this API key is not taken from here")]
    SourceNotAllowed,
    /// No token is handed out: providers are called through the proxy.
    #[error("no token is handed out to this API key")]
    ProxyOnly,
    /// Something in the request cannot be.
    #[error("{}", .0.summary)]
    Invalid(Invalid),
    /// The request fits no more with the state of things.
    #[error("{detail}")]
    Conflict {
        /// A stable word.
        code: &'static str,
        /// What to do.
        detail: String,
    },
    /// The connected account's end user has to connect again.
    #[error("{}", .0.detail)]
    NeedsReconnect(Box<StatusReason>),
    /// The connected account is revoked.
    #[error("this connected account is revoked")]
    Revoked,
    /// The provider config is switched off.
    #[error("the provider config is disabled")]
    ProviderConfigDisabled,
    /// No valid token is left, and none can be had now.
    #[error("{detail}")]
    Unavailable {
        /// `provider_unavailable`, `provider_config_rejected` or `refresh_in_progress`.
        code: &'static str,
        /// Why, in the provider's words where there are any.
        detail: String,
        /// When to ask again, in milliseconds from now.
        retry_after: Millis,
    },
    /// A call to the provider's API was not made, or has no answer.
    #[error("{0}")]
    NotProxied(#[from] NotProxied),
    /// More than one connected account fits.
    #[error("several connected accounts fit; name one by its id")]
    SeveralAccounts(Vec<ConnectedAccountId>),
    /// The tokens of an import, or their provider's user, are here already.
    #[error("{detail}")]
    AlreadyConnected {
        /// What is in the way, and what to do.
        detail: String,
        /// The accounts in the way that are the same end user's.
        accounts: Vec<ConnectedAccountId>,
    },
    /// Tried too often.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When to try again, in milliseconds from now.
        retry_after: Millis,
    },
    /// Something stored does not open with the keys at hand. An alarm, never a change of status.
    #[error("a stored secret does not open: {0}")]
    Unsealable(String),
    /// Settings that cannot be worked with; for the operator at start.
    #[error("{0}")]
    Settings(String),
    /// Anything else, with its cause.
    #[error("{context}")]
    Internal {
        /// What was being done.
        context: String,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What is wrong with a request, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid {
    /// One sentence over all.
    pub summary: String,
    /// The field's name and what is wrong with it.
    pub fields: Vec<(String, String)>,
}

impl VaultError {
    /// Whether the database could not be reached, so that the same may succeed in a moment.
    pub fn is_database_away(&self) -> bool {
        matches!(self, Self::Internal { source, .. } if crate::store::is_away(source.as_ref()))
    }

    /// One field is wrong.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Invalid(Invalid { summary: message.clone(), fields: vec![(name.to_owned(), message)] })
    }

    /// Several fields may be wrong: nothing, when none is.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when there is at least one.
    pub fn check(summary: &str, fields: Vec<(String, String)>) -> Result<(), Self> {
        if fields.is_empty() { Ok(()) } else { Err(Self::Invalid(Invalid { summary: summary.to_owned(), fields })) }
    }
}

/// Wraps a cause that no caller treats differently.
pub(crate) fn internal(context: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> VaultError {
    VaultError::Internal { context: context.to_owned(), source: source.into() }
}

/// The whole chain of causes in one line, for the log.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
