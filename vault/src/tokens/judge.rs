//! Five verdicts on a refresh, and what each leaves in the database.

use super::lease::{LEASE, Lease};
use super::refresh::{Step, Verdict};
use crate::Vault;
use crate::caller::Actor;
use crate::catalogue::Provider;
use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND, rfc3339};
use crate::error::VaultError;
use crate::events::Event;
use crate::http::{Answer, NoAnswer};
use crate::keyring::Place;
use crate::oauth::error::{Refusal, refusal};
use crate::oauth::token_response::{self, Tokens};
use crate::provider_configs::Used;
use crate::random;
use crate::store::{Tx, clients, connected_accounts, intents, provider_configs, token_sets};
use model::connected_accounts::{StatusReason, StatusReasonCode};
use model::provider_configs::ProviderConfigState;
use serde_json::json;

/// How long to wait after a first failure; doubled for each further one.
const FIRST_PAUSE: Millis = 2 * SECOND;
const LONGEST_PAUSE: Millis = MINUTE;

/// What an answer is judged by.
pub(super) struct Judged<'a> {
    pub(super) provider: &'a Provider,
    pub(super) config: &'a provider_configs::Row,
    pub(super) lease: &'a Lease,
    /// The client's secret that the call was made with.
    pub(super) used: Used,
    /// Whether the client has another one that was not tried.
    pub(super) has_other: bool,
}

impl Vault {
    pub(super) async fn judge_refresh(
        &self,
        of: &Judged<'_>,
        answer: Result<Answer, NoAnswer>,
    ) -> Result<Step, VaultError> {
        let lease = of.lease;
        let answer = match answer {
            Ok(answer) => answer,
            Err(NoAnswer::NotSent(why)) => return self.not_processed(lease, &why, None).await.map(Step::Ended),
            Err(NoAnswer::Unknown(why)) => return self.unknown(lease, &why, false).await.map(Step::Ended),
        };
        tracing::debug!(token_set.id = %lease.tokens.id, "The answer to a refresh is here.");
        let entry = &of.provider.entry;
        match refusal(entry, &answer, &self.clock) {
            None => match token_response::read(entry, &answer.body) {
                Ok(tokens) => self.fresh_tokens(of, tokens).await.map(Step::Ended),
                Err(why) => self.unknown(lease, why, true).await.map(Step::Ended),
            },
            Some(Refusal::NotProcessed(words, wait)) => self.not_processed(lease, &words, wait).await.map(Step::Ended),
            Some(Refusal::Unknown(words)) => self.unknown(lease, &words, true).await.map(Step::Ended),
            Some(Refusal::ProviderConfigWrong(_)) if of.has_other => self.other_secret(of).await,
            Some(Refusal::ProviderConfigWrong(words)) => self.config_wrong(of, &words).await.map(Step::Ended),
            Some(Refusal::NeedsReconnect(words)) => self.refused(of.provider, lease, &words).await,
        }
    }

    /// The client is not known under this secret: nothing was spent. The lease goes back, since the call under the other
    /// secret is one of its own.
    async fn other_secret(&self, of: &Judged<'_>) -> Result<Step, VaultError> {
        let (row, now) = (&of.lease.tokens, self.clock.now());
        let mut tx = self.store.begin().await?;
        clients::refused(&mut tx, of.used.client, of.used.slot, now).await?;
        intents::close(&mut tx, of.lease.intent, "config_wrong", now).await?;
        token_sets::release_lease(&mut tx, row.id, row.lease_fence).await?;
        tx.commit().await?;
        Ok(Step::OtherSecret(of.used.slot))
    }

    /// New tokens: kept if the stored version is still the one that was spent, whoever holds the lease by now.
    async fn fresh_tokens(&self, of: &Judged<'_>, tokens: Tokens) -> Result<Verdict, VaultError> {
        let Judged { provider, config, lease, used, .. } = *of;
        let row = &lease.tokens;
        let sealed = self.seal_tokens(&provider.entry, row.application_id, row.id, &tokens, &row.scopes).await?;
        // The old one is kept, though a provider that rotates has spent it: what the next refusal comes from is told now.
        let outcome = match tokens.refresh_token {
            None if provider.entry.refresh.rotates => "no_refresh_token",
            _ => "ok",
        };
        if outcome != "ok" {
            tracing::warn!(token_set.id = %row.id, "A refresh brought no new refresh token, though this provider replaces it.");
        }
        let proves_config = config.state == ProviderConfigState::Rejected || config.verified_at.is_none();
        let stored = self
            .until_stored(|| async {
                let (mut tx, now) = (self.store.begin().await?, self.clock.now());
                let fits = token_sets::replace(&mut tx, row.id, row.version, &sealed).await?;
                if fits && row.revoked_at.is_none() {
                    let revived = connected_accounts::revive(&mut tx, row.id, &sealed.scopes, now).await?;
                    self.record_refresh(&mut tx, row, "token_set.refreshed", outcome, json!({})).await?;
                    self.record_effects(&mut tx, row, &sealed.scopes, revived).await?;
                }
                let stored = fits || token_sets::keep_spare(&mut tx, row.id, sealed.spare.as_deref()).await?;
                intents::close_all_of(&mut tx, row.id, row.version, "fresh", now).await?;
                if proves_config {
                    provider_configs::accept(&mut tx, config.id, row.client_id, now).await?;
                }
                used.worked(&mut tx, now).await?;
                token_sets::release_lease(&mut tx, row.id, row.lease_fence).await?;
                tx.commit().await?;
                Ok(stored)
            })
            .await;
        tracing::debug!(token_set.id = %row.id, spent = row.version, stored, "The commit of a refresh has returned.");
        if !stored {
            // Revoked and erased meanwhile: nobody may have these tokens.
            self.revoke_unstored(provider, row, &tokens).await?;
        }
        Ok(Verdict::Fresh)
    }

    /// Nothing was done at the provider: everything is kept, and the next try waits.
    async fn not_processed(&self, lease: &Lease, words: &str, wait: Option<Millis>) -> Result<Verdict, VaultError> {
        let pause = wait.unwrap_or(0).max(self.pause(&lease.tokens)?);
        self.keep_all(lease, words, "not_processed", pause, true).await
    }

    /// Nobody knows whether the refresh token is spent: everything is kept and the intent stays open. Whoever takes the
    /// lease next sees it there, and waits for as long as a second use could hurt.
    async fn unknown(&self, lease: &Lease, words: &str, answered: bool) -> Result<Verdict, VaultError> {
        self.keep_all(lease, words, "unknown", self.pause(&lease.tokens)?, answered).await
    }

    async fn keep_all(
        &self,
        lease: &Lease,
        words: &str,
        outcome: &'static str,
        pause: Millis,
        release: bool,
    ) -> Result<Verdict, VaultError> {
        let (row, now) = (&lease.tokens, self.clock.now());
        // Until the lease is over nobody can try: whoever asks meanwhile is told so at once.
        let pause = if release { pause } else { pause.max(LEASE) };
        tracing::warn!(token_set.id = %row.id, outcome, retry_in_ms = pause, "A refresh brought no new tokens; everything is kept.");
        let mut tx = self.store.begin().await?;
        token_sets::set_failure(&mut tx, row.id, row.version, words, now + pause, now).await?;
        intents::close(&mut tx, lease.intent, outcome, now).await?;
        // Without an answer the provider may still be at work: the lease runs out by itself.
        if release {
            token_sets::release_lease(&mut tx, row.id, row.lease_fence).await?;
        }
        self.record_refresh(&mut tx, row, "token_set.refresh_failed", outcome, json!({ "detail": words })).await?;
        tx.commit().await?;
        Ok(Verdict::Kept { code: "provider_unavailable", words: words.to_owned(), retry_after: pause })
    }

    /// The client's credentials are wrong: no account is touched.
    async fn config_wrong(&self, of: &Judged<'_>, words: &str) -> Result<Verdict, VaultError> {
        let Judged { config, lease, .. } = *of;
        let (row, now) = (&lease.tokens, self.clock.now());
        self.config_refused(config, of.used, words).await?;
        // While the provider config is rejected nothing is sent anyway; an older client's accounts wait an hour.
        let pause = if config.current_client_id == Some(row.client_id) { 0 } else { HOUR };
        let mut tx = self.store.begin().await?;
        token_sets::set_failure(&mut tx, row.id, row.version, words, now + pause, now).await?;
        intents::close(&mut tx, lease.intent, "config_wrong", now).await?;
        token_sets::release_lease(&mut tx, row.id, row.lease_fence).await?;
        let (r#type, outcome) = ("token_set.refresh_failed", "provider_config_rejected");
        self.record_refresh(&mut tx, row, r#type, outcome, json!({ "detail": words })).await?;
        tx.commit().await?;
        Ok(Verdict::Kept { code: "provider_config_rejected", words: words.to_owned(), retry_after: HOUR })
    }

    /// What became of a refresh; that of a connection test stands in its report, and is counted nowhere.
    async fn record_refresh(
        &self,
        tx: &mut Tx,
        row: &token_sets::Row,
        r#type: &'static str,
        outcome: &'static str,
        detail: serde_json::Value,
    ) -> Result<(), VaultError> {
        if row.tests_at.is_some() {
            return Ok(());
        }
        let event = Event::of(row.application_id, Actor::Keybearer, r#type, row.id).outcome(outcome).detail(detail);
        // Of failures in a row endpoints hear the first.
        self.record(tx, if row.refresh_failures > 0 { event.untold() } else { event }).await
    }

    /// The refresh token was refused. What else is kept is tried once each; otherwise the accounts need their end users.
    async fn refused(&self, provider: &Provider, lease: &Lease, words: &str) -> Result<Step, VaultError> {
        let (row, now) = (&lease.tokens, self.clock.now());
        if self.put_other(row, lease).await? {
            return Ok(Step::OtherToken);
        }
        let mut tx = self.store.begin().await?;
        let interrupted = intents::maybe_spent(&mut tx, row.id, row.version, lease.intent).await?;
        let idle_limit = provider.entry.refresh.idle_days.map(|days| Millis::from(days) * DAY);
        let code = match interrupted {
            Some(_) => StatusReasonCode::RefreshInterrupted,
            None if idle_limit.is_some_and(|limit| now - row.issued_at >= limit) => StatusReasonCode::ExpiredIdle,
            None => StatusReasonCode::RefreshRejected,
        };
        let reason = StatusReason { code, detail: why(provider, words, code, interrupted), at: rfc3339(now) };
        let ours = token_sets::set_needs_reconnect(&mut tx, row.id, row.version, row.lease_fence, now).await?;
        // Refreshed to be revoked with: no account stands on it any more, but whoever revokes must know.
        let revoked = row.revoked_at.is_some();
        if ours || revoked {
            self.end_accounts(&mut tx, row, &reason).await?;
            intents::close_all_of(&mut tx, row.id, row.version, "needs_reconnect", now).await?;
        } else {
            intents::close(&mut tx, lease.intent, "needs_reconnect", now).await?;
        }
        token_sets::release_lease(&mut tx, row.id, row.lease_fence).await?;
        tx.commit().await?;
        // Not ours: somebody has stored newer tokens meanwhile, and those count.
        Ok(Step::Ended(if ours || revoked { Verdict::NeedsReconnect(Box::new(reason)) } else { Verdict::Fresh }))
    }

    async fn end_accounts(&self, tx: &mut Tx, row: &token_sets::Row, reason: &StatusReason) -> Result<(), VaultError> {
        let accounts = connected_accounts::of_token_set(tx, row.id).await?;
        connected_accounts::set_needs_reconnect(tx, row.id, reason.code, &reason.detail, self.clock.now()).await?;
        for account in accounts {
            tracing::warn!(connected_account.id = %account.id, reason = reason.code.as_str(), "A connected account needs its end user.");
            let event =
                Event::of(row.application_id, Actor::Keybearer, "connected_account.needs_reconnect", account.id);
            self.record(tx, event.outcome(reason.code.as_str()).detail(json!({ "detail": reason.detail }))).await?;
        }
        Ok(())
    }

    /// Puts another refresh token in the place of the refused one: the spare, or that of a consent whose exchange
    /// overlapped this one's. Whether there was one.
    async fn put_other(&self, row: &token_sets::Row, lease: &Lease) -> Result<bool, VaultError> {
        let rival = token_sets::overlapping_rival(&mut *self.store.connection().await?, row).await?;
        let (owner, place, sealed) = match (&row.spare, &rival) {
            (Some(spare), _) => (row.id.to_string(), token_sets::spare_place as fn(&str) -> Place<'_>, spare),
            (None, Some(rival)) => match &rival.refresh_token {
                Some(token) => (rival.id.to_string(), token_sets::refresh_place as fn(&str) -> Place<'_>, token),
                None => return Ok(false),
            },
            (None, None) => return Ok(false),
        };
        let token = self.keyring.open(&self.store, row.application_id, place(&owner), sealed).await?;
        let own = row.id.to_string();
        let sealed =
            self.keyring.seal(&self.store, row.application_id, token_sets::refresh_place(&own), token.expose()).await?;
        let (mut tx, now) = (self.store.begin().await?, self.clock.now());
        let used = token_sets::use_other(&mut tx, row.id, row.version, &sealed).await?;
        if let Some(rival) = rival.filter(|_| row.spare.is_none()) {
            token_sets::forget_tokens(&mut tx, rival.id, now).await?;
        }
        intents::close(&mut tx, lease.intent, "needs_reconnect", now).await?;
        token_sets::release_lease(&mut tx, row.id, row.lease_fence).await?;
        tx.commit().await?;
        Ok(used)
    }

    /// The provider refused the credentials of a client.
    pub(crate) async fn config_refused(
        &self,
        config: &provider_configs::Row,
        used: Used,
        words: &str,
    ) -> Result<(), VaultError> {
        let (mut tx, now) = (self.store.begin().await?, self.clock.now());
        clients::refused(&mut tx, used.client, used.slot, now).await?;
        if provider_configs::reject(&mut tx, config.id, used.client, words, now).await? {
            self.record_rejection(&mut tx, config, words).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Longer after each failure, and never the same for two token sets.
    fn pause(&self, row: &token_sets::Row) -> Result<Millis, VaultError> {
        let doubled = FIRST_PAUSE.saturating_mul(1 << row.refresh_failures.clamp(0, 10));
        let [jitter] = random::bytes::<1>()?;
        Ok(doubled.min(LONGEST_PAUSE) * (75 + Millis::from(jitter) * 50 / 255) / 100)
    }
}

/// `interrupted`: when a refresh was sent whose answer is not stored.
fn why(provider: &Provider, words: &str, code: StatusReasonCode, interrupted: Option<Millis>) -> String {
    let name = &provider.entry.name;
    let sent = interrupted.map(|at| format!(" that was sent at {}", rfc3339(at))).unwrap_or_default();
    match code {
        StatusReasonCode::RefreshInterrupted => format!(
            "A refresh at {name}{sent} was cut off before its answer was stored, and {name} refuses the old refresh token now: {words}. Send the end user a reconnect link."
        ),
        StatusReasonCode::ExpiredIdle => format!(
            "Nothing was refreshed for longer than {name} keeps an idle authorization, and it refuses the refresh token now: {words}. Send the end user a reconnect link."
        ),
        _ => format!(
            "{name} refused the refresh token: {words}. The end user has removed the app, consented again elsewhere, or the grant has ended. Send the end user a reconnect link."
        ),
    }
}
