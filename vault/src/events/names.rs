//! Names for the ids of the audit log, and the pages of what they name.

use super::log::Reader;
use super::words;
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::store::events::log::{self, Row, Scope};
use crate::store::{Connection, connect_sessions};
use model::events::{EventActor, EventLine, EventTarget};
use model::ids::ApplicationId;
use model::paths;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
