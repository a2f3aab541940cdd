//! A user has ended an authorization at the provider: the tokens are erased, and whoever used them is told.

use super::notice::Notice;
use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::ProviderEvents;
use crate::clock::{MINUTE, Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::provider_events::{self as store, Granted, Meant};
use crate::store::{Tx, clients, connected_accounts, provider_configs, token_sets};
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use serde_json::json;

impl Vault {
    /// Ends what a notice means: token sets of a client of this provider config that were granted before it. What was
    /// revoked here already stays as it is, so that the notice that follows a revocation of our own changes nothing.
    pub(super) async fn end_grant(
        &self,
        tx: &mut Tx,
        config: &provider_configs::Row,
        entry: &ProviderEvents,
        notice: &Notice,
    ) -> Result<&'static str, VaultError> {
        // Nothing can have ended later than now, give or take what clocks differ.
        let Some(ended_at) = notice.ended_at.map(|at| at.min(self.clock.now() + 5 * MINUTE)) else {
            return Ok("no_time");
        };
        match &notice.client_id {
            Some(id) if clients::by_client_id(tx, config.id, id).await?.is_none() => return Ok("other_client"),
            None if !entry.client_id.is_empty() => return Ok("no_client"),
            _ => {}
        }
        // Consents and revocations at this provider config come before or after, never between.
        provider_configs::hold(tx, config.id).await?;
        let meant = Meant { config: config.id, client: notice.client_id.as_deref(), granted_before: ended_at };
        let token_sets = meant_token_sets(tx, entry, notice, &meant).await?;
        let mut outcome = "nothing_to_end";
        for token_set in token_sets {
            self.end_token_set(tx, config, notice, &token_set, ended_at).await?;
            outcome = "ended";
        }
        Ok(outcome)
    }

    async fn end_token_set(
        &self,
        tx: &mut Tx,
        config: &provider_configs::Row,
        notice: &Notice,
        token_set: &Granted,
        ended_at: Millis,
    ) -> Result<(), VaultError> {
        let (id, now) = (token_set.id, self.clock.now());
        // A refresh under way finds another version: its answer revives nothing.
        token_sets::mark_revoked(tx, id, ProviderRevocation::Revoked, now).await?;
        token_sets::forget_tokens(tx, id, now).await?;
        // A revocation of ours that the provider had not answered yet is done.
        connected_accounts::set_provider_revocation(tx, id, ProviderRevocation::Revoked).await?;
        let detail = json!({ "ended_at": rfc3339(ended_at), "data_may_be_kept": notice.retention });
        let event = Event::of(config.application_id, Actor::Keybearer, "token_set.deauthorized", id);
        self.record(tx, event.detail(detail)).await?;
        let code = StatusReasonCode::DeauthorizedAtProvider;
        for account in connected_accounts::of_token_set(tx, id).await? {
            if !is_explained_by_it(account.status, account.status_reason) {
                continue;
            }
            let words = words(&self.running(config)?.entry.name, ended_at);
            connected_accounts::set_status(tx, account.id, ConnectedAccountStatus::NeedsReconnect, code, &words, now)
                .await?;
            let event =
                Event::of(config.application_id, Actor::Keybearer, "connected_account.needs_reconnect", account.id);
            self.record(tx, event.outcome(code.as_str()).detail(json!({ "detail": words }))).await?;
        }
        Ok(())
    }
}

fn words(name: &str, ended_at: Millis) -> String {
    format!(
        "The access was withdrawn at {name} on {}; the tokens are erased. Send the end user a reconnect link if the account is still wanted.",
        rfc3339(ended_at)
    )
}

/// Those of the user that the notice names. Those of the tenant, when it names none; or when nobody here knows the user
/// and the tokens are of the kind that goes with whoever installed the app for the whole tenant.
async fn meant_token_sets(
    tx: &mut Tx,
    entry: &ProviderEvents,
    notice: &Notice,
    meant: &Meant<'_>,
) -> Result<Vec<Granted>, VaultError> {
    if let Some(user) = &notice.user_id
        && (entry.tenant_wide_scopes.is_empty() || store::is_known(tx, meant, user).await?)
    {
        return Ok(store::of_user(tx, meant, user).await?);
    }
    let Some(tenant) = &notice.tenant_id else { return Ok(Vec::new()) };
    let mut token_sets = store::of_tenant(tx, meant, tenant).await?;
    if notice.user_id.is_some() {
        let is_tenant_wide = |scope: &String| entry.tenant_wide_scopes.iter().any(|end| scope.ends_with(end));
        token_sets.retain(|token_set| token_set.scopes.iter().any(is_tenant_wide));
    }
    Ok(token_sets)
}

/// An account that works, or that stopped working because the grant was gone. One whose end user was overtaken by a
/// later consent has another reason, which stays.
fn is_explained_by_it(status: ConnectedAccountStatus, reason: Option<StatusReasonCode>) -> bool {
    use StatusReasonCode::{ExpiredIdle, RefreshInterrupted, RefreshRejected};
    match status {
        ConnectedAccountStatus::Active => true,
        ConnectedAccountStatus::NeedsReconnect => {
            matches!(reason, Some(RefreshRejected | RefreshInterrupted | ExpiredIdle))
        }
        ConnectedAccountStatus::Revoked => false,
    }
}
