//! Names for the ids of the audit log, and the pages of what they name.

use super::log::Reader;
use super::words;
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::store::events::log::{self, Owned, Row, Scope};
use crate::store::{Connection, webhook_endpoints};
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
    /// Targets by their ids; each is looked up once.
    targets: BTreeMap<String, EventTarget>,
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
        Ok(Self { people, api_keys: api_keys.into_iter().collect(), application, targets: BTreeMap::new() })
    }

    pub(super) async fn line(&mut self, db: &mut Connection, row: &Row) -> Result<EventLine, VaultError> {
        let text = |name: &str| row.detail.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        // A single read is about its account; several share their application.
        let about = text("connected_account").filter(|_| row.r#type == "connected_account.tokens_read");
        Ok(EventLine {
            id: row.id,
            at: rfc3339(row.created_at),
            r#type: row.r#type.clone(),
            says: words::says(&row.r#type, &row.outcome),
            actor: self.actor(row),
            target: self.target(db, about.unwrap_or(&row.target)).await?,
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

    pub(super) async fn target(&mut self, db: &mut Connection, id: &str) -> Result<EventTarget, VaultError> {
        if let Some(known) = self.targets.get(id) {
            return Ok(known.clone());
        }
        let (name, path) = match self.application {
            Some(app) => self.look_up(db, app, id).await?,
            None => (self.people.get(id).cloned(), None),
        };
        let target = EventTarget { kind: kind(id).to_owned(), name, id: id.to_owned(), path };
        self.targets.insert(id.to_owned(), target.clone());
        Ok(target)
    }

    /// What a target is called, and its page, if it has one and is still there.
    async fn look_up(
        &self,
        db: &mut Connection,
        app: ApplicationId,
        id: &str,
    ) -> Result<(Option<String>, Option<String>), VaultError> {
        Ok(match prefix(id) {
            "ca" => {
                let path = id.parse().ok().map(|account| paths::connected_account(app, account));
                (log::end_user_of(db, app, (Owned::ConnectedAccount, id)).await?, path)
            }
            "ts" => match log::account_of(db, app, id).await? {
                Some(account) => {
                    let path = account.parse().ok().map(|account| paths::connected_account(app, account));
                    (log::end_user_of(db, app, (Owned::ConnectedAccount, &account)).await?, path)
                }
                None => (None, None),
            },
            "cs" => {
                let name = log::end_user_of(db, app, (Owned::ConnectSession, id)).await?;
                let path = id.parse().ok().filter(|_| name.is_some());
                (name, path.map(|session| paths::connect_session(app, session)))
            }
            "eu" => (log::end_user_of(db, app, (Owned::EndUser, id)).await?, None),
            "pc" => match log::config_key(db, app, id).await? {
                Some((key, there)) => {
                    let path = there.then(|| paths::provider_config(app, &key));
                    (Some(key), path)
                }
                None => (None, None),
            },
            "br" => (None, id.parse().ok().map(|bulk| paths::bulk_revocation(app, bulk))),
            "key" => (self.api_keys.get(id).cloned(), Some(paths::api_keys(app))),
            "we" => match id.parse().ok() {
                Some(endpoint) => {
                    let url = webhook_endpoints::url(db, app, endpoint).await?;
                    let path = url.is_some().then(|| paths::webhook_endpoint(app, endpoint));
                    (url, path)
                }
                None => (None, None),
            },
            "app" => (None, Some(paths::application_settings(app))),
            _ => (self.people.get(id).cloned(), None),
        })
    }
}

fn prefix(id: &str) -> &str {
    id.split('_').next().unwrap_or_default()
}

/// What kind of thing an id is of.
fn kind(id: &str) -> &'static str {
    match prefix(id) {
        "ca" => "Connected account",
        "br" => "Bulk revocation",
        "cs" => "Connect session",
        "pc" => "Provider",
        "ts" => "Tokens",
        "key" => "API key",
        "app" => "Application",
        "per" => "Person",
        "mem" => "Member",
        "org" => "Organization",
        "inv" => "Invitation",
        "eu" => "End user",
        "we" => "Webhook endpoint",
        _ => "",
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
