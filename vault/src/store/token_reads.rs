//! Token reads: whose key it is and what the account stands on, by one statement.

mod together;

use super::kept_connections::KeptConnections;
use super::{Result, parsed, words};
use crate::clock::Millis;
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::{ApiKeyId, ApplicationId, ConnectedAccountId, TokenSetId};
use model::provider_configs::ProviderConfigState;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::sync::Arc;
use together::Together;

/// Binds the hash of the key, the account and the time.
pub(crate) const SQL: &str = "SELECT k.id, k.last_used_at AS key_used_at, k.application_id, k.scopes AS key_scopes, k.sources, \
    COALESCE(k.proxy_only_at, o.proxy_only_at) AS proxy_only_at, a.status, a.last_used_at, p.state, p.provider, p.entry_hash, \
    t.id AS token_set_id, t.access_token, t.access_token_hash, t.scopes, t.api_base_url, t.issued_at, t.expires_at \
    FROM api_keys k JOIN applications o ON o.id = k.application_id \
    JOIN connected_accounts a ON a.id = $2 AND a.application_id = k.application_id \
    JOIN provider_configs p ON p.id = a.provider_config_id JOIN token_sets t ON t.id = a.token_set_id \
    WHERE k.secret_hash = $1 AND k.revoked_at IS NULL AND o.deleted_at IS NULL \
      AND (k.expires_at IS NULL OR k.expires_at > $3)";

/// Reads tokens: those that are asked for at once share a statement where that is cheaper.
#[derive(Clone)]
pub(crate) struct TokenReads {
    pub(super) connections: KeptConnections,
    together: Option<Arc<Together>>,
}

/// What is asked for.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) key_hash: [u8; 32],
    pub(crate) account: ConnectedAccountId,
    pub(crate) now: Millis,
}

/// An account with its access token, for the key's application.
pub(crate) struct Row {
    pub(crate) key_id: ApiKeyId,
    pub(crate) key_used_at: Option<Millis>,
    pub(crate) key_scopes: String,
    pub(crate) key_sources: String,
    /// Of the key or of its application.
    pub(crate) proxy_only_at: Option<Millis>,
    pub(crate) application_id: ApplicationId,
    pub(crate) status: ConnectedAccountStatus,
    pub(crate) used_at: Option<Millis>,
    pub(crate) config_state: ProviderConfigState,
    pub(crate) provider: String,
    pub(crate) entry_hash: String,
    pub(crate) token_set_id: TokenSetId,
    pub(crate) access_token: Option<Vec<u8>>,
    pub(crate) access_token_hash: Option<Vec<u8>>,
    pub(crate) scopes: Vec<String>,
    pub(crate) api_base_url: Option<String>,
    pub(crate) issued_at: Millis,
    pub(crate) expires_at: Option<Millis>,
}

impl TokenReads {
    /// Over these connections. `shared`: whether the database can be asked for several accounts by one statement.
    pub(super) fn new(connections: KeptConnections, most: usize, shared: bool) -> Self {
        Self { together: shared.then(|| Together::new(connections.clone(), most)), connections }
    }

    /// `None` without a valid key, or when the account is not of the key's application.
    pub(crate) async fn get(&self, wanted: Wanted) -> Result<Option<Row>> {
        match &self.together {
            Some(together) => together.get(wanted).await,
            None => alone(&self.connections, &wanted).await,
        }
    }
}

async fn alone(connections: &KeptConnections, wanted: &Wanted) -> Result<Option<Row>> {
    let (hash, account) = (wanted.key_hash.as_slice(), wanted.account.to_string());
    let found = connections.row(|| sqlx::query(SQL).bind(hash).bind(&account).bind(wanted.now)).await?;
    found.as_ref().map(row).transpose()
}

fn row(r: &AnyRow) -> Result<Row> {
    Ok(Row {
        key_id: parsed(r, "id")?,
        key_used_at: r.try_get("key_used_at")?,
        key_scopes: r.try_get("key_scopes")?,
        key_sources: r.try_get("sources")?,
        proxy_only_at: r.try_get("proxy_only_at")?,
        application_id: parsed(r, "application_id")?,
        status: parsed(r, "status")?,
        used_at: r.try_get("last_used_at")?,
        config_state: parsed(r, "state")?,
        provider: r.try_get("provider")?,
        entry_hash: r.try_get("entry_hash")?,
        token_set_id: parsed(r, "token_set_id")?,
        access_token: r.try_get("access_token")?,
        access_token_hash: r.try_get("access_token_hash")?,
        scopes: words(r, "scopes")?,
        api_base_url: r.try_get("api_base_url")?,
        issued_at: r.try_get("issued_at")?,
        expires_at: r.try_get("expires_at")?,
    })
}
