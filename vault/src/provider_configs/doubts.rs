//! What speaks against a provider config before anybody connects with it. Whoever knows better saves it anyway.

use super::form::Checked;
use crate::Vault;
use crate::catalogue::{Provider, Reference, is_custom};
use crate::http::kept_from;
use crate::store::provider_configs;
use url::Url;

/// A doubt: the field that it is about, and a sentence.
pub(super) type Doubt = (String, String);

impl Vault {
    /// What speaks against saving this; nothing more is asked about what `known` has already.
    pub(super) async fn doubts(
        &self,
        provider: &Provider,
        known: Option<&provider_configs::Row>,
        form: &Checked,
    ) -> Vec<Doubt> {
        let mut doubts: Vec<Doubt> = self.unreachable(provider).await.into_iter().collect();
        let has = |scope: &String| known.is_some_and(|known| known.scopes.contains(scope));
        let new = form.scopes.iter().filter(|scope| !has(scope));
        let words: Vec<String> = new.filter_map(|scope| unknown_scope(provider, scope)).collect();
        if !words.is_empty() {
            doubts.push(("scopes".to_owned(), words.join(" ")));
        }
        doubts
    }

    /// Of what an application wrote itself nobody has tried the address.
    async fn unreachable(&self, provider: &Provider) -> Option<Doubt> {
        let url = Url::parse(&provider.entry.endpoints.token).ok().filter(|_| is_custom(&provider.slug))?;
        let kept = self.http.keeps_from(provider.reach(), &url).await;
        kept.then(|| ("token".to_owned(), format!("The token endpoint: {}.", kept_from(provider.reach(), &url))))
    }
}

/// What is said of a scope that the provider's reference does not have, if it has any.
fn unknown_scope(provider: &Provider, scope: &str) -> Option<String> {
    let names = || all(&provider.reference);
    if is_custom(&provider.slug) || names().next().is_none() || names().any(|name| name == scope) {
        return None;
    }
    let near = names().map(|name| (distance(scope, name), name)).min().filter(|(far, _)| *far * 3 <= scope.len());
    let name = &provider.entry.name;
    Some(match near {
        Some((_, near)) => format!("{name}'s reference has no scope {scope}; did you mean {near}?"),
        None => format!("{name}'s reference has no scope {scope}."),
    })
}

/// Every name that a token can report, classic ones too.
fn all(reference: &Reference) -> impl Iterator<Item = &str> {
    reference.names().flat_map(|(name, classic)| std::iter::once(name).chain(classic.iter().map(String::as_str)))
}

/// How many letters are to be changed, added or left out between two words (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut next = vec![at + 1];
        for ((to, above), before) in other.chars().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or_default();
            next.push((left + 1).min(above + 1).min(before + usize::from(letter != to)));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_far_apart_as_letters_differ() {
        for (one, other, expected) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("meeting", "meetings", 1)]
        {
            assert_eq!((distance(one, other), distance(other, one)), (expected, expected), "{one} {other}");
        }
    }
}
