//! The audit log as people read it: narrowed, page by page, in words, and with names instead of ids.

use super::names::{Names, facts};
use super::words;
use crate::Vault;
use crate::caller::{ApplicationCaller, MemberCaller};
use crate::clock::{DAY, rfc3339};
use crate::error::VaultError;
use crate::lists;
use crate::store::Connection;
use crate::store::events::lines;
use crate::store::events::log::{self, Edge, Narrowed, Row, Scope, Types};
use model::events::{EventDetail, EventFilter, EventGroup, EventLine, EventOutcome, EventPart, Personal};
use model::ids::{EventId, OrganizationId};
use model::lists::{BothWays, Mistakes, Turn};
use model::people::Role;
use serde_json::{Map, Value};
use std::cmp::Reverse;

/// So many lines that were written together are shown with their event.
const SHOWN_LINES: i64 = 300;

/// Who reads a log: the scope, and whether personal fields are for them.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) scope: Scope,
    pub(super) organization: OrganizationId,
    pub(super) personal: bool,
}

impl Reader {
    pub(super) fn within(caller: &ApplicationCaller) -> Self {
        Self {
            scope: Scope::Application(caller.application),
            organization: caller.organization,
            personal: caller.role.includes(Role::Admin),
        }
    }

    pub(super) fn of_organization(member: &MemberCaller) -> Result<Self, VaultError> {
        member.require(Role::Admin)?;
        Ok(Self { scope: Scope::Organization(member.organization), organization: member.organization, personal: true })
    }
}

/// Who can be chosen as an actor.
pub struct EventActors {
    /// People who are or were members: id and e-mail address.
    pub people: Vec<(String, String)>,
    /// The application's API keys: id and name.
    pub api_keys: Vec<(String, String)>,
}

impl Vault {
    /// An application's audit log, newest first. Every member may read it.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the filter or the turn cannot be read.
    pub async fn events(
        &self,
        caller: &ApplicationCaller,
        filter: &EventFilter,
        turn: &Turn,
        limit: u8,
    ) -> Result<BothWays<EventLine>, VaultError> {
        self.log_page(Reader::within(caller), filter, turn, limit).await
    }

    /// What happened in the organization outside its applications: sign-ins, members. For admins and owners.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`]; [`VaultError::Invalid`], when the filter or the turn cannot be read.
    pub async fn organization_events(
        &self,
        member: &MemberCaller,
        filter: &EventFilter,
        turn: &Turn,
        limit: u8,
    ) -> Result<BothWays<EventLine>, VaultError> {
        self.log_page(Reader::of_organization(member)?, filter, turn, limit).await
    }

    /// One event of an application. Personal fields are for admins and owners alone.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn event(&self, caller: &ApplicationCaller, id: EventId) -> Result<EventDetail, VaultError> {
        self.log_entry(Reader::within(caller), id).await
    }

    /// One event of the organization.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`].
    pub async fn organization_event(&self, member: &MemberCaller, id: EventId) -> Result<EventDetail, VaultError> {
        self.log_entry(Reader::of_organization(member)?, id).await
    }

    /// Who can be chosen as an actor in an application's log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn event_actors(&self, caller: &ApplicationCaller) -> Result<EventActors, VaultError> {
        let mut db = self.store.connection().await?;
        Ok(EventActors {
            people: log::people(&mut db, caller.organization).await?,
            api_keys: log::keys(&mut db, caller.application).await?,
        })
    }

    /// Who can be chosen as an actor in the organization's log.
    ///
    /// # Errors
    /// [`VaultError::Forbidden`].
    pub async fn organization_event_actors(&self, member: &MemberCaller) -> Result<EventActors, VaultError> {
        member.require(Role::Admin)?;
        let people = log::people(&mut *self.store.connection().await?, member.organization).await?;
        Ok(EventActors { people, api_keys: Vec::new() })
    }

    async fn log_page(
        &self,
        reader: Reader,
        filter: &EventFilter,
        turn: &Turn,
        limit: u8,
    ) -> Result<BothWays<EventLine>, VaultError> {
        let mut db = self.store.connection().await?;
        let edge = edge(&mut db, reader.scope, turn).await?;
        let rows = narrowed(&mut db, reader.scope, filter, edge, i64::from(limit) + 1).await?;
        let page = BothWays::new(rows, turn, usize::from(limit), |row| row.id.to_string());
        let mut names = Names::of(&mut db, reader).await?;
        let mut data = Vec::new();
        for row in &page.data {
            data.push(names.line(&mut db, row).await?);
        }
        Ok(BothWays { data, newer: page.newer, older: page.older })
    }

    async fn log_entry(&self, reader: Reader, id: EventId) -> Result<EventDetail, VaultError> {
        let mut db = self.store.connection().await?;
        let row = match log::get(&mut db, reader.scope, id).await? {
            Some(row) => row,
            // The id of a line leads to what it was written under.
            None => log::get(&mut db, reader.scope, id.written_under()).await?.ok_or(VaultError::NotFound)?,
        };
        let mut names = Names::of(&mut db, reader).await?;
        let line = names.line(&mut db, &row).await?;
        let mut lines = Vec::new();
        for one in lines::of_event(&mut db, row.id, 0, SHOWN_LINES).await? {
            lines.push(EventPart {
                at: rfc3339(one.created_at),
                says: words::says(&one.r#type, "ok"),
                target: names.target(&mut db, &one.target).await?,
                request_id: one.request_id,
            });
        }
        let personal = match row.personal.as_deref().map(serde_json::from_str::<Map<String, Value>>) {
            Some(Ok(fields)) if reader.personal => Personal::Fields(facts(&fields)),
            Some(Ok(_)) => Personal::Hidden,
            _ => Personal::None,
        };
        let facts = row.detail.as_object().map(facts).unwrap_or_default();
        let facts = facts.into_iter().filter(|(name, _)| name != "detail").collect();
        Ok(EventDetail { line, request_id: row.request_id, facts, personal, lines })
    }
}

/// Where a page begins.
async fn edge(db: &mut Connection, scope: Scope, turn: &Turn) -> Result<Edge, VaultError> {
    let Some(id) = lists::cursor::<EventId>(turn)? else { return Ok(Edge::Newest) };
    let at = log::get(db, scope, id).await?.ok_or_else(lists::no_such_place)?.created_at;
    Ok(if turn.newer { Edge::NewerThan(at, id) } else { Edge::OlderThan(at, id) })
}

/// Reads one page. No index orders events of several types, so those of a group are read type by type and merged.
pub(super) async fn narrowed(
    db: &mut Connection,
    scope: Scope,
    filter: &EventFilter,
    edge: Edge,
    limit: i64,
) -> Result<Vec<Row>, VaultError> {
    let (group, mut by) = asked(filter)?;
    let types: Vec<Types> = match group {
        None => vec![Types::Any],
        Some(EventGroup::Tokens) => vec![Types::Tokens],
        Some(group) => words::types_of(group).map(Types::One).collect(),
    };
    let mut rows = Vec::new();
    for of in types {
        by.types = of;
        rows.extend(log::page(db, scope, &by, edge, limit).await?);
        // Lines about an account may stand under an event that is about several.
        if by.about.as_deref().is_some_and(|id| id.starts_with("ca_")) && !matches!(of, Types::Tokens) {
            let by_lines = Narrowed { by_lines: true, ..by.clone() };
            rows.extend(log::page(db, scope, &by_lines, edge, limit).await?);
        }
    }
    match edge {
        Edge::NewerThan(..) => rows.sort_by_key(|row| (row.created_at, row.id)),
        _ => rows.sort_by_key(|row| Reverse((row.created_at, row.id))),
    }
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

/// Reads a filter.
///
/// # Errors
/// [`VaultError::Invalid`], when any of it cannot be read.
pub(super) fn asked(filter: &EventFilter) -> Result<(Option<EventGroup>, Narrowed), VaultError> {
    let mut mistakes = Mistakes::new();
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let actor = given(&filter.actor);
    let is_id = |actor: &String| actor.starts_with("per_") || actor.starts_with("key_");
    let group = lists::one_of("group", &filter.group, &mut mistakes);
    let outcome = lists::one_of::<EventOutcome>("outcome", &filter.outcome, &mut mistakes);
    let by = Narrowed {
        types: Types::Any,
        actor_id: actor.clone().filter(is_id),
        actor_kind: actor.filter(|actor| !is_id(actor)),
        ok: outcome.map(|outcome| outcome == EventOutcome::Ok),
        about: given(&filter.id),
        by_lines: false,
        from: lists::day("from", &filter.from, &mut mistakes),
        until: lists::day("to", &filter.to, &mut mistakes).map(|at| at + DAY),
    };
    lists::check(mistakes)?;
    Ok((group, by))
}
