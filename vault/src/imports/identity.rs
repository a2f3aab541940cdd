//! Whose imported tokens are. What an import says of that counts for nothing, and what its access token is good for counts
//! until the provider has given us one itself: the two tokens of an import may belong to two users.

use super::{NewImport, refusal};
use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::Provider;
use crate::clock::HOUR;
use crate::error::{VaultError, chain};
use crate::events::Event;
use crate::oauth::identity;
use crate::store::{Tx, connected_accounts, provider_configs, token_sets};
use model::connected_accounts::{ConnectedAccountStatus, ProviderAccount, StatusReasonCode};
use model::ids::{ApplicationId, ConnectedAccountId, TokenSetId};
use serde_json::json;

const AT_ONCE: i64 = 20;
const IDENTITY_TAKEN: &str = "connected_account.identity_taken";

/// Whose tokens are that the provider has refreshed.
pub(super) enum Whose {
    /// The account's, as it is stored now.
    Known,
    /// The provider did not say.
    Unknown,
    /// Somebody's who is connected already, in words: both accounts stand, and this one has no name.
    Taken(String),
    /// Somebody else's than the imported access token's, in words: the end user has to connect again.
    Another(String),
}

impl Vault {
    /// Asks with the imported access token, while it is good. What the token itself says is not looked at: it came from
    /// whoever imports.
    pub(super) async fn identity_of_import(&self, provider: &Provider, new: &NewImport) -> Option<ProviderAccount> {
        let is_good = new.expires_at.is_none_or(|ends| ends > self.clock.now());
        self.ask_identity(provider, new.access_token.as_ref().filter(|_| is_good)?).await
    }

    /// Asks about imported tokens that were refreshed since: those whose user is not known, and once about all others.
    pub(crate) async fn identify_imports(&self) -> Result<(), VaultError> {
        let due = token_sets::to_identify(&mut *self.store.connection().await?, self.clock.now(), AT_ONCE).await?;
        for tokens in due {
            if let Err(error) = self.identify_import(tokens.application_id, tokens.id).await {
                tracing::warn!(token_set.id = %tokens.id, error = chain(&error), "Whose imported tokens are could not be found out.");
            }
        }
        Ok(())
    }

    /// Before the first token that the provider gave for an import is handed out: is it the same user's? Nothing is asked about
    /// other tokens. A provider that does not answer is asked again later.
    pub(crate) async fn ask_whose_import(&self, application: ApplicationId, id: TokenSetId) -> Result<(), VaultError> {
        if token_sets::is_identity_due(&mut *self.store.connection().await?, id).await? {
            self.identify_import(application, id).await?;
        }
        Ok(())
    }

    /// Asks with an access token that the provider has given us itself, and stores what it says.
    pub(super) async fn identify_import(
        &self,
        application: ApplicationId,
        id: TokenSetId,
    ) -> Result<Whose, VaultError> {
        let mut db = self.store.connection().await?;
        let tokens = token_sets::get(&mut db, application, id).await?.ok_or(VaultError::NotFound)?;
        let is_due = token_sets::is_identity_due(&mut db, id).await?;
        drop(db);
        let (Some(sealed), true) = (&tokens.access_token, is_due) else { return Ok(Whose::Unknown) };
        let provider = self.provider_of(&tokens).await?;
        let place = id.to_string();
        let token = self.keyring.open(&self.store, application, token_sets::access_place(&place), sealed).await?;
        let said = self.ask_identity(&provider, &token).await;
        let said = said.unwrap_or_else(|| identity::from_access_token(&provider.entry, &token));
        let Some(user) = said.id.clone() else {
            let again = Some(self.clock.now() + HOUR);
            token_sets::set_identity_due(&mut *self.store.connection().await?, id, again).await?;
            return Ok(Whose::Unknown);
        };
        let mut tx = self.store.begin().await?;
        // Held in this order, as revocations do.
        provider_configs::hold(&mut tx, tokens.provider_config_id).await?;
        token_sets::hold(&mut tx, id).await?;
        let tokens = token_sets::get(&mut tx, application, id).await?.ok_or(VaultError::NotFound)?;
        if tokens.revoked_at.is_some() {
            return Ok(Whose::Unknown);
        }
        let whose = match &tokens.provider_user_id {
            Some(known) if *known == user => Whose::Known,
            Some(_) => self.end_mixed_up(&mut tx, &provider, &tokens).await?,
            None => self.name_user(&mut tx, &provider, &tokens, &said, &user).await?,
        };
        token_sets::set_identity_due(&mut tx, id, None).await?;
        tx.commit().await?;
        Ok(whose)
    }

    /// The provider has named a user where nobody was known. If that user is connected already the account stays without a
    /// name, but its tokens know whose they are: revoking it must not end the other's grant.
    async fn name_user(
        &self,
        tx: &mut Tx,
        provider: &Provider,
        tokens: &token_sets::Row,
        said: &ProviderAccount,
        user: &str,
    ) -> Result<Whose, VaultError> {
        token_sets::set_provider_user(tx, tokens.id, user).await?;
        let new = token_sets::New {
            id: tokens.id,
            application_id: tokens.application_id,
            provider_config_id: tokens.provider_config_id,
            client_id: tokens.client_id,
            granted_at: tokens.granted_at,
        };
        for account in connected_accounts::of_token_set(tx, tokens.id).await? {
            let Some(end_user) = account.end_user.row.filter(|_| account.provider_account.id.is_none()) else {
                continue;
            };
            match refusal::refuse_taken(tx, provider, &new, end_user, user).await {
                // A revocation that the provider is still to be told may end these tokens: then a refresh says so.
                Ok(()) | Err(VaultError::Conflict { .. }) => {}
                Err(VaultError::AlreadyConnected { accounts, .. }) => {
                    let why = taken(provider, &accounts);
                    let event = Event::of(tokens.application_id, Actor::Keybearer, IDENTITY_TAKEN, account.id);
                    self.record(tx, event.outcome("already_connected").detail(json!({ "detail": why }))).await?;
                    return Ok(Whose::Taken(why));
                }
                Err(other) => return Err(other),
            }
            connected_accounts::set_provider_account(tx, account.id, said, self.clock.now()).await?;
            let event = Event::of(tokens.application_id, Actor::Keybearer, "connected_account.identified", account.id);
            self.record(tx, event.personal(json!({ "provider_account": said }))).await?;
        }
        Ok(Whose::Known)
    }

    /// Access token and refresh token of the import were two users': no token is handed out for an account that is not its.
    async fn end_mixed_up(
        &self,
        tx: &mut Tx,
        provider: &Provider,
        tokens: &token_sets::Row,
    ) -> Result<Whose, VaultError> {
        let (now, name) = (self.clock.now(), &provider.entry.name);
        let detail = format!(
            "The imported refresh token belongs to another {name} user than the imported access token. Send the end user a reconnect link."
        );
        token_sets::give_up_imported(tx, tokens.id, now).await?;
        let (status, code) = (ConnectedAccountStatus::NeedsReconnect, StatusReasonCode::RefreshRejected);
        for account in connected_accounts::of_token_set(tx, tokens.id).await? {
            connected_accounts::set_status(tx, account.id, status, code, &detail, now).await?;
            let event =
                Event::of(tokens.application_id, Actor::Keybearer, "connected_account.needs_reconnect", account.id);
            self.record(tx, event.outcome(code.as_str()).detail(json!({ "detail": detail }))).await?;
        }
        Ok(Whose::Another(detail))
    }
}

/// `accounts`: those of the same end user.
fn taken(provider: &Provider, accounts: &[ConnectedAccountId]) -> String {
    let name = &provider.entry.name;
    match accounts.first() {
        Some(id) => format!(
            "This end user has connected the same {name} account already, as {id}, and {name} has refreshed the imported tokens all the same. \
             Both stand, so that no token is lost: see which of the two {name} takes, and revoke the other."
        ),
        None => format!(
            "The {name} account that these tokens belong to is connected already for another end user, and {name} has refreshed the imported \
             tokens all the same. Both stand, so that no token is lost: revoke the one that should not."
        ),
    }
}
