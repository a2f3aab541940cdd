//! What belongs to no application, such as a person's authenticator key, is sealed under the master key itself.
//!
//! A sealed value is: one byte of format (2), the length of the master key's id, that id, 12 bytes of nonce, the
//! ciphertext.

use super::{Keyring, Place, open_bytes, seal_bytes};
use crate::error::VaultError;
use crate::secret::Secret;

const FORMAT: u8 = 2;

impl Keyring {
    /// Seals bytes for their place, which belongs to no application.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(crate) fn seal_for_instance(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let master = self.masters.first().ok_or_else(|| VaultError::Settings("there is no master key".into()))?;
        let length =
            u8::try_from(master.id.len()).map_err(|_| VaultError::Settings("a master key's id is too long".into()))?;
        let mut sealed = vec![FORMAT, length];
        sealed.extend_from_slice(master.id.as_bytes());
        sealed.extend(seal_bytes(&master.key, plain, &data(place, &master.id))?);
        Ok(sealed)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], when it was sealed for another place, changed, or its key is gone.
    pub(crate) fn open_for_instance(&self, place: Place<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, VaultError> {
        let open = || {
            let ([FORMAT, length], rest) = sealed.split_first_chunk()? else { return None };
            let (id, rest) = rest.split_at_checked(usize::from(*length))?;
            let master = self.masters.iter().find(|key| key.id.as_bytes() == id)?;
            open_bytes(&master.key, rest, &data(place, &master.id)).map(Secret::new)
        };
        open().ok_or_else(|| VaultError::Unsealable(format!("{}.{} of {}", place.table, place.column, place.row)))
    }
}

// Neither an application's id nor a data key's can be empty, so this is the associated data of nothing else.
fn data(place: Place<'_>, master: &str) -> Vec<u8> {
    format!("{}\0{}\0{}\0\0{master}", place.table, place.column, place.row).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestVault;

    #[tokio::test]
    async fn what_was_sealed_for_one_person_opens_for_no_other_and_not_when_changed() {
        let test = TestVault::empty("sandbox").await;
        let place = |row| Place { table: "authenticators", column: "key_sealed", row };
        let keyring = &test.vault.keyring;
        let sealed = keyring.seal_for_instance(place("per_1"), b"a secret").ok().unwrap();
        assert_eq!(keyring.open_for_instance(place("per_1"), &sealed).ok().unwrap().expose(), b"a secret");
        assert!(keyring.open_for_instance(place("per_2"), &sealed).is_err());
        for at in [0, 1, 2, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(keyring.open_for_instance(place("per_1"), &changed).is_err(), "byte {at}");
        }
    }
}
