//! The browser is back from the provider.

use crate::Vault;
use crate::caller::Actor;
use crate::error::{VaultError, internal};
use crate::events::Event;
use crate::oauth::error::clean;
use crate::random;
use crate::secret::{Secret, same, sha256};
use crate::store::{applications, attempts, branding, connect_sessions, provider_configs};
use model::connect_sessions::{Completion, ConnectSessionStatus, ResultStatus};
use model::ids::{ApplicationId, ConnectSessionId};
use model::provider_configs::ProviderConfigState;
use serde_json::json;

/// What a provider sent the browser back with.
pub struct Callback {
    /// From the path.
    pub application: ApplicationId,
    /// The provider config's key, from the path.
    pub key: String,
    /// The authorization code.
    pub code: Option<Secret>,
    /// Our own state.
    pub state: Option<String>,
    /// Who answers, as the provider says (RFC 9207).
    pub iss: Option<String>,
    /// The provider's error code.
    pub error: Option<String>,
    /// The provider's words for it.
    pub error_description: Option<String>,
}

/// How a callback ends.
pub enum Ended {
    /// The browser goes on to the page of its session.
    Session(ConnectSessionId),
    /// An install that began at the provider: a code nobody asked for. Nothing is bound or kept.
    BeganAtProvider {
        /// The application's name.
        application_name: String,
        /// The provider's name.
        provider_name: String,
    },
    /// The state is not known here.
    StateUnknown,
    /// Another browser began this.
    OtherBrowser,
    /// Neither a code nor an error.
    Empty,
}

impl Vault {
    /// Takes a callback: the state is checked and used once, the code exchanged, and the account connected.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn complete(&self, callback: Callback, browser: Option<&str>) -> Result<Ended, VaultError> {
        let mut db = self.store.connection().await?;
        let Some(config) = provider_configs::by_key(&mut db, callback.application, &callback.key).await? else {
            return Ok(Ended::StateUnknown);
        };
        let Some(state) = callback.state.as_deref().filter(|s| !s.is_empty()) else {
            drop(db);
            return self.without_state(&callback, &config).await;
        };
        let attempt = attempts::by_state(&mut db, &sha256(state.as_bytes())).await?;
        let ours = |a: &attempts::Row| a.application_id == callback.application && a.provider_config_id == config.id;
        let Some(attempt) = attempt.filter(ours) else { return Ok(Ended::StateUnknown) };
        let hash = browser.map(|b| sha256(b.as_bytes()));
        let Some(hash) = hash.filter(|h| same(h, &attempt.browser_hash)) else { return Ok(Ended::OtherBrowser) };
        let (session, now) = (attempt.connect_session_id, self.clock.now());
        if attempt.used_at.is_none() && callback.code.is_none() && callback.error.is_none() && attempt.expires_at > now
        {
            return Ok(Ended::Empty);
        }
        let open = connect_sessions::get(&mut db, attempt.application_id, session)
            .await?
            .is_some_and(|s| s.status == ConnectSessionStatus::Open);
        if !open || !attempts::take(&mut db, attempt.id, &hash, now).await? {
            return Ok(Ended::Session(session));
        }
        drop(db);
        self.finish_attempt(attempt, config, callback).await?;
        Ok(Ended::Session(session))
    }

    /// Runs to its end even when the browser hangs up: the code is spent by then.
    async fn finish_attempt(
        &self,
        attempt: attempts::Row,
        config: provider_configs::Row,
        callback: Callback,
    ) -> Result<(), VaultError> {
        let vault = self.clone();
        let work = self.calls.spawn(async move {
            let ended = vault.try_attempt(&attempt, &config, callback).await;
            if let Err(error) = &ended {
                tracing::error!(attempt.id = %attempt.id, error = crate::error::chain(error), "An attempt could not be finished.");
                vault.fail_attempt(&attempt, "internal_error", "Something went wrong here; nothing was connected.").await?;
            }
            vault.end_session_when_done(&attempt).await
        });
        work.await.map_err(|e| internal("an attempt stopped", e))?
    }

    async fn try_attempt(
        &self,
        attempt: &attempts::Row,
        config: &provider_configs::Row,
        callback: Callback,
    ) -> Result<(), VaultError> {
        if let Some((code, detail)) = self.wrong_issuer(attempt, config, callback.iss.as_deref())? {
            return self.fail_attempt(attempt, code, &detail).await;
        }
        let Some(code) = callback.code.filter(|_| callback.error.is_none()) else {
            let code = callback.error.as_deref().unwrap_or("no_code");
            let (code, detail) = provider_error(code, callback.error_description.as_deref());
            return self.fail_attempt(attempt, code, &detail).await;
        };
        if config.state != ProviderConfigState::Active || self.is_quarantined() {
            return self
                .fail_attempt(attempt, "provider_config_disabled", "The provider was switched off meanwhile.")
                .await;
        }
        self.exchange(attempt, config, code).await
    }

    /// Whether the answer may come from somebody else than the provider that was asked (RFC 9207, 2.4; RFC 9700, 4.4):
    /// by its `iss`, of which only an equal one will do, or since the entry has moved to other endpoints meanwhile.
    fn wrong_issuer(
        &self,
        attempt: &attempts::Row,
        config: &provider_configs::Row,
        iss: Option<&str>,
    ) -> Result<Option<(&'static str, String)>, VaultError> {
        let provider = self.running(config)?;
        let (name, expected) = (&provider.entry.name, &provider.entry.authorize);
        if attempt.entry_hash.as_ref().is_some_and(|begun_with| *begun_with != config.entry_hash) {
            let detail = format!("{name} was set up anew while you were there. Start again.");
            return Ok(Some(("provider_config_changed", detail)));
        }
        let Some(issuer) = &expected.issuer else { return Ok(None) };
        let what = match iss {
            Some(iss) if iss == issuer => return Ok(None),
            None if !expected.iss_required => return Ok(None),
            Some(_) => format!("The answer names another issuer than {name}'s"),
            None => format!("The answer does not name its issuer, as {name} does"),
        };
        Ok(Some(("issuer_mismatch", format!("{what}; it was not used and nothing was connected. Start again."))))
    }

    pub(super) async fn fail_attempt(
        &self,
        attempt: &attempts::Row,
        code: &'static str,
        detail: &str,
    ) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        attempts::failed(&mut tx, attempt.id, code, detail, self.clock.now()).await?;
        let event = Event::of(
            attempt.application_id,
            Actor::EndUser,
            "connect_session.provider_failed",
            attempt.connect_session_id,
        );
        self.record(&mut tx, event.outcome(code).detail(json!({ "attempt": attempt.id, "detail": detail }))).await?;
        let session = connect_sessions::get(&mut tx, attempt.application_id, attempt.connect_session_id).await?;
        self.record_failed_reconnect(&mut tx, &session.ok_or(VaultError::NotFound)?, code, detail).await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn end_session_when_done(&self, attempt: &attempts::Row) -> Result<(), VaultError> {
        let mut db = self.store.connection().await?;
        let session = connect_sessions::get(&mut db, attempt.application_id, attempt.connect_session_id).await?;
        let session = session.ok_or(VaultError::NotFound)?;
        let results = self.results(&mut db, &session).await?;
        drop(db);
        if session.providers.iter().all(|key| results.contains_key(key)) {
            self.end_session(&session).await
        } else {
            Ok(())
        }
    }

    /// Ends a session by what its trips brought.
    pub(super) async fn end_session(&self, session: &connect_sessions::Row) -> Result<(), VaultError> {
        if session.tests_at.is_some() {
            return self.end_test(session).await;
        }
        let now = self.clock.now();
        let code = random::token("")?;
        let place = session.id.to_string();
        let sealed = self
            .keyring
            .seal(&self.store, session.application_id, connect_sessions::code_place(&place), code.expose())
            .await?;
        let mut tx = self.store.begin().await?;
        let results = self.results(&mut tx, session).await?;
        let good = results.values().any(|r| r.status != ResultStatus::Failed);
        let (ended, outcome) = match (good, session.completion) {
            (false, _) => {
                (connect_sessions::finish(&mut tx, session.id, ConnectSessionStatus::Failed, now).await?, "failed")
            }
            (true, Completion::Automatic) => {
                (connect_sessions::finish(&mut tx, session.id, ConnectSessionStatus::Completed, now).await?, "ok")
            }
            (true, Completion::Confirmed) => {
                let by = now + super::CONFIRMATION;
                (
                    connect_sessions::await_confirmation(&mut tx, session.id, &sealed, by, now).await?,
                    "awaiting_confirmation",
                )
            }
        };
        if ended {
            let event = Event::of(session.application_id, Actor::EndUser, "connect_session.finished", session.id);
            self.record(&mut tx, event.outcome(outcome)).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn without_state(&self, callback: &Callback, config: &provider_configs::Row) -> Result<Ended, VaultError> {
        if callback.code.is_none() {
            return Ok(if callback.error.is_some() { Ended::StateUnknown } else { Ended::Empty });
        }
        let application = applications::get_of_any(&mut *self.store.connection().await?, callback.application).await?;
        let application = application.ok_or(VaultError::NotFound)?;
        let branding = branding::get(&mut *self.store.connection().await?, callback.application).await?;
        let application_name = branding.display_name.unwrap_or(application.name);
        let provider_name = self.running(config)?.entry.name.clone();
        Ok(Ended::BeganAtProvider { application_name, provider_name })
    }
}

/// Our word and the provider's sentence, cut (RFC 6749, 4.1.2.1).
fn provider_error(code: &str, description: Option<&str>) -> (&'static str, String) {
    let said = description.map(clean).filter(|d| !d.is_empty());
    let (word, sentence) = match code {
        "access_denied" => ("access_denied", "Access was declined at the provider."),
        "temporarily_unavailable" | "server_error" => {
            ("provider_unavailable", "The provider is not available at the moment.")
        }
        "no_code" => ("provider_refused", "The provider sent the browser back without a code."),
        _ => ("provider_refused", "The provider refused the request."),
    };
    match (said, word) {
        (Some(said), _) => (word, said),
        (None, "provider_refused") if code != "no_code" => (word, format!("{sentence} ({})", clean(code))),
        (None, _) => (word, sentence.to_owned()),
    }
}
