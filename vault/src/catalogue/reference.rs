//! What is known of a provider's scopes: `providers/{slug}.scopes.toml`. CONTRIBUTING.md documents each field.

use super::overlay::{self, File};
use model::providers::Link;
use model::scopes::{ScopeLevel, SetAt};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the slug of a reference's file ends in.
const ENDING: &str = ".scopes";

/// A provider's scopes in words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Where the provider lists them.
    pub source: Option<Link>,
    /// Where an app gets its scopes at the provider, if not from the authorization URL.
    pub set_at: Option<SetAt>,
    /// What a scope's ending means.
    #[serde(default)]
    pub levels: Vec<ScopeLevel>,
    /// The scopes, by product.
    #[serde(default)]
    pub groups: Vec<ReferenceGroup>,
}

/// The scopes of a product.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceGroup {
    /// The product: "Meetings".
    pub name: String,
    /// Its scopes, in the order in which to show them.
    pub scopes: Vec<ReferenceScope>,
}

/// A scope with its variants.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceScope {
    /// Its name in a token answer.
    pub scope: String,
    /// What it lets an app do: "Get a meeting".
    pub words: String,
    /// Older names under which tokens report the same permission.
    #[serde(default)]
    pub classic: Vec<String>,
    /// The same for more than one's own data.
    #[serde(default)]
    pub variants: Vec<ReferenceVariant>,
}

/// A variant of a scope.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceVariant {
    /// Its name in a token answer.
    pub scope: String,
    /// Older names under which tokens report the same permission.
    #[serde(default)]
    pub classic: Vec<String>,
}

impl Reference {
    /// Each scope and variant with its classic names.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &[String])> {
        let scopes = self.groups.iter().flat_map(|group| &group.scopes);
        scopes.flat_map(|scope| {
            let variants = scope.variants.iter().map(|variant| (variant.scope.as_str(), variant.classic.as_slice()));
            std::iter::once((scope.scope.as_str(), scope.classic.as_slice())).chain(variants)
        })
    }
}

/// Whether a file of this slug is a reference and no entry.
pub(super) fn is_one(slug: &str) -> bool {
    slug.ends_with(ENDING)
}

/// The references among the files, by the slug of their provider.
pub(super) fn all(files: &BTreeMap<String, File>, mistakes: &mut Vec<String>) -> BTreeMap<String, Arc<Reference>> {
    let mut all = BTreeMap::new();
    for (name, file) in files {
        let Some(slug) = name.strip_suffix(ENDING) else { continue };
        match read(file) {
            Ok(reference) => drop(all.insert(slug.to_owned(), Arc::new(reference))),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    all
}

fn read(file: &File) -> Result<Reference, String> {
    let reference: Reference = toml::from_str(&file.text).map_err(|e| overlay::describe(file, &file.text, &e))?;
    let mut seen = BTreeSet::new();
    for (scope, _) in reference.names() {
        if scope.is_empty() || scope.chars().any(char::is_whitespace) {
            return Err(format!("{}: \"{scope}\" is not one word", file.name));
        }
        if !seen.insert(scope) {
            return Err(format!("{}: {scope} stands there twice", file.name));
        }
    }
    Ok(reference)
}
