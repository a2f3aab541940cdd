//! Disconnect means revoked: here at once, at the provider next.

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::catalogue::{Provider, RevokeEnds};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{Tx, connected_accounts as store, provider_configs, token_sets};
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, Revocation, StatusReasonCode};
use model::ids::{ApplicationId, BulkRevocationId, ConnectedAccountId, TokenSetId};
use model::people::Role;
use serde_json::json;

impl Vault {
    /// Revokes a connected account. From the commit on every token request is refused, on every server; then the
    /// provider is asked, unless that would end other live accounts.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn revoke_connected_account(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
    ) -> Result<Revocation, VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        let row = store::get(&mut tx, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        if row.status == ConnectedAccountStatus::Revoked {
            let provider_revocation = row.provider_revocation.unwrap_or(ProviderRevocation::Revoked);
            return Ok(Revocation { status: ConnectedAccountStatus::Revoked, provider_revocation });
        }
        let outcome =
            self.mark_revoked(&mut tx, (caller.application, Some(caller)), &row, reason(caller.actor), None).await?;
        tx.commit().await?;
        let outcome = match outcome {
            ProviderRevocation::Pending => self.revoke_at_provider(caller.application, row.token_set_id).await,
            other => other,
        };
        Ok(Revocation { status: ConnectedAccountStatus::Revoked, provider_revocation: outcome })
    }

    /// Marks one account and, where nothing else stands on it, its token set. Without a caller it is Keybearer's own doing.
    /// `together` names the bulk revocation that it is a part of.
    pub(crate) async fn mark_revoked(
        &self,
        tx: &mut Tx,
        (application, by): (ApplicationId, Option<&ApplicationCaller>),
        row: &store::Row,
        reason: StatusReasonCode,
        together: Option<BulkRevocationId>,
    ) -> Result<ProviderRevocation, VaultError> {
        let now = self.clock.now();
        let tokens = token_sets::get(tx, application, row.token_set_id).await?.ok_or(VaultError::NotFound)?;
        // Held before the account, as consents, provider events and refreshes do: otherwise two could wait for each other.
        provider_configs::hold(tx, tokens.provider_config_id).await?;
        token_sets::hold(tx, tokens.id).await?;
        store::set_status(tx, row.id, ConnectedAccountStatus::Revoked, reason, sentence(reason), now).await?;
        let config = provider_configs::get(tx, application, tokens.provider_config_id).await?;
        let provider = self.running(&config.ok_or(VaultError::NotFound)?)?;
        let shared = !store::of_token_set(tx, tokens.id).await?.is_empty();
        let outcome = if shared {
            ProviderRevocation::KeptForOtherAccounts
        } else {
            what_follows(tx, &provider, &tokens, row).await?
        };
        store::set_revocation_of(tx, row.id, outcome).await?;
        if !shared {
            token_sets::mark_revoked(tx, tokens.id, outcome, now).await?;
            if outcome != ProviderRevocation::Pending {
                token_sets::forget_tokens(tx, tokens.id, now).await?;
            }
        }
        let r#type = "connected_account.revoked";
        let event = match by {
            Some(caller) => Event::by(caller, r#type, row.id),
            None => Event::of(application, Actor::Keybearer, r#type, row.id),
        };
        let mut detail = json!({ "reason": reason, "provider_revocation": outcome });
        if let (Some(id), Some(members)) = (together, detail.as_object_mut()) {
            members.insert("bulk_revocation".to_owned(), json!(id));
        }
        self.record(tx, event.detail(detail)).await?;
        Ok(outcome)
    }

    /// Revokes accounts of a provider config that is removed. Gives the token sets to revoke at the provider.
    pub(crate) async fn revoke_all_of_config(
        &self,
        tx: &mut Tx,
        application: ApplicationId,
        by: Option<&ApplicationCaller>,
        rows: &[store::Row],
    ) -> Result<Vec<TokenSetId>, VaultError> {
        let mut later = Vec::new();
        for row in rows {
            let outcome = self.mark_revoked(tx, (application, by), row, StatusReasonCode::ClientRemoved, None).await?;
            if outcome == ProviderRevocation::Pending {
                later.push(row.token_set_id);
            }
        }
        Ok(later)
    }
}

/// The provider is asked only when the last live account of its user goes.
async fn what_follows(
    tx: &mut Tx,
    provider: &Provider,
    tokens: &token_sets::Row,
    row: &store::Row,
) -> Result<ProviderRevocation, VaultError> {
    if provider.entry.endpoints.revoke.is_none() {
        return Ok(ProviderRevocation::Unsupported);
    }
    // An import's tokens may know a user whom their account does not.
    let user = row.provider_account.id.as_ref().or(tokens.provider_user_id.as_ref());
    let others = match (user, provider.entry.revoke.ends) {
        (Some(user), RevokeEnds::Grant) => store::active_of_user(tx, tokens.client_id, user, row.id).await?,
        _ => 0,
    };
    Ok(if others > 0 { ProviderRevocation::KeptForOtherAccounts } else { ProviderRevocation::Pending })
}

fn reason(actor: Actor) -> StatusReasonCode {
    match actor {
        Actor::ApiKey(_) => StatusReasonCode::RevokedByApplication,
        Actor::EndUser => StatusReasonCode::RevokedByEndUser,
        Actor::Member(_) | Actor::CommandLine | Actor::Keybearer => StatusReasonCode::RevokedByMember,
    }
}

fn sentence(reason: StatusReasonCode) -> &'static str {
    match reason {
        StatusReasonCode::RevokedByApplication => "The application's backend disconnected it.",
        StatusReasonCode::RevokedByEndUser => "The end user disconnected it.",
        StatusReasonCode::ClientRemoved => "The provider config was removed.",
        _ => "A member disconnected it.",
    }
}
