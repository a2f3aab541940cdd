//! The OAuth clients of a provider config. Tokens stay with the client that they were issued to, so another client id
//! adds a client and takes none away.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::events::Event;
use crate::store::{clients, connected_accounts, provider_configs, token_sets};
use model::connected_accounts::{ConnectedAccountStatus, ProviderRevocation, StatusReasonCode};
use model::ids::{ClientId, TokenSetId};
use model::people::Role;
use model::provider_configs::{MOST_COUNTED, ProviderConfigDetail};
use model::provider_health::{ClientView, NextSecretView};
use serde_json::json;

/// Token sets that are ended in one transaction.
const AT_ONCE: i64 = 500;

impl Vault {
    /// What the page of a provider config shows beyond it.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn provider_config_detail(
        &self,
        caller: &ApplicationCaller,
        key: &str,
    ) -> Result<ProviderConfigDetail, VaultError> {
        let mut db = self.store.connection().await?;
        let config = provider_configs::by_key(&mut db, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let mut views = Vec::new();
        for client in clients::of_config(&mut db, config.id).await? {
            let authorizations = clients::count_token_sets(&mut db, client.id, MOST_COUNTED + 1).await?;
            views.push(view(client, config.current_client_id, authorizations));
        }
        views.sort_by_key(|client| !client.is_current);
        drop(db);
        let last_test = self.last_connection_test(&config).await?;
        let provider = self.running(&config)?;
        let readiness = self.readiness_of(caller, &config, &provider, last_test.as_ref()).await?;
        let under_way = self.test_under_way(caller, &config).await?;
        Ok(ProviderConfigDetail { clients: views, readiness, last_test, under_way })
    }

    /// Removes a client that is not the current one: accounts that stand on its tokens need their end users, and the
    /// tokens are revoked at the provider.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Conflict`] for the current client; [`VaultError::Forbidden`].
    pub async fn remove_client(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        client: ClientId,
    ) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let (config, client) = self.client_of(caller, key, client).await?;
        if config.current_client_id == Some(client.id) {
            let detail = "New accounts are connected with this client: save another Client ID first.".to_owned();
            return Err(VaultError::Conflict { code: "client_is_current", detail });
        }
        let mut ended = 0;
        loop {
            let some = self.end_some_of_client(&client).await?;
            if some == 0 {
                break;
            }
            ended += some;
        }
        let mut tx = self.store.begin().await?;
        // Kept while a revocation at the provider needs it; erased by the reaper after that.
        clients::retire(&mut tx, client.id, self.clock.now()).await?;
        let detail = json!({ "key": key, "client": client.id, "authorizations": ended });
        self.record(&mut tx, Event::by(caller, "provider_config.client_removed", config.id).detail(detail)).await?;
        Ok(tx.commit().await?)
    }

    /// Ends token sets of a client and tells their accounts. Says how many.
    async fn end_some_of_client(&self, client: &clients::Row) -> Result<usize, VaultError> {
        let now = self.clock.now();
        let detail =
            "The OAuth client that this account was connected with was removed. Send the end user a reconnect link.";
        let mut tx = self.store.begin().await?;
        let ids = token_sets::live_of_client(&mut tx, client.id, AT_ONCE).await?;
        let mut later: Vec<TokenSetId> = Vec::new();
        for id in &ids {
            for account in connected_accounts::of_token_set(&mut tx, *id).await? {
                if account.status != ConnectedAccountStatus::Active {
                    continue;
                }
                let (status, code) = (ConnectedAccountStatus::NeedsReconnect, StatusReasonCode::ClientRemoved);
                connected_accounts::set_status(&mut tx, account.id, status, code, detail, now).await?;
                let r#type = "connected_account.needs_reconnect";
                let event = Event::of(client.application_id, crate::caller::Actor::Keybearer, r#type, account.id);
                self.record(&mut tx, event.outcome(code.as_str()).detail(json!({ "detail": detail }))).await?;
            }
            token_sets::mark_revoked(&mut tx, *id, ProviderRevocation::Pending, now).await?;
            later.push(*id);
        }
        tx.commit().await?;
        self.revoke_at_provider_later(client.application_id, later);
        Ok(ids.len())
    }
}

fn view(client: clients::Row, current: Option<ClientId>, authorizations: i64) -> ClientView {
    ClientView {
        id: client.id,
        is_current: current == Some(client.id),
        client_id: client.client_id,
        secret_ends: client.secret_current_ends,
        secret_refused_at: client.secret_current_refused_at.map(rfc3339),
        secret_expires_at: client.secret_expires_at.map(rfc3339),
        next: client.next.map(|next| NextSecretView {
            ends: next.ends,
            added_at: next.added_at.map(rfc3339),
            works_since: next.works_since.map(rfc3339),
            refused_at: next.refused_at.map(rfc3339),
            expires_at: next.expires_at.map(rfc3339),
        }),
        worked_at: client.worked_at.map(rfc3339),
        authorizations,
    }
}
