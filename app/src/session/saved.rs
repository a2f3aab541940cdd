//! What is said about a provider config that was saved, refused or verified.

use crate::error::FormError;
use crate::session::Inside;
use model::provider_configs::{ProbeVerdict, SavedProviderConfig};

/// The last part of the catalogue's own address.
const RESERVED: &str = "new";

/// A new provider config must not write over another.
pub(crate) async fn check_new(inside: &Inside, key: &str) -> Result<(), FormError> {
    let taken = key == RESERVED || inside.vault.provider_config(&inside.caller, key).await.is_ok();
    if !taken {
        return Ok(());
    }
    let message = format!("\"{key}\" is taken: choose another key, or edit the provider that has it.");
    FormError::new("Nothing is saved: check the fields below.").field("key", message).refuse()
}

/// The first save needs both credentials: both are missed at once, before anything is asked of the provider.
pub(crate) fn check_complete(name: &str, client_id: &str, secret_given: bool) -> Result<(), FormError> {
    let mut wrong = FormError::new(format!("{name} is not saved: check the fields below."));
    if client_id.trim().is_empty() {
        wrong.push("client_id", format!("Copy the Client ID from {name}'s page."));
    }
    if !secret_given {
        wrong.push("client_secret", "Copy the Client Secret too.");
    }
    wrong.check()
}

/// One sentence for the result, one for each oddity.
pub(crate) fn said(name: &str, saved: &SavedProviderConfig) -> String {
    let first = match saved.verdict {
        None => format!("{name} is saved."),
        Some(ProbeVerdict::Accepted) => format!("{name} is saved: the credentials are accepted."),
        Some(ProbeVerdict::CannotTell) => {
            format!("{name} is saved. It could not say whether the credentials are good.")
        }
        Some(ProbeVerdict::Rejected) => format!("{name} is saved, although it refuses the credentials."),
    };
    std::iter::once(first).chain(saved.notes.iter().cloned()).collect::<Vec<_>>().join(" ")
}

/// The provider's own words, what looks odd, and the sealed secret for "Save anyway".
pub(crate) fn rejected(name: &str, words: &str, notes: Vec<String>, held_secret: String) -> FormError {
    let words = words.trim().trim_end_matches('.');
    let mut error = FormError::new(format!("{name} refuses these credentials: “{words}”. Nothing is saved."));
    error.notes = notes;
    let anyway = "Saved anyway, it stays rejected: nobody can connect until the credentials are accepted.";
    error.notes.push(anyway.to_owned());
    error.carried = vec![("held_secret".to_owned(), held_secret)];
    error
}

/// What speaks against it, beside its field where the form has one, and the sealed secret for "Save anyway".
pub(crate) fn doubtful(
    name: &str,
    doubts: Vec<(String, String)>,
    notes: Vec<String>,
    held_secret: String,
) -> FormError {
    let (of_scopes, others): (Vec<_>, Vec<_>) = doubts.into_iter().partition(|(field, _)| field == "scopes");
    let mut error = FormError::new(format!("{name} is not saved yet. Correct what is said below, or save it anyway."));
    error.notes = others.into_iter().map(|(_, words)| words).chain(notes).collect();
    if !of_scopes.is_empty() {
        let anyway = "Every account that is not granted a scope you expect counts as one that must re-authorize.";
        error.notes.push(anyway.to_owned());
    }
    error.fields = of_scopes;
    error.carried = vec![("held_secret".to_owned(), held_secret)];
    error
}

/// The answer to "Verify now".
pub(crate) fn verdict(name: &str, verdict: ProbeVerdict, words: &str) -> String {
    match verdict {
        ProbeVerdict::Accepted => format!("{name} accepts the credentials."),
        ProbeVerdict::Rejected => format!("{name} refuses the credentials: “{words}”."),
        ProbeVerdict::CannotTell => format!("{name} could not say whether the credentials are good: {words}."),
    }
}

/// What is said of a new secret beside the old one.
pub(crate) fn secret_added(name: &str, verdict: ProbeVerdict) -> String {
    match verdict {
        ProbeVerdict::Accepted => format!(
            "The new secret works beside the old one. Finish the replacement once the old one is deleted at {name}."
        ),
        ProbeVerdict::Rejected => {
            format!("The new secret is stored. {name} does not know it yet: until it does, the old one is used.")
        }
        ProbeVerdict::CannotTell => {
            format!("The new secret is stored. {name} could not say whether it works: the next token call tells.")
        }
    }
}
