//! What an import may say.

use super::NewImport;
use crate::clock::{DAY, MINUTE, Millis};
use crate::connect_sessions::check_end_user;
use crate::connected_accounts::{AccountChange, mistakes};
use crate::connection_tests::RESERVED;
use crate::error::VaultError;
use crate::secret::Secret;
use model::imports::Verify;

/// The longest token that is taken, in bytes.
const LONGEST_TOKEN: usize = 16 * 1_024;
/// The longest life of an access token that is believed.
const LONGEST_LIFE: Millis = 400 * DAY;
const MOST_SCOPES: usize = 500;

/// Refuses what cannot be, every mistake at once.
pub(super) fn check(new: &NewImport, now: Millis) -> Result<(), VaultError> {
    check_end_user(&new.end_user)?;
    if new.end_user.id.starts_with(RESERVED) {
        let words = format!("Ids that begin with \"{RESERVED}\" are not yours to give.");
        return Err(VaultError::field("end_user.id", words));
    }
    let described = AccountChange { label: Some(new.label.clone()), metadata: Some(new.metadata.clone()) };
    let mut fields = mistakes(&described);
    let mut wrong = |name: &str, words: &str| fields.push((name.to_owned(), words.to_owned()));
    if new.access_token.is_none() && new.refresh_token.is_none() {
        wrong("tokens", "At least one of access_token and refresh_token must be there.");
    }
    for (name, token) in [("tokens.access_token", &new.access_token), ("tokens.refresh_token", &new.refresh_token)] {
        if token.as_ref().is_some_and(|token| !is_token(token)) {
            wrong(name, "A token is 1 to 16,384 printable ASCII characters without spaces.");
        }
    }
    if new.expires_at.is_some_and(|at| at > now + LONGEST_LIFE) {
        wrong("tokens.expires_at", "More than 400 days ahead: this is when the access token ends.");
    }
    if new.refresh_token.is_none() && new.expires_at.is_some_and(|at| at <= now) {
        let words = "The access token is over, and there is no refresh token: nothing of it can be used.";
        wrong("tokens.expires_at", words);
    }
    if new.issued_at.is_some_and(|at| at > now + 5 * MINUTE || at < 0) {
        wrong("tokens.issued_at", "This is when the tokens were issued: not in the future.");
    }
    let scopes = new.scopes.as_deref().unwrap_or_default();
    if scopes.len() > MOST_SCOPES || !scopes.iter().all(|scope| is_scope(scope)) {
        wrong("tokens.scopes", "A list of at most 500 scopes, each one word of at most 255 bytes.");
    }
    if new.verify == Verify::Refresh && new.refresh_token.is_none() {
        wrong("verify", "There is no refresh token to verify: leave it out, or send one.");
    }
    VaultError::check("These tokens cannot be imported as they stand.", fields)
}

fn is_token(token: &Secret) -> bool {
    let token = token.expose();
    (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_scope(scope: &str) -> bool {
    (1..=255).contains(&scope.len()) && !scope.chars().any(|c| c.is_whitespace() || c.is_control())
}
