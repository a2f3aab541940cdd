//! API keys: how an application's backend signs in.

mod form;
mod rotation;

pub use form::{ApiKeyForm, KeyExpiry};

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller, KeyLimits};
use crate::clock::{MINUTE, Millis, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::networks::Networks;
use crate::random;
use crate::secret::{Secret, sha256};
use crate::store::{Tx, api_keys};
use crate::throttle::Limit;
use form::Checked;
use model::api_keys::ApiKeyView;
use model::applications::Environment;
use model::ids::ApiKeyId;
use model::people::Role;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;

const REFUSED_KEYS: Limit = Limit { what: "api-key-refused", attempts: 120, window: MINUTE };
const LIVE: &str = "kb_live_";
const TEST: &str = "kb_test_";
/// The prefix and four characters: enough to recognise a key by.
const SHOWN: usize = 12;

/// A new key, with the secret that is shown once.
pub struct NewApiKey {
    /// What lists show of it.
    pub view: ApiKeyView,
    /// The key itself.
    pub secret: Secret,
}

/// Whether a text has the shape and checksum of an API key.
pub fn is_api_key(text: &str) -> bool {
    random::is_token(LIVE, text) || random::is_token(TEST, text)
}

impl Vault {
    /// Whose key this is. A key that is revoked, expired or unknown is nobody's.
    ///
    /// # Errors
    /// [`VaultError::SourceNotAllowed`], when the key is not taken from this address; where nobody knows the address, no
    /// key is taken that is restricted to some.
    pub async fn authenticate(
        &self,
        key: &str,
        address: Option<IpAddr>,
    ) -> Result<Option<ApplicationCaller>, VaultError> {
        if !is_api_key(key) {
            return Ok(None);
        }
        let now = self.clock.now();
        let mut db = self.store.connection().await?;
        let Some(row) = api_keys::by_hash(&mut db, &sha256(key.as_bytes()), now).await? else { return Ok(None) };
        if !comes_from(row.sources.iter().map(String::as_str), address) {
            return Err(VaultError::SourceNotAllowed);
        }
        self.last_use.of_key(row.id, row.last_used_at, now);
        let proxy_only = row.proxy_only_at.is_some();
        Ok(Some(ApplicationCaller {
            application: row.application_id,
            application_name: row.application_name,
            organization: row.organization_id,
            environment: row.environment,
            actor: Actor::ApiKey(row.id),
            role: Role::Admin,
            key: Some(Arc::new(KeyLimits { scopes: row.scopes, proxy_only, policy: row.policy })),
            request_id: None,
            address,
        }))
    }

    /// Counts a request whose key was nobody's, on whichever server it arrived.
    ///
    /// # Errors
    /// [`VaultError::TooManyAttempts`], when the address has sent too many: far more than a mistyped key causes, far
    /// fewer than guessing needs.
    pub async fn count_refused_key(&self, address: &str) -> Result<(), VaultError> {
        self.count_attempt(REFUSED_KEYS, address).await
    }

    /// Makes a key.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], [`VaultError::Forbidden`].
    pub async fn add_api_key(
        &self,
        caller: &ApplicationCaller,
        form: impl Into<ApiKeyForm>,
    ) -> Result<NewApiKey, VaultError> {
        caller.require(Role::Developer)?;
        let (form, now) = (form.into(), self.clock.now());
        let checked = form::check(&form, now)?;
        let (row, secret) = new_row(caller, checked, form.proxy_only.then_some(now), now)?;
        let mut tx = self.store.begin().await?;
        let detail = described(&row, None);
        self.insert_api_key(&mut tx, caller, &row, &secret, detail).await?;
        tx.commit().await?;
        Ok(NewApiKey { view: view(row, now), secret })
    }

    async fn insert_api_key(
        &self,
        tx: &mut Tx,
        caller: &ApplicationCaller,
        row: &api_keys::Row,
        secret: &Secret,
        detail: Value,
    ) -> Result<(), VaultError> {
        let by = caller.actor.id().unwrap_or_else(|| caller.actor.kind().to_owned());
        api_keys::insert(tx, caller.application, row, &secret.sha256(), &by).await?;
        self.record(tx, Event::by(caller, "api_key.created", row.id).detail(detail)).await
    }

    /// The application's keys, newest first, the revoked ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_keys(&self, caller: &ApplicationCaller) -> Result<Vec<ApiKeyView>, VaultError> {
        let rows = api_keys::list(&mut *self.store.connection().await?, caller.application).await?;
        let now = self.clock.now();
        Ok(rows.into_iter().map(|row| view(row, now)).collect())
    }

    /// Revokes a key: it is refused on every server from now on.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], also for a key that is revoked already; [`VaultError::Forbidden`].
    pub async fn revoke_api_key(&self, caller: &ApplicationCaller, id: ApiKeyId) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let mut tx = self.store.begin().await?;
        if !api_keys::revoke(&mut tx, caller.application, id, self.clock.now()).await? {
            return Err(VaultError::NotFound);
        }
        self.record(&mut tx, Event::by(caller, "api_key.revoked", id)).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether an address is in one of the networks, of which none means everywhere.
pub(crate) fn comes_from<'a>(sources: impl Iterator<Item = &'a str>, address: Option<IpAddr>) -> bool {
    let mut sources = sources.peekable();
    // What cannot be read lets nobody in.
    sources.peek().is_none()
        || address.is_some_and(|address| Networks::of(sources).is_ok_and(|known| known.contains(address)))
}

/// A key with a secret of its own.
fn new_row(
    caller: &ApplicationCaller,
    new: Checked,
    proxy_only_at: Option<Millis>,
    now: Millis,
) -> Result<(api_keys::Row, Secret), VaultError> {
    let secret = random::token(if caller.environment == Environment::Production { LIVE } else { TEST })?;
    let row = api_keys::Row {
        id: ApiKeyId::new(),
        name: new.name,
        starts_with: secret.expose().chars().take(SHOWN).collect(),
        scopes: new.scopes,
        sources: new.sources,
        policy: new.policy,
        proxy_only_at,
        created_at: now,
        expires_at: new.expires_at,
        last_used_at: None,
        revoked_at: None,
        replaced_by: None,
    };
    Ok((row, secret))
}

/// What the audit log says of a new key: what it is restricted to, and whose place it takes.
fn described(row: &api_keys::Row, replaces: Option<ApiKeyId>) -> Value {
    let said = [
        ("name", Some(json!(row.name))),
        ("scopes", (!row.scopes.is_empty()).then(|| json!(row.scopes.split(' ').collect::<Vec<_>>()))),
        ("sources", (!row.sources.is_empty()).then(|| json!(row.sources))),
        ("proxy_only", row.proxy_only_at.map(|_| json!(true))),
        ("policy", row.policy.as_ref().map(|policy| json!(policy))),
        ("expires_at", row.expires_at.map(|at| json!(rfc3339(at)))),
        ("replaces", replaces.map(|id| json!(id))),
    ];
    said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn view(row: api_keys::Row, now: Millis) -> ApiKeyView {
    ApiKeyView {
        id: row.id,
        name: row.name,
        starts_with: row.starts_with,
        // A scope that this program does not know opens nothing here.
        scopes: row.scopes.split(' ').filter_map(|word| word.parse().ok()).collect(),
        sources: row.sources,
        proxy_only: row.proxy_only_at.is_some(),
        policy: row.policy,
        created_at: rfc3339(row.created_at),
        expires_at: row.expires_at.map(rfc3339),
        expired: row.expires_at.is_some_and(|at| at <= now),
        last_used_at: row.last_used_at.map(rfc3339),
        revoked_at: row.revoked_at.map(rfc3339),
        replaced_by: row.replaced_by,
    }
}
