//! Continue: the session is bound to this browser, and the browser goes to the provider.

use super::{ATTEMPT, LinkPage};
use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::ScopeParameter;
use crate::error::VaultError;
use crate::events::Event;
use crate::oauth::authorize;
use crate::random;
use crate::secret::{Secret, sha256};
use crate::store::{attempts, clients, connect_sessions, provider_configs};
use model::connect_sessions::{ConnectSessionStatus, ResultStatus};
use model::ids::{AttemptId, ConnectSessionId};
use model::provider_configs::ProviderConfigState;
use serde_json::json;

/// What follows Continue.
pub enum Begun {
    /// The browser goes to the provider.
    GoTo(String),
    /// There are several providers: the end user picks one.
    Choose,
    /// It cannot go on.
    Stopped(LinkPage),
}

impl Vault {
    /// The end user pressed Continue, perhaps on one of several providers.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the provider is not on offer.
    pub async fn begin(&self, link: &str, browser: &str, provider: Option<&str>) -> Result<Begun, VaultError> {
        let row = connect_sessions::by_link(&mut *self.store.connection().await?, &sha256(link.as_bytes())).await?;
        self.begin_session(row, browser, provider).await
    }

    /// The same from the page after a trip, where the link is no longer known.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the provider is not on offer.
    pub async fn begin_again(
        &self,
        id: ConnectSessionId,
        browser: &str,
        provider: Option<&str>,
    ) -> Result<Begun, VaultError> {
        let row =
            connect_sessions::by_browser(&mut *self.store.connection().await?, id, &sha256(browser.as_bytes())).await?;
        self.begin_session(row, browser, provider).await
    }

    async fn begin_session(
        &self,
        row: Option<connect_sessions::Row>,
        browser: &str,
        provider: Option<&str>,
    ) -> Result<Begun, VaultError> {
        let Some(row) = row else { return Ok(Begun::Stopped(LinkPage::Unknown)) };
        if self.is_quarantined() {
            return Ok(Begun::Stopped(LinkPage::Paused));
        }
        let (mut db, now) = (self.store.connection().await?, self.clock.now());
        if !connect_sessions::bind(&mut db, row.id, &sha256(browser.as_bytes()), now + ATTEMPT, now).await? {
            let row = connect_sessions::get(&mut db, row.application_id, row.id).await?.ok_or(VaultError::NotFound)?;
            return Ok(Begun::Stopped(match self.page_of(&mut db, row, Some(browser)).await? {
                LinkPage::Offer(_) => LinkPage::Expired,
                page => page,
            }));
        }
        let key = match (provider, row.providers.as_slice()) {
            (Some(key), _) => key.to_owned(),
            (None, [only]) => only.clone(),
            (None, _) => return Ok(Begun::Choose),
        };
        let connected = self.results(&mut db, &row).await?.get(&key).is_some_and(|r| r.status != ResultStatus::Failed);
        if connected || !row.providers.contains(&key) {
            return Err(VaultError::field("provider", "This provider is not on offer here, or connected already."));
        }
        drop(db);
        self.attempt(&row, browser, &key).await.map(Begun::GoTo)
    }

    /// Writes one attempt down and gives the provider's address.
    async fn attempt(&self, session: &connect_sessions::Row, browser: &str, key: &str) -> Result<String, VaultError> {
        let mut db = self.store.connection().await?;
        let config =
            provider_configs::by_key(&mut db, session.application_id, key).await?.ok_or(VaultError::NotFound)?;
        if config.state != ProviderConfigState::Active {
            return Err(VaultError::ProviderConfigDisabled);
        }
        let provider = self.running(&config)?;
        let client = config.current_client_id.ok_or(VaultError::NotFound)?;
        let client = clients::get(&mut db, session.application_id, client).await?.ok_or(VaultError::NotFound)?;
        drop(db);
        let (state, verifier) = (random::base62_digits(43)?, authorize::new_verifier(&provider.entry)?);
        let id = AttemptId::new();
        let scopes = session.scopes.get(key).cloned().unwrap_or_else(|| config.scopes.clone());
        let sent = if provider.entry.authorize.scope == ScopeParameter::None { &[][..] } else { &scopes };
        let nonce =
            authorize::asks_for_id_token(&provider.entry, sent).then(|| random::base62_digits(43)).transpose()?;
        let now = self.clock.now();
        let row = attempts::Row {
            id,
            application_id: session.application_id,
            connect_session_id: session.id,
            provider_config_id: config.id,
            client_id: client.id,
            browser_hash: sha256(browser.as_bytes()).to_vec(),
            pkce_verifier: self.sealed_verifier(session, id, verifier.as_ref()).await?,
            nonce_hash: nonce.as_ref().map(|nonce| nonce.sha256().to_vec()),
            id_token: None,
            entry_hash: Some(config.entry_hash),
            requested_scopes: scopes,
            redirect_uri: self.redirect_uri(session.application_id, key),
            created_at: now,
            expires_at: now + ATTEMPT,
            used_at: None,
            token_set_id: None,
            connected_account_id: None,
            provider_account: model::connected_accounts::ProviderAccount::default(),
            error_code: None,
            error_detail: None,
        };
        let authorization = authorize::Authorization {
            client_id: &client.client_id,
            redirect_uri: &row.redirect_uri,
            state: state.expose(),
            scopes: if provider.entry.authorize.scope == ScopeParameter::None { &[] } else { &row.requested_scopes },
            verifier: verifier.as_ref(),
            nonce: nonce.as_ref(),
        };
        let url = authorize::url(&provider.entry, &authorization)?;
        let mut tx = self.store.begin().await?;
        attempts::insert(&mut tx, &row, &state.sha256()).await?;
        let event = Event::of(session.application_id, Actor::EndUser, "connect_session.started", session.id);
        self.record(&mut tx, event.detail(json!({ "provider_config": key, "attempt": id }))).await?;
        tx.commit().await?;
        Ok(url)
    }

    async fn sealed_verifier(
        &self,
        session: &connect_sessions::Row,
        id: AttemptId,
        verifier: Option<&Secret>,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let Some(verifier) = verifier else { return Ok(None) };
        let place = id.to_string();
        self.keyring
            .seal(&self.store, session.application_id, attempts::verifier_place(&place), verifier.expose())
            .await
            .map(Some)
    }

    /// The end user has connected enough of several providers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_session(&self, id: ConnectSessionId, browser: &str) -> Result<bool, VaultError> {
        let row =
            connect_sessions::by_browser(&mut *self.store.connection().await?, id, &sha256(browser.as_bytes())).await?;
        let Some(row) = row.filter(|r| r.status == ConnectSessionStatus::Open) else { return Ok(false) };
        self.end_session(&row).await?;
        Ok(true)
    }
}
