//! The one path by which tokens are renewed.

use super::lease::{Lease, NoLease};
use crate::Vault;
use crate::catalogue::Provider;
use crate::clock::{MINUTE, Millis, SECOND};
use crate::error::VaultError;
use crate::oauth;
use crate::store::{provider_configs, token_sets};
use model::connected_accounts::StatusReason;
use model::ids::TokenSetId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The call is given up only after this long.
const DEADLINE: Millis = 2 * MINUTE;
/// How long a refresh waits for a lease that somebody else holds.
const WAIT_FOR_LEASE: Duration = Duration::from_secs(15);

/// Refreshes under way in this process: callers join them.
#[derive(Default)]
pub(crate) struct Refreshes(Mutex<HashMap<TokenSetId, watch::Receiver<Option<Verdict>>>>);

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
    pub(super) fn into_result(self) -> Result<(), VaultError> {
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
pub(super) struct Prepared {
    pub(super) provider: Arc<Provider>,
    pub(super) config: provider_configs::Row,
    pub(super) request: crate::http::Request,
}

impl Vault {
    /// Joins the refresh of this token set that is under way in this process, or begins one. It runs in a task of its
    /// own: whoever stops waiting changes nothing.
    pub(crate) async fn refresh(&self, tokens: &token_sets::Row) -> Verdict {
        let mut ended = self.join_or_begin(tokens);
        let verdict = match ended.wait_for(Option::is_some).await {
            Ok(verdict) => verdict.clone(),
            Err(_) => None,
        };
        verdict.unwrap_or_else(|| Verdict::Kept {
            code: "provider_unavailable",
            words: "the refresh stopped".to_owned(),
            retry_after: SECOND,
        })
    }

    fn join_or_begin(&self, tokens: &token_sets::Row) -> watch::Receiver<Option<Verdict>> {
        let mut under_way = self.refreshes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ended) = under_way.get(&tokens.id) {
            return ended.clone();
        }
        let (tell, ended) = watch::channel(None);
        under_way.insert(tokens.id, ended.clone());
        drop(under_way);
        let (vault, tokens) = (self.clone(), tokens.clone());
        self.calls.spawn(async move {
            let verdict = vault.try_refresh(&tokens).await.unwrap_or_else(|error| Verdict::Failed(Arc::new(error)));
            if let Verdict::Failed(error) = &verdict {
                tracing::error!(token_set.id = %tokens.id, error = crate::error::chain(&**error), "A refresh failed here.");
            }
            // Those who come now begin anew; those who waited are told.
            vault.refreshes.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tokens.id);
            tell.send_replace(Some(verdict));
        });
        ended
    }

    async fn try_refresh(&self, tokens: &token_sets::Row) -> Result<Verdict, VaultError> {
        let mut tokens = tokens.clone();
        loop {
            let prepared = self.prepare(&tokens).await?;
            let lease = match self.wait_for_lease(&tokens).await? {
                Ok(lease) => lease,
                Err(verdict) => return Ok(verdict),
            };
            match self.send(prepared, lease).await? {
                Some(verdict) => return Ok(verdict),
                // The refresh token was refused, and the spare is in its place now.
                None => tokens = self.reload(&tokens).await?,
            }
        }
    }

    async fn prepare(&self, tokens: &token_sets::Row) -> Result<Prepared, VaultError> {
        let mut db = self.store.connection().await?;
        let config = provider_configs::get(&mut db, tokens.application_id, tokens.provider_config_id)
            .await?
            .ok_or(VaultError::NotFound)?;
        drop(db);
        let provider = Arc::clone(self.catalogue.get(&config.provider).ok_or(VaultError::NotFound)?);
        let credentials = self.open_credentials(tokens.application_id, tokens.client_id).await?;
        let place = tokens.id.to_string();
        let sealed = tokens.refresh_token.as_ref().ok_or(VaultError::NotFound)?;
        let refresh_token =
            self.keyring.open(&self.store, tokens.application_id, token_sets::refresh_place(&place), sealed).await?;
        let request = oauth::refresh::request(&provider.entry, &credentials, &refresh_token, DEADLINE)?;
        Ok(Prepared { provider, config, request })
    }

    /// Another server may hold the lease: then its result is as good as ours.
    async fn wait_for_lease(&self, tokens: &token_sets::Row) -> Result<Result<Lease, Verdict>, VaultError> {
        let began = tokio::time::Instant::now();
        let mut pause = Duration::from_millis(20);
        loop {
            match self.take_lease(tokens.id, tokens.version).await? {
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
                Err(NoLease::Held) if self.reload(tokens).await?.version != tokens.version => {
                    return Ok(Err(Verdict::Fresh));
                }
                Err(NoLease::Held) if began.elapsed() > WAIT_FOR_LEASE => {
                    let words = "another call for these tokens is under way".to_owned();
                    return Ok(Err(Verdict::Kept { code: "refresh_in_progress", words, retry_after: 5 * SECOND }));
                }
                Err(NoLease::Held) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }

    /// Sends, and judges the answer. `None` asks for another round with the spare.
    async fn send(&self, prepared: Prepared, lease: Lease) -> Result<Option<Verdict>, VaultError> {
        if !self.may_send(&lease) {
            self.return_lease(&lease).await?;
            let words = "this server was paused for too long".to_owned();
            return Ok(Some(Verdict::Kept { code: "provider_unavailable", words, retry_after: SECOND }));
        }
        let Prepared { provider, config, request } = prepared;
        let answer = self.holding(&lease, self.http.send(request)).await;
        self.judge_refresh(&provider, &config, &lease, answer).await
    }

    async fn reload(&self, tokens: &token_sets::Row) -> Result<token_sets::Row, VaultError> {
        let row = token_sets::get(&mut *self.store.connection().await?, tokens.application_id, tokens.id).await?;
        row.ok_or(VaultError::NotFound)
    }
}
