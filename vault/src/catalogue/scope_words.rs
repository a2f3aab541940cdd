//! What scopes allow, in words for end users.

use super::entry::Scopes;
use std::collections::BTreeMap;

/// A scope with what the catalogue says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeWords {
    /// The scope, as the provider spells it.
    pub scope: String,
    /// What it allows, by language; empty where the entry does not say.
    words: BTreeMap<String, String>,
}

/// How a scope is told in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// In that language.
    InWords(&'a str),
    /// In English, since the entry has no other.
    InEnglish(&'a str),
    /// Only as the provider spells it.
    AsScope(&'a str),
}

impl ScopeWords {
    /// What it allows, in a language, or else in English, or else as the provider spells it.
    pub fn told(&self, language: &str) -> Told<'_> {
        match (self.words.get(language), self.words.get("en")) {
            (Some(words), _) => Told::InWords(words),
            (None, Some(words)) => Told::InEnglish(words),
            (None, None) => Told::AsScope(&self.scope),
        }
    }
}

impl Scopes {
    /// These scopes with their words.
    pub(crate) fn with_words(&self, scopes: &[String]) -> Vec<ScopeWords> {
        let words = |scope: &String| self.words.get(scope).cloned().unwrap_or_default();
        scopes.iter().map(|scope| ScopeWords { scope: scope.clone(), words: words(scope) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_told_in_the_language_or_in_english_or_as_it_is_spelt() {
        let words =
            BTreeMap::from([("en".to_owned(), "See files".to_owned()), ("de".to_owned(), "Dateien sehen".to_owned())]);
        let scopes = Scopes { words: BTreeMap::from([("files".to_owned(), words)]), ..Default::default() };
        let known = scopes.with_words(&["files".to_owned(), "mail".to_owned()]);
        assert_eq!(known[0].told("de"), Told::InWords("Dateien sehen"));
        assert_eq!(known[0].told("ja"), Told::InEnglish("See files"));
        assert_eq!(known[1].told("de"), Told::AsScope("mail"));
    }
}
