//! Causes and next steps, in the words of somebody who helps an end user.

use crate::clock::{Millis, rfc3339};
use crate::store::connected_accounts::Row;
use crate::store::token_sets::Failing;
use model::connected_accounts::{ConnectedAccountStatus, StatusReasonCode};
use model::provider_configs::ProviderConfigState;
use model::timeline::{Trouble, TroubleKind};

const RECONNECT: &str = "Create a reconnect link and send it to the end user.";
const FINAL: &str = "This is final. To connect again, the end user makes a new connected account.";

/// What is said of something that happened.
pub(super) struct Said {
    pub(super) cause: String,
    pub(super) next_step: Option<String>,
}

/// What happened to an account at a provider called `name`. `reason` is that of a revocation.
pub(super) fn said(name: &str, r#type: &str, outcome: &str, reason: &str) -> Said {
    let (cause, next_step) = match r#type.strip_prefix("connected_account.").unwrap_or(r#type) {
        "connected" => (format!("The end user connected the {name} account."), None),
        "imported" => ("The account was imported with tokens from another system.".to_owned(), None),
        "identified" => (format!("{name} said whose account it is."), None),
        "identity_taken" => (
            format!(
                "{name} said whose account it is, and that user is connected already: this one stays without a name."
            ),
            Some("Find out which of the two your end users need, and revoke the other.".to_owned()),
        ),
        "reconnected" => ("The end user consented again, and new tokens are stored.".to_owned(), None),
        "moved" => (format!("The same {name} user consented again; this account shares the new authorization."), None),
        "needs_reconnect" => (reconnect_cause(name, outcome), Some(RECONNECT.to_owned())),
        "reconnect_failed" => {
            (format!("A reconnect did not succeed: {}.", spaced(outcome)), Some(RECONNECT.to_owned()))
        }
        "revived" => (
            format!("{name}'s answer to a refresh that was given up arrived after all: the account works again."),
            None,
        ),
        "scopes_changed" => (format!("{name} granted other scopes than before."), None),
        "changed" => ("Label or metadata were changed.".to_owned(), None),
        "refreshed" if outcome == "no_refresh_token" => (
            format!(
                "The access token was refreshed, but {name} sent no new refresh token, though it replaces them. The old one \
                 is kept; if {name} refuses it, this is why."
            ),
            None,
        ),
        "refreshed" => ("The tokens were refreshed.".to_owned(), None),
        "refresh_failed" => refresh_failed(name, outcome),
        "refresh_sent" => (
            format!("A refresh was sent to {name}, and its answer is not stored: it is under way or was cut off."),
            Some("Nothing to do: Keybearer resolves it by itself.".to_owned()),
        ),
        "revoked" => (revoked_cause(reason.parse().ok()), Some(FINAL.to_owned())),
        "deauthorized" => (format!("{name} told that the access was withdrawn; the tokens are erased."), None),
        "revoked_at_provider" => revoked_at_provider(name, outcome),
        other => (format!("{}.", spaced(other)), None),
    };
    Said { cause, next_step }
}

/// What keeps an account from fresh tokens at present.
pub(in crate::connected_accounts) fn trouble(
    name: &str,
    row: &Row,
    failing: Option<Failing>,
    now: Millis,
) -> Option<Trouble> {
    let reason = super::super::status_reason(row);
    let (detail, since) = reason.map(|reason| (reason.detail, reason.at)).unzip();
    let code = row.status_reason;
    let stopped = |kind, cause, next_step: &str| {
        // The stored reason of a revocation says the same as its cause.
        let detail = detail.filter(|_| kind != TroubleKind::Revoked);
        Some(Trouble { kind, cause, detail, next_step: next_step.to_owned(), since, retry_at: None })
    };
    match row.status {
        ConnectedAccountStatus::Revoked => stopped(TroubleKind::Revoked, revoked_cause(code), FINAL),
        ConnectedAccountStatus::NeedsReconnect => {
            let code = code.map(StatusReasonCode::as_str).unwrap_or_default();
            stopped(TroubleKind::NeedsReconnect, reconnect_cause(name, code), RECONNECT)
        }
        ConnectedAccountStatus::Active => active(name, row.config_state, failing, now),
    }
}

fn active(name: &str, config: ProviderConfigState, failing: Option<Failing>, now: Millis) -> Option<Trouble> {
    let (kind, cause, next_step) = match config {
        ProviderConfigState::Rejected => (
            TroubleKind::ConfigRejected,
            format!("{name} refuses the application's credentials, so nothing is refreshed."),
            "Correct client id and secret in the provider config.",
        ),
        ProviderConfigState::Disabled | ProviderConfigState::Removed => (
            TroubleKind::ConfigDisabled,
            "The provider config is switched off, so no tokens are handed out.".to_owned(),
            "Enable the provider config.",
        ),
        ProviderConfigState::Active => (
            TroubleKind::RefreshesFail,
            format!("Refreshes at {name} fail at present; the grant is kept."),
            "Nothing to do: Keybearer tries again by itself.",
        ),
    };
    if kind == TroubleKind::RefreshesFail && failing.is_none() {
        return None;
    }
    let waits = kind == TroubleKind::RefreshesFail;
    let retry_at = failing.as_ref().and_then(|f| f.retry_at).filter(|at| waits && *at > now).map(rfc3339);
    let (detail, since) = failing.map_or((None, None), |f| (Some(f.words), f.at.map(rfc3339)));
    Some(Trouble { kind, cause, detail, next_step: next_step.to_owned(), since, retry_at })
}

fn reconnect_cause(name: &str, outcome: &str) -> String {
    use StatusReasonCode as Code;
    match outcome.parse() {
        Ok(Code::RefreshRejected) => format!("{name} no longer accepts the refresh token."),
        Ok(Code::RefreshInterrupted) => {
            format!("A refresh was cut off before {name}'s answer with new tokens was stored.")
        }
        Ok(Code::ExchangeInterrupted) => {
            format!("The connection was cut off before {name}'s answer to the consent was stored.")
        }
        Ok(Code::Superseded) => format!("Another authorization of the same {name} user replaced this one."),
        Ok(Code::DeauthorizedAtProvider) => format!("The app was removed at {name}."),
        Ok(Code::ExpiredIdle) => format!("{name} ended the grant because it was not used for too long."),
        Ok(Code::ScopesChanged) => format!("The scopes at {name} changed."),
        Ok(_) | Err(_) => "The end user has to connect again.".to_owned(),
    }
}

fn revoked_cause(reason: Option<StatusReasonCode>) -> String {
    use StatusReasonCode as Code;
    let cause = match reason {
        Some(Code::RevokedByMember) => "A member revoked the account.",
        Some(Code::RevokedByApplication) => "The application's backend revoked the account.",
        Some(Code::RevokedByEndUser) => "The end user disconnected the account.",
        Some(Code::ClientRemoved) => "The provider config was removed, and its accounts with it.",
        _ => "The account was revoked.",
    };
    cause.to_owned()
}

fn refresh_failed(name: &str, outcome: &str) -> (String, Option<String>) {
    let (cause, next_step) = match outcome {
        "not_processed" => (
            format!("{name} was busy or could not be reached; nothing was spent."),
            "Nothing to do: Keybearer tries again by itself.",
        ),
        "unknown" => (
            format!(
                "{name} gave no usable answer; whether the refresh token is spent is not known. Everything is kept."
            ),
            "Nothing to do: Keybearer finds out by itself, with another try.",
        ),
        "provider_config_rejected" => (
            format!("{name} refused the application's credentials; the grant is kept."),
            "Correct client id and secret in the provider config.",
        ),
        _ => ("A refresh failed; the grant is kept.".to_owned(), "Nothing to do: Keybearer tries again by itself."),
    };
    (cause, Some(next_step.to_owned()))
}

fn revoked_at_provider(name: &str, outcome: &str) -> (String, Option<String>) {
    match outcome {
        "revoked" => (format!("{name} confirmed the revocation."), None),
        "pending" => (
            format!("{name} has not confirmed the revocation."),
            Some("Nothing to do: the provider is asked again.".to_owned()),
        ),
        "unsupported" => (format!("{name} has no way to revoke; the tokens are erased here."), None),
        _ => (
            format!("{name} did not confirm the revocation, and Keybearer gave up; the tokens are erased here."),
            Some(format!("The end user can remove the app in their settings at {name}.")),
        ),
    }
}

fn spaced(word: &str) -> String {
    word.replace(['.', '_'], " ")
}
