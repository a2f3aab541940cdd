//! Attempts whose process is gone: what it had stored is connected, and what it had not is given up in plain words.

use crate::Vault;
use crate::clock::MINUTE;
use crate::error::VaultError;
use crate::store::{attempts, connect_sessions, intents, provider_configs, token_sets};
use model::connect_sessions::Completion;

/// An attempt is left alone for so long: its own process may be asking whose tokens these are.
const LEFT_ALONE: i64 = MINUTE;
const AT_ONCE: i64 = 100;

impl Vault {
    /// Ends attempts that nobody works on any more. Says how many.
    pub(crate) async fn resume_attempts(&self) -> Result<usize, VaultError> {
        if self.is_quarantined() {
            return Ok(0);
        }
        let before = self.clock.now() - LEFT_ALONE;
        let stuck = attempts::unfinished(&mut *self.store.connection().await?, before, AT_ONCE).await?;
        let mut resumed = 0;
        for attempt in stuck {
            resumed += usize::from(self.resume(&attempt).await?);
        }
        Ok(resumed)
    }

    async fn resume(&self, attempt: &attempts::Row) -> Result<bool, VaultError> {
        let mut db = self.store.connection().await?;
        if intents::is_under_way(&self.store, &mut db, attempt.id).await? {
            return Ok(false);
        }
        if attempt.token_set_id.is_none() {
            intents::give_up_exchanges(&mut db, attempt.id, self.clock.now()).await?;
            drop(db);
            let detail = "The server stopped before the provider's answer was stored; whether access was given is not known. Start again.";
            self.fail_attempt(attempt, "exchange_interrupted", detail).await?;
            self.end_session_when_done(attempt).await?;
            return Ok(true);
        }
        let session = connect_sessions::get(&mut db, attempt.application_id, attempt.connect_session_id).await?;
        drop(db);
        let session = session.ok_or(VaultError::NotFound)?;
        if session.tests_at.is_some() {
            self.give_up_test(&session).await?;
            self.end_session_when_done(attempt).await?;
            return Ok(true);
        }
        if attempt.provider_account.id.is_none() && !self.identify_stored(attempt).await? {
            self.end_session_when_done(attempt).await?;
            return Ok(true);
        }
        if session.completion == Completion::Automatic {
            self.attach(&session, attempt.id).await?;
        }
        self.end_session_when_done(attempt).await?;
        Ok(true)
    }

    /// Asks whose tokens these are that were stored without it. `false` when the answer cannot be trusted and the attempt
    /// has failed.
    async fn identify_stored(&self, attempt: &attempts::Row) -> Result<bool, VaultError> {
        let mut db = self.store.connection().await?;
        let id = attempt.token_set_id.ok_or(VaultError::NotFound)?;
        let tokens = token_sets::get(&mut db, attempt.application_id, id).await?.ok_or(VaultError::NotFound)?;
        let config = provider_configs::get(&mut db, attempt.application_id, attempt.provider_config_id).await?;
        drop(db);
        let config = config.ok_or(VaultError::NotFound)?;
        let provider = self.running(&config)?;
        let place = id.to_string();
        let sealed = tokens.access_token.ok_or(VaultError::NotFound)?;
        let place = token_sets::access_place(&place);
        let access_token = self.keyring.open(&self.store, attempt.application_id, place, &sealed).await?;
        let id_token = self.open_id_token(attempt).await?;
        // An ID token is judged by the time at which it came.
        let at = attempt.used_at.unwrap_or_else(|| self.clock.now());
        match self.identify(&provider, attempt, &access_token, id_token.as_ref(), at).await? {
            Ok(account) => self.keep_identity(attempt, id, &account).await.map(|()| true),
            Err(why) => self.refuse_identity(attempt, &provider, id, &why).await.map(|()| false),
        }
    }
}
