//! Tokens become a connected account: a new one, or the one that the same four make.

use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::Provider;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{
    Tx, attempts, connect_sessions, connected_accounts, end_users, provider_configs, scope_sets, token_sets,
};
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::{AttemptId, ConnectedAccountId, TokenSetId};
use serde_json::json;
use std::sync::Arc;

/// Everything that the decision needs.
struct Consent {
    session: connect_sessions::Row,
    attempt: attempts::Row,
    config: provider_configs::Row,
    provider: Arc<Provider>,
    tokens: token_sets::Row,
}

impl Vault {
    /// Connects what an attempt brought. A refresh of the same tokens may get in the way: it is tried again then.
    pub(super) async fn attach(&self, session: &connect_sessions::Row, attempt: AttemptId) -> Result<(), VaultError> {
        let mut tried = self.try_attach(session, attempt).await;
        for _ in 0..3 {
            if matches!(tried, Err(VaultError::Internal { .. })) {
                tried = self.try_attach(session, attempt).await;
            }
        }
        tried
    }

    async fn try_attach(&self, session: &connect_sessions::Row, attempt: AttemptId) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        let later = self.attach_in(&mut tx, session, attempt).await?;
        tx.commit().await?;
        self.revoke_at_provider_later(session.application_id, later.into_iter().collect());
        Ok(())
    }

    /// The same inside a transaction. Gives a token set that is to be revoked at the provider after the commit.
    pub(super) async fn attach_in(
        &self,
        tx: &mut Tx,
        session: &connect_sessions::Row,
        attempt: AttemptId,
    ) -> Result<Option<TokenSetId>, VaultError> {
        // Held first, as whoever erases an end user does.
        let is_known = end_users::hold_known(tx, session.end_user_id).await?;
        let config = self.consent(tx, session, attempt).await?.config;
        provider_configs::hold(tx, config.id).await?;
        // Read again: another server may have connected it while this one waited.
        let consent = self.consent(tx, session, attempt).await?;
        if consent.attempt.connected_account_id.is_some() || consent.attempt.error_code.is_some() {
            return Ok(None);
        }
        if !is_known {
            return self.refuse_erased(tx, &consent).await;
        }
        let known = known_account(tx, &consent).await?;
        if let Some(named) = &known
            && is_different(named, &consent)
        {
            return self.refuse_different(tx, &consent).await;
        }
        let account = self.write_account(tx, &consent, known.as_ref()).await?;
        self.settle_user(tx, &consent.provider, &consent.tokens, session.id, Some(account)).await?;
        attempts::connected(tx, attempt, account, self.clock.now()).await?;
        Ok(None)
    }

    async fn consent(
        &self,
        tx: &mut Tx,
        session: &connect_sessions::Row,
        attempt: AttemptId,
    ) -> Result<Consent, VaultError> {
        let all = attempts::of_session(tx, session.id).await?;
        let attempt = all.into_iter().find(|a| a.id == attempt).ok_or(VaultError::NotFound)?;
        let config = provider_configs::get(tx, session.application_id, attempt.provider_config_id)
            .await?
            .ok_or(VaultError::NotFound)?;
        let token_set = attempt.token_set_id.ok_or(VaultError::NotFound)?;
        let tokens = token_sets::get(tx, session.application_id, token_set).await?.ok_or(VaultError::NotFound)?;
        let provider = self.running(&config)?;
        Ok(Consent { session: session.clone(), attempt, config, provider, tokens })
    }

    async fn write_account(
        &self,
        tx: &mut Tx,
        consent: &Consent,
        known: Option<&connected_accounts::Row>,
    ) -> Result<ConnectedAccountId, VaultError> {
        let id = known.map_or_else(ConnectedAccountId::new, |k| k.id);
        let missing: Vec<String> =
            consent.attempt.requested_scopes.iter().filter(|s| !consent.tokens.scopes.contains(s)).cloned().collect();
        let new = connected_accounts::New {
            id,
            application_id: consent.session.application_id,
            provider_config_id: consent.config.id,
            end_user_id: consent.session.end_user_id,
            token_set_id: consent.tokens.id,
            provider_account: &consent.attempt.provider_account,
            scopes: &consent.tokens.scopes,
            missing_scopes: &missing,
        };
        let now = self.clock.now();
        let r#type = match known {
            Some(known) => {
                connected_accounts::renew(tx, id, &new, now).await?;
                self.forget_replaced(tx, consent, known.token_set_id).await?;
                "connected_account.reconnected"
            }
            None => {
                connected_accounts::insert(tx, &new, now).await?;
                "connected_account.connected"
            }
        };
        let detail = json!({
            "connect_session": consent.session.id, "provider_config": consent.config.key,
            "scopes": consent.tokens.scopes, "token_set": consent.tokens.id,
        });
        let personal = json!({ "provider_account": consent.attempt.provider_account });
        let event = Event::of(consent.session.application_id, Actor::EndUser, r#type, id);
        self.record(tx, event.detail(detail).personal(personal)).await?;
        if let Some(known) = known
            && scope_sets::differ(&known.scopes, new.scopes)
        {
            self.record_other_scopes(tx, known, &known.scopes).await?;
        }
        Ok(id)
    }

    /// The tokens that a renewed account stood on before, if nothing else stands on them. Where one live set is all a
    /// user has, `settle_user` decides: the provider may have taken them last.
    async fn forget_replaced(&self, tx: &mut Tx, consent: &Consent, old: TokenSetId) -> Result<(), VaultError> {
        let settled = consent.provider.entry.refresh.one_live_set_per_user && consent.tokens.provider_user_id.is_some();
        if settled || old == consent.tokens.id || !connected_accounts::of_token_set(tx, old).await?.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        token_sets::set_superseded(tx, old, now).await?;
        Ok(token_sets::forget_tokens(tx, old, now).await?)
    }

    /// Another provider's user arrived for an account that is to be renewed: the account stays as it is.
    async fn refuse_different(&self, tx: &mut Tx, consent: &Consent) -> Result<Option<TokenSetId>, VaultError> {
        let name = &consent.provider.entry.name;
        let detail = format!(
            "Another {name} account was chosen than the one that is to be reconnected. Sign in to {name} with the right one and try again."
        );
        let now = self.clock.now();
        attempts::failed(tx, consent.attempt.id, "different_account", &detail, now).await?;
        let event = Event::of(
            consent.session.application_id,
            Actor::EndUser,
            "connect_session.provider_failed",
            consent.session.id,
        );
        self.record(tx, event.outcome("different_account").detail(json!({ "attempt": consent.attempt.id }))).await?;
        self.record_failed_reconnect(tx, &consent.session, "different_account", &detail).await?;
        self.give_up(tx, &consent.provider, &consent.tokens, consent.session.id).await
    }

    /// The end user was erased while it consented: its tokens go back.
    async fn refuse_erased(&self, tx: &mut Tx, consent: &Consent) -> Result<Option<TokenSetId>, VaultError> {
        let detail = "The application has erased this end user.";
        attempts::failed(tx, consent.attempt.id, "end_user_erased", detail, self.clock.now()).await?;
        self.give_up(tx, &consent.provider, &consent.tokens, consent.session.id).await
    }

    /// The account that was to be renewed hears of it too.
    pub(super) async fn record_failed_reconnect(
        &self,
        tx: &mut Tx,
        session: &connect_sessions::Row,
        code: &'static str,
        detail: &str,
    ) -> Result<(), VaultError> {
        let Some(account) = session.reconnect_id else { return Ok(()) };
        let event = Event::of(session.application_id, Actor::EndUser, "connected_account.reconnect_failed", account);
        let detail = json!({ "detail": detail, "connect_session": session.id });
        self.record(tx, event.outcome(code).detail(detail)).await
    }
}

/// The account that this consent renews: the named one, or the one of the same four.
async fn known_account(tx: &mut Tx, consent: &Consent) -> Result<Option<connected_accounts::Row>, VaultError> {
    if let Some(id) = consent.session.reconnect_id {
        let named = connected_accounts::get(tx, consent.session.application_id, id).await?;
        return Ok(named.filter(|row| row.status != ConnectedAccountStatus::Revoked));
    }
    match &consent.attempt.provider_account.id {
        Some(user) => {
            Ok(connected_accounts::same_four(tx, consent.config.id, consent.session.end_user_id, user).await?)
        }
        None => Ok(None),
    }
}

fn is_different(named: &connected_accounts::Row, consent: &Consent) -> bool {
    match (&named.provider_account.id, &consent.attempt.provider_account.id) {
        (Some(known), Some(arrived)) => known != arrived,
        _ => false,
    }
}
