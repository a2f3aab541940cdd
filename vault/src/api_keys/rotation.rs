//! A key takes another's place: both are good for a while, so that backends change over without a pause.

use super::form::Checked;
use super::{NewApiKey, described, new_row, view};
use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{DAY, HOUR, Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::api_keys;
use model::ids::ApiKeyId;
use model::people::Role;
use serde_json::json;

/// Longer than any roll-out takes.
const LONGEST_OVERLAP: Millis = 30 * DAY;

impl Vault {
    /// Makes a key like this one, which ends after `overlap`, and at once with 0. A key with an end gives the new one as
    /// much time as it had itself.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], also for a revoked key; [`VaultError::Conflict`] for one that is replaced already;
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn rotate_api_key(
        &self,
        caller: &ApplicationCaller,
        id: ApiKeyId,
        overlap: Millis,
    ) -> Result<NewApiKey, VaultError> {
        caller.require(Role::Developer)?;
        if !(0..=LONGEST_OVERLAP).contains(&overlap) {
            let most = LONGEST_OVERLAP / HOUR;
            return Err(VaultError::field(
                "overlap",
                format!("Both keys may be good for at most 30 days ({most} hours)."),
            ));
        }
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let old = api_keys::get(&mut tx, caller.application, id).await?.filter(|old| old.revoked_at.is_none());
        let old = old.ok_or(VaultError::NotFound)?;
        let like = Checked {
            name: old.name,
            scopes: old.scopes,
            sources: old.sources,
            expires_at: old.expires_at.map(|ends| now + ends - old.created_at),
            policy: old.policy,
        };
        let (row, secret) = new_row(caller, like, old.proxy_only_at.map(|_| now), now)?;
        let ends = now + overlap;
        if let Some(next) = old.replaced_by {
            return Err(replaced(Some(next)));
        }
        if !api_keys::replace(&mut tx, id, row.id, ends).await? {
            return Err(replaced(None));
        }
        let detail = described(&row, Some(id));
        self.insert_api_key(&mut tx, caller, &row, &secret, detail).await?;
        let detail = json!({ "replaced_by": row.id, "ends_at": rfc3339(ends) });
        self.record(&mut tx, Event::by(caller, "api_key.rotated", id).detail(detail)).await?;
        tx.commit().await?;
        Ok(NewApiKey { view: view(row, now), secret })
    }
}

fn replaced(by: Option<ApiKeyId>) -> VaultError {
    let other = by.map(|id| format!(" ({id})")).unwrap_or_default();
    let detail = format!("Another key{other} takes this one's place already: rotate that one, or revoke this one.");
    VaultError::Conflict { code: "api_key_replaced", detail }
}
