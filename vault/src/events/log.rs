//! The audit log as people read it: narrowed, page by page, in words, and with names instead of ids.

use super::words;
use crate::Vault;
use crate::caller::{ApplicationCaller, MemberCaller};
use crate::clock::{DAY, Millis, rfc3339};
use crate::error::VaultError;
use crate::store::events::log::{self, Edge, Narrowed, Row, Scope, Types};
use crate::store::{Connection, connect_sessions};
use model::events::{EventActor, EventDetail, EventFilter, EventGroup, EventLine, EventTarget, Personal};
use model::ids::{ApplicationId, EventId, OrganizationId};
use model::lists::{BothWays, Turn};
use model::paths;
use model::people::Role;
use serde_json::{Map, Value};
use std::cmp::Reverse;
use std::collections::BTreeMap;

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
    /// When the database fails.
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
    /// [`VaultError::Forbidden`].
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
        let turn = if matches!(edge, Edge::Newest) { Turn::default() } else { turn.clone() };
        let rows = narrowed(&mut db, reader.scope, filter, edge, i64::from(limit) + 1).await?;
        let page = BothWays::new(rows, &turn, usize::from(limit), |row| row.id.to_string());
        let mut names = Names::of(&mut db, reader).await?;
        let mut data = Vec::new();
        for row in &page.data {
            data.push(names.line(&mut db, row).await?);
        }
        Ok(BothWays { data, newer: page.newer, older: page.older })
    }

    async fn log_entry(&self, reader: Reader, id: EventId) -> Result<EventDetail, VaultError> {
        let mut db = self.store.connection().await?;
        let row = log::get(&mut db, reader.scope, id).await?.ok_or(VaultError::NotFound)?;
        let line = Names::of(&mut db, reader).await?.line(&mut db, &row).await?;
        let personal = match row.personal.as_deref().map(serde_json::from_str::<Map<String, Value>>) {
            Some(Ok(fields)) if reader.personal => Personal::Fields(facts(&fields)),
            Some(Ok(_)) => Personal::Hidden,
            _ => Personal::None,
        };
        let facts = row.detail.as_object().map(facts).unwrap_or_default();
        let facts = facts.into_iter().filter(|(name, _)| name != "detail").collect();
        Ok(EventDetail { line, request_id: row.request_id, facts, personal })
    }
}

/// Where a page begins. A cursor that names nothing here counts for none.
async fn edge(db: &mut Connection, scope: Scope, turn: &Turn) -> Result<Edge, VaultError> {
    let Ok(id) = turn.cursor.parse::<EventId>() else { return Ok(Edge::Newest) };
    let row = log::get(db, scope, id).await?;
    Ok(match row {
        Some(row) if turn.newer => Edge::NewerThan(row.created_at, id),
        Some(row) => Edge::OlderThan(row.created_at, id),
        None => Edge::Newest,
    })
}

/// Reads one page. No index orders events of several types, so those of a group are read type by type and merged.
pub(super) async fn narrowed(
    db: &mut Connection,
    scope: Scope,
    filter: &EventFilter,
    edge: Edge,
    limit: i64,
) -> Result<Vec<Row>, VaultError> {
    let mut by = asked(filter);
    let types: Vec<&str> = match filter.group.parse() {
        Err(_) => return Ok(log::page(db, scope, &by, edge, limit).await?),
        Ok(EventGroup::Tokens) => {
            by.types = Types::Tokens;
            return Ok(log::page(db, scope, &by, edge, limit).await?);
        }
        Ok(group) => words::types_of(group).collect(),
    };
    let mut rows = Vec::new();
    for kind in types {
        by.types = Types::One(kind);
        rows.extend(log::page(db, scope, &by, edge, limit).await?);
    }
    match edge {
        Edge::NewerThan(..) => rows.sort_by_key(|row| (row.created_at, row.id)),
        _ => rows.sort_by_key(|row| Reverse((row.created_at, row.id))),
    }
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

fn asked(filter: &EventFilter) -> Narrowed {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let actor = given(&filter.actor);
    let is_id = |actor: &String| actor.starts_with("per_") || actor.starts_with("key_");
    Narrowed {
        types: Types::Any,
        actor_id: actor.clone().filter(is_id),
        actor_kind: actor.filter(|actor| !is_id(actor)),
        ok: match filter.outcome.as_str() {
            "ok" => Some(true),
            "not_ok" => Some(false),
            _ => None,
        },
        about: given(&filter.id),
        from: day(&filter.from),
        until: day(&filter.to).map(|at| at + DAY),
    }
}

/// When a day begins (UTC). What is no day counts for none.
fn day(text: &str) -> Option<Millis> {
    let day: jiff::civil::Date = text.trim().parse().ok()?;
    Some(jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?.as_millisecond())
}

/// Names for the ids of a page.
pub(super) struct Names {
    people: BTreeMap<String, String>,
    api_keys: BTreeMap<String, String>,
    application: Option<ApplicationId>,
    /// Pages of targets, by their ids; each is looked up once.
    pages: BTreeMap<String, Option<String>>,
}

impl Names {
    pub(super) async fn of(db: &mut Connection, reader: Reader) -> Result<Self, VaultError> {
        let application = match reader.scope {
            Scope::Application(id) => Some(id),
            Scope::Organization(_) => None,
        };
        let api_keys = match application {
            Some(id) => log::keys(db, id).await?,
            None => Vec::new(),
        };
        let people = log::people(db, reader.organization).await?.into_iter().collect();
        Ok(Self { people, api_keys: api_keys.into_iter().collect(), application, pages: BTreeMap::new() })
    }

    pub(super) async fn line(&mut self, db: &mut Connection, row: &Row) -> Result<EventLine, VaultError> {
        let text = |name: &str| row.detail.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        Ok(EventLine {
            id: row.id,
            at: rfc3339(row.created_at),
            r#type: row.r#type.clone(),
            says: words::says(&row.r#type, &row.outcome),
            actor: self.actor(row),
            target: self.target(db, row).await?,
            outcome: row.outcome.clone(),
            detail: text("detail").map(str::to_owned),
        })
    }

    fn actor(&self, row: &Row) -> EventActor {
        let id = row.actor_id.clone();
        let named = |names: &BTreeMap<String, String>, other: &str| {
            id.as_ref().and_then(|id| names.get(id)).cloned().unwrap_or_else(|| other.to_owned())
        };
        let name = match row.actor_kind.as_str() {
            "member" => named(&self.people, "A former member"),
            "api_key" => named(&self.api_keys, "An API key"),
            "end_user" => "The end user".to_owned(),
            "command_line" => "The command line".to_owned(),
            "keybearer" => "Keybearer".to_owned(),
            other => words::spaced(other),
        };
        EventActor { kind: row.actor_kind.clone(), id, name }
    }

    async fn target(&mut self, db: &mut Connection, row: &Row) -> Result<EventTarget, VaultError> {
        let id = row.target.clone();
        let path = match self.pages.get(&id) {
            Some(path) => path.clone(),
            None => {
                let path = self.page_of(db, &id).await?;
                self.pages.insert(id.clone(), path.clone());
                path
            }
        };
        let kind = match id.split('_').next().unwrap_or_default() {
            "ca" => "Connected account",
            "br" => "Bulk revocation",
            "cs" => "Connect session",
            "pc" => "Provider config",
            "ts" => "Token set",
            "key" => "API key",
            "app" => "Application",
            "per" => self.people.get(&id).map_or("Person", String::as_str),
            "mem" => "Member",
            "org" => "Organization",
            "inv" => "Invitation",
            "we" => "Webhook endpoint",
            _ => "",
        };
        Ok(EventTarget { kind: kind.to_owned(), id, path })
    }

    /// The page of a target, if it has one and is still there.
    async fn page_of(&self, db: &mut Connection, id: &str) -> Result<Option<String>, VaultError> {
        let Some(app) = self.application else { return Ok(None) };
        Ok(match id.split('_').next().unwrap_or_default() {
            "ca" => id.parse().ok().map(|account| paths::connected_account(app, account)),
            "ts" => {
                let account = log::account_of(db, app, id).await?.and_then(|account| account.parse().ok());
                account.map(|account| paths::connected_account(app, account))
            }
            "cs" => match id.parse() {
                Ok(session) if connect_sessions::get(db, app, session).await?.is_some() => {
                    Some(paths::connect_session(app, session))
                }
                _ => None,
            },
            "pc" => log::config_key(db, app, id).await?.map(|key| paths::provider_config(app, &key)),
            "br" => id.parse().ok().map(|bulk| paths::bulk_revocation(app, bulk)),
            "key" => Some(paths::api_keys(app)),
            "app" => Some(paths::application_settings(app)),
            _ => None,
        })
    }
}

/// The members of an object as text.
pub(super) fn facts(fields: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Array(all) if all.is_empty() => None,
        Value::Array(all) => Some(
            all.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect::<Vec<_>>().join(", "),
        ),
        other => Some(other.to_string()),
    };
    fields.iter().filter_map(|(name, value)| Some((words::spaced(name), text(value)?))).collect()
}
