//! The provider's part of a revocation, repeated until it answers or the last try has failed.

use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::{Provider, RevokeToken};
use crate::clock::{DAY, MINUTE, Millis};
use crate::error::{VaultError, chain};
use crate::events::Event;
use crate::oauth::revoke::{Outcome, outcome, request};
use crate::oauth::token_response::Tokens;
use crate::secret::Secret;
use crate::store::{connected_accounts, provider_configs, token_sets};
use crate::tokens::Reason;
use model::connected_accounts::{ProviderRevocation, StatusReasonCode};
use model::ids::{ApplicationId, TokenSetId};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// How long the one who revokes waits for the provider.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so many tries the tokens are forgotten anyway.
const TRIES: i64 = 12;

/// Whether there is a token that the provider's revocation endpoint understands.
enum Live {
    /// There is.
    Yes(token_sets::Row),
    /// The provider has ended the grant already.
    NoLonger(token_sets::Row),
    /// It could not be had now, in the words of why, and is to be tried after so long.
    NotNow(token_sets::Row, String, Millis),
    /// It cannot be had any more, in the words of why, and the grant may live on.
    Lost(token_sets::Row, String),
}

impl Vault {
    /// Asks the provider now, in a task of its own, and waits a while for the outcome.
    pub(crate) async fn revoke_at_provider(&self, application: ApplicationId, id: TokenSetId) -> ProviderRevocation {
        let vault = self.clone();
        let asked = self.calls.spawn(async move { vault.ask_to_revoke(application, id).await });
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(Ok(outcome))) => outcome,
            Ok(Ok(Err(error))) => {
                tracing::error!(token_set.id = %id, error = chain(&error), "A revocation failed here; it will be repeated.");
                ProviderRevocation::Pending
            }
            _ => ProviderRevocation::Pending,
        }
    }

    /// Asks the provider about several, without anybody waiting. What a stop interrupts the reaper repeats.
    pub(crate) fn revoke_at_provider_later(&self, application: ApplicationId, ids: Vec<TokenSetId>) {
        if ids.is_empty() {
            return;
        }
        let vault = self.clone();
        self.calls.spawn(async move {
            for id in ids {
                vault.revoke_at_provider(application, id).await;
            }
        });
    }

    pub(crate) async fn ask_to_revoke(
        &self,
        application: ApplicationId,
        id: TokenSetId,
    ) -> Result<ProviderRevocation, VaultError> {
        if self.is_quarantined() {
            return Ok(ProviderRevocation::Pending);
        }
        let tokens = self.token_set(application, id).await?;
        let provider = self.provider_of(&tokens).await?;
        let tokens = match self.with_live_token(&provider, tokens).await? {
            Live::Yes(tokens) => tokens,
            Live::NoLonger(tokens) => return self.settle_revocation(&tokens, ProviderRevocation::Revoked, "").await,
            Live::Lost(tokens, why) => return self.settle_revocation(&tokens, ProviderRevocation::Failed, &why).await,
            Live::NotNow(tokens, why, wait) => return self.revoke_later(&tokens, &why, Some(wait)).await,
        };
        let token = self.token_to_revoke(&provider, &tokens).await?;
        let answer = match (token, &provider.entry.endpoints.revoke) {
            (_, None) => return self.settle_revocation(&tokens, ProviderRevocation::Unsupported, "").await,
            // Nothing to revoke with: the provider has ended the grant itself, or never gave such a token.
            (None, _) => Outcome::Revoked,
            (Some(token), Some(address)) => {
                let secrets = self.open_secrets(application, tokens.client_id).await?;
                let build = |credentials: &_| request(&provider.entry, credentials, address, &token);
                match self.send_as(&provider, &secrets, build).await?.0 {
                    Ok(answer) => outcome(&answer, &self.clock),
                    Err(error) => Outcome::Later(error.to_string(), None),
                }
            }
        };
        match answer {
            Outcome::Revoked => self.settle_revocation(&tokens, ProviderRevocation::Revoked, "").await,
            Outcome::Unsupported(why) => self.settle_revocation(&tokens, ProviderRevocation::Unsupported, &why).await,
            Outcome::Later(why, _) if tokens.revocation_attempts + 1 >= TRIES => {
                self.settle_revocation(&tokens, ProviderRevocation::Failed, &why).await
            }
            Outcome::Later(why, wait) => self.revoke_later(&tokens, &why, wait).await,
        }
    }

    /// Where the provider takes only a valid access token, one that is not quite new is refreshed first: the answer to a
    /// dead one is the same as to a live one (RFC 7009, 2.2), and the grant would live on.
    async fn with_live_token(&self, provider: &Provider, tokens: token_sets::Row) -> Result<Live, VaultError> {
        let is_new = self.clock.now() - tokens.issued_at < MINUTE;
        if is_new || provider.entry.revoke.token != RevokeToken::AccessToken || tokens.refresh_token.is_none() {
            return Ok(Live::Yes(tokens));
        }
        let verdict = self.refresh(&tokens, Reason::Asked { access_is_dead: false }).await;
        let now = self.token_set(tokens.application_id, tokens.id).await?;
        match verdict.into_result() {
            Ok(()) => Ok(Live::Yes(now)),
            Err(VaultError::NeedsReconnect(reason)) if reason.code == StatusReasonCode::RefreshInterrupted => {
                Ok(Live::Lost(now, reason.detail))
            }
            // The refresh token was refused: there is nothing left to end.
            Err(VaultError::NeedsReconnect(_)) => Ok(Live::NoLonger(now)),
            Err(VaultError::Unavailable { detail, .. }) if now.revocation_attempts + 1 >= TRIES => {
                Ok(Live::Lost(now, detail))
            }
            Err(VaultError::Unavailable { detail, retry_after, .. }) => Ok(Live::NotNow(now, detail, retry_after)),
            Err(error) => Err(error),
        }
    }

    async fn token_set(&self, application: ApplicationId, id: TokenSetId) -> Result<token_sets::Row, VaultError> {
        token_sets::get(&mut *self.store.connection().await?, application, id).await?.ok_or(VaultError::NotFound)
    }

    async fn token_to_revoke(
        &self,
        provider: &Provider,
        tokens: &token_sets::Row,
    ) -> Result<Option<Secret>, VaultError> {
        let place = tokens.id.to_string();
        let (place, sealed) = match provider.entry.revoke.token {
            RevokeToken::AccessToken => (token_sets::access_place(&place), &tokens.access_token),
            RevokeToken::RefreshToken if tokens.refresh_token.is_none() => {
                (token_sets::access_place(&place), &tokens.access_token)
            }
            RevokeToken::RefreshToken => (token_sets::refresh_place(&place), &tokens.refresh_token),
        };
        let Some(sealed) = sealed else { return Ok(None) };
        self.keyring.open(&self.store, tokens.application_id, place, sealed).await.map(Some)
    }

    async fn settle_revocation(
        &self,
        tokens: &token_sets::Row,
        outcome: ProviderRevocation,
        why: &str,
    ) -> Result<ProviderRevocation, VaultError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        token_sets::set_revocation(&mut tx, tokens.id, outcome, None).await?;
        connected_accounts::set_provider_revocation(&mut tx, tokens.id, outcome).await?;
        token_sets::forget_tokens(&mut tx, tokens.id, now).await?;
        let event = Event::of(tokens.application_id, Actor::Keybearer, "token_set.revoked_at_provider", tokens.id);
        self.record(&mut tx, event.outcome(outcome.as_str()).detail(json!({ "detail": why }))).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    async fn revoke_later(
        &self,
        tokens: &token_sets::Row,
        why: &str,
        asked: Option<Millis>,
    ) -> Result<ProviderRevocation, VaultError> {
        let own: Millis = MINUTE << tokens.revocation_attempts.clamp(0, 11);
        let wait = own.max(asked.unwrap_or_default()).min(DAY);
        let mut tx = self.store.begin().await?;
        token_sets::set_revocation(&mut tx, tokens.id, ProviderRevocation::Pending, Some(self.clock.now() + wait))
            .await?;
        let event = Event::of(tokens.application_id, Actor::Keybearer, "token_set.revoked_at_provider", tokens.id);
        self.record(&mut tx, event.outcome("pending").detail(json!({ "detail": why }))).await?;
        tx.commit().await?;
        Ok(ProviderRevocation::Pending)
    }

    /// Tokens that arrived for a token set that is revoked and erased: they go straight back.
    pub(crate) async fn revoke_unstored(
        &self,
        provider: &Provider,
        row: &token_sets::Row,
        tokens: &Tokens,
    ) -> Result<(), VaultError> {
        let Some(address) = &provider.entry.endpoints.revoke else { return Ok(()) };
        let token = match (provider.entry.revoke.token, &tokens.refresh_token) {
            (RevokeToken::RefreshToken, Some(token)) => token,
            _ => &tokens.access_token,
        };
        let secrets = self.open_secrets(row.application_id, row.client_id).await?;
        let build = |credentials: &_| request(&provider.entry, credentials, address, token);
        let (sent, _) = self.send_as(provider, &secrets, build).await?;
        if !sent.is_ok_and(|answer| outcome(&answer, &self.clock) == Outcome::Revoked) {
            tracing::warn!(token_set.id = %row.id, "Tokens of a revoked account arrived late and could not be revoked; they were dropped.");
        }
        Ok(())
    }

    pub(crate) async fn provider_of(&self, tokens: &token_sets::Row) -> Result<Arc<Provider>, VaultError> {
        let config = provider_configs::get(
            &mut *self.store.connection().await?,
            tokens.application_id,
            tokens.provider_config_id,
        )
        .await?;
        self.running(&config.ok_or(VaultError::NotFound)?)
    }
}
