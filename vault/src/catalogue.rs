//! The catalogue: one TOML file per provider, built in, with an optional folder of the operator's laid over it.

mod check;
mod custom;
mod entry;
mod never_returned;
mod overlay;
mod provider_events;
mod reference;
mod running;
mod scope_words;

pub(crate) use check::{Addresses, check, check_url};
pub use custom::custom_card;
pub use entry::*;
pub(crate) use never_returned::usual;
pub use never_returned::{LikelyWhen, NeverReturned};
pub(crate) use overlay::line_of;
pub use provider_events::{
    Challenge, Encoding, Header, Pointer, ProviderEvents, Signature, Signed, TimeFormat, TimeUnit, When,
};
pub use reference::{Reference, ReferenceGroup, ReferenceScope, ReferenceVariant};
pub(crate) use running::{Snapshot, is_custom};
pub use scope_words::{ScopeWords, Told};

use crate::error::VaultError;
use crate::http::{AllowedHosts, Reach};
use model::providers::{EventsWords, ProviderSummary, ProviderView};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
#[derive(RustEmbed)]
#[folder = "../providers"]
struct BuiltIn;

/// What a URL of an entry begins with where it means the sandbox provider.
const SANDBOX: &str = "{sandbox}";

/// Every provider that this process knows.
pub struct Catalogue {
    entries: BTreeMap<String, Arc<Provider>>,
    sandbox: Option<String>,
    running: running::Running,
}

/// An entry with what is derived from its file.
pub struct Provider {
    /// Its file's name without `.toml`.
    pub slug: String,
    /// What the file says.
    pub entry: Entry,
    /// Inline SVG.
    pub icon: String,
    /// What is known of its scopes. No part of the entry: words for people follow the catalogue at once.
    pub reference: Arc<Reference>,
    pub(crate) snapshot: Snapshot,
}

/// Where entries come from.
#[derive(Default)]
pub struct Sources<'a> {
    /// A folder laid over the built-in files, by file name.
    pub folder: Option<&'a Path>,
    /// The address of the sandbox provider, if it runs: `http://127.0.0.1:4001`.
    pub sandbox: Option<&'a str>,
    /// Hosts that may be reached without TLS, since the operator named them.
    pub allowed: AllowedHosts,
}

impl Catalogue {
    /// Loads and checks every file.
    ///
    /// # Errors
    /// [`VaultError::Settings`] with a line for each mistake: file, line and what is wrong.
    pub fn load(sources: &Sources<'_>) -> Result<Self, VaultError> {
        let mut entries = BTreeMap::new();
        let mut mistakes = Vec::new();
        let files = overlay::files(built_in(), sources.folder, &mut mistakes);
        let mut references = reference::all(&files, &mut mistakes);
        for (slug, text) in files.iter().filter(|(name, _)| !reference::is_one(name)) {
            let reference = references.remove(slug).unwrap_or_default();
            match provider(slug, text, sources, reference) {
                Ok(Some(provider)) => drop(entries.insert(slug.clone(), Arc::new(provider))),
                Ok(None) => {}
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if mistakes.is_empty() {
            Ok(Self { entries, sandbox: sources.sandbox.map(str::to_owned), running: running::Running::default() })
        } else {
            Err(VaultError::Settings(mistakes.join("\n")))
        }
    }

    /// One provider.
    pub fn get(&self, slug: &str) -> Option<&Arc<Provider>> {
        self.entries.get(slug)
    }

    /// All providers by slug; those for development only where asked for.
    pub fn list(&self, development: bool) -> impl Iterator<Item = &Arc<Provider>> {
        self.entries.values().filter(move |p| development || !p.entry.development_only)
    }
}

impl Provider {
    /// A provider of an application's own.
    pub(crate) fn custom(slug: &str, entry: Entry) -> Result<Self, VaultError> {
        let snapshot = Snapshot::of(&entry)?;
        Ok(Self { slug: slug.to_owned(), icon: icon(&entry.icon), entry, reference: Arc::default(), snapshot })
    }

    /// How far its endpoints may lead: what the operator wrote may lead where the operator allows, what a tenant wrote
    /// only to public hosts.
    pub(crate) fn reach(&self) -> Reach {
        if is_custom(&self.slug) { Reach::Tenant } else { Reach::Operator }
    }

    /// What lists show.
    pub fn summary(&self) -> ProviderSummary {
        ProviderSummary {
            slug: self.slug.clone(),
            name: self.entry.name.clone(),
            description: self.entry.description.clone(),
            category: self.entry.category.clone(),
            icon: self.icon.clone(),
        }
    }

    /// What the set-up page shows.
    pub fn view(&self) -> ProviderView {
        let custom = is_custom(&self.slug);
        let (mut properties, mut guide) = (self.entry.properties.clone(), self.entry.guide.clone());
        if custom && properties.is_empty() {
            properties = custom::properties(&self.entry);
        }
        if custom && guide.steps.is_empty() {
            guide = custom::guide();
        }
        ProviderView {
            summary: self.summary(),
            properties,
            guide,
            links: self.entry.links.clone(),
            client_id_length: self.entry.client.id_length,
            client_secret_length: self.entry.client.secret_length,
            events: self.entry.provider_events.as_ref().map(|events| EventsWords {
                url_label: events.url_label.clone(),
                secret_label: events.secret_label.clone(),
            }),
        }
    }
}

fn built_in() -> BTreeMap<String, String> {
    let files = BuiltIn::iter().filter_map(|name| {
        let slug = name.strip_suffix(".toml")?.to_owned();
        Some((slug, String::from_utf8(BuiltIn::get(&name)?.data.into_owned()).ok()?))
    });
    files.collect()
}

/// Reads one file; `None` when it needs the sandbox provider and that does not run.
fn provider(
    slug: &str,
    file: &overlay::File,
    sources: &Sources<'_>,
    reference: Arc<Reference>,
) -> Result<Option<Provider>, String> {
    let text = match (file.text.contains(SANDBOX), sources.sandbox) {
        (true, None) if file.built_in => return Ok(None),
        (true, None) => return Err(format!("{}: needs the sandbox provider; set KEYBEARER_SANDBOX_LISTEN", file.name)),
        (true, Some(address)) => file.text.replace(SANDBOX, address),
        (false, _) => file.text.clone(),
    };
    let entry: Entry = toml::from_str(&text).map_err(|e| overlay::describe(file, &text, &e))?;
    let wrong = |what: String| format!("{}: {what}", file.name);
    if !slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || slug.is_empty() {
        return Err(wrong("a file's name may hold lower-case letters, digits and dashes".into()));
    }
    if is_custom(slug) || slug == "custom" {
        return Err(wrong(
            "\"custom\" and names that begin with \"custom-\" belong to applications; choose another".into(),
        ));
    }
    check(&entry, &Addresses::of(sources)).map_err(wrong)?;
    // With {sandbox} as the file has it: that address may be another one after the next start.
    let written: Entry = toml::from_str(&file.text).map_err(|e| overlay::describe(file, &file.text, &e))?;
    let snapshot = Snapshot::of(&written).map_err(|e| wrong(e.to_string()))?;
    Ok(Some(Provider { slug: slug.to_owned(), icon: icon(&entry.icon), entry, reference, snapshot }))
}

/// An icon of the catalogue as inline SVG.
fn icon(name: &str) -> String {
    let icon = BuiltIn::get(&format!("icons/{name}.svg")).or_else(|| BuiltIn::get("icons/generic.svg"));
    icon.and_then(|f| String::from_utf8(f.data.into_owned()).ok()).unwrap_or_default()
}
