//! The audit log in words: what each type of event says, and what it is about. A type without words fails a test.

use model::events::EventGroup;

/// Every type of event: its name, what it is about, and what it says.
const WORDS: &[(&str, EventGroup, &str)] = {
    use EventGroup::{
        ApiKeys, Application, ConnectSessions, ConnectedAccounts, Members, Organization, Providers, SignIns,
        TokenReads, Tokens, WebhookEndpoints,
    };
    &[
        ("api_key.created", ApiKeys, "Created an API key"),
        ("api_key.revoked", ApiKeys, "Revoked an API key"),
        ("api_key.rotated", ApiKeys, "Rotated an API key"),
        ("application.branding_changed", Application, "Changed the branding"),
        ("application.accounts_exported", ConnectedAccounts, "Exported connected accounts"),
        ("application.changed", Application, "Changed the settings"),
        ("application.created", Application, "Created the application"),
        ("application.events_exported", Application, "Exported the audit log"),
        ("application.logo_changed", Application, "Changed the logo"),
        ("application.logo_removed", Application, "Removed the logo"),
        ("application.proxy_only_set", Application, "Said whether backends get tokens"),
        ("application.revoked_accounts_deleted", ConnectedAccounts, "Deleted revoked accounts, as the settings say"),
        ("application.return_address_added", Application, "Added a return address"),
        ("application.return_address_removed", Application, "Removed a return address"),
        ("bulk_revocation.confirmed", ConnectedAccounts, "Confirmed a bulk revocation"),
        ("bulk_revocation.expired", ConnectedAccounts, "Nobody confirmed a bulk revocation"),
        ("bulk_revocation.finished", ConnectedAccounts, "Finished a bulk revocation"),
        ("bulk_revocation.requested", ConnectedAccounts, "Asked for a bulk revocation"),
        ("bulk_revocation.started", ConnectedAccounts, "Began a bulk revocation"),
        ("bulk_revocation.stopped", ConnectedAccounts, "Stopped a bulk revocation"),
        ("connect_session.confirmed", ConnectSessions, "Confirmed a connect session"),
        ("connect_session.created", ConnectSessions, "Created a connect session"),
        ("connect_session.finished", ConnectSessions, "A connect session ended"),
        ("connect_session.provider_failed", ConnectSessions, "A provider was not connected"),
        ("connect_session.started", ConnectSessions, "Went to the provider"),
        ("connected_account.changed", ConnectedAccounts, "Changed a connected account"),
        ("connected_account.connected", ConnectedAccounts, "Connected an account"),
        ("connected_account.identified", ConnectedAccounts, "Learned whose an imported account is"),
        (
            "connected_account.identity_taken",
            ConnectedAccounts,
            "Learned that an imported account is connected already",
        ),
        ("connected_account.imported", ConnectedAccounts, "Imported an account"),
        ("connected_account.moved", ConnectedAccounts, "Moved a connected account"),
        (
            "connected_account.moved_by_test",
            ConnectedAccounts,
            "Moved a connected account to a connection test's tokens",
        ),
        ("connected_account.needs_reconnect", ConnectedAccounts, "Lost a connected account"),
        ("connected_account.proxy_refused", TokenReads, "A call to the provider's API was refused"),
        ("connected_account.proxied", TokenReads, "Called the provider's API"),
        ("connected_account.token_read", TokenReads, "Handed out an access token"),
        ("connected_account.tokens_read", TokenReads, "Handed out or used access tokens"),
        ("connected_account.reconnect_failed", ConnectedAccounts, "A reconnect did not succeed"),
        ("connected_account.reconnected", ConnectedAccounts, "Connected an account again"),
        ("connected_account.revived", ConnectedAccounts, "A connected account works again"),
        ("connected_account.revoked", ConnectedAccounts, "Revoked a connected account"),
        ("connected_account.scopes_changed", ConnectedAccounts, "A connected account has other scopes"),
        ("custom_provider.changed", Providers, "Changed a custom provider"),
        ("custom_provider.created", Providers, "Added a custom provider"),
        ("custom_provider.metadata_changed", Providers, "An issuer announces something new"),
        ("custom_provider.removed", Providers, "Removed a custom provider"),
        ("end_user.changed", ConnectedAccounts, "Changed an end user"),
        ("end_user.erased", ConnectedAccounts, "Erased an end user"),
        ("invitation.accepted", Members, "Accepted an invitation"),
        ("invitation.created", Members, "Invited somebody"),
        ("invitation.renewed", Members, "Made an invitation's link anew"),
        ("invitation.withdrawn", Members, "Withdrew an invitation"),
        ("manage_link.created", ConnectedAccounts, "Made a self-service link"),
        ("member.added", Members, "Added a member"),
        ("member.removed", Members, "Removed a member"),
        ("member.role_changed", Members, "Changed a member's role"),
        ("member.sessions_ended", Members, "Ended a member's sessions"),
        ("organization.changed", Organization, "Changed what the organization decides"),
        ("organization.events_exported", Organization, "Exported the audit log"),
        ("organization.event_chain_exported", Organization, "Exported the whole audit log"),
        ("organization.exported", Organization, "Exported the whole organization"),
        ("organization.founded", Organization, "Founded the organization"),
        ("organization.imported", Organization, "Imported the organization"),
        ("person.authenticator_added", SignIns, "Added an authenticator app"),
        ("person.authenticator_begun", SignIns, "Began to add an authenticator app"),
        ("person.authenticator_removed", SignIns, "Removed the authenticator app"),
        ("person.other_sessions_ended", SignIns, "Signed out everywhere else"),
        ("person.passkey_added", SignIns, "Added a passkey"),
        ("person.passkey_removed", SignIns, "Removed a passkey"),
        ("person.passkey_renamed", SignIns, "Renamed a passkey"),
        ("person.password_changed", SignIns, "Changed the password"),
        ("person.password_reset", SignIns, "Set a new password by a link"),
        ("person.password_reset_link_created", SignIns, "Made a link for a new password"),
        ("person.proof", SignIns, "Proved who it is again"),
        ("person.recovery_codes_made", SignIns, "Made new recovery codes"),
        ("person.second_factors_reset", SignIns, "Reset the second factors"),
        ("person.session_ended", SignIns, "Ended a session"),
        ("person.sign_in", SignIns, "Signed in"),
        ("person.signed_out_everywhere", SignIns, "Signed out everywhere"),
        ("provider_config.changed", Providers, "Changed a provider"),
        ("provider_config.client_removed", Providers, "Removed an OAuth client"),
        ("provider_config.created", Providers, "Added a provider"),
        ("provider_config.disabled", Providers, "Disabled a provider"),
        ("provider_config.enabled", Providers, "Enabled a provider"),
        ("provider_config.entry_adopted", Providers, "Took over a provider's newer entry"),
        ("provider_config.rejected", Providers, "Credentials were refused"),
        ("provider_config.removed", Providers, "Removed a provider"),
        ("provider_config.secret_added", Providers, "Stored a new client secret"),
        ("provider_config.secret_dropped", Providers, "Cancelled a client secret's replacement"),
        ("provider_config.secret_expiring", Providers, "A client secret is about to end"),
        ("provider_config.secret_expiry_set", Providers, "Set when a client secret ends"),
        ("provider_config.secret_replaced", Providers, "Replaced a client secret"),
        ("provider_config.test_begun", Providers, "Began a connection test"),
        ("provider_config.tested", Providers, "Tested a connection"),
        ("provider_config.verified", Providers, "Credentials were accepted"),
        ("token_set.deauthorized", Tokens, "Removed at the provider"),
        ("token_set.refresh_failed", Tokens, "A refresh failed"),
        ("token_set.refreshed", Tokens, "Refreshed the tokens"),
        ("token_set.revoked_at_provider", Tokens, "Asked the provider to revoke"),
        ("webhook_endpoint.changed", WebhookEndpoints, "Changed a webhook endpoint"),
        ("webhook_endpoint.created", WebhookEndpoints, "Added a webhook endpoint"),
        ("webhook_endpoint.deleted", WebhookEndpoints, "Deleted a webhook endpoint"),
        ("webhook_endpoint.paused", WebhookEndpoints, "A webhook endpoint was paused"),
        ("webhook_endpoint.replayed", WebhookEndpoints, "Sent a delivery again"),
        ("webhook_endpoint.resumed", WebhookEndpoints, "Resumed a webhook endpoint"),
        ("webhook_endpoint.secret_rotated", WebhookEndpoints, "Replaced a webhook endpoint's secret"),
        ("webhook_endpoint.tested", WebhookEndpoints, "Sent a test to a webhook endpoint"),
    ]
};

/// What a type of event says. What went wrong is said where the type alone would tell the opposite.
pub(super) fn says(r#type: &str, outcome: &str) -> String {
    match (r#type, outcome) {
        ("person.sign_in", "ok") => {}
        ("person.sign_in", "second_factor_needed") => return "Gave the right password".into(),
        ("person.sign_in", _) => return "A sign-in was refused".into(),
        ("person.proof", "refused") => return "A proof was refused".into(),
        ("provider_config.verified", "rejected") => return "Credentials were refused".into(),
        ("provider_config.verified", "cannot_tell") => return "Credentials could not be checked".into(),
        _ => {}
    }
    let known = WORDS.iter().find(|(known, ..)| *known == r#type).map(|(_, _, says)| (*says).to_owned());
    known.unwrap_or_else(|| r#type.replace(['.', '_'], " "))
}

/// The types of a group.
pub(super) fn types_of(group: EventGroup) -> impl Iterator<Item = &'static str> {
    WORDS.iter().filter(move |(_, of, _)| *of == group).map(|(known, ..)| *known)
}

/// An outcome for people: `wrong_password` becomes "wrong password".
pub(super) fn spaced(word: &str) -> String {
    word.replace(['.', '_'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// What a literal must follow to be an event's type.
    const MAKERS: [&str; 4] = ["Event::by(", "Event::of(", "Event::in_portal(", "Event::"];

    #[test]
    fn every_type_that_is_written_anywhere_has_words() {
        let known: BTreeSet<_> = WORDS.iter().map(|(known, ..)| (*known).to_owned()).collect();
        assert_eq!(known.len(), WORDS.len(), "a type stands there twice");
        let mut nouns: BTreeSet<_> = known.iter().map(|known| known.split('.').next().unwrap().to_owned()).collect();
        // Members of request bodies begin so too: `end_user.email`. Its types are found where they are made.
        nouns.remove("end_user");
        let mut written = BTreeSet::new();
        for text in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
            let parts: Vec<&str> = text.split('"').collect();
            for (before, literal) in parts.iter().zip(parts.iter().skip(1)) {
                let near = before.get(before.len().saturating_sub(160)..).unwrap_or(before);
                let made = MAKERS.iter().any(|maker| near.contains(maker));
                let noun = literal.split('.').next().unwrap();
                if is_type(literal) && (made || nouns.contains(noun)) {
                    written.insert((*literal).to_owned());
                }
            }
        }
        assert!(written.len() > 30, "the sources are read: {written:?}");
        // The timeline's own word for a call without an event.
        written.remove("token_set.refresh_sent");
        let missing: Vec<_> = written.difference(&known).collect();
        assert!(missing.is_empty(), "no words for {missing:?}: add them in {}", file!());
        let idle: Vec<_> = known.difference(&written).collect();
        assert!(idle.is_empty(), "nobody writes {idle:?}");
    }

    fn is_type(literal: &str) -> bool {
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        matches!(literal.split('.').collect::<Vec<_>>().as_slice(), [noun, verb] if word(noun) && word(verb))
    }

    fn sources(folder: &Path) -> Vec<String> {
        let mut texts = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                texts.extend(sources(&path));
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("events/words.rs") {
                texts.push(std::fs::read_to_string(&path).unwrap());
            }
        }
        texts
    }
}
