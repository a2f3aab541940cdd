//! What a provider tells of itself: above all, that one of its users has ended an authorization.
//!
//! The signature is the only thing that is believed, and it is checked over the bytes as they came. What follows from a
//! notice is written in one transaction with the line that it was taken in, so that a repeated delivery does nothing.

mod ending;
mod notice;
mod refusals;
mod signature;

pub(crate) use refusals::Refusals;

use crate::Vault;
use crate::catalogue::ProviderEvents;
use crate::error::{VaultError, internal};
use crate::secret::sha256;
use crate::store::{provider_configs, provider_events as store};
use http::HeaderMap;
use model::ids::ApplicationId;
use model::paths;
use notice::Notice;

/// A request of a provider, as it arrived.
pub struct ProviderEvent {
    /// The application in the path.
    pub application: ApplicationId,
    /// The provider config's key in the path.
    pub key: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It has done its work, now or at an earlier delivery.
    In,
    /// It asks for this answer, as JSON.
    Challenge(String),
    /// Nothing shows that the provider sent it.
    Refused,
}

impl Vault {
    /// Takes in what a provider sends. It runs in a task of its own: a provider that hangs up changes nothing.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when no provider config takes such requests under this path; anything else means that it
    /// could not be stored, and the provider should send it again.
    pub async fn take_provider_event(&self, event: ProviderEvent) -> Result<Taken, VaultError> {
        let vault = self.clone();
        let taking = self.calls.spawn(async move { vault.take(&event).await });
        taking.await.map_err(|e| internal("a provider event was not taken in", e))?
    }

    async fn take(&self, event: &ProviderEvent) -> Result<Taken, VaultError> {
        let config =
            provider_configs::by_key(&mut *self.store.connection().await?, event.application, &event.key).await?;
        let config = config.ok_or(VaultError::NotFound)?;
        let provider = self.running(&config)?;
        let entry = provider.entry.provider_events.as_ref().ok_or(VaultError::NotFound)?;
        let Some(secret) = self.webhook_secret(&config).await? else {
            self.refused.tell(
                &config,
                &entry.signature,
                &event.headers,
                "no webhook secret is stored",
                self.clock.now(),
            );
            return Ok(Taken::Refused);
        };
        if let Err(why) = signature::check(&entry.signature, &secret, &event.headers, &event.body, self.clock.now()) {
            self.refused.tell(&config, &entry.signature, &event.headers, why, self.clock.now());
            return Ok(Taken::Refused);
        }
        let notice = Notice::read(entry, &event.body);
        match (&entry.challenge, notice.challenge_token(entry)) {
            (Some(challenge), Some(token)) => Ok(Taken::Challenge(signature::answer(challenge, &secret, token))),
            _ => self.settle_notice(&config, entry, &notice, &sha256(&event.body)).await,
        }
    }

    /// Does what a notice says, once.
    async fn settle_notice(
        &self,
        config: &provider_configs::Row,
        entry: &ProviderEvents,
        notice: &Notice,
        body_hash: &[u8],
    ) -> Result<Taken, VaultError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if !store::insert(&mut tx, config.id, body_hash, now).await? {
            return Ok(Taken::In);
        }
        let outcome = match &notice.name {
            Some(name) if entry.ends_grant.contains(name) => self.end_grant(&mut tx, config, entry, notice).await?,
            Some(_) => "unknown_event",
            None => "unreadable",
        };
        store::set_handled(&mut tx, config.id, body_hash, outcome, now).await?;
        tx.commit().await?;
        tracing::info!(provider_config.id = %config.id, event.name = notice.loggable_name(), outcome, "A provider event is taken in.");
        Ok(Taken::In)
    }

    /// Where a provider config of this key takes its provider's notices, whether or not the provider sends any.
    pub fn provider_events_url(&self, application: ApplicationId, key: &str) -> String {
        self.connect_address(&paths::provider_events(application, key))
    }
}
