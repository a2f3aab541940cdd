//! Tokens that are always fresh: `fresh` answers backends, `refresh` is the one path by which tokens are renewed.

mod at_once;
mod hosts;
mod judge;
mod lease;
mod lend;
mod read;
mod refresh;
mod resolve;
mod seal;
#[cfg(test)]
mod tests;

pub(crate) use hosts::{Hosts, Urgency};
pub(crate) use lease::{LEASE, while_renewing};
pub(crate) use lend::Lent;
pub use read::RequestSource;
pub(crate) use refresh::{Reason, Refreshes};
pub(crate) use seal::keep_alive;

use crate::Vault;
use crate::caller::{Actor, ApplicationCaller};
use crate::clock::{HOUR, MINUTE, Millis, SECOND, rfc3339};
use crate::error::VaultError;
use crate::events::{Event, Reader};
use crate::secret::{Secret, same};
use crate::store::{connected_accounts, provider_configs, token_sets};
use model::connected_accounts::{ConnectedAccountStatus, StatusReason, StatusReasonCode};
use model::ids::ConnectedAccountId;
use model::people::Role;
use model::provider_configs::ProviderConfigState;
use std::time::Duration;

/// How long a caller waits for a refresh, real time; the refresh itself goes on.
const PATIENCE: Duration = Duration::from_secs(10);
/// Refreshes that are asked for within so long of the last one are the same.
const COLLAPSE: Millis = 30 * SECOND;
/// Tokens are renewed this long before they end, or a tenth of their life before.
const MARGIN: Millis = 5 * MINUTE;

/// What a backend asks of a token.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenRequest {
    /// How long it must still be good, in milliseconds; capped at what a new token has.
    pub min_ttl: Option<Millis>,
    /// SHA-256 of the token that the provider's API has just refused.
    pub rejected_sha256: Option<[u8; 32]>,
}

/// An access token for a backend. A refresh token is never in it.
pub struct AccessToken {
    /// The account it belongs to.
    pub connected_account: ConnectedAccountId,
    /// The token.
    pub access_token: Secret,
    /// `Bearer`.
    pub token_type: String,
    /// When it ends, RFC 3339; `None` when nobody said.
    pub expires_at: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The provider's slug.
    pub provider: String,
    /// Where to call with it.
    pub api_base_url: Option<String>,
}

/// What became of a refresh that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// `false`, when the last one was less than 30 s ago.
    pub refreshed: bool,
}

/// A connected account with the tokens it stands on.
struct Loaded {
    account: connected_accounts::Row,
    tokens: token_sets::Row,
}

impl Vault {
    /// A token that is good now, refreshed first if it is due.
    ///
    /// # Errors
    /// [`VaultError::ProxyOnly`], [`VaultError::NotFound`], [`VaultError::Revoked`], [`VaultError::NeedsReconnect`],
    /// [`VaultError::ProviderConfigDisabled`]; and [`VaultError::Unavailable`], only when no valid token is left.
    pub async fn fresh(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        request: TokenRequest,
    ) -> Result<AccessToken, VaultError> {
        caller.require(Role::Developer)?;
        caller.require_tokens()?;
        let loaded = self.current(caller, id, request).await?;
        self.answer(caller, loaded).await
    }

    /// An account with a token that is good now, refreshed first if it is due.
    async fn current(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        request: TokenRequest,
    ) -> Result<Loaded, VaultError> {
        let mut loaded = self.load(caller, id).await?;
        let refused = |l: &Loaded| {
            request
                .rejected_sha256
                .is_some_and(|hash| l.tokens.access_token_hash.as_deref().is_some_and(|h| same(h, &hash)))
        };
        let was_refused = refused(&loaded);
        if was_refused || is_due(loaded.tokens.issued_at, loaded.tokens.expires_at, request.min_ttl, self.clock.now()) {
            let attempt = self.renew(&loaded, was_refused).await;
            if attempt.is_ok() {
                self.ask_whose_import(caller.application, loaded.tokens.id).await?;
            }
            loaded = self.load(caller, id).await?;
            // An answer other than a new token: the old one serves while it is good and nobody has refused it.
            if let Err(error) = attempt
                && (refused(&loaded) || !is_valid(&loaded.tokens, self.clock.now()))
            {
                return Err(error);
            }
        }
        Ok(loaded)
    }

    /// The same by the end user's id and a provider's slug or key.
    ///
    /// # Errors
    /// As [`Vault::fresh`], and [`VaultError::SeveralAccounts`]. An account that lives wins over those that are revoked.
    pub async fn fresh_for(
        &self,
        caller: &ApplicationCaller,
        end_user: &str,
        provider: &str,
        request: TokenRequest,
    ) -> Result<AccessToken, VaultError> {
        caller.require(Role::Developer)?;
        caller.require_tokens()?;
        let (mut db, application) = (self.store.connection().await?, caller.application);
        let rows = connected_accounts::of_end_user(&mut db, application, end_user, provider).await?;
        let was_connected =
            rows.is_empty() && connected_accounts::was_of_end_user(&mut db, application, end_user, provider).await?;
        drop(db);
        match rows.as_slice() {
            [] if was_connected => Err(VaultError::Revoked),
            [] => Err(VaultError::NotFound),
            [only] => self.fresh(caller, only.id, request).await,
            several => Err(VaultError::SeveralAccounts(several.iter().map(|r| r.id).collect())),
        }
    }

    /// Refreshes now, or joins a refresh under way.
    ///
    /// # Errors
    /// As [`Vault::fresh`]; also when the old token is still good.
    pub async fn refresh_now(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
    ) -> Result<Refreshed, VaultError> {
        caller.require(Role::Developer)?;
        let loaded = self.load(caller, id).await?;
        if self.clock.now() - loaded.tokens.issued_at < COLLAPSE {
            return Ok(Refreshed { refreshed: false });
        }
        let version = loaded.tokens.version;
        self.renew(&loaded, false).await?;
        Ok(Refreshed { refreshed: self.load(caller, id).await?.tokens.version != version })
    }

    /// Loads what may hand out tokens at all.
    async fn load(&self, caller: &ApplicationCaller, id: ConnectedAccountId) -> Result<Loaded, VaultError> {
        let mut db = self.store.connection().await?;
        let account = connected_accounts::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        match (account.status, account.config_state) {
            // Of a removed provider config accounts are revoked in batches; no token is handed out before that either.
            (ConnectedAccountStatus::Revoked, _) | (_, ProviderConfigState::Removed) => {
                return Err(VaultError::Revoked);
            }
            (_, ProviderConfigState::Disabled) => return Err(VaultError::ProviderConfigDisabled),
            (ConnectedAccountStatus::NeedsReconnect, _) => {
                let reason = crate::connected_accounts::status_reason(&account).ok_or(VaultError::NotFound)?;
                return Err(VaultError::NeedsReconnect(Box::new(reason)));
            }
            (ConnectedAccountStatus::Active, _) => {}
        }
        let tokens =
            token_sets::get(&mut db, caller.application, account.token_set_id).await?.ok_or(VaultError::NotFound)?;
        Ok(Loaded { account, tokens })
    }

    /// Tries to renew, and waits for it so long as a caller has patience. `refused`: the provider's API has refused the
    /// stored access token.
    async fn renew(&self, loaded: &Loaded, refused: bool) -> Result<(), VaultError> {
        let (tokens, now) = (&loaded.tokens, self.clock.now());
        if tokens.refresh_token.is_none() {
            return self.cannot_renew(loaded, refused).await;
        }
        if let Some(at) = tokens.retry_at.filter(|at| *at > now) {
            let detail = tokens.last_failure.clone().unwrap_or_else(|| "the provider failed lately".to_owned());
            let detail =
                format!("The last refresh failed: {detail}. The connection is kept; ask again after Retry-After.");
            return Err(VaultError::Unavailable { code: "provider_unavailable", detail, retry_after: at - now });
        }
        if loaded.account.config_state == ProviderConfigState::Rejected {
            let mut db = self.store.connection().await?;
            let config = provider_configs::get(&mut db, tokens.application_id, tokens.provider_config_id)
                .await?
                .ok_or(VaultError::NotFound)?;
            drop(db);
            if !self.retry_rejected(&config).await? {
                let detail =
                    config.rejection.unwrap_or_else(|| "the provider refuses the application's credentials".to_owned());
                return Err(VaultError::Unavailable { code: "provider_config_rejected", detail, retry_after: HOUR });
            }
        }
        let (slug, hash) = (&loaded.account.provider, &loaded.account.entry_hash);
        let entry = self.entry_by_hash(tokens.application_id, slug, hash).await?;
        let name = |detail: &str| {
            let name = entry.as_ref().map_or("The provider", |p| p.entry.name.as_str());
            format!("{name} gave no new token: {detail}. The connection is kept; ask again after Retry-After.")
        };
        match tokio::time::timeout(PATIENCE, self.refresh(tokens, Reason::Asked { access_is_dead: refused })).await {
            Ok(verdict) => verdict.into_result().map_err(|error| match error {
                VaultError::Unavailable { code, detail, retry_after } => {
                    VaultError::Unavailable { code, detail: name(&detail), retry_after }
                }
                other => other,
            }),
            Err(_) => Err(VaultError::Unavailable {
                code: "refresh_in_progress",
                detail: "A refresh is under way and the provider takes its time.".to_owned(),
                retry_after: 5 * SECOND,
            }),
        }
    }

    /// There is no refresh token: once the access token is over or refused, only the end user can help.
    async fn cannot_renew(&self, loaded: &Loaded, refused: bool) -> Result<(), VaultError> {
        let now = self.clock.now();
        let detail = "The provider gave no refresh token, and the access token is no longer good. Send the end user a reconnect link.";
        if is_valid(&loaded.tokens, now) && !refused {
            let detail = "The provider gave no refresh token.".to_owned();
            return Err(VaultError::Unavailable { code: "provider_unavailable", detail, retry_after: HOUR });
        }
        let (status, code) = (ConnectedAccountStatus::NeedsReconnect, StatusReasonCode::RefreshRejected);
        let mut tx = self.store.begin().await?;
        connected_accounts::set_status(&mut tx, loaded.account.id, status, code, detail, now).await?;
        let event = Event::of(
            loaded.account.application_id,
            Actor::Keybearer,
            "connected_account.needs_reconnect",
            loaded.account.id,
        );
        self.record(&mut tx, event.outcome(code.as_str()).detail(serde_json::json!({ "detail": detail }))).await?;
        tx.commit().await?;
        Err(VaultError::NeedsReconnect(Box::new(StatusReason { code, detail: detail.to_owned(), at: rfc3339(now) })))
    }

    async fn answer(&self, caller: &ApplicationCaller, loaded: Loaded) -> Result<AccessToken, VaultError> {
        self.hand_out(self.used(loaded), Reader::of(caller)).await
    }

    /// What is stored, which is being used now.
    fn used(&self, loaded: Loaded) -> read::Stored {
        let Loaded { account, tokens } = loaded;
        self.last_use.of_account(account.id, account.last_used_at, self.clock.now());
        read::Stored {
            account: account.id,
            application: account.application_id,
            token_set: tokens.id,
            sealed: tokens.access_token,
            provider: account.provider,
            entry_hash: account.entry_hash,
            scopes: tokens.scopes,
            api_base_url: tokens.api_base_url,
            expires_at: tokens.expires_at,
        }
    }
}

/// Whether a token is to be renewed before it is handed out.
fn is_due(issued_at: Millis, expires_at: Option<Millis>, min_ttl: Option<Millis>, now: Millis) -> bool {
    let Some(ends) = expires_at else { return false };
    let life = (ends - issued_at).max(0);
    let margin = MARGIN.min(life / 10);
    let wanted = min_ttl.unwrap_or_default().clamp(0, life - margin);
    let just_renewed = now - issued_at < COLLAPSE;
    let needed = if just_renewed { margin } else { margin.max(wanted) };
    ends - now < needed || ends <= now
}

fn is_valid(tokens: &token_sets::Row, now: Millis) -> bool {
    tokens.access_token.is_some() && tokens.expires_at.is_none_or(|ends| ends > now)
}
