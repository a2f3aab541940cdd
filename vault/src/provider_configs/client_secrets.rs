//! A client's secret is replaced while both are valid: the new one is stored beside the old one, every token call tries
//! it first, and the old one goes when a member says so or the new one has worked for a day.

use super::form::Credentials;
use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::{Millis, end_of_day};
use crate::error::VaultError;
use crate::events::Event;
use crate::secret::{Secret, same};
use crate::store::{clients, provider_configs};
use model::ids::ClientId;
use model::people::Role;
use model::provider_configs::ProbeVerdict;
use serde_json::json;

/// A new secret for a client.
pub struct NewClientSecret {
    /// The secret.
    pub secret: Secret,
    /// The day on which it ends, `2027-01-31`; empty when it does not or nobody knows.
    pub expires_on: String,
    /// Store one that the provider refuses: it may be active later.
    pub store_anyway: bool,
}

/// What became of a new secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretAdded {
    /// It stands beside the old one; the words are the provider's.
    Beside(ProbeVerdict, String),
    /// The provider knows the new one and no longer the old one: it has taken its place.
    Replaced,
    /// The provider refuses it, in these words, and nothing is stored.
    Refused(String),
}

impl Vault {
    /// Stores a new secret beside a client's old one, after asking the provider about both.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn add_client_secret(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        client: ClientId,
        new: NewClientSecret,
    ) -> Result<SecretAdded, VaultError> {
        caller.require(Role::Developer)?;
        let (config, client) = self.client_of(caller, key, client).await?;
        let secret = Secret::new(new.secret.expose().trim().to_owned());
        let old = self.current_secret(&client).await?;
        let expires_at = check(&secret, &old, &client, &new.expires_on, self.clock.now())?;
        let provider = self.running(&config)?;
        let of = |secret: &Secret| Credentials {
            client: Some(client.id),
            client_id: client.client_id.clone(),
            secret: secret.clone(),
            is_given: true,
        };
        let (verdict, words) = self.probe(caller, &provider, key, &of(&secret)).await?;
        if verdict == ProbeVerdict::Rejected && !new.store_anyway {
            return Ok(SecretAdded::Refused(words));
        }
        let accepted = verdict == ProbeVerdict::Accepted;
        let old_is_over = accepted && self.probe(caller, &provider, key, &of(&old)).await?.0 == ProbeVerdict::Rejected;
        self.store_next(caller, &config, &client, &secret, expires_at, verdict).await?;
        if !old_is_over {
            return Ok(SecretAdded::Beside(verdict, words));
        }
        let (_, client) = self.client_of(caller, key, client.id).await?;
        self.promote(&client, caller.actor).await?;
        Ok(SecretAdded::Replaced)
    }

    /// The new secret takes the old one's place, which is forgotten.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when no replacement is under way; [`VaultError::Forbidden`].
    pub async fn finish_client_secret(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        client: ClientId,
    ) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let (_, client) = self.client_of(caller, key, client).await?;
        if self.promote(&client, caller.actor).await? { Ok(()) } else { Err(VaultError::NotFound) }
    }

    /// The old secret stays, and the new one is forgotten.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when no replacement is under way; [`VaultError::Forbidden`].
    pub async fn cancel_client_secret(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        client: ClientId,
    ) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let (config, client) = self.client_of(caller, key, client).await?;
        let mut tx = self.store.begin().await?;
        if !clients::drop_next(&mut tx, client.id, self.clock.now()).await? {
            return Err(VaultError::NotFound);
        }
        let detail = json!({ "key": key, "client": client.id });
        self.record(&mut tx, Event::by(caller, "provider_config.secret_dropped", config.id).detail(detail)).await?;
        Ok(tx.commit().await?)
    }

    /// Says on which day a client's secret ends, `2027-01-31`; empty: it does not, or nobody knows.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn set_secret_expiry(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        client: ClientId,
        expires_on: &str,
    ) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let (config, client) = self.client_of(caller, key, client).await?;
        let at = end_of_day(expires_on).map_err(|why| VaultError::field("expires_on", why))?;
        let mut tx = self.store.begin().await?;
        clients::set_expiry(&mut tx, client.id, at, self.clock.now()).await?;
        let detail = json!({ "key": key, "client": client.id, "secret_expires_on": expires_on.trim() });
        self.record(&mut tx, Event::by(caller, "provider_config.secret_expiry_set", config.id).detail(detail)).await?;
        Ok(tx.commit().await?)
    }

    /// A client of a provider config, by its row's id.
    pub(super) async fn client_of(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        client: ClientId,
    ) -> Result<(provider_configs::Row, clients::Row), VaultError> {
        let mut db = self.store.connection().await?;
        let config = provider_configs::by_key(&mut db, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let client = clients::get(&mut db, caller.application, client).await?;
        let client = client.filter(|c| c.provider_config_id == config.id).ok_or(VaultError::NotFound)?;
        Ok((config, client))
    }

    async fn current_secret(&self, client: &clients::Row) -> Result<Secret, VaultError> {
        let (place, sealed) = (client.id.to_string(), client.secret_current.as_ref().ok_or(VaultError::NotFound)?);
        self.keyring.open(&self.store, client.application_id, clients::secret_place(&place), sealed).await
    }

    async fn store_next(
        &self,
        caller: &ApplicationCaller,
        config: &provider_configs::Row,
        client: &clients::Row,
        secret: &Secret,
        expires_at: Option<Millis>,
        verdict: ProbeVerdict,
    ) -> Result<(), VaultError> {
        let (place, now) = (client.id.to_string(), self.clock.now());
        let place = clients::next_secret_place(&place);
        let sealed = self.keyring.seal(&self.store, caller.application, place, secret.expose()).await?;
        let works = match verdict {
            ProbeVerdict::Accepted => Some(true),
            ProbeVerdict::Rejected => Some(false),
            ProbeVerdict::CannotTell => None,
        };
        let mut tx = self.store.begin().await?;
        clients::put_next(&mut tx, client.id, (&sealed, &secret.ends(4)), expires_at, works, now).await?;
        if verdict == ProbeVerdict::Accepted {
            provider_configs::accept(&mut tx, config.id, client.id, now).await?;
        }
        let detail = json!({ "key": config.key, "client": client.id, "probe": verdict });
        self.record(&mut tx, Event::by(caller, "provider_config.secret_added", config.id).detail(detail)).await?;
        Ok(tx.commit().await?)
    }

    /// Puts the next secret in the current one's place. Whether there was one.
    pub(super) async fn promote(&self, client: &clients::Row, actor: Actor) -> Result<bool, VaultError> {
        let Some(next) = &client.next else { return Ok(false) };
        let place = client.id.to_string();
        let secret = self
            .keyring
            .open(&self.store, client.application_id, clients::next_secret_place(&place), &next.sealed)
            .await?;
        let sealed = self
            .keyring
            .seal(&self.store, client.application_id, clients::secret_place(&place), secret.expose())
            .await?;
        let mut tx = self.store.begin().await?;
        if !clients::promote_next(&mut tx, client.id, next.added_at, &sealed, self.clock.now()).await? {
            return Ok(false);
        }
        let event =
            Event::of(client.application_id, actor, "provider_config.secret_replaced", client.provider_config_id);
        self.record(&mut tx, event.detail(json!({ "client": client.id }))).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn check(
    secret: &Secret,
    old: &Secret,
    client: &clients::Row,
    expires_on: &str,
    now: Millis,
) -> Result<Option<Millis>, VaultError> {
    let mut fields = Vec::new();
    let text = secret.expose();
    let mut wrong = |field: &str, why: &str| fields.push((field.to_owned(), why.to_owned()));
    if text.is_empty() {
        wrong("client_secret", "Copy the new Client Secret.");
    } else if text.len() > 1_024 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        wrong("client_secret", "It holds a space or line break in the middle: copy it again, alone.");
    } else if same(text.as_bytes(), old.expose().as_bytes()) {
        wrong("client_secret", "This is the secret that is stored already: copy the new one.");
    } else if same(text.as_bytes(), client.client_id.as_bytes()) {
        wrong("client_secret", "This is the Client ID: copy the Client Secret.");
    }
    let expires_at = match end_of_day(expires_on) {
        Ok(Some(at)) if at <= now => {
            wrong("expires_on", "This day is over: enter the day on which the new secret ends.");
            None
        }
        Ok(at) => at,
        Err(why) => {
            wrong("expires_on", why);
            None
        }
    };
    VaultError::check("The new secret is not stored: check the fields below.", fields)?;
    Ok(expires_at)
}
