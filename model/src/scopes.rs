//! Scopes: what a provider knows of them, what a provider config requests, and who was granted what.

use crate::ids::ConnectedAccountId;
use crate::providers::{Link, ProviderSummary};
use serde::{Deserialize, Serialize};

/// The scopes of a provider config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopesView {
    /// The provider.
    pub provider: ProviderSummary,
    /// The key of the provider config.
    pub key: String,
    /// Whether anybody can connect with it.
    pub works: bool,
    /// Whether the authorization URL carries scopes.
    pub sent: bool,
    /// How the provider treats scopes, in a sentence.
    pub note: Option<String>,
    /// Where the provider lists them.
    pub source: Option<Link>,
    /// Where an app gets its scopes at the provider.
    pub set_at: Option<SetAt>,
    /// What a scope's ending means.
    pub levels: Vec<ScopeLevel>,
    /// What the provider config requests.
    pub requested: Vec<String>,
    /// The products, in the order of the rows.
    pub groups: Vec<String>,
    /// The scopes.
    pub rows: Vec<ScopeRow>,
    /// Connected accounts that work.
    pub active: i64,
    /// Those of them whose grant lacks a requested scope.
    pub lacking: i64,
    /// When the larger numbers were counted, where that was not just now.
    pub counted_at: Option<String>,
    /// There may be more than the numbers say.
    pub at_least: bool,
}

/// Where an app gets its scopes at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAt {
    /// The way through the provider's menus.
    pub path: Vec<String>,
    /// What to do there, and what follows from it.
    pub text: String,
}

/// What a scope's ending means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeLevel {
    /// The ending, such as `:admin`.
    pub ending: String,
    /// Its meaning in words.
    pub words: String,
}

/// A scope with its variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeRow {
    /// The product.
    pub group: String,
    /// What it lets an app do; empty when nobody says.
    pub words: String,
    /// The scope.
    pub scope: ScopeName,
    /// The same for more than one's own data.
    pub variants: Vec<ScopeName>,
}

/// One name of a scope, as token answers have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeName {
    /// The name.
    pub name: String,
    /// Older names under which tokens report the same permission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classic: Vec<String>,
    /// Whether the provider config requests it.
    pub requested: bool,
    /// How many active accounts were granted it, under this very name.
    pub granted: i64,
}

impl ScopeRow {
    /// The scope and its variants.
    pub fn names(&self) -> impl Iterator<Item = &ScopeName> {
        std::iter::once(&self.scope).chain(&self.variants)
    }

    /// Whether the provider config requests any of its names.
    pub fn is_requested(&self) -> bool {
        self.names().any(|name| name.requested)
    }

    /// Whether any of its names is granted to an account.
    pub fn is_granted(&self) -> bool {
        self.names().any(|name| name.granted > 0)
    }
}

/// What the reference is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeFilter {
    /// Words that all occur in a scope, its classic names or its description.
    pub q: String,
    /// The product.
    pub group: String,
    /// `granted`, `requested` or `neither`.
    pub grant: String,
}

impl ScopeFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.q.trim().is_empty() && self.group.is_empty() && self.grant.is_empty()
    }

    /// Whether a row fits.
    pub fn fits(&self, row: &ScopeRow) -> bool {
        let granted = match self.grant.as_str() {
            "granted" => row.is_granted(),
            "requested" => row.is_requested(),
            "neither" => !row.is_granted() && !row.is_requested(),
            "" => true,
            // What cannot be read lets nothing through.
            _ => false,
        };
        granted && (self.group.is_empty() || self.group == row.group) && self.is_found_in(row)
    }

    fn is_found_in(&self, row: &ScopeRow) -> bool {
        let q = self.q.to_lowercase();
        let names = row.names().flat_map(|name| std::iter::once(&name.name).chain(&name.classic));
        let texts: Vec<_> = names.chain([&row.words, &row.group]).map(|text| text.to_lowercase()).collect();
        q.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

/// An active account whose grant lacks a requested scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LackingAccount {
    /// The connected account.
    pub account: ConnectedAccountId,
    /// The developer's own id of the end user.
    pub end_user: String,
    /// The end user's name.
    pub end_user_name: Option<String>,
    /// The provider's user by the best name there is.
    pub provider_user: Option<String>,
    /// The requested scopes that its grant lacks.
    pub missing: Vec<String>,
}

/// A reconnect link in the one answer that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconnectLink {
    /// The connected account that it can renew.
    pub account: ConnectedAccountId,
    /// The developer's own id of the end user.
    pub end_user: String,
    /// The link.
    pub url: String,
    /// When it ends.
    pub expires_at: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> ScopeRow {
        let name = |name: &str, classic: &str, granted| ScopeName {
            name: name.to_owned(),
            classic: vec![classic.to_owned()],
            requested: false,
            granted,
        };
        ScopeRow {
            group: "Meetings".to_owned(),
            words: "Get a meeting".to_owned(),
            scope: name("meeting:read:meeting", "meeting:read", 0),
            variants: vec![name("meeting:read:meeting:admin", "meeting:read:admin", 2)],
        }
    }

    #[track_caller]
    fn check(q: &str, group: &str, grant: &str, fits: bool) {
        let filter = ScopeFilter { q: q.to_owned(), group: group.to_owned(), grant: grant.to_owned() };
        assert_eq!(filter.fits(&row()), fits, "{filter:?}");
    }

    #[test]
    fn a_row_is_found_by_its_names_and_words() {
        check("", "", "", true);
        check("GET meeting:admin", "Meetings", "", true);
        check("meeting:read:admin", "", "", true);
        check("get webinar", "", "", false);
        check("", "Users", "", false);
        check("", "", "granted", true);
        check("", "", "requested", false);
        check("", "", "neither", false);
    }
}
