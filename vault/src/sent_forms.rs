//! Forms that are done once only, however often a browser sends them: those whose answer shows a secret, so that loading
//! the answer again would make a second one. Each such form holds a random token; the database knows those that were
//! sent, so that it does not matter which server the form comes to.

use crate::Vault;
use crate::caller::MemberCaller;
use crate::clock::{DAY, Millis};
use crate::error::VaultError;
use crate::random;
use crate::secret::sha256;
use crate::store::sent_forms;
use model::people::Role;

/// A browser may bring a page back after weeks, when it opens the tabs of last time.
pub(crate) const KEPT: Millis = 365 * DAY;
const DIGITS: usize = 32;

/// A token for a form.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn new_form_token() -> Result<String, VaultError> {
    Ok(random::base62_digits(DIGITS)?.expose().clone())
}

impl Vault {
    /// Takes a form before what it asks for is done: `false` when it was sent already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_form(&self, caller: &MemberCaller, token: &str) -> Result<bool, VaultError> {
        caller.require(Role::Viewer)?;
        let mut db = self.store.connection().await?;
        Ok(sent_forms::insert(&mut db, caller.person, &sha256(token.as_bytes()), self.clock.now()).await?)
    }

    /// Gives a form back that made nothing, so that it can be sent again as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_form_back(&self, caller: &MemberCaller, token: &str) -> Result<(), VaultError> {
        caller.require(Role::Viewer)?;
        let mut db = self.store.connection().await?;
        Ok(sent_forms::delete(&mut db, caller.person, &sha256(token.as_bytes())).await?)
    }
}
