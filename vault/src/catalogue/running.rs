//! The entry that a provider config runs on: what it was saved with, whatever the catalogue has become since.
//!
//! A snapshot is the entry as JSON, with `{sandbox}` left in it. What matters for security comes from the snapshot; words
//! for people follow the catalogue at once.

use super::{Catalogue, Entry, Provider, SANDBOX, icon};
use crate::error::{VaultError, internal};
use crate::http::NOWHERE;
use crate::secret::sha256;
use data_encoding::HEXLOWER;
use model::providers::CUSTOM;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// More entries than any instance runs on; then all are read anew.
const MOST: usize = 10_000;

/// Custom providers of applications have slugs that no file of a catalogue can have.
pub(crate) fn is_custom(slug: &str) -> bool {
    slug.starts_with(CUSTOM)
}

/// An entry as it is kept with a provider config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// JSON.
    pub(crate) text: String,
    /// SHA-256 of the text, in hex.
    pub(crate) hash: String,
}

impl Snapshot {
    pub(crate) fn of(entry: &Entry) -> Result<Self, VaultError> {
        let text = serde_json::to_string(entry).map_err(|e| internal("cannot write an entry down", e))?;
        let hash = HEXLOWER.encode(&sha256(text.as_bytes()));
        Ok(Self { text, hash })
    }
}

/// Entries that are read already, by slug and hash.
#[derive(Default)]
pub(super) struct Running(Mutex<HashMap<(String, String), Arc<Provider>>>);

impl Catalogue {
    /// An entry that was read before.
    pub(crate) fn remembered(&self, slug: &str, hash: &str) -> Option<Arc<Provider>> {
        let known = self.running.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(slug.to_owned(), hash.to_owned())).map(Arc::clone)
    }

    /// The entry of a snapshot, with the catalogue's own words for people.
    ///
    /// # Errors
    /// When the snapshot cannot be read.
    pub(crate) fn running(&self, slug: &str, text: &str, hash: &str) -> Result<Arc<Provider>, VaultError> {
        if let Some(known) = self.remembered(slug, hash) {
            return Ok(known);
        }
        let provider = Arc::new(self.read(slug, text, hash)?);
        let mut known = self.running.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((slug.to_owned(), hash.to_owned()), Arc::clone(&provider));
        Ok(provider)
    }

    fn read(&self, slug: &str, text: &str, hash: &str) -> Result<Provider, VaultError> {
        let snapshot = Snapshot { text: text.to_owned(), hash: hash.to_owned() };
        let at = if is_custom(slug) { SANDBOX } else { self.sandbox.as_deref().unwrap_or(NOWHERE) };
        let mut entry: Entry = serde_json::from_str(&text.replace(SANDBOX, at))
            .map_err(|e| internal("cannot read the entry that a provider config was saved with", e))?;
        let now = self.get(slug);
        if let Some(now) = now {
            follow(&mut entry, &now.entry);
        }
        let reference = now.map(|now| Arc::clone(&now.reference)).unwrap_or_default();
        Ok(Provider { slug: slug.to_owned(), icon: icon(&entry.icon), entry, reference, snapshot })
    }
}

/// Words for people: nothing is sent anywhere because of them.
fn follow(entry: &mut Entry, now: &Entry) {
    entry.category.clone_from(&now.category);
    entry.description.clone_from(&now.description);
    entry.icon.clone_from(&now.icon);
    entry.properties.clone_from(&now.properties);
    entry.links.clone_from(&now.links);
    entry.guide.clone_from(&now.guide);
    entry.readiness.clone_from(&now.readiness);
    entry.scopes.note.clone_from(&now.scopes.note);
    entry.scopes.words.clone_from(&now.scopes.words);
}
