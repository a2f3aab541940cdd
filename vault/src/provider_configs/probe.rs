//! Asking the provider about credentials, without any end user.

use super::form::Credentials;
use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::catalogue::Provider;
use crate::clock::{HOUR, MINUTE};
use crate::error::VaultError;
use crate::events::Event;
use crate::oauth;
use crate::store::{Tx, provider_configs};
use crate::throttle::Limit;
use model::ids::ClientId;
use model::people::Role;
use model::provider_configs::{ProbeVerdict, ProviderConfigState, ProviderConfigView};
use serde_json::json;

/// Enough for every honest mistake, too few to guess a secret.
const BY_APPLICATION: Limit = Limit { what: "credential-check", attempts: 30, window: 10 * MINUTE };
const BY_CLIENT: Limit = Limit { what: "credential-check-of", attempts: 10, window: 10 * MINUTE };

impl Vault {
    /// The verdict, with the provider's words. Asked too often or with the provider down: cannot tell.
    pub(super) async fn probe(
        &self,
        caller: &ApplicationCaller,
        provider: &Provider,
        key: &str,
        credentials: &Credentials,
    ) -> Result<(ProbeVerdict, String), VaultError> {
        let who = format!("{}/{}", provider.entry.endpoints.token, credentials.client_id);
        for (limit, who) in [(BY_APPLICATION, caller.application.to_string()), (BY_CLIENT, who)] {
            match self.count_attempt(limit, &who).await {
                Err(VaultError::TooManyAttempts { .. }) => {
                    return Ok((ProbeVerdict::CannotTell, "checked too often; try again in ten minutes".to_owned()));
                }
                counted => counted?,
            }
        }
        let pair =
            oauth::Credentials { client_id: credentials.client_id.clone(), client_secret: credentials.secret.clone() };
        Ok(self.ask_about(provider, &pair, &self.redirect_uri(caller.application, key)).await)
    }

    /// Goes through the entry's steps until one can tell.
    pub(crate) async fn ask_about(
        &self,
        provider: &Provider,
        credentials: &oauth::Credentials,
        redirect_uri: &str,
    ) -> (ProbeVerdict, String) {
        if self.is_quarantined() {
            return (
                ProbeVerdict::CannotTell,
                "this server runs in quarantine; see keybearer instance show".to_owned(),
            );
        }
        let mut last = "this provider has no way to check credentials".to_owned();
        for step in &provider.entry.probe {
            let Ok(request) = oauth::probe::request(&provider.entry, credentials, step.grant_type, redirect_uri) else {
                continue;
            };
            match self.http.send(provider.reach(), request).await {
                Ok(answer) => match oauth::probe::verdict(&provider.entry, step.grant_type, &answer, &self.clock) {
                    (ProbeVerdict::CannotTell, words) => last = words,
                    told => return told,
                },
                // A provider that is down is not asked twice: a save must not wait.
                Err(error) => return (ProbeVerdict::CannotTell, error.to_string()),
            }
        }
        (ProbeVerdict::CannotTell, last)
    }

    /// Asks the provider about the stored credentials now.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`], [`VaultError::TooManyAttempts`].
    pub async fn verify_provider_config(
        &self,
        caller: &ApplicationCaller,
        key: &str,
    ) -> Result<(ProbeVerdict, String, ProviderConfigView), VaultError> {
        caller.require(Role::Developer)?;
        self.count_attempt(BY_APPLICATION, &caller.application.to_string()).await?;
        let row = provider_configs::by_key(&mut *self.store.connection().await?, caller.application, key).await?;
        let row = row.ok_or(VaultError::NotFound)?;
        let (verdict, words) = self.probe_stored(&row).await?;
        let mut tx = self.store.begin().await?;
        let detail = json!({ "key": key, "probe": verdict, "detail": words });
        self.record(
            &mut tx,
            Event::by(caller, "provider_config.verified", row.id).outcome(verdict.as_str()).detail(detail),
        )
        .await?;
        tx.commit().await?;
        Ok((verdict, words, self.provider_config(caller, key).await?))
    }

    /// Asks about the stored credentials and sets the state by the answer.
    async fn probe_stored(&self, row: &provider_configs::Row) -> Result<(ProbeVerdict, String), VaultError> {
        let provider = self.running(row)?;
        let client = row.current_client_id.ok_or(VaultError::NotFound)?;
        let (verdict, words) = self.ask_about_client(&provider, client, row).await?;
        let (mut tx, now) = (self.store.begin().await?, self.clock.now());
        provider_configs::set_probed(&mut tx, row.id, now).await?;
        match verdict {
            ProbeVerdict::Accepted => drop(provider_configs::accept(&mut tx, row.id, client, now).await?),
            ProbeVerdict::Rejected => {
                if provider_configs::reject(&mut tx, row.id, client, &words, now).await? {
                    self.record_rejection(&mut tx, row, &words).await?;
                }
            }
            ProbeVerdict::CannotTell => {}
        }
        tx.commit().await?;
        Ok((verdict, words))
    }

    /// A provider config has become rejected, whichever way: the log has it, and endpoints are told.
    pub(crate) async fn record_rejection(
        &self,
        tx: &mut Tx,
        row: &provider_configs::Row,
        words: &str,
    ) -> Result<(), VaultError> {
        let event = Event::of(row.application_id, Actor::Keybearer, "provider_config.rejected", row.id);
        self.record(tx, event.outcome("rejected").detail(json!({ "key": row.key, "detail": words }))).await
    }

    /// Asks about each of a client's secrets until one is accepted.
    async fn ask_about_client(
        &self,
        provider: &Provider,
        client: ClientId,
        row: &provider_configs::Row,
    ) -> Result<(ProbeVerdict, String), VaultError> {
        let (first, other) = self.open_secrets(row.application_id, client).await?;
        let redirect_uri = self.redirect_uri(row.application_id, &row.key);
        let mut last = (ProbeVerdict::CannotTell, String::new());
        for secret in std::iter::once(first).chain(other) {
            last = self.ask_about(provider, &secret.credentials, &redirect_uri).await;
            match last.0 {
                ProbeVerdict::Accepted => {
                    self.secret_worked(secret.used).await?;
                    break;
                }
                ProbeVerdict::Rejected => self.secret_refused(secret.used).await?,
                ProbeVerdict::CannotTell => break,
            }
        }
        Ok(last)
    }

    /// A rejected provider config is tried once an hour, by whoever needs it first. Whether it is good again.
    pub(crate) async fn retry_rejected(&self, row: &provider_configs::Row) -> Result<bool, VaultError> {
        if row.state != ProviderConfigState::Rejected {
            return Ok(row.state == ProviderConfigState::Active);
        }
        let now = self.clock.now();
        if !provider_configs::claim_probe(&mut *self.store.connection().await?, row.id, now - HOUR, now).await? {
            return Ok(false);
        }
        let (verdict, _) = self.probe_stored(row).await?;
        Ok(verdict == ProbeVerdict::Accepted)
    }
}
