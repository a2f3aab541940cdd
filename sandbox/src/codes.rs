//! Authorization codes: one use, five minutes.

use crate::{clock::Millis, random::Random, token_sets::Pair};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

pub(crate) const LIFETIME: Millis = 5 * 60 * 1000;

/// How long an expired code is remembered, so that it can be told from one that never was.
const REMEMBERED: Millis = 24 * 3600 * 1000;

#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) pair: Pair,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) scopes: Vec<String>,
    /// For the ID token.
    pub(crate) nonce: Option<String>,
    pub(crate) expires_at: Millis,
}

/// What an authorization request said for PKCE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    Plain(String),
    S256(String),
}

impl Challenge {
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => *challenge == BASE64URL_NOPAD.encode(&Sha256::digest(verifier)),
        }
    }
}

#[derive(Default)]
pub(crate) struct Codes {
    open: HashMap<String, Code>,
}

impl Codes {
    /// Keeps the code and gives it its name: ten characters, an underscore and the user's id.
    pub(crate) fn issue(&mut self, random: &mut Random, now: Millis, code: Code) -> String {
        self.open.retain(|_, code| now < code.expires_at.saturating_add(REMEMBERED));
        let name = format!("{}_{}", random.word(10), code.pair.user_id);
        self.open.insert(name.clone(), code);
        name
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Code> {
        self.open.get(name)
    }

    /// A code is good for one attempt, whatever comes of it.
    pub(crate) fn take(&mut self, name: &str) -> Option<Code> {
        self.open.remove(name)
    }

    /// Ends the codes that are out for the pair.
    pub(crate) fn forget(&mut self, pair: &Pair) {
        self.open.retain(|_, code| code.pair != *pair);
    }
}
