//! Trying credentials without an end user: what the token endpoint says to a request that cannot succeed, or to one
//! for the client itself.

use super::error::{Refusal, refusal};
use super::{Credentials, client_authentication};
use crate::catalogue::{Entry, ProbeGrant};
use crate::clock::{Clock, SECOND};
use crate::error::VaultError;
use crate::http::{Answer, Request};
use model::provider_configs::ProbeVerdict;

/// Made up, and obviously so to whoever reads the provider's logs.
const NO_CODE: &str = "keybearer-credential-check";

pub(crate) fn request(
    entry: &Entry,
    credentials: &Credentials,
    grant: ProbeGrant,
    redirect_uri: &str,
) -> Result<Request, VaultError> {
    let made_up = [("grant_type", "authorization_code"), ("code", NO_CODE), ("redirect_uri", redirect_uri)];
    let own = [("grant_type", "client_credentials")];
    let fields = match grant {
        ProbeGrant::AuthorizationCode => made_up.as_slice(),
        ProbeGrant::ClientCredentials => own.as_slice(),
    };
    client_authentication::post(entry, credentials, &entry.endpoints.token, fields, 5 * SECOND)
}

/// What an answer says of the credentials, with the provider's words. A token in it is not looked at and goes with
/// the answer.
pub(crate) fn verdict(entry: &Entry, grant: ProbeGrant, answer: &Answer, clock: &Clock) -> (ProbeVerdict, String) {
    match (refusal(entry, answer, clock), grant) {
        (Some(Refusal::ProviderConfigWrong(words)), ProbeGrant::AuthorizationCode) => (ProbeVerdict::Rejected, words),
        // "This client may not use that grant" says nothing against the credentials.
        (Some(Refusal::ProviderConfigWrong(words)), ProbeGrant::ClientCredentials) if is_about_the_grant(&words) => {
            (ProbeVerdict::CannotTell, words)
        }
        (Some(Refusal::ProviderConfigWrong(words)), ProbeGrant::ClientCredentials) => (ProbeVerdict::Rejected, words),
        (Some(Refusal::NeedsReconnect(words)), ProbeGrant::AuthorizationCode) => (ProbeVerdict::Accepted, words),
        (None, ProbeGrant::ClientCredentials) if has_token(answer) => (ProbeVerdict::Accepted, String::new()),
        (Some(Refusal::NeedsReconnect(words) | Refusal::NotProcessed(words, _) | Refusal::Unknown(words)), _) => {
            (ProbeVerdict::CannotTell, words)
        }
        (None, _) => (ProbeVerdict::CannotTell, "the answer says nothing about the credentials".to_owned()),
    }
}

fn is_about_the_grant(words: &str) -> bool {
    words.contains("unauthorized_client") || words.contains("unsupported_grant_type")
}

fn has_token(answer: &Answer) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
    body.is_some_and(|b| b.get("access_token").is_some_and(serde_json::Value::is_string))
}
