//! A data key that was just made. It seals before the database has it, so that an application can be written with its
//! secrets in one transaction.

use super::{Keyring, Place, seal_bytes, seal_under, wrap_data};
use crate::error::VaultError;
use crate::random;
use crate::secret::Secret;
use crate::store::data_keys;
use model::ids::{ApplicationId, DataKeyId};

/// A new data key, wrapped and not.
pub(crate) struct FreshKey {
    /// As it is stored.
    pub(crate) row: data_keys::Row,
    key: Secret<[u8; 32]>,
}

impl Keyring {
    /// Makes a data key for an application.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(crate) fn fresh_key(&self, application: ApplicationId) -> Result<FreshKey, VaultError> {
        let master = self.masters.first().ok_or_else(|| VaultError::Settings("there is no master key".into()))?;
        let (id, key) = (DataKeyId::new(), Secret::new(random::bytes::<32>()?));
        let wrapped = seal_bytes(&master.key, key.expose(), &wrap_data(id, application))?;
        let row = data_keys::Row { id, application_id: application, master_key_id: master.id.clone(), wrapped };
        Ok(FreshKey { row, key })
    }
}

impl FreshKey {
    /// Seals a text for its place, as [`Keyring::seal`] does.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(crate) fn seal(&self, place: Place<'_>, plain: &str) -> Result<Vec<u8>, VaultError> {
        seal_under((self.row.id, &self.key), self.row.application_id, place, plain)
    }
}
