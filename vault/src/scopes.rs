//! The scopes of a provider config: what the catalogue knows of them, who was granted what, and whose end users must
//! authorize again.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::{Provider, Reference, ReferenceGroup, ReferenceScope, ScopeParameter, is_custom};
use crate::clock::rfc3339;
use crate::error::VaultError;
use crate::figures::ACCOUNTS;
use crate::lists;
use crate::store::scope_sets::{self, COUNTED_LIVE, MOST};
use crate::store::{Connection, figures, provider_configs};
use model::ids::ConnectedAccountId;
use model::lists::{BothWays, Turn};
use model::people::Role;
use model::provider_configs::ProviderConfigState;
use model::scopes::{LackingAccount, ReconnectLink, ScopeName, ScopeRow, ScopesView};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many reconnect links are made at once.
const LINKS: usize = 50;
/// Where what the reference does not know stands.
const OTHERS: &str = "Not in the reference";
const ALL: &str = "Scopes";

/// A provider config with all that is asked about its scopes.
struct Known {
    config: provider_configs::Row,
    provider: Arc<Provider>,
    reference: Arc<Reference>,
    sets: Vec<scope_sets::Row>,
}

impl Vault {
    /// The scopes of a provider config.
    ///
    /// # Errors
    /// [`VaultError::NotFound`].
    pub async fn scopes(&self, caller: &ApplicationCaller, key: &str) -> Result<ScopesView, VaultError> {
        let mut db = self.store.connection().await?;
        let Known { config, provider, reference, mut sets } =
            self.known_scopes(&mut db, caller, key, COUNTED_LIVE + 1).await?;
        let mut at_least = sets.len() > MOST;
        sets.truncate(MOST);
        let (mut granted, mut active, mut lacking, mut rounds) = (BTreeMap::new(), 0, 0, false);
        for set in &sets {
            let (count, exact) = counted(set);
            at_least |= !exact;
            rounds |= set.live > COUNTED_LIVE;
            active += count;
            if !missing(&reference, &config.scopes, &set.scopes).is_empty() {
                lacking += count;
            }
            for scope in set.scopes.iter().collect::<BTreeSet<_>>() {
                *granted.entry(scope.as_str()).or_insert(0) += count;
            }
        }
        let counted_at = if rounds { figures::counted_at(&mut db, ACCOUNTS).await?.map(rfc3339) } else { None };
        let rows = rows(&reference, &config.scopes, &granted);
        let mut groups: Vec<String> = rows.iter().map(|row| row.group.clone()).collect();
        groups.dedup();
        Ok(ScopesView {
            provider: provider.summary(),
            key: config.key,
            works: config.state == ProviderConfigState::Active,
            sent: provider.entry.authorize.scope != ScopeParameter::None,
            note: provider.entry.scopes.note.clone(),
            source: reference.source.clone(),
            set_at: reference.set_at.clone(),
            levels: reference.levels.clone(),
            requested: config.scopes,
            groups,
            rows,
            active,
            lacking,
            counted_at,
            at_least,
        })
    }

    /// Active accounts whose grant lacks a requested scope, newest first.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Invalid`], when the turn cannot be read.
    pub async fn accounts_lacking_scopes(
        &self,
        caller: &ApplicationCaller,
        key: &str,
        turn: &Turn,
        limit: u8,
    ) -> Result<BothWays<LackingAccount>, VaultError> {
        lists::cursor::<ConnectedAccountId>(turn)?;
        let mut db = self.store.connection().await?;
        let Known { config, reference, sets, .. } = self.known_scopes(&mut db, caller, key, 1).await?;
        let lack = |set: &&scope_sets::Row| !missing(&reference, &config.scopes, &set.scopes).is_empty();
        let sets: Vec<_> = sets.iter().take(MOST).filter(lack).map(|set| set.id.clone()).collect();
        let limit = usize::from(limit);
        let rows = scope_sets::accounts(&mut db, config.id, &sets, turn, limit + 1).await?;
        let page = BothWays::new(rows, turn, limit, |row| row.id.to_string());
        Ok(page.map(|row| LackingAccount {
            missing: missing(&reference, &config.scopes, &row.scopes),
            account: row.id,
            end_user: row.end_user,
            end_user_name: row.end_user_name,
            provider_user: row.provider_user,
        }))
    }

    /// Makes a reconnect link for each of these accounts, 50 at most. Those that are gone or revoked are left out.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when their provider config is not active; [`VaultError::Forbidden`].
    pub async fn open_reconnect_links(
        &self,
        caller: &ApplicationCaller,
        accounts: &[ConnectedAccountId],
    ) -> Result<Vec<ReconnectLink>, VaultError> {
        caller.require(Role::Developer)?;
        if accounts.len() > LINKS {
            return Err(VaultError::field("accounts", format!("At most {LINKS} at once.")));
        }
        let mut links = Vec::with_capacity(accounts.len());
        for account in accounts {
            let session = match self.open_reconnect_link(caller, *account).await {
                Err(VaultError::NotFound | VaultError::Revoked) => continue,
                opened => opened?,
            };
            links.push(ReconnectLink {
                account: *account,
                end_user: session.end_user.id,
                url: session.url.unwrap_or_default(),
                expires_at: session.expires_at,
            });
        }
        Ok(links)
    }

    async fn known_scopes(
        &self,
        db: &mut Connection,
        caller: &ApplicationCaller,
        key: &str,
        count_up_to: i64,
    ) -> Result<Known, VaultError> {
        let config = provider_configs::by_key(db, caller.application, key).await?.ok_or(VaultError::NotFound)?;
        let provider = self.running(&config)?;
        let reference = if is_custom(&config.provider) {
            Arc::new(announced(self.announced_scopes(db, caller, &config.provider).await?))
        } else {
            Arc::clone(&provider.reference)
        };
        let sets = scope_sets::of_config(db, config.id, count_up_to).await?;
        Ok(Known { config, provider, reference, sets })
    }
}

/// How many accounts have a set, and whether that is exact as of now or of the last round.
fn counted(set: &scope_sets::Row) -> (i64, bool) {
    match set.counted {
        _ if set.live <= COUNTED_LIVE => (set.live, true),
        Some(counted) => (counted.max(set.live), true),
        None => (set.live, false),
    }
}

/// The requested scopes that a grant lacks. A classic name stands for each scope that it became. Where none is known to be
/// granted the account was imported by somebody who did not say, and nothing is known to be missing.
fn missing(reference: &Reference, requested: &[String], granted: &[String]) -> Vec<String> {
    if granted.is_empty() {
        return Vec::new();
    }
    let lacks = |scope: &&String| {
        let mut classic = reference.names().filter(|(name, _)| name == scope).flat_map(|(_, classic)| classic);
        !granted.contains(scope) && !classic.any(|name| granted.contains(name))
    };
    requested.iter().filter(lacks).cloned().collect()
}

/// The reference's rows, and after them what is requested or granted beside it.
fn rows(reference: &Reference, requested: &[String], granted: &BTreeMap<&str, i64>) -> Vec<ScopeRow> {
    let name = |name: &str, classic: &[String]| ScopeName {
        name: name.to_owned(),
        classic: classic.to_vec(),
        requested: requested.iter().any(|scope| scope == name),
        granted: granted.get(name).copied().unwrap_or(0),
    };
    let row = |group: &str, scope: &ReferenceScope| ScopeRow {
        group: group.to_owned(),
        words: scope.words.clone(),
        scope: name(&scope.scope, &scope.classic),
        variants: scope.variants.iter().map(|variant| name(&variant.scope, &variant.classic)).collect(),
    };
    let groups = reference.groups.iter();
    let mut rows: Vec<ScopeRow> =
        groups.flat_map(|group| group.scopes.iter().map(|scope| row(&group.name, scope))).collect();
    let known: BTreeSet<&str> = reference.names().map(|(name, _)| name).collect();
    let others: BTreeSet<&str> = requested.iter().map(String::as_str).chain(granted.keys().copied()).collect();
    let group = if known.is_empty() { ALL } else { OTHERS };
    rows.extend(others.difference(&known).map(|other| ScopeRow {
        group: group.to_owned(),
        words: became(reference, other),
        scope: name(other, &[]),
        variants: Vec::new(),
    }));
    rows
}

/// Of a classic name, how many scopes it became.
fn became(reference: &Reference, name: &str) -> String {
    let scopes = reference.names().filter(|(_, classic)| classic.iter().any(|classic| classic == name)).count();
    match scopes {
        0 => String::new(),
        1 => "Classic name of one scope of this list.".to_owned(),
        many => format!("Classic name of {many} scopes of this list."),
    }
}

/// What an issuer announces, which is names alone.
fn announced(scopes: Vec<String>) -> Reference {
    let entry = |scope: String| ReferenceScope { scope, words: String::new(), classic: vec![], variants: vec![] };
    let group = ReferenceGroup { name: "Announced by the issuer".to_owned(), scopes: vec![] };
    let groups = match scopes.is_empty() {
        true => vec![],
        false => vec![ReferenceGroup { scopes: scopes.into_iter().map(entry).collect(), ..group }],
    };
    Reference { groups, ..Reference::default() }
}
