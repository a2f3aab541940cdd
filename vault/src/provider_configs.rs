//! Provider configs: an application's set-up of a provider.

mod form;
mod probe;

pub use form::SaveProviderConfig;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::Provider;
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::events::Event;
use crate::secret::{Secret, sha256};
use crate::store::{Connection, clients, connected_accounts, is_taken, provider_configs};
use data_encoding::HEXLOWER;
use form::Credentials;
use model::applications::Environment;
use model::ids::{ClientId, ProviderConfigId};
use model::paths;
use model::people::Role;
use model::provider_configs::{ProbeVerdict, ProviderConfigState, ProviderConfigView, SavedProviderConfig};
use serde_json::json;
use std::sync::Arc;

/// What became of a save.
pub enum Saved {
    /// It is stored.
    Saved(Box<SavedProviderConfig>),
    /// The provider refused the credentials, and nothing is stored.
    Rejected {
        /// The provider's own words.
        words: String,
        /// What looked odd.
        notes: Vec<String>,
        /// The secret, sealed for this caller and key for 15 minutes, so that "Save anyway" need not ask for it again.
        held_secret: String,
    },
}

impl Vault {
    /// Saves a provider config: checks the form, asks the provider about credentials that changed, seals and stores.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`]; [`VaultError::NotFound`] for an unknown provider.
    pub async fn save_provider_config(
        &self,
        caller: &ApplicationCaller,
        form: SaveProviderConfig,
    ) -> Result<Saved, VaultError> {
        caller.require(Role::Developer)?;
        let provider = self.provider_for(caller, &form.provider)?;
        let known = self.known_config(caller, &form).await?;
        let checked = form::check(&provider, form)?;
        let (credentials, changed) = self.credentials_to_save(caller, known.as_ref(), &checked).await?;
        let probed =
            if changed { Some(self.probe(caller, &provider, &checked.key, &credentials).await?) } else { None };
        if let Some((ProbeVerdict::Rejected, words)) = &probed
            && !checked.save_anyway
        {
            let held_secret = self.hold_secret(caller, &checked.key, &credentials.secret).await?;
            return Ok(Saved::Rejected { words: words.clone(), notes: checked.notes, held_secret });
        }
        let row = self.write_config(caller, &provider, known, &checked, &credentials, probed.as_ref()).await?;
        let config = self.config_view(&mut *self.store.connection().await?, row).await?;
        let verdict = probed.map(|(verdict, _)| verdict);
        Ok(Saved::Saved(Box::new(SavedProviderConfig { config, verdict, notes: checked.notes })))
    }

    async fn known_config(
        &self,
        caller: &ApplicationCaller,
        form: &SaveProviderConfig,
    ) -> Result<Option<provider_configs::Row>, VaultError> {
        let row =
            provider_configs::by_key(&mut *self.store.connection().await?, caller.application, form.key_or_slug())
                .await?;
        match row {
            Some(row) if row.provider != form.provider => Err(VaultError::field(
                "key",
                format!(
                    "\"{}\" is the key of a set-up of another provider ({}); choose another key.",
                    row.key, row.provider
                ),
            )),
            row => Ok(row),
        }
    }

    async fn write_config(
        &self,
        caller: &ApplicationCaller,
        provider: &Provider,
        known: Option<provider_configs::Row>,
        form: &form::Checked,
        credentials: &Credentials,
        probed: Option<&(ProbeVerdict, String)>,
    ) -> Result<provider_configs::Row, VaultError> {
        let new = known.is_none();
        let row =
            self.new_row(caller, provider, known, form, credentials.client.unwrap_or_else(ClientId::new), probed)?;
        let client_id = row.current_client_id.ok_or(VaultError::NotFound)?;
        let place = client_id.to_string();
        let sealed = self
            .keyring
            .seal(&self.store, caller.application, clients::secret_place(&place), credentials.secret.expose())
            .await?;
        let client = clients::Row {
            id: client_id,
            client_id: credentials.client_id.clone(),
            secret_current: Some(sealed),
            secret_current_ends: credentials.secret.ends(4),
        };
        let mut tx = self.store.begin().await?;
        provider_configs::upsert(&mut tx, &row).await.map_err(|e| taken(e, &row.key))?;
        clients::upsert(&mut tx, caller.application, row.id, &client, row.updated_at).await?;
        let r#type = if new { "provider_config.created" } else { "provider_config.changed" };
        let verdict = probed.map(|(verdict, _)| verdict.as_str());
        let detail = json!({ "key": row.key, "provider": row.provider, "state": row.state, "probe": verdict });
        self.record(&mut tx, Event::by(caller, r#type, row.id).detail(detail)).await?;
        tx.commit().await?;
        Ok(row)
    }

    fn new_row(
        &self,
        caller: &ApplicationCaller,
        provider: &Provider,
        known: Option<provider_configs::Row>,
        form: &form::Checked,
        client: ClientId,
        probed: Option<&(ProbeVerdict, String)>,
    ) -> Result<provider_configs::Row, VaultError> {
        let now = self.clock.now();
        let snapshot = serde_json::to_string(&provider.entry)
            .map_err(|e| crate::error::internal("cannot write an entry down", e))?;
        let hash = HEXLOWER.encode(&sha256(snapshot.as_bytes()));
        let mut row = known.unwrap_or_else(|| provider_configs::Row {
            id: ProviderConfigId::new(),
            application_id: caller.application,
            key: form.key.clone(),
            provider: provider.slug.clone(),
            state: ProviderConfigState::Active,
            scopes: Vec::new(),
            current_client_id: None,
            verified_at: None,
            probed_at: None,
            rejection: None,
            entry_snapshot: String::new(),
            entry_hash: String::new(),
            created_at: now,
            updated_at: now,
        });
        row.scopes.clone_from(&form.scopes);
        row.current_client_id = Some(client);
        (row.entry_snapshot, row.entry_hash, row.updated_at) = (snapshot, hash, now);
        if let Some((verdict, words)) = probed {
            row.probed_at = Some(now);
            row.verified_at = (*verdict == ProbeVerdict::Accepted).then_some(now);
            row.rejection = (*verdict == ProbeVerdict::Rejected).then(|| words.clone());
            row.state = match (row.state, verdict) {
                (ProviderConfigState::Disabled, _) => ProviderConfigState::Disabled,
                (_, ProbeVerdict::Rejected) => ProviderConfigState::Rejected,
                (_, ProbeVerdict::Accepted | ProbeVerdict::CannotTell) => ProviderConfigState::Active,
            };
        }
        Ok(row)
    }

    /// The application's provider configs by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn provider_configs(&self, caller: &ApplicationCaller) -> Result<Vec<ProviderConfigView>, VaultError> {
        let mut db = self.store.connection().await?;
        let mut views = Vec::new();
        for row in provider_configs::list(&mut db, caller.application).await? {
            views.push(self.config_view(&mut db, row).await?);
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
        self.config_view(&mut db, row).await
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
        }
        tx.commit().await?;
        row.state = state;
        self.config_view(&mut *self.store.connection().await?, row).await
    }

    /// Removes a provider config: its connected accounts are revoked, here at once and at the provider next. Gives how
    /// many there were.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn remove_provider_config(&self, caller: &ApplicationCaller, key: &str) -> Result<usize, VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let row = provider_configs::by_key(&mut tx, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let accounts = connected_accounts::of_config(&mut tx, row.id).await?;
        let token_sets = self.revoke_all_of_config(&mut tx, caller, &accounts).await?;
        provider_configs::set_state(&mut tx, row.id, ProviderConfigState::Removed, self.clock.now()).await?;
        let detail = json!({ "key": key, "connected_accounts": accounts.len() });
        self.record(&mut tx, Event::by(caller, "provider_config.removed", row.id).detail(detail)).await?;
        tx.commit().await?;
        self.revoke_at_provider_later(caller.application, token_sets);
        Ok(accounts.len())
    }

    pub(crate) fn provider_for(&self, caller: &ApplicationCaller, slug: &str) -> Result<Arc<Provider>, VaultError> {
        let provider = self.catalogue.get(slug).ok_or(VaultError::NotFound)?;
        if provider.entry.development_only && caller.environment != Environment::Development {
            return Err(VaultError::NotFound);
        }
        Ok(Arc::clone(provider))
    }

    pub(crate) fn redirect_uri(&self, application: model::ids::ApplicationId, key: &str) -> String {
        self.connect_address(&paths::callback(application, key))
    }

    /// The redirect URI that a provider config of this key has or will have.
    pub fn redirect_uri_for(&self, caller: &ApplicationCaller, key: &str) -> String {
        self.redirect_uri(caller.application, key)
    }

    async fn config_view(
        &self,
        db: &mut Connection,
        row: provider_configs::Row,
    ) -> Result<ProviderConfigView, VaultError> {
        let provider = self.catalogue.get(&row.provider).ok_or(VaultError::NotFound)?;
        let client = match row.current_client_id {
            Some(id) => clients::get(db, row.application_id, id).await?,
            None => None,
        };
        let (active_accounts, accounts_needing_reconnect) = connected_accounts::count_of_config(db, row.id).await?;
        let (client_id, client_secret_ends) = client.map(|c| (c.client_id, c.secret_current_ends)).unwrap_or_default();
        Ok(ProviderConfigView {
            id: row.id,
            redirect_uri: self.redirect_uri(row.application_id, &row.key),
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
            created_at: rfc3339(row.created_at),
            updated_at: rfc3339(row.updated_at),
        })
    }

    /// Opens the credentials of a client.
    pub(crate) async fn open_credentials(
        &self,
        application: model::ids::ApplicationId,
        client: ClientId,
    ) -> Result<crate::oauth::Credentials, VaultError> {
        let row = clients::get(&mut *self.store.connection().await?, application, client)
            .await?
            .ok_or(VaultError::NotFound)?;
        let sealed = row.secret_current.ok_or(VaultError::NotFound)?;
        let place = row.id.to_string();
        let client_secret: Secret =
            self.keyring.open(&self.store, application, clients::secret_place(&place), &sealed).await?;
        Ok(crate::oauth::Credentials { client_id: row.client_id, client_secret })
    }
}

fn taken(error: crate::store::StoreError, key: &str) -> VaultError {
    if is_taken(&error) {
        return VaultError::Conflict {
            code: "already_exists",
            detail: format!("\"{key}\" was saved by somebody else just now; reload the page."),
        };
    }
    error.into()
}
