//! Saving: the form is checked, the provider asked, the secret sealed, and all of it written at once.

use super::form::{self, Credentials, SaveProviderConfig};
use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::catalogue::Provider;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{clients, is_taken, provider_configs};
use model::ids::{ClientId, ProviderConfigId};
use model::people::Role;
use model::provider_configs::{ProbeVerdict, ProviderConfigState, SavedProviderConfig};
use serde_json::json;

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
    /// Something speaks against it, and nothing is stored. Only members are asked; others find it among the notes.
    Doubtful {
        /// Fields, with what speaks against them.
        doubts: Vec<(String, String)>,
        /// What looked odd.
        notes: Vec<String>,
        /// As above; empty when no secret was given.
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
        let known = self.known_config(caller, &form).await?;
        let provider = match &known {
            // What is set up goes on with the entry it has; a newer one is adopted by a verb of its own.
            Some(known) => self.running(known)?,
            None => self.provider_for(caller, &form.provider).await?,
        };
        let mut checked = form::check(&provider, form)?;
        let (credentials, changed) = self.credentials_to_save(caller, known.as_ref(), &checked).await?;
        let probed =
            if changed { Some(self.probe(caller, &provider, &checked.key, &credentials).await?) } else { None };
        if let Some((ProbeVerdict::Rejected, words)) = &probed
            && !checked.save_anyway
        {
            let held_secret = self.hold_secrets(caller, &checked, &credentials.secret).await?;
            return Ok(Saved::Rejected { words: words.clone(), notes: checked.notes, held_secret });
        }
        let doubts = self.doubts(&provider, known.as_ref(), &checked).await;
        if !doubts.is_empty() && !checked.save_anyway && matches!(caller.actor, Actor::Member(_)) {
            let given = credentials.is_given || !checked.webhook_secret.expose().is_empty();
            let held_secret =
                if given { self.hold_secrets(caller, &checked, &credentials.secret).await? } else { String::new() };
            return Ok(Saved::Doubtful { doubts, notes: checked.notes, held_secret });
        }
        checked.notes.extend(doubts.into_iter().map(|(_, words)| words));
        let row = self.write_config(caller, &provider, known, &checked, &credentials, probed.as_ref()).await?;
        let config = self.config_view(&mut *self.store.connection().await?, row, super::most_counted(caller)).await?;
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
        let was_rejected = known.as_ref().is_some_and(|row| row.state == ProviderConfigState::Rejected);
        let mut row =
            self.new_row(caller, provider, known, form, credentials.client.unwrap_or_else(ClientId::new), probed);
        let client_id = row.current_client_id.ok_or(VaultError::NotFound)?;
        let place = client_id.to_string();
        let sealed = self
            .keyring
            .seal(&self.store, caller.application, clients::secret_place(&place), credentials.secret.expose())
            .await?;
        let client = clients::New {
            id: client_id,
            client_id: credentials.client_id.clone(),
            secret_current: sealed,
            secret_current_ends: credentials.secret.ends(4),
        };
        let webhook_secret = self.webhook_secret_change(caller, row.id, form).await?;
        let mut tx = self.store.begin().await?;
        provider_configs::upsert(&mut tx, &row).await.map_err(|e| taken(e, &row.key))?;
        clients::upsert(&mut tx, caller.application, row.id, &client, row.updated_at).await?;
        if credentials.is_given && probed.is_some() {
            clients::begin_anew(&mut tx, client_id, row.updated_at).await?;
        }
        let webhook_secret = webhook_secret.write(&mut tx, &mut row).await?;
        let r#type = if new { "provider_config.created" } else { "provider_config.changed" };
        let verdict = probed.map(|(verdict, _)| verdict.as_str());
        let detail = json!({ "key": row.key, "provider": row.provider, "state": row.state, "probe": verdict, "webhook_secret": webhook_secret });
        self.record(&mut tx, Event::by(caller, r#type, row.id).detail(detail)).await?;
        if let (ProviderConfigState::Rejected, false) = (row.state, was_rejected) {
            self.record_rejection(&mut tx, &row, row.rejection.as_deref().unwrap_or_default()).await?;
        }
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
    ) -> provider_configs::Row {
        let now = self.clock.now();
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
            entry_snapshot: provider.snapshot.text.clone(),
            entry_hash: provider.snapshot.hash.clone(),
            webhook_secret: None,
            created_at: now,
            updated_at: now,
        });
        row.scopes.clone_from(&form.scopes);
        row.current_client_id = Some(client);
        row.updated_at = now;
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
        row
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
