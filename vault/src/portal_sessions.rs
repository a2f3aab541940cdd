//! Where the portal's sign-in sessions are kept. A session's id is a secret: the database has its hash.

use crate::Vault;
use crate::clock::Millis;
use crate::error::VaultError;
use crate::secret::sha256;
use crate::store::portal_sessions;
use model::ids::PersonId;

impl Vault {
    /// Keeps a new session. `false` when the id is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_portal_session(&self, id: &str, data: &[u8], expires_at: Millis) -> Result<bool, VaultError> {
        let mut db = self.store.connection().await?;
        Ok(portal_sessions::insert(&mut db, &sha256(id.as_bytes()), data, self.clock.now(), expires_at).await?)
    }

    /// Writes a session over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_portal_session(
        &self,
        id: &str,
        person: Option<PersonId>,
        data: &[u8],
        expires_at: Millis,
    ) -> Result<(), VaultError> {
        let mut db = self.store.connection().await?;
        Ok(portal_sessions::upsert(&mut db, &sha256(id.as_bytes()), person, data, self.clock.now(), expires_at).await?)
    }

    /// A session that has not expired: its data and its end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_portal_session(&self, id: &str) -> Result<Option<(Vec<u8>, Millis)>, VaultError> {
        let mut db = self.store.connection().await?;
        Ok(portal_sessions::get(&mut db, &sha256(id.as_bytes()), self.clock.now()).await?)
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_portal_session(&self, id: &str) -> Result<(), VaultError> {
        let mut db = self.store.connection().await?;
        Ok(portal_sessions::delete(&mut db, &sha256(id.as_bytes())).await?)
    }
}
