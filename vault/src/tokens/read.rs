//! A token read: one statement, for as long as the stored token is good, and one line of the audit log.

use super::{AccessToken, TokenRequest, is_due};
use crate::Vault;
use crate::api_keys::{comes_from, is_api_key};
use crate::caller::{Actor, has_scope};
use crate::clock::{Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Reader;
use crate::secret::{same, sha256};
use crate::store::{token_reads, token_sets};
use model::api_keys::KeyScope;
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::{ApplicationId, ConnectedAccountId, TokenSetId};
use model::provider_configs::ProviderConfigState;
use std::net::IpAddr;

/// A token that may be handed out as it is stored.
pub(super) struct Stored {
    pub(super) account: ConnectedAccountId,
    pub(super) application: ApplicationId,
    pub(super) token_set: TokenSetId,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) provider: String,
    pub(super) entry_hash: String,
    pub(super) scopes: Vec<String>,
    pub(super) api_base_url: Option<String>,
    pub(super) expires_at: Option<Millis>,
}

/// Where a token request came from.
#[derive(Clone, Copy, Debug)]
pub struct RequestSource<'a> {
    /// The request's id, as in the server's log.
    pub request_id: &'a str,
    /// The address of whoever sent it.
    pub address: Option<IpAddr>,
}

impl Vault {
    /// A token for the backend whose API key this is, refreshed first if it is due. `None` when it is nobody's key.
    ///
    /// # Errors
    /// As [`Vault::authenticate`] and [`Vault::fresh`]; [`VaultError::MissingScope`].
    pub async fn token(
        &self,
        key: &str,
        id: ConnectedAccountId,
        request: TokenRequest,
        from: &RequestSource<'_>,
    ) -> Result<Option<AccessToken>, VaultError> {
        if !is_api_key(key) {
            return Ok(None);
        }
        let now = self.clock.now();
        let wanted = token_reads::Wanted { key_hash: sha256(key.as_bytes()), account: id, now };
        let row = self.store.token_reads.get(wanted).await?;
        if let Some(row) = row.filter(|row| admits(row, from.address) && serves(row, &request, now)) {
            self.last_use.of_key(row.key_id, row.key_used_at, now);
            self.last_use.of_account(id, row.used_at, now);
            let stored = Stored {
                account: id,
                application: row.application_id,
                token_set: row.token_set_id,
                sealed: row.access_token,
                provider: row.provider,
                entry_hash: row.entry_hash,
                scopes: row.scopes,
                api_base_url: row.api_base_url,
                expires_at: row.expires_at,
            };
            let reader = Reader {
                application: row.application_id,
                actor: Actor::ApiKey(row.key_id),
                request_id: Some(from.request_id.to_owned()),
                address: from.address,
            };
            return self.hand_out(stored, reader).await.map(Some);
        }
        let Some(caller) = self.authenticate(key, from.address).await? else { return Ok(None) };
        caller.require_scope(KeyScope::TokensRead)?;
        self.fresh(&caller.in_request(from.request_id), id, request).await.map(Some)
    }

    /// Opens a token for its reader: the one place where an access token leaves the vault, so the line is written here.
    pub(super) async fn hand_out(&self, stored: Stored, reader: Reader) -> Result<AccessToken, VaultError> {
        let token = self.open_stored(stored).await?;
        self.record_token_read(reader, token.connected_account).await?;
        Ok(token)
    }

    /// Opens a token for use within the vault.
    pub(super) async fn open_stored(&self, stored: Stored) -> Result<AccessToken, VaultError> {
        let place = stored.token_set.to_string();
        let sealed = stored.sealed.ok_or(VaultError::Revoked)?;
        let access_token =
            self.keyring.open(&self.store, stored.application, token_sets::access_place(&place), &sealed).await?;
        let api_base_url = match stored.api_base_url {
            Some(said) => Some(said),
            None => self
                .entry_by_hash(stored.application, &stored.provider, &stored.entry_hash)
                .await?
                .and_then(|provider| provider.entry.endpoints.api_base.clone()),
        };
        Ok(AccessToken {
            connected_account: stored.account,
            access_token,
            token_type: "Bearer".to_owned(),
            expires_at: stored.expires_at.map(rfc3339),
            scopes: stored.scopes,
            api_base_url,
            provider: stored.provider,
        })
    }
}

/// Whether the key may have a token, as far as its own row says. Why not is found out by whoever asks again.
fn admits(row: &token_reads::Row, address: Option<IpAddr>) -> bool {
    row.proxy_only_at.is_none()
        && has_scope(&row.key_scopes, KeyScope::TokensRead)
        && comes_from(row.key_sources.split(' ').filter(|source| !source.is_empty()), address)
}

/// Whether nothing stands in the way of handing out what is stored.
fn serves(row: &token_reads::Row, request: &TokenRequest, now: Millis) -> bool {
    let usable = matches!(row.config_state, ProviderConfigState::Active | ProviderConfigState::Rejected);
    let refused = |hash: [u8; 32]| row.access_token_hash.as_deref().is_some_and(|stored| same(stored, &hash));
    row.status == ConnectedAccountStatus::Active
        && usable
        && row.access_token.is_some()
        && !request.rejected_sha256.is_some_and(refused)
        && !is_due(row.issued_at, row.expires_at, request.min_ttl, now)
}
