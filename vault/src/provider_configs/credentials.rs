//! Credentials for a token call: while a client has two secrets, the new one is tried first and the old one after it.

use crate::Vault;
use crate::catalogue::{Entry, Provider};
use crate::clock::{MINUTE, Millis};
use crate::error::VaultError;
use crate::http::{Answer, NoAnswer, Request};
use crate::oauth::Credentials;
use crate::oauth::error::{Refusal, refusal};
use crate::store::Connection;
use crate::store::clients::{self, Slot};
use model::ids::{ApplicationId, ClientId};

/// A new secret that was refused is not tried first again for so long: providers take their time to activate one.
const LEFT_ALONE: Millis = 5 * MINUTE;

/// A secret that was opened for a call.
pub(crate) struct Usable {
    pub(crate) credentials: Credentials,
    pub(crate) used: Used,
}

/// Which secret a call was made with.
#[derive(Clone, Copy)]
pub(crate) struct Used {
    pub(crate) client: ClientId,
    pub(crate) slot: Slot,
    /// Whether that it works is worth writing down.
    pub(crate) is_news: bool,
}

impl Used {
    /// Writes down that the provider took a call under this secret.
    pub(crate) async fn worked(self, db: &mut Connection, now: Millis) -> Result<(), VaultError> {
        if self.is_news {
            clients::worked(db, self.client, self.slot, now).await?;
        }
        Ok(())
    }
}

impl Vault {
    /// Opens a client's secrets in the order in which to try them: one, or two while one takes the other's place.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when the client is not there or has none.
    pub(crate) async fn open_secrets(
        &self,
        application: ApplicationId,
        client: ClientId,
    ) -> Result<(Usable, Option<Usable>), VaultError> {
        let row = clients::get(&mut *self.store.connection().await?, application, client).await?;
        let row = row.ok_or(VaultError::NotFound)?;
        let (place, now) = (row.id.to_string(), self.clock.now());
        let usable = |slot, client_secret| Usable {
            credentials: Credentials { client_id: row.client_id.clone(), client_secret },
            used: Used { client, slot, is_news: clients::is_news(&row, slot, now) },
        };
        let current = match &row.secret_current {
            Some(sealed) => Some(usable(
                Slot::Current,
                self.keyring.open(&self.store, application, clients::secret_place(&place), sealed).await?,
            )),
            None => None,
        };
        let Some(next) = &row.next else { return Ok((current.ok_or(VaultError::NotFound)?, None)) };
        let secret =
            self.keyring.open(&self.store, application, clients::next_secret_place(&place), &next.sealed).await?;
        let other = usable(Slot::Next, secret);
        let waits = next.refused_at.is_some_and(|at| at > now - LEFT_ALONE);
        Ok(match current {
            Some(current) if waits => (current, Some(other)),
            current => (other, current),
        })
    }

    /// Sends what a client authenticates. Where the provider does not know it under the first secret, it has looked at
    /// nothing else and spent nothing: the same is sent under the other one. Says which of them the answer belongs to.
    pub(crate) async fn send_as(
        &self,
        provider: &Provider,
        secrets: &(Usable, Option<Usable>),
        build: impl Fn(&Credentials) -> Result<Request, VaultError> + Send,
    ) -> Result<(Result<Answer, NoAnswer>, Used), VaultError> {
        let (first, other) = secrets;
        let answer = self.http.send(provider.reach(), build(&first.credentials)?).await;
        let Some(other) = other.as_ref().filter(|_| self.is_unknown_client(&provider.entry, &answer)) else {
            return Ok((answer, first.used));
        };
        if let Err(error) = self.secret_refused(first.used).await {
            tracing::warn!(client.id = %first.used.client, error = crate::error::chain(&error), "That a secret was refused could not be written down.");
        }
        Ok((self.http.send(provider.reach(), build(&other.credentials)?).await, other.used))
    }

    fn is_unknown_client(&self, entry: &Entry, answer: &Result<Answer, NoAnswer>) -> bool {
        let refused = answer.as_ref().ok().and_then(|answer| refusal(entry, answer, &self.clock));
        matches!(refused, Some(Refusal::ProviderConfigWrong(_)))
    }

    /// Writes down that the provider does not know the client under this secret.
    pub(crate) async fn secret_refused(&self, used: Used) -> Result<(), VaultError> {
        tracing::info!(client.id = %used.client, "One of a client's two secrets was refused; the other one is tried.");
        let mut db = self.store.connection().await?;
        Ok(clients::refused(&mut db, used.client, used.slot, self.clock.now()).await?)
    }

    /// Writes down that the provider took a call.
    pub(crate) async fn secret_worked(&self, used: Used) -> Result<(), VaultError> {
        if used.is_news { used.worked(&mut *self.store.connection().await?, self.clock.now()).await } else { Ok(()) }
    }
}
