//! Refreshes ahead of need: tokens that somebody uses before they end, and tokens that nobody uses before the provider
//! forgets them. Best effort: whoever needs a token does not depend on it.

use crate::Vault;
use crate::clock::DAY;
use crate::error::{VaultError, chain};
use crate::store::token_sets;
use crate::tokens::{Reason, Urgency};
use model::ids::TokenSetId;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use tokio::task::JoinSet;

/// Accounts that were used within this time are kept fresh.
const IN_USE: i64 = DAY;
/// What one round takes of one provider config at most.
const EACH: i64 = 500;

/// Token sets that wait for their turn in this process.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<HashSet<TokenSetId>>);

impl Waiting {
    fn add(&self, id: TokenSetId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    fn remove(&self, id: TokenSetId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

impl Vault {
    /// One round: what is due is refreshed, as many at once as each provider's host may be asked. Says how many there
    /// were. Rounds may overlap, in one process and in several: what waits already is left out, and the lease decides.
    ///
    /// # Errors
    /// When the database fails; the next round goes on.
    pub async fn refresh_due(&self) -> Result<usize, VaultError> {
        if self.is_quarantined() {
            return Ok(0);
        }
        let now = self.clock.now();
        let due = token_sets::due(&mut *self.store.connection().await?, now, now - IN_USE, EACH).await?;
        let mut round = JoinSet::new();
        for tokens in due {
            self.refresh_ahead(&mut round, tokens);
        }
        let refreshed = round.len();
        while round.join_next().await.is_some() {}
        Ok(refreshed)
    }

    /// Adds a refresh that nobody waits for to a round, unless it waits for its turn already. Everything that matters of
    /// how it ends stands in the token set's row and in the events.
    pub(crate) fn refresh_ahead(&self, round: &mut JoinSet<()>, tokens: token_sets::Row) {
        if !self.waiting.add(tokens.id) {
            return;
        }
        let vault = self.clone();
        round.spawn(async move {
            if let Err(error) = vault.refresh_in_turn(&tokens).await {
                tracing::warn!(token_set.id = %tokens.id, error = chain(&error), "A token could not be refreshed ahead of need.");
            }
            vault.waiting.remove(tokens.id);
        });
    }

    async fn refresh_in_turn(&self, tokens: &token_sets::Row) -> Result<(), VaultError> {
        let provider = self.provider_of(tokens).await?;
        if let Ok(permit) = self.enter_host(&provider, Urgency::Background).await {
            drop(self.refresh(tokens, Reason::AheadOfNeed(permit)).await);
        }
        Ok(())
    }
}
