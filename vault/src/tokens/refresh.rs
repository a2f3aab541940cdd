//! The one path by which tokens are renewed.

use super::hosts::{Down, Permit, Urgency};
use super::judge::Judged;
use super::lease::{Lease, NoLease};
use crate::Vault;
use crate::catalogue::{Provider, Refresh};
use crate::clock::{HOUR, MINUTE, Millis, SECOND};
use crate::error::VaultError;
use crate::http::{Answer, NoAnswer};
use crate::oauth;
use crate::oauth::error::retry_after;
use crate::provider_configs::Used;
use crate::store::clients::Slot;
use crate::store::{provider_configs, token_sets};
use http::StatusCode;
use model::connected_accounts::StatusReason;
use model::ids::TokenSetId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The call is given up only after this long.
const DEADLINE: Millis = 2 * MINUTE;
/// How long a refresh that somebody waits for waits for a lease that another holds.
const WAIT_FOR_LEASE: Duration = Duration::from_secs(15);

/// Somebody else refreshes, and it takes its time.
const IN_PROGRESS: &str = "refresh_in_progress";

/// Refreshes under way in this process: callers join them.
#[derive(Default)]
pub(crate) struct Refreshes(Mutex<HashMap<TokenSetId, watch::Receiver<Option<Verdict>>>>);

/// Why a refresh is made.
pub(crate) enum Reason {
    /// A backend waits for it. `access_is_dead`: the provider's API has refused the stored access token.
    Asked { access_is_dead: bool },
    /// Ahead of need; its turn at the provider's host has come.
    AheadOfNeed(Permit),
}

/// How a refresh ended.
#[derive(Clone)]
pub(crate) enum Verdict {
    /// There are new tokens.
    Fresh,
    /// Nothing was done, or nobody knows: everything is kept. `retry_after` is from now.
    Kept { code: &'static str, words: String, retry_after: Millis },
    /// Only the end user can help.
    NeedsReconnect(Box<StatusReason>),
    /// Something here failed.
    Failed(Arc<VaultError>),
}

impl Verdict {
    pub(crate) fn into_result(self) -> Result<(), VaultError> {
        match self {
            Self::Fresh => Ok(()),
            Self::Kept { code, words, retry_after } => {
                Err(VaultError::Unavailable { code, detail: words, retry_after })
            }
            Self::NeedsReconnect(reason) => Err(VaultError::NeedsReconnect(reason)),
            Self::Failed(error) => match &*error {
                VaultError::Unsealable(what) => Err(VaultError::Unsealable(what.clone())),
                other => Err(crate::error::internal("a refresh failed", crate::error::chain(other))),
            },
        }
    }
}

/// What a refresh is sent with. All of it is opened before the lease is taken.
struct Prepared {
    provider: Arc<Provider>,
    config: provider_configs::Row,
    request: crate::http::Request,
    used: Used,
    /// Whether the client has another secret, to be tried if the provider does not know it under this one.
    has_other: bool,
}

/// What follows an answer.
pub(super) enum Step {
    /// Nothing more is sent.
    Ended(Verdict),
    /// The refresh token was refused, and another is in its place now.
    OtherToken,
    /// The client's secret was refused, which spends nothing, and it has another one.
    OtherSecret(Slot),
}

impl Vault {
    /// Joins the refresh of this token set that is under way in this process, or begins one. It runs in a task of its
    /// own: whoever stops waiting changes nothing.
    pub(crate) async fn refresh(&self, tokens: &token_sets::Row, reason: Reason) -> Verdict {
        let patient = match &reason {
            Reason::Asked { access_is_dead } => Some(*access_is_dead),
            Reason::AheadOfNeed(_) => None,
        };
        let (ended, joined) = self.join_or_begin(tokens, reason);
        match (end_of(ended).await, patient) {
            // One that nobody waited for gave way to another server's; those who do wait for that one.
            (Verdict::Kept { code: IN_PROGRESS, .. }, Some(access_is_dead)) if joined => {
                end_of(self.join_or_begin(tokens, Reason::Asked { access_is_dead }).0).await
            }
            (verdict, _) => verdict,
        }
    }

    /// Whether it was under way already.
    fn join_or_begin(&self, tokens: &token_sets::Row, reason: Reason) -> (watch::Receiver<Option<Verdict>>, bool) {
        let mut under_way = self.refreshes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ended) = under_way.get(&tokens.id) {
            return (ended.clone(), true);
        }
        let (tell, ended) = watch::channel(None);
        under_way.insert(tokens.id, ended.clone());
        drop(under_way);
        let (vault, tokens) = (self.clone(), tokens.clone());
        self.calls.spawn(async move {
            let verdict = vault.try_refresh(tokens.clone(), reason).await.unwrap_or_else(|error| Verdict::Failed(Arc::new(error)));
            if let Verdict::Failed(error) = &verdict {
                tracing::error!(token_set.id = %tokens.id, error = crate::error::chain(&**error), "A refresh failed here.");
            }
            // Those who come now begin anew; those who waited are told.
            vault.refreshes.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tokens.id);
            tell.send_replace(Some(verdict));
        });
        (ended, false)
    }

    async fn try_refresh(&self, mut tokens: token_sets::Row, reason: Reason) -> Result<Verdict, VaultError> {
        let (access_is_dead, patience) = match reason {
            Reason::Asked { access_is_dead } => (access_is_dead, WAIT_FOR_LEASE),
            Reason::AheadOfNeed(_) => (false, Duration::ZERO),
        };
        let mut permit = match reason {
            Reason::AheadOfNeed(permit) => Some(permit),
            Reason::Asked { .. } => None,
        };
        let mut refused = None;
        loop {
            let prepared = self.prepare(&tokens, refused).await?;
            let permit = match permit.take() {
                Some(permit) => permit,
                None => match self.enter_host(&prepared.provider, Urgency::Caller).await {
                    Ok(permit) => permit,
                    Err(verdict) => return Ok(verdict),
                },
            };
            let refresh = &prepared.provider.entry.refresh;
            let lease = match self.wait_for_lease(refresh, &tokens, access_is_dead, patience).await? {
                Ok(lease) => lease,
                Err(verdict) => return Ok(verdict),
            };
            match self.send(prepared, lease, permit).await? {
                Step::Ended(verdict) => return Ok(verdict),
                Step::OtherToken => tokens = self.reload(&tokens).await?,
                Step::OtherSecret(slot) => refused = Some(slot),
            }
        }
    }

    /// Waits for a turn at the provider's host. A server that stops begins nothing.
    pub(crate) async fn enter_host(&self, provider: &Provider, urgency: Urgency) -> Result<Permit, Verdict> {
        if self.is_quarantined() {
            let words = "this server runs in quarantine, since its database may be a copy; see keybearer instance show";
            return Err(Verdict::Kept { code: "provider_unavailable", words: words.to_owned(), retry_after: HOUR });
        }
        let turn = self.hosts.enter(&provider.entry, urgency, self.clock.now());
        match self.closing.run_until_cancelled(turn).await {
            Some(Ok(permit)) => Ok(permit),
            Some(Err(Down(wait))) => {
                let words = format!("{} has not answered lately", provider.entry.name);
                Err(Verdict::Kept { code: "provider_unavailable", words, retry_after: wait })
            }
            None => {
                let words = "this server stops; another one answers".to_owned();
                Err(Verdict::Kept { code: "provider_unavailable", words, retry_after: SECOND })
            }
        }
    }

    /// `refused`: the secret under which the provider did not know the client.
    async fn prepare(&self, tokens: &token_sets::Row, refused: Option<Slot>) -> Result<Prepared, VaultError> {
        let mut db = self.store.connection().await?;
        let config = provider_configs::get(&mut db, tokens.application_id, tokens.provider_config_id)
            .await?
            .ok_or(VaultError::NotFound)?;
        drop(db);
        let provider = self.running(&config)?;
        let (first, other) = self.open_secrets(tokens.application_id, tokens.client_id).await?;
        let (secret, has_other) = match other {
            // Which goes first may have changed with the refusal.
            Some(other) if refused == Some(first.used.slot) => (other, false),
            other => (first, other.is_some() && refused.is_none()),
        };
        let place = tokens.id.to_string();
        let sealed = tokens.refresh_token.as_ref().ok_or(VaultError::NotFound)?;
        let refresh_token =
            self.keyring.open(&self.store, tokens.application_id, token_sets::refresh_place(&place), sealed).await?;
        let request = oauth::refresh::request(&provider.entry, &secret.credentials, &refresh_token, DEADLINE)?;
        Ok(Prepared { provider, config, request, used: secret.used, has_other })
    }

    /// Another server may hold the lease: then its result is as good as ours.
    async fn wait_for_lease(
        &self,
        refresh: &Refresh,
        tokens: &token_sets::Row,
        access_is_dead: bool,
        patience: Duration,
    ) -> Result<Result<Lease, Verdict>, VaultError> {
        let began = tokio::time::Instant::now();
        let mut pause = Duration::from_millis(20);
        loop {
            match self.take_lease(refresh, tokens.id, tokens.version, access_is_dead).await? {
                Ok(lease) => return Ok(Ok(lease)),
                Err(NoLease::Overtaken) => return Ok(Err(Verdict::Fresh)),
                Err(NoLease::ClockOff(skew)) => {
                    tracing::error!(
                        clock.skew_ms = skew,
                        "This server's clock differs from the database's; it does not refresh."
                    );
                    let words = "this server's clock differs from the database's".to_owned();
                    return Ok(Err(Verdict::Kept { code: "provider_unavailable", words, retry_after: 10 * SECOND }));
                }
                Err(NoLease::Unresolved(wait)) => {
                    let words = "the answer to an earlier refresh was lost; what became of it is being found out";
                    let words = words.to_owned();
                    return Ok(Err(Verdict::Kept { code: "provider_unavailable", words, retry_after: wait }));
                }
                Err(NoLease::Held) if self.is_overtaken(tokens).await? => return Ok(Err(Verdict::Fresh)),
                Err(NoLease::Held) if began.elapsed() >= patience => {
                    let words = "another call for these tokens is under way".to_owned();
                    return Ok(Err(Verdict::Kept { code: IN_PROGRESS, words, retry_after: 5 * SECOND }));
                }
                Err(NoLease::Held) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }

    /// Sends, and judges the answer.
    async fn send(&self, prepared: Prepared, lease: Lease, permit: Permit) -> Result<Step, VaultError> {
        permit.before_sending(&prepared.provider.entry).await;
        if !self.may_send(&lease) {
            self.return_lease(&lease).await?;
            let words = "this server was paused for too long".to_owned();
            return Ok(Step::Ended(Verdict::Kept { code: "provider_unavailable", words, retry_after: SECOND }));
        }
        let Prepared { provider, config, request, used, has_other } = prepared;
        let answer = self.holding(&lease, self.http.send(provider.reach(), request)).await;
        self.tell_host(permit, &answer);
        self.judge_refresh(&Judged { provider: &provider, config: &config, lease: &lease, used, has_other }, answer)
            .await
    }

    /// The host answers, or it is down or busy.
    fn tell_host(&self, permit: Permit, answer: &Result<Answer, NoAnswer>) {
        match answer {
            Ok(answer) if !answer.status.is_server_error() && answer.status != StatusCode::TOO_MANY_REQUESTS => {
                permit.answered();
            }
            Ok(answer) => permit.failed(self.clock.now(), retry_after(&answer.headers, &self.clock)),
            Err(_) => permit.failed(self.clock.now(), None),
        }
    }

    async fn is_overtaken(&self, tokens: &token_sets::Row) -> Result<bool, VaultError> {
        let now = self.reload(tokens).await?;
        Ok(now.version != tokens.version || (now.needs_reconnect_at.is_some() && now.revoked_at.is_none()))
    }

    async fn reload(&self, tokens: &token_sets::Row) -> Result<token_sets::Row, VaultError> {
        let row = token_sets::get(&mut *self.store.connection().await?, tokens.application_id, tokens.id).await?;
        row.ok_or(VaultError::NotFound)
    }
}

async fn end_of(mut refresh: watch::Receiver<Option<Verdict>>) -> Verdict {
    let verdict = match refresh.wait_for(Option::is_some).await {
        Ok(verdict) => verdict.clone(),
        Err(_) => None,
    };
    verdict.unwrap_or_else(|| Verdict::Kept {
        code: "provider_unavailable",
        words: "the refresh stopped".to_owned(),
        retry_after: SECOND,
    })
}
