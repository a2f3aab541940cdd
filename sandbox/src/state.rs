//! Everything a sandbox remembers, behind one lock.

use crate::{
    Document,
    client::Client,
    clock::{Clock, Millis},
    codes::{Code, Codes},
    faults::Faults,
    id_tokens::{IdTokenFlaw, IdTokens},
    journal::Journal,
    notices::{self, Notice, Notices},
    random::Random,
    token_sets::{Kind, Pair, Token, TokenSets},
    tokens::{self, Claims},
    user::User,
};
use std::{
    collections::{BTreeMap, HashMap},
    io,
    sync::Arc,
};

pub(crate) struct State {
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) users: Vec<User>,
    pub(crate) consents: HashMap<Pair, Consent>,
    pub(crate) codes: Codes,
    pub(crate) token_sets: TokenSets,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) notices: Notices,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Signs ID tokens.
    pub(crate) id_tokens: Arc<IdTokens>,
    pub(crate) id_token_flaw: Option<IdTokenFlaw>,
    /// What stands at paths instead of the sandbox's own answer.
    pub(crate) documents: HashMap<String, Document>,
    /// Where each client was last asked to send a browser.
    pub(crate) last_redirect_uris: HashMap<String, String>,
}

/// What a user agreed to, and what the client asked for then.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pub(crate) granted: Vec<String>,
    pub(crate) asked: Vec<String>,
}

/// A pair of tokens on its way out.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

impl State {
    /// A sandbox that knows the built-in client and users.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self::with(Random::new()?, Arc::new(IdTokens::new()?)))
    }

    /// Forgets everything, the time skipped included.
    pub(crate) fn reset(&mut self) {
        let spare = Self::with(self.random.successor(), self.id_tokens.clone());
        *self = spare;
    }

    fn with(random: Random, id_tokens: Arc<IdTokens>) -> Self {
        let built_in = Client::built_in();
        Self {
            clients: BTreeMap::from([(built_in.client_id.clone(), built_in)]),
            users: User::built_in(),
            consents: HashMap::new(),
            codes: Codes::default(),
            token_sets: TokenSets::default(),
            journal: Journal::default(),
            faults: Faults::default(),
            notices: Notices::default(),
            clock: Clock::default(),
            random,
            id_tokens,
            id_token_flaw: None,
            documents: HashMap::new(),
            last_redirect_uris: HashMap::new(),
        }
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Finds a user by id or by e-mail address.
    pub(crate) fn user(&self, user: &str) -> Option<&User> {
        self.users.iter().find(|known| known.id == user || known.email.eq_ignore_ascii_case(user))
    }

    /// Issues a code and remembers the consent behind it.
    pub(crate) fn issue_code(&mut self, code: Code, asked: Vec<String>) -> String {
        let consent = Consent { granted: code.scopes.clone(), asked };
        self.consents.insert(code.pair.clone(), consent);
        let now = self.now();
        self.codes.issue(&mut self.random, now, code)
    }

    /// Issues an access and a refresh token for the pair; what else is out for it is the caller's business.
    pub(crate) fn issue_tokens(&mut self, pair: &Pair, client: &Client, user: &User, scopes: &[String]) -> Issued {
        let mut issue = |kind, seconds: u32| {
            let issued_at = self.clock.now();
            let expires_at = issued_at.saturating_add(Millis::from(seconds) * 1000);
            let claims = Claims { kind, client_id: &client.client_id, user, issued_at, expires_at };
            let token = tokens::mint(&mut self.random, &claims);
            self.token_sets.add(pair, Token::new(&token, kind, scopes, expires_at));
            token
        };
        Issued {
            access_token: issue(Kind::Access, client.access_token_seconds),
            refresh_token: issue(Kind::Refresh, client.refresh_token_seconds),
        }
    }

    /// Ends the grant, as when the user removes the app: the tokens die and the next consent is asked for again.
    /// The client hears of it, if there was one.
    pub(crate) fn end_grant(&mut self, pair: &Pair) {
        self.token_sets.end(pair);
        self.codes.forget(pair);
        if self.consents.remove(pair).is_some()
            && let Some(notice) = self.removal(pair)
        {
            let now = self.now();
            self.notices.add(&pair.client_id, notices::REMOVED, notice, now);
        }
    }

    /// The notice that the user has removed the app now, if its client wants to hear of it.
    pub(crate) fn removal(&mut self, pair: &Pair) -> Option<Notice> {
        let now = self.now();
        let client = self.clients.get(&pair.client_id).filter(|client| !client.notices.url.is_empty())?;
        let user = self.users.iter().find(|user| user.id == pair.user_id)?;
        Some(Notice::of_removal(client, user, &mut self.random, now))
    }
}
