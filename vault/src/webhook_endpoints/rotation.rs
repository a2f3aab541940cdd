//! An endpoint's secret is replaced: the new one signs at once, and the old one beside it for a day.

use super::{signature, view};
use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{DAY, Millis};
use crate::error::VaultError;
use crate::events::Event;
use crate::secret::Secret;
use crate::store::webhook_endpoints::{self as store, Row};
use model::ids::{ApplicationId, WebhookEndpointId};
use model::people::Role;
use model::webhook_endpoints::WebhookEndpointView;

/// An endpoint with a new secret, which is shown once.
pub struct NewSecret {
    /// What lists show of it.
    pub view: WebhookEndpointView,
    /// The secret itself.
    pub secret: Secret,
}

impl Vault {
    /// Makes a new secret. The one before it signs too for 24 hours; an older one still ends now.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn rotate_webhook_secret(
        &self,
        caller: &ApplicationCaller,
        id: WebhookEndpointId,
    ) -> Result<NewSecret, VaultError> {
        caller.require(Role::Developer)?;
        let (application, place) = (caller.application, id.to_string());
        let (secret, sealed) = self.new_endpoint_secret(application, id).await?;
        let row = store::get(&mut *self.store.connection().await?, application, id).await?;
        let row = row.ok_or(VaultError::NotFound)?;
        let old = self.keyring.open(&self.store, application, store::secret_place(&place), &row.secret_current).await?;
        let previous = store::previous_secret_place(&place);
        let previous = self.keyring.seal(&self.store, application, previous, old.expose()).await?;
        let (mut tx, now) = (self.store.begin().await?, self.clock.now());
        let secrets = (sealed.as_slice(), previous.as_slice());
        if !store::rotate(&mut tx, id, secrets, &row.secret_current, (now + DAY, now)).await? {
            let detail = "The secret was replaced by somebody else just now; look again.".to_owned();
            return Err(VaultError::Conflict { code: "secret_rotated", detail });
        }
        self.record(&mut tx, Event::by(caller, "webhook_endpoint.secret_rotated", id)).await?;
        let row = store::get(&mut tx, application, id).await?.ok_or(VaultError::NotFound)?;
        tx.commit().await?;
        Ok(NewSecret { view: view(row, now), secret })
    }

    /// A new secret, and the same sealed for its place.
    pub(super) async fn new_endpoint_secret(
        &self,
        application: ApplicationId,
        id: WebhookEndpointId,
    ) -> Result<(Secret, Vec<u8>), VaultError> {
        let (secret, place) = (signature::new_secret()?, id.to_string());
        let sealed = self.keyring.seal(&self.store, application, store::secret_place(&place), secret.expose()).await?;
        Ok((secret, sealed))
    }

    /// The secrets that sign at present, the newest first.
    pub(super) async fn signing_secrets(&self, row: &Row, now: Millis) -> Result<Vec<Secret>, VaultError> {
        let (application, place) = (row.application_id, row.id.to_string());
        let open = async |place, sealed: &[u8]| self.keyring.open(&self.store, application, place, sealed).await;
        let mut secrets = vec![open(store::secret_place(&place), &row.secret_current).await?];
        if let Some(previous) = &row.secret_previous
            && row.previous_until_at.is_some_and(|until| until > now)
        {
            secrets.push(open(store::previous_secret_place(&place), previous).await?);
        }
        Ok(secrets)
    }
}
