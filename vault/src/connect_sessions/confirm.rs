//! The backend says whose session it was; until then the tokens are sealed and unlisted.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::MINUTE;
use crate::error::VaultError;
use crate::events::Event;
use crate::secret::same;
use crate::store::{Tx, attempts, connect_sessions, provider_configs, token_sets};
use crate::throttle::Limit;
use model::connect_sessions::{ConnectSessionStatus, ConnectSessionView};
use model::ids::{ConnectSessionId, TokenSetId};
use model::people::Role;

const TRIES: Limit = Limit { what: "confirmation", attempts: 10, window: 15 * MINUTE };

impl Vault {
    /// Confirms a session with the code that the browser brought back, once.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] `not_awaiting_confirmation` or `wrong_code`; [`VaultError::NotFound`].
    pub async fn confirm_connect_session(
        &self,
        caller: &ApplicationCaller,
        id: ConnectSessionId,
        code: &str,
    ) -> Result<ConnectSessionView, VaultError> {
        caller.require(Role::Developer)?;
        let row = connect_sessions::get(&mut *self.store.connection().await?, caller.application, id).await?;
        let row = row.filter(|row| row.tests_at.is_none()).ok_or(VaultError::NotFound)?;
        let sealed = row
            .confirmation_code
            .as_ref()
            .filter(|_| self.status_now(&row) == ConnectSessionStatus::AwaitingConfirmation);
        let sealed = sealed.ok_or_else(not_awaiting)?;
        self.count_attempt(TRIES, &id.to_string()).await?;
        let place = id.to_string();
        let expected =
            self.keyring.open(&self.store, caller.application, connect_sessions::code_place(&place), sealed).await?;
        if !same(expected.expose().as_bytes(), code.as_bytes()) {
            let detail = "This is not the code that the browser brought back to return_url.".to_owned();
            return Err(VaultError::Conflict { code: "wrong_code", detail });
        }
        let mut tx = self.store.begin().await?;
        if !connect_sessions::take_confirmation(&mut tx, id, self.clock.now()).await? {
            return Err(not_awaiting());
        }
        let mut later = Vec::new();
        for attempt in attempts::of_session(&mut tx, id).await? {
            if attempt.token_set_id.is_some() && attempt.error_code.is_none() {
                later.extend(self.attach_in(&mut tx, &row, attempt.id).await?);
            }
        }
        let outcome = self.end_if_nothing_connected(&mut tx, &row).await?;
        self.record(&mut tx, Event::by(caller, "connect_session.confirmed", id).outcome(outcome)).await?;
        tx.commit().await?;
        self.revoke_at_provider_later(caller.application, later);
        self.connect_session(caller, id).await
    }

    /// A confirmed session whose accounts were all refused has failed.
    async fn end_if_nothing_connected(
        &self,
        tx: &mut Tx,
        row: &connect_sessions::Row,
    ) -> Result<&'static str, VaultError> {
        let connected = attempts::of_session(tx, row.id).await?.iter().any(|a| a.connected_account_id.is_some());
        if !connected {
            connect_sessions::set_failed(tx, row.id).await?;
        }
        Ok(if connected { "ok" } else { "failed" })
    }

    /// A session that was not confirmed in time: its tokens are revoked and erased.
    pub(crate) async fn discard_unconfirmed(
        &self,
        tx: &mut Tx,
        row: &connect_sessions::Row,
    ) -> Result<Vec<TokenSetId>, VaultError> {
        let mut later = Vec::new();
        for attempt in attempts::of_session(tx, row.id).await? {
            let (Some(id), None) = (attempt.token_set_id, attempt.connected_account_id) else { continue };
            let config = provider_configs::get(tx, row.application_id, attempt.provider_config_id)
                .await?
                .ok_or(VaultError::NotFound)?;
            let provider = self.running(&config)?;
            let tokens = token_sets::get(tx, row.application_id, id).await?.ok_or(VaultError::NotFound)?;
            if tokens.revoked_at.is_none() && attempt.error_code.is_none() {
                later.extend(self.give_up(tx, &provider, &tokens, row.id).await?);
                attempts::failed(
                    tx,
                    attempt.id,
                    "not_confirmed",
                    "The application did not confirm it in time.",
                    self.clock.now(),
                )
                .await?;
            }
        }
        Ok(later)
    }
}

fn not_awaiting() -> VaultError {
    let detail =
        "This session does not wait for a confirmation: it is confirmed already, failed, or its ten minutes are over."
            .to_owned();
    VaultError::Conflict { code: "not_awaiting_confirmation", detail }
}
