//! Tests of a provider config by a member with an account of their own: through the real consent, then a refresh at
//! once, then everything is given back. No connected account comes of it, so no list and no backend ever sees it.

mod drill;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{HOUR, rfc3339};
use crate::connect_sessions::created_by_in_words;
use crate::error::VaultError;
use crate::events::Event;
use crate::random;
use crate::store::{Tx, attempts, connect_sessions, connection_tests, end_users, provider_configs};
use model::connect_sessions::{Completion, ConnectSessionStatus, ConnectSessionView};
use model::connected_accounts::EndUserView;
use model::connection_tests::{ConnectionTestView, StepOutcome, TestState, TestStep, TestUnderWay};
use model::ids::ConnectSessionId;
use model::paths;
use model::people::Role;
use model::provider_configs::ProviderConfigState;
use serde_json::json;
use std::collections::BTreeMap;

/// What the ids of end users cannot begin with: they are Keybearer's own.
pub(crate) const RESERVED: &str = "keybearer:";

impl Vault {
    /// Opens a test. Its link is for the member's own browser and leads back to the report.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Conflict`] where the provider config does not connect;
    /// [`VaultError::Forbidden`].
    pub async fn begin_connection_test(
        &self,
        caller: &ApplicationCaller,
        key: &str,
    ) -> Result<ConnectSessionView, VaultError> {
        caller.require(Role::Developer)?;
        let (link, now, id) = (random::token("")?, self.clock.now(), ConnectSessionId::new());
        let place = id.to_string();
        let place = connection_tests::link_place(&place);
        let sealed = self.keyring.seal(&self.store, caller.application, place, link.expose()).await?;
        let mut tx = self.store.begin().await?;
        let config = provider_configs::by_key(&mut tx, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        if config.state != ProviderConfigState::Active {
            let detail = format!("\"{key}\" is {}: nobody can connect until it is active.", config.state);
            return Err(VaultError::Conflict { code: "provider_config_not_active", detail });
        }
        let report = paths::connection_test(caller.application, key, id);
        let row = connect_sessions::Row {
            id,
            application_id: caller.application,
            end_user_id: end_users::upsert(&mut tx, caller.application, &nobody(), now).await?,
            browser_hash: None,
            providers: vec![key.to_owned()],
            scopes: BTreeMap::new(),
            reconnect_id: None,
            // Nobody confirms it: whatever becomes of this process, its tokens go back.
            completion: Completion::Confirmed,
            status: ConnectSessionStatus::Open,
            confirmation_code: None,
            confirm_by: None,
            return_url: Some(self.public_address(&report)),
            origin: None,
            metadata: BTreeMap::new(),
            tests_at: Some(now),
            created_at: now,
            expires_at: now + HOUR,
        };
        let by = by(caller);
        connect_sessions::insert(&mut tx, &row, &link.sha256(), &by).await?;
        connection_tests::insert(&mut tx, (id, caller.application, config.id), (&by, &sealed), now).await?;
        let detail = json!({ "key": key, "connect_session": id });
        self.record(&mut tx, Event::by(caller, "provider_config.test_begun", config.id).detail(detail)).await?;
        tx.commit().await?;
        let mut view = self.session_view(&mut *self.store.connection().await?, row).await?;
        view.url = Some(self.connect_address(&paths::connect(link.expose())));
        Ok(view)
    }

    /// The report of a test.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn connection_test(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        id: ConnectSessionId,
    ) -> Result<ConnectionTestView, VaultError> {
        let mut db = self.store.connection().await?;
        let config = provider_configs::by_key(&mut db, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let row = connection_tests::get(&mut db, caller.application, id).await?;
        let row = row.filter(|row| row.provider_config_id == config.id).ok_or(VaultError::NotFound)?;
        let session = connect_sessions::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        let is_open = matches!(session.status, ConnectSessionStatus::Open) && session.expires_at > self.clock.now();
        let by = created_by_in_words(&mut db, caller, &row.tested_by).await?;
        Ok(ConnectionTestView { tested_by: Some(by), ..view(row, is_open) })
    }

    /// The test of a provider config that this caller has begun and can go on with.
    pub(crate) async fn test_under_way(
        &self,
        caller: &ApplicationCaller,
        config: &provider_configs::Row,
    ) -> Result<Option<TestUnderWay>, VaultError> {
        let mut db = self.store.connection().await?;
        let Some(row) = connection_tests::begun_by(&mut db, config.id, &by(caller)).await? else { return Ok(None) };
        let session = connect_sessions::get(&mut db, caller.application, row.id).await?.ok_or(VaultError::NotFound)?;
        drop(db);
        let is_open = session.status == ConnectSessionStatus::Open && session.expires_at > self.clock.now();
        let Some(sealed) = row.link.filter(|_| is_open) else { return Ok(None) };
        let place = row.id.to_string();
        let place = connection_tests::link_place(&place);
        let link = self.keyring.open(&self.store, caller.application, place, &sealed).await?;
        let url = self.connect_address(&paths::connect(link.expose()));
        Ok(Some(TestUnderWay { url, expires_at: rfc3339(session.expires_at) }))
    }

    /// The last test of a provider config that came to an end.
    pub(crate) async fn last_connection_test(
        &self,
        config: &provider_configs::Row,
    ) -> Result<Option<ConnectionTestView>, VaultError> {
        let last = connection_tests::last(&mut *self.store.connection().await?, config.id).await?;
        Ok(last.map(|row| view(row, false)))
    }

    /// The process that made a test is gone before its drill: the tokens go back.
    pub(crate) async fn give_up_test(&self, session: &connect_sessions::Row) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        let later = self.discard_unconfirmed(&mut tx, session).await?;
        tx.commit().await?;
        self.revoke_at_provider_later(session.application_id, later);
        Ok(())
    }

    /// Ends a test's session. One that never came to its drill has failed at the consent, in the provider's words.
    pub(crate) async fn end_test(&self, session: &connect_sessions::Row) -> Result<(), VaultError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let failure = consent_failure(&mut tx, session).await?;
        let status = if failure.is_some() { ConnectSessionStatus::Failed } else { ConnectSessionStatus::Completed };
        if connect_sessions::finish(&mut tx, session.id, status, now).await?
            && let Some(step) = failure
        {
            connection_tests::finish(&mut tx, session.id, &[step], now).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Why the last trip brought no tokens, if it did not.
async fn consent_failure(tx: &mut Tx, session: &connect_sessions::Row) -> Result<Option<TestStep>, VaultError> {
    let trips = attempts::of_session(tx, session.id).await?;
    let Some(last) = trips.into_iter().next_back() else { return Ok(None) };
    let Some(code) = last.error_code else { return Ok(None) };
    let next = match code.as_str() {
        "access_denied" => "Test again and allow access.",
        "provider_config_rejected" => "Check the client id and the client secret, and save them again.",
        _ => "Go through the list of what is left to do below the credentials, then test again.",
    };
    Ok(Some(TestStep {
        title: "Consent and first tokens".to_owned(),
        outcome: StepOutcome::Failed,
        detail: last.error_detail.unwrap_or_default(),
        next: Some(next.to_owned()),
        until: None,
    }))
}

fn view(row: connection_tests::Row, is_open: bool) -> ConnectionTestView {
    let failed = row.steps.iter().any(|step| step.outcome == StepOutcome::Failed);
    let state = match (row.finished_at, failed) {
        (None, _) if is_open => TestState::Waiting,
        (None, _) => TestState::Expired,
        (Some(_), true) => TestState::Failed,
        (Some(_), false) => TestState::Passed,
    };
    ConnectionTestView {
        id: row.id,
        state,
        steps: row.steps,
        tested_by: None,
        created_at: rfc3339(row.created_at),
        finished_at: row.finished_at.map(rfc3339),
    }
}

/// Who begins a test, by id where there is one.
fn by(caller: &ApplicationCaller) -> String {
    caller.actor.id().unwrap_or_else(|| caller.actor.kind().to_owned())
}

/// The end user that tests stand under.
fn nobody() -> EndUserView {
    EndUserView {
        id: format!("{RESERVED}test"),
        name: Some("Connection test".to_owned()),
        email: None,
        group: None,
        row: None,
    }
}
