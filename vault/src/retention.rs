//! How long what is over is kept, and its end.

use crate::Vault;
use crate::caller::Actor;
use crate::clock::{DAY, Millis};
use crate::error::VaultError;
use crate::events::Event;
use crate::store::retention;
use crate::store::{Store, intents};
use model::ids::ApplicationId;
use serde_json::json;
use std::collections::BTreeMap;

/// So many accounts, and so many connect sessions, go in one round of the reaper.
const AT_ONCE: i64 = 200;
/// So many pieces of logs go in one round.
const PIECES: usize = 50;
/// A piece of a log ends at a checkpoint, and has about so many lines.
const PIECE: i64 = 10_000;

/// How long what is over is kept; `None` is for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Revoked connected accounts, from their revocation. Their tokens go at once in any case.
    pub revoked_accounts: Option<Millis>,
    /// Connect sessions and what was tried in them, from their end.
    pub connect_sessions: Option<Millis>,
    /// The journal of token calls, from the end of each call.
    pub journal: Option<Millis>,
    /// Lines of the audit log. What stays is verified from the last checkpoint that was signed before.
    pub events: Option<Millis>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { revoked_accounts: None, connect_sessions: Some(90 * DAY), journal: Some(7 * DAY), events: None }
    }
}

impl Vault {
    /// Deletes what was kept long enough, a part in each round.
    pub(crate) async fn keep_to_retention(&self) -> Result<(), VaultError> {
        let (now, kept) = (self.clock.now(), self.retention);
        if let Some(age) = kept.connect_sessions {
            self.delete_sessions(now - age).await?;
        }
        if let Some(age) = kept.revoked_accounts {
            self.delete_accounts(now - age).await?;
        }
        if let Some(age) = kept.journal {
            intents::forget_closed(&mut *self.store.connection().await?, now - age).await?;
        }
        if let Some(age) = kept.events {
            forget_events(&self.store, now - age).await?;
        }
        Ok(())
    }

    async fn delete_sessions(&self, before: Millis) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        for session in retention::sessions_ended_before(&mut tx, before, AT_ONCE).await? {
            retention::delete_session(&mut tx, session).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn delete_accounts(&self, before: Millis) -> Result<(), VaultError> {
        let mut tx = self.store.begin().await?;
        let accounts = retention::revoked_before(&mut tx, before, AT_ONCE).await?;
        let mut deleted: BTreeMap<ApplicationId, usize> = BTreeMap::new();
        for account in &accounts {
            retention::delete_account(&mut tx, account).await?;
            *deleted.entry(account.application).or_default() += 1;
        }
        for (application, count) in deleted {
            let what = "application.revoked_accounts_deleted";
            let event = Event::of(application, Actor::Keybearer, what, application);
            self.record(&mut tx, event.detail(json!({ "connected_accounts": count }))).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Each piece is a transaction of its own, so that a log always begins at a signed checkpoint.
async fn forget_events(store: &Store, before: Millis) -> Result<(), VaultError> {
    for _ in 0..PIECES {
        let mut tx = store.begin().await?;
        let Some((organization, after)) = retention::log_to_forget(&mut tx, before).await? else { break };
        let Some(place) = retention::place_to_forget(&mut tx, (organization, after), before, PIECE).await? else {
            break;
        };
        retention::forget_lines(&mut tx, organization, place).await?;
        tx.commit().await?;
        tracing::info!(%organization, up_to = place, "Old lines of the audit log were deleted, as the settings say.");
    }
    Ok(())
}
