//! Provider configs: an application's set-up of a provider.

mod choices;
mod client_secrets;
mod credentials;
mod doubts;
mod entry;
mod form;
mod health;
mod probe;
mod readiness;
mod removal;
mod running;
mod save;
mod secret_rounds;
mod several_clients;
mod webhook_secret;

pub use client_secrets::{NewClientSecret, SecretAdded};
pub(crate) use credentials::Used;
pub use form::SaveProviderConfig;
pub use save::Saved;

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::catalogue::{Provider, is_custom};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{Connection, clients, connected_accounts, custom_providers, provider_configs};
use model::applications::Environment;
use model::ids::ApplicationId;
use model::paths;
use model::people::Role;
use model::provider_configs::{MOST_COUNTED, ProviderConfigState, ProviderConfigView};
use model::providers::ProviderView;
use serde_json::json;
use std::sync::Arc;

impl Vault {
    /// The application's provider configs by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn provider_configs(&self, caller: &ApplicationCaller) -> Result<Vec<ProviderConfigView>, VaultError> {
        let mut db = self.store.connection().await?;
        let mut views = Vec::new();
        for row in provider_configs::list(&mut db, caller.application).await? {
            views.push(self.config_view(&mut db, row, most_counted(caller)).await?);
        }
        Ok(views)
    }

    /// One provider config.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn provider_config(
        &self,
        caller: &ApplicationCaller,
        key: &str,
    ) -> Result<ProviderConfigView, VaultError> {
        let mut db = self.store.connection().await?;
        let row = provider_configs::by_key(&mut db, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        self.config_view(&mut db, row, most_counted(caller)).await
    }

    /// Switches a provider config off or on again. Off: no connects, no tokens.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn set_provider_config_disabled(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        disabled: bool,
    ) -> Result<ProviderConfigView, VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let mut row = provider_configs::by_key(&mut tx, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let (state, r#type) = match (disabled, row.rejection.is_some()) {
            (true, _) => (ProviderConfigState::Disabled, "provider_config.disabled"),
            (false, true) => (ProviderConfigState::Rejected, "provider_config.enabled"),
            (false, false) => (ProviderConfigState::Active, "provider_config.enabled"),
        };
        if row.state != state {
            provider_configs::set_state(&mut tx, row.id, state, self.clock.now()).await?;
            self.record(&mut tx, Event::by(caller, r#type, row.id).detail(json!({ "key": key }))).await?;
            if let (ProviderConfigState::Rejected, Some(words)) = (state, &row.rejection) {
                self.record_rejection(&mut tx, &row, words).await?;
            }
        }
        tx.commit().await?;
        row.state = state;
        self.config_view(&mut *self.store.connection().await?, row, most_counted(caller)).await
    }

    /// A provider that the application can set up: of the catalogue, or its own.
    pub(crate) async fn provider_for(
        &self,
        caller: &ApplicationCaller,
        slug: &str,
    ) -> Result<Arc<Provider>, VaultError> {
        if is_custom(slug) {
            let row = custom_providers::get(&mut *self.store.connection().await?, caller.application, slug).await?;
            return row.ok_or(VaultError::NotFound)?.provider().map(Arc::new);
        }
        let provider = self.catalogue.get(slug).ok_or(VaultError::NotFound)?;
        if provider.entry.development_only && caller.environment != Environment::Development {
            return Err(VaultError::NotFound);
        }
        Ok(Arc::clone(provider))
    }

    /// What the set-up page of a provider shows.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], when the application cannot use it.
    pub async fn provider(&self, caller: &ApplicationCaller, slug: &str) -> Result<ProviderView, VaultError> {
        Ok(self.provider_for(caller, slug).await?.view())
    }

    /// What the page of a provider config shows of its provider: the entry it runs on.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn provider_of_config(&self, caller: &ApplicationCaller, key: &str) -> Result<ProviderView, VaultError> {
        let row = provider_configs::by_key(&mut *self.store.connection().await?, caller.application, key).await?;
        Ok(self.running(&row.ok_or(VaultError::NotFound)?)?.view())
    }

    pub(crate) fn redirect_uri(&self, application: ApplicationId, key: &str) -> String {
        self.connect_address(&paths::callback(application, key))
    }

    /// The redirect URI that a provider config of this key has or will have.
    pub fn redirect_uri_for(&self, caller: &ApplicationCaller, key: &str) -> String {
        self.redirect_uri(caller.application, key)
    }

    /// The same for what is told in passing: its accounts are counted no further than a page counts them.
    pub(crate) async fn config_view_in_short(
        &self,
        db: &mut Connection,
        row: provider_configs::Row,
    ) -> Result<ProviderConfigView, VaultError> {
        self.config_view(db, row, MOST_COUNTED + 1).await
    }

    async fn config_view(
        &self,
        db: &mut Connection,
        row: provider_configs::Row,
        most: i64,
    ) -> Result<ProviderConfigView, VaultError> {
        let provider = self.running(&row)?;
        let client = match row.current_client_id {
            Some(id) => clients::get(db, row.application_id, id).await?,
            None => None,
        };
        let health = self.health(db, &row, client.as_ref()).await?;
        let (active_accounts, accounts_needing_reconnect) =
            connected_accounts::count_of_config(db, row.id, most).await?;
        let (client_id, client_secret_ends) = client.map(|c| (c.client_id, c.secret_current_ends)).unwrap_or_default();
        let takes_events = provider.entry.provider_events.is_some();
        Ok(ProviderConfigView {
            id: row.id,
            redirect_uri: self.redirect_uri(row.application_id, &row.key),
            provider_events_url: takes_events.then(|| self.provider_events_url(row.application_id, &row.key)),
            webhook_secret_stored: row.webhook_secret.is_some(),
            key: row.key,
            provider: provider.summary(),
            state: row.state,
            verified_at: row.verified_at.map(rfc3339),
            probed_at: row.probed_at.map(rfc3339),
            rejection: row.rejection,
            client_id,
            client_secret_ends,
            scopes: row.scopes,
            active_accounts,
            accounts_needing_reconnect,
            health,
            created_at: rfc3339(row.created_at),
            updated_at: rfc3339(row.updated_at),
        })
    }
}

/// A page is to be fast and says "10,000+"; programs get exact numbers.
fn most_counted(caller: &ApplicationCaller) -> i64 {
    if matches!(caller.actor, Actor::Member(_)) { MOST_COUNTED + 1 } else { i64::MAX }
}
