//! Imports: tokens that another system was given become a connected account. Endpoints and identity are never taken from
//! an import: the one comes from the catalogue, the other from the provider.

mod form;
mod identity;
mod refusal;
mod tokens;
mod warnings;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::Provider;
use crate::clock::Millis;
use crate::error::VaultError;
use crate::events::Event;
use crate::secret::Secret;
use crate::store::{Tx, connected_accounts, end_users, provider_configs, token_sets};
use identity::Whose;
use model::api_keys::KeyScope;
use model::connected_accounts::{EndUserView, ProviderAccount};
use model::ids::{ConnectedAccountId, TokenSetId};
use model::imports::{ImportVerification, ImportedAccountView, ImportedIdentity, Verify};
use model::people::Role;
use model::provider_configs::ProviderConfigState;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tokens from elsewhere, with the end user they belong to.
pub struct NewImport {
    /// The developer's customer.
    pub end_user: EndUserView,
    /// The key of the provider config whose client the tokens were issued to.
    pub provider_config: String,
    /// At least one of the two must be there.
    pub access_token: Option<Secret>,
    /// Without one the account ends with its access token.
    pub refresh_token: Option<Secret>,
    /// When the access token ends, unix milliseconds.
    pub expires_at: Option<Millis>,
    /// When the tokens were issued, unix milliseconds; what the provider's idle limit counts from.
    pub issued_at: Option<Millis>,
    /// What was granted, as far as the other system knows.
    pub scopes: Option<Vec<String>>,
    /// A name of the developer's own.
    pub label: Option<String>,
    /// The developer's notes.
    pub metadata: BTreeMap<String, String>,
    /// What is done beyond storing them.
    pub verify: Verify,
}

/// Where an import goes.
struct Target {
    config: provider_configs::Row,
    provider: Arc<Provider>,
}

impl Vault {
    /// Imports tokens: a new connected account with a token set of its own. Whose account it is at the provider is what the
    /// provider says to Keybearer, before anything is stored or after `verify`, and unknown otherwise.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`], [`VaultError::MissingScope`], [`VaultError::Invalid`]; [`VaultError::NotFound`], when there
    /// is no such provider config; [`VaultError::ProviderConfigDisabled`]; [`VaultError::AlreadyConnected`], when the same
    /// tokens were imported before or the provider's user is connected; [`VaultError::Conflict`], in quarantine.
    pub async fn import_connected_account(
        &self,
        caller: &ApplicationCaller,
        new: NewImport,
    ) -> Result<ImportedAccountView, VaultError> {
        let target = self.import_target(caller, &new).await?;
        let said = self.identity_of_import(&target.provider, &new).await;
        let (id, tokens) = self.store_import(caller, &target, &new, said).await?;
        let (verification, why) = match new.verify {
            Verify::None => (ImportVerification::None, None),
            Verify::Refresh => self.verify_import(caller, id, tokens).await?,
        };
        let connected_account = self.connected_account(caller, id).await?;
        let identity = match connected_account.provider_account.id {
            Some(_) => ImportedIdentity::Confirmed,
            None => ImportedIdentity::Unknown,
        };
        let warnings = warnings::of(&target.provider, &new, &connected_account, verification, why);
        Ok(ImportedAccountView { connected_account, identity, verification, warnings })
    }

    /// Whether an import would be taken, as far as can be told without the provider. Changes nothing.
    ///
    /// # Errors
    /// As [`Vault::import_connected_account`].
    pub async fn check_import(&self, caller: &ApplicationCaller, new: &NewImport) -> Result<(), VaultError> {
        self.import_target(caller, new).await.map(drop)
    }

    /// Checks the import, and finds where it goes.
    async fn import_target(&self, caller: &ApplicationCaller, new: &NewImport) -> Result<Target, VaultError> {
        caller.require(Role::Developer)?;
        caller.require_scope(KeyScope::ConnectedAccountsImport)?;
        form::check(new, self.clock.now())?;
        if self.is_quarantined() {
            let detail =
                "This server runs in quarantine and takes no tokens in; see keybearer instance show.".to_owned();
            return Err(VaultError::Conflict { code: "quarantined", detail });
        }
        let mut db = self.store.connection().await?;
        let config = open_config(provider_configs::by_key(&mut db, caller.application, &new.provider_config).await?)?;
        refusal::refuse_known(&mut db, caller, new).await?;
        drop(db);
        let provider = self.running(&config)?;
        Ok(Target { config, provider })
    }

    /// Writes token set, account and event, unless something is in the way: then nothing is stored.
    async fn store_import(
        &self,
        caller: &ApplicationCaller,
        target: &Target,
        new: &NewImport,
        said: Option<ProviderAccount>,
    ) -> Result<(ConnectedAccountId, TokenSetId), VaultError> {
        let said = said.unwrap_or_default();
        let account = ConnectedAccountId::new();
        let now = self.clock.now();
        let client_id = target.config.current_client_id.ok_or(VaultError::NotFound)?;
        let id = TokenSetId::new();
        let sealed =
            self.seal_import(caller.application, &target.provider, (id, account), new, said.id.clone()).await?;
        let tokens = token_sets::New {
            id,
            application_id: caller.application,
            provider_config_id: target.config.id,
            client_id,
            // The grant is at least as old as the tokens: a later consent counts before it, and so does a later notice of its end.
            granted_at: sealed.issued_at,
        };
        let mut tx = self.store.begin().await?;
        // Held in this order, as consents do.
        let end_user_id = end_users::upsert(&mut tx, caller.application, &new.end_user, now).await?;
        provider_configs::hold(&mut tx, target.config.id).await?;
        let config = open_config(provider_configs::get(&mut tx, caller.application, target.config.id).await?)?;
        if config.current_client_id != Some(client_id) {
            let detail = "The provider config's client was changed meanwhile: import again.".to_owned();
            return Err(VaultError::Conflict { code: "conflict", detail });
        }
        refusal::refuse_known(&mut tx, caller, new).await?;
        if let Some(user) = &said.id {
            refusal::refuse_taken(&mut tx, &target.provider, &tokens, end_user_id, user).await?;
        }
        if !token_sets::put_imported(&mut tx, &tokens, &sealed, now).await? {
            return Err(refusal::known(&mut tx, caller, new).await?);
        }
        let row = connected_accounts::New {
            id: account,
            application_id: caller.application,
            provider_config_id: config.id,
            end_user_id,
            token_set_id: id,
            provider_account: &said,
            scopes: &sealed.scopes,
            // Keybearer has asked for none.
            missing_scopes: &[],
        };
        connected_accounts::insert(&mut tx, &row, now).await?;
        connected_accounts::describe(&mut tx, account, new.label.as_deref(), &new.metadata, now).await?;
        self.record_import(&mut tx, caller, target, new, &row).await?;
        tx.commit().await?;
        Ok((account, id))
    }

    async fn record_import(
        &self,
        tx: &mut Tx,
        caller: &ApplicationCaller,
        target: &Target,
        new: &NewImport,
        row: &connected_accounts::New<'_>,
    ) -> Result<(), VaultError> {
        let detail = json!({
            "provider_config": target.config.key, "scopes": row.scopes, "token_set": row.token_set_id,
            "verify": new.verify, "refresh_token": new.refresh_token.is_some(),
        });
        let personal = json!({ "provider_account": row.provider_account, "end_user": new.end_user.id });
        let event = Event::by(caller, "connected_account.imported", row.id);
        self.record(tx, event.detail(detail).personal(personal)).await
    }

    /// Refreshes the tokens on the way that every refresh takes, intent first, and asks whose they are with the new ones.
    /// Gives the provider's words where there are no new tokens.
    async fn verify_import(
        &self,
        caller: &ApplicationCaller,
        account: ConnectedAccountId,
        tokens: TokenSetId,
    ) -> Result<(ImportVerification, Option<String>), VaultError> {
        match self.refresh_at_once(caller, account).await {
            Ok(()) => {}
            Err(VaultError::NeedsReconnect(reason)) => return Ok((ImportVerification::Refused, Some(reason.detail))),
            Err(VaultError::Unavailable { detail, .. }) => return Ok((ImportVerification::Unfinished, Some(detail))),
            // Ended by somebody else meanwhile: the account says so.
            Err(VaultError::Revoked | VaultError::ProviderConfigDisabled) => {
                return Ok((ImportVerification::Unfinished, None));
            }
            Err(other) => return Err(other),
        }
        match self.identify_import(caller.application, tokens).await? {
            Whose::Known | Whose::Unknown => Ok((ImportVerification::Refreshed, None)),
            Whose::Another(detail) => Ok((ImportVerification::Refused, Some(detail))),
            // The provider has replaced the tokens: those that came back are the only ones, and stay.
            Whose::Taken(why) => Ok((ImportVerification::Refreshed, Some(why))),
        }
    }
}

/// A provider config that takes imports. One whose credentials are rejected does: its accounts wait for the right ones.
fn open_config(config: Option<provider_configs::Row>) -> Result<provider_configs::Row, VaultError> {
    let config = config.ok_or(VaultError::NotFound)?;
    match config.state {
        ProviderConfigState::Disabled => Err(VaultError::ProviderConfigDisabled),
        ProviderConfigState::Removed => Err(VaultError::NotFound),
        ProviderConfigState::Active | ProviderConfigState::Rejected => Ok(config),
    }
}
