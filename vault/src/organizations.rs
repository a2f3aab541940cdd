//! What an organization has decided for all its applications.

use crate::Vault;
use crate::caller::MemberCaller;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::organizations;
use model::people::Role;
use serde_json::json;

impl Vault {
    /// Whether a second person must confirm what revokes many connected accounts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_person_required(&self, member: &MemberCaller) -> Result<bool, VaultError> {
        let mut db = self.store.connection().await?;
        Ok(organizations::second_person_at(&mut db, member.organization).await?.is_some())
    }

    /// Asks for a second person from now on, or no more; for owners.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn require_second_person(&self, member: &MemberCaller, required: bool) -> Result<(), VaultError> {
        member.require(Role::Owner)?;
        let mut tx = self.store.begin().await?;
        let at = required.then(|| self.clock.now());
        if organizations::set_second_person(&mut tx, member.organization, at).await? {
            let event = Event::in_portal(member, "organization.changed", member.organization);
            self.record(&mut tx, event.detail(json!({ "second_person": required }))).await?;
        }
        Ok(tx.commit().await?)
    }
}
