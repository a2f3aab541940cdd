//! Why an account is as it is: the events of the account and of the token sets it stood on, and the calls whose answer
//! is still open, told in plain words.

mod words;

pub(super) use words::trouble;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{Millis, rfc3339};
use crate::error::VaultError;
use crate::store::{Connection, connected_accounts as store, events, intents};
use model::Page;
use model::connected_accounts::ConnectedAccountStatus;
use model::ids::{ConnectedAccountId, EventId, TokenSetId};
use model::timeline::TimelineEntry;
use serde_json::{Value, json};
use std::cmp::Reverse;
use words::Said;

/// So many token sets back the timeline reaches: one for each consent of the provider's user.
const MOVES: i64 = 50;

/// A time during which an account stood on a token set, by the events that began and ended it.
struct Stay {
    token_set: TokenSetId,
    from: EventId,
    until: EventId,
}

/// What an entry is made of: an event, or a call that has none yet.
struct Line {
    place: EventId,
    id: String,
    r#type: String,
    outcome: String,
    actor: String,
    detail: Value,
    at: Millis,
}

impl Vault {
    /// What was tried for an account and what came of it, newest first. `cursor` is what the page before gave.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn connected_account_timeline(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        cursor: Option<EventId>,
        limit: u8,
    ) -> Result<Page<TimelineEntry>, VaultError> {
        let mut db = self.store.connection().await?;
        let row = store::get(&mut db, caller.application, id).await?.ok_or(VaultError::NotFound)?;
        let mut lines = lines(&mut db, &row, cursor.unwrap_or(EventId::LAST), i64::from(limit) + 1).await?;
        self.remember_entries(&mut db, std::slice::from_ref(&row)).await?;
        drop(db);
        let more = lines.len() > usize::from(limit);
        lines.truncate(usize::from(limit));
        let next_cursor = lines.last().filter(|_| more).map(|line| line.place.to_string());
        Ok(Page { data: lines.into_iter().map(|line| self.entry(&row, line)).collect(), next_cursor })
    }

    fn entry(&self, row: &store::Row, line: Line) -> TimelineEntry {
        let r#type = line.r#type.replacen("token_set.", "connected_account.", 1);
        let text = |name: &str| line.detail.get(name).and_then(Value::as_str);
        let Said { cause, next_step } =
            words::said(&self.provider_name(row), &r#type, &line.outcome, text("reason").unwrap_or_default());
        TimelineEntry {
            next_step: next_step.filter(|_| still_holds(row, &line)),
            id: line.id,
            at: rfc3339(line.at),
            r#type,
            outcome: line.outcome,
            cause,
            detail: text("detail").filter(|detail| !detail.is_empty()).map(str::to_owned),
            actor: line.actor,
            connect_session: text("connect_session").and_then(|session| session.parse().ok()),
        }
    }

    pub(super) fn provider_name(&self, row: &store::Row) -> String {
        let provider = self.catalogue.remembered(&row.provider, &row.entry_hash);
        provider.map_or_else(|| row.provider.clone(), |provider| provider.entry.name.clone())
    }
}

/// Everything before a place, newest first.
async fn lines(db: &mut Connection, row: &store::Row, before: EventId, limit: i64) -> Result<Vec<Line>, VaultError> {
    let (application, account) = (row.application_id, row.id.to_string());
    let mut lines: Vec<Line> = events::of_target(db, application, &account, (EventId::FIRST, before), limit)
        .await?
        .into_iter()
        .map(Line::of_event)
        .collect();
    for Stay { token_set, from, until } in stays(db, row).await? {
        let (target, until) = (token_set.to_string(), until.min(before));
        if from < until {
            let found = events::of_target(db, application, &target, (from, until), limit).await?;
            lines.extend(found.into_iter().map(Line::of_event));
        }
    }
    let open = intents::unanswered(db, row.token_set_id).await?.into_iter().map(|(id, at)| Line {
        place: id.into(),
        id: id.to_string(),
        r#type: "token_set.refresh_sent".to_owned(),
        outcome: "open".to_owned(),
        actor: "keybearer".to_owned(),
        detail: json!({}),
        at,
    });
    lines.extend(open.filter(|line| line.place < before));
    lines.sort_by_key(|line| Reverse(line.place));
    lines.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(lines)
}

/// The token sets that an account stood on, newest first.
async fn stays(db: &mut Connection, row: &store::Row) -> Result<Vec<Stay>, VaultError> {
    let (mut stays, mut until) = (Vec::new(), EventId::LAST);
    for event in events::moves_of_account(db, row.application_id, row.id, MOVES).await? {
        let token_set = event.detail.get("token_set").and_then(Value::as_str).and_then(|id| id.parse().ok());
        if let Some(token_set) = token_set {
            stays.push(Stay { token_set, from: event.id, until });
        }
        until = event.id;
    }
    Ok(stays)
}

impl Line {
    fn of_event(event: events::Row) -> Self {
        Self {
            place: event.id,
            id: event.id.to_string(),
            r#type: event.r#type,
            outcome: event.outcome,
            actor: event.actor_id.unwrap_or(event.actor_kind),
            detail: event.detail,
            at: event.created_at,
        }
    }
}

/// Whether what an entry advises is still to be done: nothing better has happened since.
fn still_holds(row: &store::Row, line: &Line) -> bool {
    use ConnectedAccountStatus::{Active, NeedsReconnect, Revoked};
    match line.r#type.as_str() {
        "token_set.revoked_at_provider" => row.provider_revocation.is_some_and(|now| now.as_str() == line.outcome),
        "connected_account.revoked" => row.status == Revoked,
        "connected_account.identity_taken" => row.status == Active && row.provider_account.id.is_none(),
        "token_set.refresh_failed" | "token_set.refresh_sent" => row.status == Active && line.at >= row.issued_at,
        _ => row.status == NeedsReconnect && line.at >= row.issued_at,
    }
}
