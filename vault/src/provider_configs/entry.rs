//! A newer entry than the one a provider config runs on: what differs, and taking it over.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::{Entry, Provider, is_custom};
use crate::error::{VaultError, internal};
use crate::events::Event;
use crate::store::{Connection, custom_providers, provider_configs};
use model::custom_providers::{EntryChange, EntryOffer};
use model::people::Role;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Words for people, which follow the catalogue at once.
const WORDS: [&str; 9] =
    ["category", "description", "icon", "properties", "links", "guide", "readiness", "scopes.note", "scopes.words"];
/// Where credentials go, how they are sent, whom an answer is believed of, and what is asked for.
const MATTERS: [&str; 8] =
    ["endpoints", "api", "client", "authorize", "identity", "revoke", "token_response", "provider_events"];

/// The entry that could be adopted.
struct Newer {
    provider: Arc<Provider>,
    /// The custom provider's row, where its issuer announces something new.
    announced: Option<custom_providers::Row>,
}

impl Vault {
    /// What would change if the provider config took over the entry as it stands now; `None` when nothing would.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn entry_offer(&self, caller: &ApplicationCaller, key: &str) -> Result<Option<EntryOffer>, VaultError> {
        let mut db = self.store.connection().await?;
        let row = provider_configs::by_key(&mut db, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let Some(newer) = self.newer(&mut db, &row).await? else { return Ok(None) };
        let changes = changes(&self.running(&row)?.entry, &newer.provider.entry)?;
        if changes.is_empty() {
            return Ok(None);
        }
        let announced_by = newer.announced.and(newer.provider.entry.authorize.issuer.clone());
        Ok(Some(EntryOffer {
            provider: newer.provider.entry.name.clone(),
            announced_by,
            changes,
            hash: newer.provider.snapshot.hash.clone(),
        }))
    }

    /// Takes over the entry that was looked at: from here on codes, refreshes and revocations go to its endpoints.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Forbidden`], [`VaultError::Conflict`] when it is not that entry any more.
    pub async fn adopt_entry(&self, caller: &ApplicationCaller, key: &str, hash: &str) -> Result<(), VaultError> {
        caller.require(Role::Developer)?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let row = provider_configs::by_key(&mut tx, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let newer = self.newer(&mut tx, &row).await?.filter(|newer| newer.provider.snapshot.hash == hash);
        let newer = newer.ok_or_else(moved_on)?;
        let snapshot = &newer.provider.snapshot;
        let changes = changes(&self.running(&row)?.entry, &newer.provider.entry)?;
        if !provider_configs::adopt_entry(&mut tx, row.id, &row.entry_hash, &snapshot.text, &snapshot.hash, now).await?
        {
            return Err(moved_on());
        }
        if let Some(custom) = &newer.announced {
            let announced = custom.announced_now.as_deref();
            custom_providers::change(&mut tx, caller.application, &custom.slug, &snapshot.text, announced, now).await?;
        }
        let changed: Vec<Value> =
            changes.iter().map(|c| json!({ "field": c.field, "from": c.from, "to": c.to })).collect();
        let detail = json!({ "key": key, "provider": row.provider, "changes": changed });
        self.record(&mut tx, Event::by(caller, "provider_config.entry_adopted", row.id).detail(detail)).await?;
        Ok(tx.commit().await?)
    }

    /// `None` when the catalogue has no such provider any more: its last entry goes on.
    async fn newer(&self, db: &mut Connection, row: &provider_configs::Row) -> Result<Option<Newer>, VaultError> {
        if !is_custom(&row.provider) {
            let provider = self.catalogue.get(&row.provider).map(Arc::clone);
            return Ok(provider.map(|provider| Newer { provider, announced: None }));
        }
        let Some(custom) = custom_providers::get(db, row.application_id, &row.provider).await? else { return Ok(None) };
        let provider = custom.provider()?;
        Ok(Some(match &custom.announced_now {
            Some(announced) => {
                let provider = Arc::new(provider.as_announced(announced)?);
                Newer { provider, announced: Some(custom) }
            }
            None => Newer { provider: Arc::new(provider), announced: None },
        }))
    }
}

fn moved_on() -> VaultError {
    let detail = "The entry is not the one you looked at any more. Look at what changes and decide again.".to_owned();
    VaultError::Conflict { code: "entry_changed", detail }
}

/// Field by field, what matters first.
fn changes(from: &Entry, to: &Entry) -> Result<Vec<EntryChange>, VaultError> {
    let flat = |entry: &Entry| -> Result<BTreeMap<String, String>, VaultError> {
        let value = serde_json::to_value(entry).map_err(|e| internal("cannot compare entries", e))?;
        let mut fields = BTreeMap::new();
        if let Value::Object(members) = value {
            flatten("", members, &mut fields);
        }
        fields.retain(|field, _| !WORDS.iter().any(|word| field == word || field.starts_with(&format!("{word}."))));
        Ok(fields)
    };
    let (from, to) = (flat(from)?, flat(to)?);
    let mut names: Vec<&String> = from.keys().chain(to.keys()).collect();
    names.sort();
    names.dedup();
    let said = |fields: &BTreeMap<String, String>, name: &String| fields.get(name).cloned().unwrap_or_default();
    let mut changes: Vec<EntryChange> = names
        .into_iter()
        .map(|name| EntryChange {
            from: said(&from, name),
            to: said(&to, name),
            matters: MATTERS.iter().any(|section| name.split('.').next() == Some(section)),
            field: name.clone(),
        })
        .filter(|change| change.from != change.to)
        .collect();
    changes.sort_by_key(|change| (!change.matters, !change.field.starts_with("endpoints")));
    Ok(changes)
}

/// Names with dots, and each value in a few words; nothing is the same as not there.
fn flatten(before: &str, members: Map<String, Value>, into: &mut BTreeMap<String, String>) {
    for (name, value) in members {
        let name = if before.is_empty() { name } else { format!("{before}.{name}") };
        match value {
            Value::Object(members) => flatten(&name, members, into),
            Value::Null => {}
            Value::String(text) => drop(into.insert(name, text)),
            Value::Array(list) if list.is_empty() => {}
            Value::Array(list) if list.iter().all(Value::is_string) => {
                let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                into.insert(name, words.join(", "));
            }
            other => drop(into.insert(name, other.to_string())),
        }
    }
}
