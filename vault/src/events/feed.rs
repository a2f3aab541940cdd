//! The audit log for machines: by place, oldest first, so that a reader who remembers the last place misses nothing.

use super::chain::{self, Entry};
use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::error::VaultError;
use crate::store::events::chained::{self, Row};
use crate::store::retention;
use model::ids::EventId;
use serde::Serialize;
use serde_json::Value;

/// One line of the audit log for machines, at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventEntry {
    /// Its place in the organization's log. Places grow, and no line appears later before one that was read already; those
    /// that are missing belong to other applications.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// What happened: `connected_account.revoked`.
    pub r#type: String,
    /// When.
    pub at: String,
    /// Who did it.
    pub actor: EntryActor,
    /// The id of what it was done to.
    pub target: String,
    /// `ok` or a stable word for what went wrong.
    pub outcome: String,
    /// The request that caused it, as in the server's log.
    pub request_id: Option<String>,
    /// What else was recorded; never anything personal.
    pub detail: Value,
}

/// Who did something, for machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryActor {
    /// `member`, `api_key`, `end_user`, `command_line` or `keybearer`.
    pub kind: String,
    /// The person's or the key's id.
    pub id: Option<String>,
}

impl Vault {
    /// Lines of an application's log behind a place (0: from the beginning), at most `limit`. Token reads are lines of their
    /// own.
    ///
    /// # Errors
    /// [`VaultError::Conflict`], when lines behind the place are deleted, so that a reader would miss them.
    pub async fn events_after(
        &self,
        caller: &ApplicationCaller,
        after: i64,
        limit: u8,
    ) -> Result<Vec<EventEntry>, VaultError> {
        let (mut found, most) = (Vec::new(), usize::from(limit));
        let mut db = self.store.connection().await?;
        if after > 0 && after < retention::forgotten_seq(&mut db, caller.application).await? {
            let detail = "Events behind this one were deleted before they were read, as the operator's settings say. \
                          Begin again with after=0.";
            return Err(VaultError::Conflict { code: "events_deleted", detail: detail.to_owned() });
        }
        for row in chained::of_application(&mut db, caller.application, after, i64::from(limit)).await? {
            if found.len() >= most {
                break;
            }
            // The reader may have seen some of the lines that were written together.
            let begins = row.seq - row.lines.unwrap_or(1);
            let seen = (after - begins).max(0);
            let entries = chain::entries(&mut db, &row, seen).await?;
            let places = begins + seen + 1..;
            found.extend(places.zip(entries).take(most - found.len()).map(|(seq, entry)| shown(seq, &row, entry)));
        }
        Ok(found)
    }
}

fn shown(seq: i64, row: &Row, entry: Entry) -> EventEntry {
    EventEntry {
        seq,
        id: entry.id.parse().unwrap_or(row.id),
        r#type: entry.r#type,
        at: entry.at,
        actor: EntryActor { kind: entry.actor_kind, id: entry.actor_id },
        target: entry.target,
        outcome: entry.outcome,
        request_id: entry.request_id,
        detail: entry.detail,
    }
}
