//! From an answer to what is stored of it.

use crate::Vault;
use crate::catalogue::Entry;
use crate::clock::{DAY, Millis};
use crate::error::{VaultError, chain};
use crate::oauth::token_response::Tokens;
use crate::secret::sha256;
use crate::store::token_sets::{self, Sealed};
use model::ids::{ApplicationId, TokenSetId};
use std::time::Duration;

/// Between 60 % and 80 % of the idle limit, at a point that is the token set's own: a day on which many connected does
/// not come back as a day on which many are refreshed.
pub(crate) fn keep_alive(id: TokenSetId, idle_limit: Millis) -> Millis {
    let [a, b, ..] = sha256(id.to_string().as_bytes());
    let point = Millis::from(u16::from_be_bytes([a, b]));
    idle_limit / 100 * 60 + idle_limit / 100 * 20 * point / 65_536
}

impl Vault {
    /// Seals an answer's tokens for their row. The data key is in memory by now, since the refresh token or the client
    /// secret was opened with it: nothing is read from the database here.
    pub(crate) async fn seal_tokens(
        &self,
        entry: &Entry,
        application: ApplicationId,
        id: TokenSetId,
        tokens: &Tokens,
        requested: &[String],
    ) -> Result<Sealed, VaultError> {
        let place = id.to_string();
        let access = tokens.access_token.expose();
        let access_token =
            self.keyring.seal(&self.store, application, token_sets::access_place(&place), access).await?;
        let (mut refresh_token, mut spare) = (None, None);
        if let Some(token) = &tokens.refresh_token {
            refresh_token = Some(
                self.keyring.seal(&self.store, application, token_sets::refresh_place(&place), token.expose()).await?,
            );
            spare = Some(
                self.keyring.seal(&self.store, application, token_sets::spare_place(&place), token.expose()).await?,
            );
        }
        let issued_at = self.clock.now();
        // A token that can be renewed but whose life nobody knows is taken to live an hour, never forever.
        let life = tokens.lifetime.or_else(|| tokens.refresh_token.as_ref().map(|_| crate::clock::HOUR));
        debug_assert!(!entry.token_response.scope_separator.is_empty());
        Ok(Sealed {
            access_token,
            access_token_hash: tokens.access_token.sha256().to_vec(),
            refresh_token,
            spare,
            token_type: tokens.token_type.clone(),
            scopes: tokens.scopes.clone().unwrap_or_else(|| requested.to_vec()),
            api_base_url: tokens.api_base_url.clone(),
            metadata: serde_json::to_string(&tokens.metadata).unwrap_or_else(|_| "{}".to_owned()),
            issued_at,
            expires_at: life.map(|life| issued_at + life),
            keep_alive_at: entry.refresh.idle_days.map(|days| issued_at + keep_alive(id, Millis::from(days) * DAY)),
        })
    }

    /// Repeats a write until it succeeds: what it holds cannot be had again.
    pub(crate) async fn until_stored<T, F>(&self, write: impl Fn() -> F) -> T
    where
        F: Future<Output = Result<T, VaultError>>,
    {
        let mut pause = Duration::from_millis(50);
        loop {
            match write().await {
                Ok(done) => return done,
                Err(error) => {
                    tracing::error!(
                        error = chain(&error),
                        retry_in_ms = pause.as_millis(),
                        "Tokens that were just received could not be stored; trying again."
                    );
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
}
