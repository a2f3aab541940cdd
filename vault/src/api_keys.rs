//! API keys: how an application's backend signs in.

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::{MINUTE, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::random;
use crate::secret::{Secret, sha256};
use crate::store::api_keys;
use crate::throttle::Limit;
use model::api_keys::ApiKeyView;
use model::applications::Environment;
use model::ids::ApiKeyId;
use model::people::Role;

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
    /// When the database fails.
    pub async fn authenticate(&self, key: &str) -> Result<Option<ApplicationCaller>, VaultError> {
        if !is_api_key(key) {
            return Ok(None);
        }
        let now = self.clock.now();
        let mut db = self.store.connection().await?;
        let Some(row) = api_keys::by_hash(&mut db, &sha256(key.as_bytes()), now).await? else { return Ok(None) };
        self.last_use.of_key(row.id, row.last_used_at, now);
        Ok(Some(ApplicationCaller {
            application: row.application_id,
            application_name: row.application_name,
            organization: row.organization_id,
            environment: row.environment,
            actor: Actor::ApiKey(row.id),
            role: Role::Admin,
            request_id: None,
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
    pub async fn add_api_key(&self, caller: &ApplicationCaller, name: &str) -> Result<NewApiKey, VaultError> {
        caller.require(Role::Developer)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(VaultError::field("name", "Name the key after what will use it, in at most 80 characters."));
        }
        let secret = random::token(if caller.environment == Environment::Production { LIVE } else { TEST })?;
        let row = api_keys::Row {
            id: ApiKeyId::new(),
            name: name.to_owned(),
            starts_with: secret.expose().chars().take(SHOWN).collect(),
            created_at: self.clock.now(),
            last_used_at: None,
            revoked_at: None,
        };
        let by = caller.actor.id().unwrap_or_else(|| caller.actor.kind().to_owned());
        let mut tx = self.store.begin().await?;
        api_keys::insert(&mut tx, caller.application, &row, &secret.sha256(), &by).await?;
        self.record(&mut tx, Event::by(caller, "api_key.created", row.id)).await?;
        tx.commit().await?;
        Ok(NewApiKey { view: view(row), secret })
    }

    /// The application's keys, newest first, the revoked ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_keys(&self, caller: &ApplicationCaller) -> Result<Vec<ApiKeyView>, VaultError> {
        let rows = api_keys::list(&mut *self.store.connection().await?, caller.application).await?;
        Ok(rows.into_iter().map(view).collect())
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

fn view(row: api_keys::Row) -> ApiKeyView {
    ApiKeyView {
        id: row.id,
        name: row.name,
        starts_with: row.starts_with,
        created_at: rfc3339(row.created_at),
        last_used_at: row.last_used_at.map(rfc3339),
        revoked_at: row.revoked_at.map(rfc3339),
    }
}
