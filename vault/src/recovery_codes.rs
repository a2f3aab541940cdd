//! Recovery codes: for whoever has lost every other second factor. Each works once.

use crate::Vault;
use crate::caller::MemberCaller;
use crate::error::VaultError;
use crate::events::Event;
use crate::random;
use crate::secret::{Secret, sha256};
use crate::store::{Tx, recovery_codes};
use model::ids::PersonId;

const HOW_MANY: usize = 10;
/// No letters that are mistaken for digits or for each other: Crockford's base32.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 120 bits: a plain hash keeps them.
const DIGITS: usize = 24;
const GROUP: usize = 6;

impl Vault {
    /// Ten new codes in the place of all others. They are in this answer and nowhere else.
    ///
    /// # Errors
    /// [`VaultError::Conflict`], when there is no second factor to recover from.
    pub async fn renew_recovery_codes(&self, caller: &MemberCaller) -> Result<Vec<Secret>, VaultError> {
        let mut tx = self.store.begin().await?;
        if !self.has_second_factor(&mut tx, caller.person).await? {
            let detail = "Set up an authenticator app or a passkey first.".into();
            return Err(VaultError::Conflict { code: "no_second_factor", detail });
        }
        let codes = self.new_recovery_codes(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(codes)
    }

    pub(crate) async fn new_recovery_codes(
        &self,
        tx: &mut Tx,
        caller: &MemberCaller,
    ) -> Result<Vec<Secret>, VaultError> {
        recovery_codes::delete_of_person(tx, caller.person).await?;
        let mut codes = Vec::with_capacity(HOW_MANY);
        for _ in 0..HOW_MANY {
            let code = new_code()?;
            recovery_codes::insert(tx, caller.person, &hash(code.expose()), self.clock.now()).await?;
            codes.push(code);
        }
        self.record(tx, Event::in_portal(caller, "person.recovery_codes_made", caller.person)).await?;
        Ok(codes)
    }
}

/// Uses a code up.
pub(crate) async fn take(tx: &mut Tx, person: PersonId, code: &str, now: i64) -> Result<bool, VaultError> {
    Ok(recovery_codes::take(tx, person, &hash(code), now).await?)
}

fn new_code() -> Result<Secret, VaultError> {
    let mut code = String::with_capacity(DIGITS + DIGITS / GROUP);
    for (at, byte) in random::bytes::<DIGITS>()?.into_iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            code.push('-');
        }
        code.extend(ALPHABET.get(usize::from(byte % 32)).copied().map(char::from));
    }
    Ok(Secret::new(code))
}

/// Hyphens, spaces and capitals do not matter.
fn hash(code: &str) -> [u8; 32] {
    let digits: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    sha256(digits.to_lowercase().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_four_groups_and_is_read_however_it_is_typed() {
        let code = new_code().ok().unwrap();
        let groups: Vec<&str> = code.expose().split('-').collect();
        assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == GROUP), "{}", groups.len());
        let typed = format!(" {} ", code.expose().to_uppercase().replace('-', " "));
        assert_eq!(hash(&typed), hash(code.expose()));
        assert_ne!(hash(code.expose()), hash(new_code().ok().unwrap().expose()));
    }
}
