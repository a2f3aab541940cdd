//! Which tokens are out, whose they are and what they are still good for. Tokens are known by their hash alone.

use crate::clock::Millis;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};

/// One user's consent to one client. It has one live set of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pair {
    pub(crate) client_id: String,
    pub(crate) user_id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Access,
    Refresh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Live,
    /// A refresh token that was exchanged for a newer one.
    Spent {
        at: Millis,
    },
    /// Superseded or revoked.
    Dead,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    fingerprint: [u8; 32],
    pub(crate) kind: Kind,
    pub(crate) standing: Standing,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: Millis,
}

impl Token {
    pub(crate) fn new(token: &str, kind: Kind, scopes: &[String], expires_at: Millis) -> Self {
        let fingerprint = fingerprint(token);
        Self { fingerprint, kind, standing: Standing::Live, scopes: scopes.to_vec(), expires_at }
    }

    pub(crate) fn is_good(&self, now: Millis) -> bool {
        self.standing == Standing::Live && now < self.expires_at
    }
}

/// Tokens that no longer live are remembered up to this number per pair, so that a sandbox can run for weeks.
const REMEMBERED: usize = 64;

#[derive(Default)]
pub(crate) struct TokenSets {
    by_pair: HashMap<Pair, VecDeque<Token>>,
    owners: HashMap<[u8; 32], Pair>,
}

impl TokenSets {
    pub(crate) fn find(&self, token: &str) -> Option<(&Pair, &Token)> {
        let fingerprint = fingerprint(token);
        let pair = self.owners.get(&fingerprint)?;
        let token = self.by_pair.get(pair)?.iter().find(|token| token.fingerprint == fingerprint)?;
        Some((pair, token))
    }

    pub(crate) fn add(&mut self, pair: &Pair, token: Token) {
        self.owners.insert(token.fingerprint, pair.clone());
        let tokens = self.by_pair.entry(pair.clone()).or_default();
        tokens.push_back(token);
        let surplus = tokens.len().saturating_sub(REMEMBERED);
        let mut forgotten = Vec::new();
        tokens.retain(|token| {
            let forget = forgotten.len() < surplus && token.standing != Standing::Live;
            if forget {
                forgotten.push(token.fingerprint);
            }
            !forget
        });
        for fingerprint in forgotten {
            self.owners.remove(&fingerprint);
        }
    }

    /// Marks a refresh token as exchanged. The time of a first exchange stands.
    pub(crate) fn spend(&mut self, token: &str, now: Millis) {
        let fingerprint = fingerprint(token);
        for token in self.owners.get(&fingerprint).and_then(|pair| self.by_pair.get_mut(pair)).into_iter().flatten() {
            if token.fingerprint == fingerprint && token.standing == Standing::Live {
                token.standing = Standing::Spent { at: now };
            }
        }
    }

    /// Ends every token of the pair.
    pub(crate) fn end(&mut self, pair: &Pair) {
        for token in self.by_pair.get_mut(pair).into_iter().flatten() {
            token.standing = Standing::Dead;
        }
    }

    /// Ends the access tokens of the pair.
    pub(crate) fn end_access(&mut self, pair: &Pair) {
        for token in self.by_pair.get_mut(pair).into_iter().flatten().filter(|token| token.kind == Kind::Access) {
            token.standing = Standing::Dead;
        }
    }

    /// Lets the live access tokens of the pairs run out now, and says how many there were.
    pub(crate) fn expire_access(&mut self, now: Millis, of: impl Fn(&Pair) -> bool) -> usize {
        let tokens = self.by_pair.iter_mut().filter(|(pair, _)| of(pair)).flat_map(|(_, tokens)| tokens);
        let mut expired = 0;
        for token in tokens.filter(|token| token.kind == Kind::Access && token.is_good(now)) {
            token.expires_at = now;
            expired += 1;
        }
        expired
    }

    /// Every pair with the scopes of its newest live refresh token.
    pub(crate) fn live(&self, now: Millis) -> Vec<(&Pair, &Token)> {
        let newest = |tokens: &'_ VecDeque<Token>| {
            tokens.iter().rposition(|token| token.kind == Kind::Refresh && token.is_good(now))
        };
        let mut live: Vec<_> = self
            .by_pair
            .iter()
            .filter_map(|(pair, tokens)| newest(tokens).and_then(|at| tokens.get(at)).map(|token| (pair, token)))
            .collect();
        live.sort_by(|(a, _), (b, _)| (&a.client_id, &a.user_id).cmp(&(&b.client_id, &b.user_id)));
        live
    }
}

fn fingerprint(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
