//! What a command ends with when it is not done.

use std::process::ExitCode;
use vault::VaultError;

/// Why a command is not done, in plain words.
pub(super) struct Failure {
    code: u8,
    words: Vec<String>,
}

impl Failure {
    /// Refused, or not found.
    pub(super) fn refused(words: impl Into<String>) -> Self {
        Self { code: 1, words: vec![words.into()] }
    }

    /// Settings that cannot be worked with.
    pub(super) fn settings(mistakes: Vec<String>) -> Self {
        Self { code: 2, words: mistakes }
    }

    /// Why, in one line.
    pub(super) fn words(&self) -> String {
        self.words.join(" ")
    }

    /// Says why on standard error.
    pub(super) fn tell(self) -> ExitCode {
        for words in &self.words {
            eprintln!("keybearer: {words}");
        }
        ExitCode::from(self.code)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let retry = |ms: i64| format!("try again in {} s", (ms / 1_000).max(1));
        match error {
            VaultError::Settings(mistakes) => Self::settings(mistakes.lines().map(str::to_owned).collect()),
            VaultError::Invalid(invalid) => {
                let several = invalid.fields.len() > 1 || invalid.fields.iter().any(|(_, m)| *m != invalid.summary);
                let fields = invalid.fields.into_iter().filter(|_| several).map(|(name, m)| format!("  {name}: {m}"));
                Self { code: 1, words: std::iter::once(invalid.summary).chain(fields).collect() }
            }
            VaultError::NotFound => Self::refused("not found; check the id, and the application it belongs to"),
            VaultError::NeedsReconnect(reason) => {
                Self::refused(format!("the end user has to connect again ({}): {}", reason.code, reason.detail))
            }
            VaultError::Unavailable { detail, retry_after, .. } => {
                Self::refused(format!("{detail}; {}", retry(retry_after)))
            }
            VaultError::TooManyAttempts { retry_after } => {
                Self::refused(format!("too many attempts; {}", retry(retry_after)))
            }
            VaultError::ProviderConfigDisabled => {
                Self::refused("the provider config is disabled; switch it on with keybearer provider-config enable")
            }
            VaultError::Internal { .. } | VaultError::Unsealable(_) => Self::refused(vault::chain(&error)),
            other => Self::refused(other.to_string()),
        }
    }
}
