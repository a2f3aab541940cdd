//! The code is exchanged, and its tokens are stored before anything else is asked.

use crate::Vault;
use crate::catalogue::Provider;
use crate::clock::{MINUTE, Millis};
use crate::error::VaultError;
use crate::http::{Answer, NoAnswer};
use crate::oauth::error::{Refusal, refusal};
use crate::oauth::exchange;
use crate::oauth::token_response::{self, Tokens};
use crate::provider_configs::Used;
use crate::secret::Secret;
use crate::store::intents::{self, Spends};
use crate::store::{attempts, connect_sessions, provider_configs, token_sets};
use crate::tokens::{LEASE, while_renewing};
use model::connect_sessions::Completion;
use model::ids::{IntentId, TokenSetId};
use std::time::Duration;

const DEADLINE: Millis = 2 * MINUTE;
/// How often a code that the provider did not look at is sent again.
const TRIES_AGAIN: u8 = 2;
const SHORT_PAUSE: Duration = Duration::from_millis(400);
/// The longest pause between tries: somebody looks at a page that is loading.
const PATIENCE: Duration = Duration::from_secs(3);

/// A code that was sent.
#[derive(Clone, Copy)]
struct Sent {
    intent: IntentId,
    at: Millis,
    /// The secret that the answer belongs to.
    used: Used,
}

impl Vault {
    pub(super) async fn exchange(
        &self,
        attempt: &attempts::Row,
        config: &provider_configs::Row,
        code: Secret,
    ) -> Result<(), VaultError> {
        let provider = self.running(config)?;
        let secrets = self.open_secrets(attempt.application_id, attempt.client_id).await?;
        let verifier = self.open_verifier(attempt).await?;
        let code = exchange::Code { code: &code, redirect_uri: &attempt.redirect_uri, verifier: verifier.as_ref() };
        let build = |credentials: &_| exchange::request(&provider.entry, credentials, &code, DEADLINE);
        build(&secrets.0.credentials)?;
        let (intent, sent_at) = self.intend_exchange(attempt).await?;
        let send = || {
            let sent = self.send_as(&provider, &secrets, build);
            while_renewing(sent, || self.renew_exchange(intent))
        };
        let (mut sent, mut used) = send().await?;
        for _ in 0..TRIES_AGAIN {
            let Some(pause) = self.pause_before_trying_again(&provider, &sent) else { break };
            tokio::time::sleep(pause).await;
            (sent, used) = send().await?;
        }
        match sent {
            Ok(answer) => {
                tracing::debug!(attempt.id = %attempt.id, "The answer to an exchange is here.");
                self.judge(attempt, config, &provider, Sent { intent, at: sent_at, used }, &answer).await
            }
            Err(NoAnswer::NotSent(why)) => {
                self.close_intent(intent, "not_processed").await?;
                self.fail_attempt(
                    attempt,
                    "provider_unavailable",
                    &format!("{} could not be reached: {why}.", provider.entry.name),
                )
                .await
            }
            Err(NoAnswer::Unknown(why)) => {
                self.close_intent(intent, "unknown").await?;
                let detail =
                    format!("{} did not answer ({why}); whether it gave access is not known.", provider.entry.name);
                self.fail_attempt(attempt, "exchange_interrupted", &detail).await
            }
        }
    }

    /// A code that was not looked at is still good, and the end user is waiting.
    fn pause_before_trying_again(&self, provider: &Provider, sent: &Result<Answer, NoAnswer>) -> Option<Duration> {
        let wait = match sent {
            Err(NoAnswer::NotSent(_)) => None,
            Ok(answer) => match refusal(&provider.entry, answer, &self.clock) {
                Some(Refusal::NotProcessed(_, wait)) => wait,
                _ => return None,
            },
            Err(NoAnswer::Unknown(_)) => return None,
        };
        let wait = Duration::from_millis(wait.unwrap_or_default().unsigned_abs()).max(SHORT_PAUSE);
        (wait <= PATIENCE).then_some(wait)
    }

    async fn judge(
        &self,
        attempt: &attempts::Row,
        config: &provider_configs::Row,
        provider: &Provider,
        sent: Sent,
        answer: &Answer,
    ) -> Result<(), VaultError> {
        let name = &provider.entry.name;
        let (outcome, code, words) = match refusal(&provider.entry, answer, &self.clock) {
            None => match token_response::read(&provider.entry, &answer.body) {
                Ok(tokens) => return self.keep(attempt, provider, sent, tokens).await,
                Err(why) => {
                    ("unknown", "exchange_interrupted", format!("{name} gave an answer that cannot be used: {why}."))
                }
            },
            Some(Refusal::NeedsReconnect(words)) => {
                ("needs_reconnect", "provider_refused", format!("{name} refused the code: {words}."))
            }
            Some(Refusal::NotProcessed(words, _)) => {
                ("not_processed", "provider_unavailable", format!("{name} is busy: {words}."))
            }
            Some(Refusal::Unknown(words)) => ("unknown", "exchange_interrupted", format!("{name} failed: {words}.")),
            Some(Refusal::ProviderConfigWrong(words)) => {
                self.config_refused(config, sent.used, &words).await?;
                (
                    "config_wrong",
                    "provider_config_rejected",
                    format!("{name} does not accept the application's credentials: {words}."),
                )
            }
        };
        self.close_intent(sent.intent, outcome).await?;
        self.fail_attempt(attempt, code, &words).await
    }

    /// Stores the tokens, then asks whose they are, then connects: a crash in between loses nothing.
    async fn keep(
        &self,
        attempt: &attempts::Row,
        provider: &Provider,
        sent: Sent,
        tokens: Tokens,
    ) -> Result<(), VaultError> {
        let new = token_sets::New {
            id: TokenSetId::new(),
            application_id: attempt.application_id,
            provider_config_id: attempt.provider_config_id,
            client_id: attempt.client_id,
            granted_at: sent.at,
        };
        let sealed = self
            .seal_tokens(&provider.entry, attempt.application_id, new.id, &tokens, &attempt.requested_scopes)
            .await?;
        let id_token = self.seal_id_token(attempt, tokens.id_token.as_ref()).await?;
        let wanted = self
            .until_stored(|| async {
                let mut tx = self.store.begin().await?;
                let now = self.clock.now();
                token_sets::put(&mut tx, &new, &sealed, now).await?;
                let wanted = attempts::set_token_set(&mut tx, attempt.id, new.id, id_token.as_deref()).await?;
                intents::close(&mut tx, sent.intent, "fresh", now).await?;
                sent.used.worked(&mut tx, now).await?;
                provider_configs::accept(&mut tx, attempt.provider_config_id, attempt.client_id, now).await?;
                tx.commit().await?;
                Ok(wanted)
            })
            .await;
        tracing::debug!(attempt.id = %attempt.id, connect_session.id = %attempt.connect_session_id, "The commit of an exchange has returned.");
        let id_token = tokens.id_token.as_ref();
        let account = match self.identify(provider, attempt, &tokens.access_token, id_token, self.clock.now()).await? {
            Ok(account) => account,
            Err(why) => return self.refuse_identity(attempt, provider, new.id, &why).await,
        };
        self.keep_identity(attempt, new.id, &account).await?;
        if !wanted {
            return self.discard_late(attempt, provider, new.id).await;
        }
        let mut db = self.store.connection().await?;
        let session = connect_sessions::get(&mut db, attempt.application_id, attempt.connect_session_id).await?;
        drop(db);
        let session = session.ok_or(VaultError::NotFound)?;
        if session.tests_at.is_some() {
            let drilled = self.drill(&session, attempt, provider, new.id, &account).await;
            if drilled.is_err() {
                self.give_up_test(&session).await?;
            }
            return drilled;
        }
        match session.completion {
            Completion::Automatic => self.attach(&session, attempt.id).await,
            Completion::Confirmed => Ok(()),
        }
    }

    /// This process was stopped for so long that the attempt was given up: nobody waits for its tokens any more.
    async fn discard_late(
        &self,
        attempt: &attempts::Row,
        provider: &Provider,
        id: TokenSetId,
    ) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        provider_configs::hold(&mut tx, attempt.provider_config_id).await?;
        let tokens = token_sets::get(&mut tx, attempt.application_id, id).await?.ok_or(VaultError::NotFound)?;
        let later = self.give_up(&mut tx, provider, &tokens, attempt.connect_session_id).await?;
        tx.commit().await?;
        self.revoke_at_provider_later(attempt.application_id, later.into_iter().collect());
        Ok(())
    }

    async fn open_verifier(&self, attempt: &attempts::Row) -> Result<Option<Secret>, VaultError> {
        let Some(sealed) = &attempt.pkce_verifier else { return Ok(None) };
        let place = attempt.id.to_string();
        self.keyring.open(&self.store, attempt.application_id, attempts::verifier_place(&place), sealed).await.map(Some)
    }

    async fn intend_exchange(&self, attempt: &attempts::Row) -> Result<(IntentId, Millis), VaultError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let intent =
            intents::insert(&mut tx, attempt.application_id, Spends::Exchange(attempt.id), &self.process, 0, now)
                .await?;
        intents::renew_lease(&self.store, &mut tx, intent, LEASE).await?;
        intents::set_sent(&mut tx, intent, now).await?;
        tx.commit().await?;
        Ok((intent, now))
    }

    async fn renew_exchange(&self, intent: IntentId) {
        let renewed = async {
            let mut db = self.store.connection().await?;
            intents::renew_lease(&self.store, &mut db, intent, LEASE).await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(intent.id = %intent, error = crate::error::chain(&error), "The lease of an exchange under way could not be renewed.");
        }
    }

    async fn close_intent(&self, intent: IntentId, outcome: &str) -> Result<(), VaultError> {
        Ok(intents::close(&mut *self.store.connection().await?, intent, outcome, self.clock.now()).await?)
    }
}
