//! Events: lines of the audit log.

use crate::ids::EventId;
use serde::{Deserialize, Serialize};

/// One line of the audit log, as far as a screen needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Its id.
    pub id: EventId,
    /// What happened: `connected_account.revoked`.
    pub r#type: String,
    /// Who did it: a person's id, a key's id, `end_user`, `command_line` or `keybearer`.
    pub actor: String,
    /// What it was done to.
    pub target: String,
    /// `ok` or a stable word for what went wrong.
    pub outcome: String,
    /// What happened in words.
    pub detail: Option<String>,
    /// When.
    pub at: String,
}

/// One line of the audit log, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: String,
    /// What happened: `connected_account.revoked`.
    pub r#type: String,
    /// The same as a sentence: "A connected account was revoked".
    pub says: String,
    /// Who did it.
    pub actor: EventActor,
    /// What it was done to.
    pub target: EventTarget,
    /// `ok` or a stable word for what went wrong.
    pub outcome: String,
    /// More in words; never anything personal.
    pub detail: Option<String>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventActor {
    /// `member`, `api_key`, `end_user`, `command_line` or `keybearer`.
    pub kind: String,
    /// The person's or the key's id.
    pub id: Option<String>,
    /// An e-mail address, a key's name, or words: "The command line".
    pub name: String,
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTarget {
    /// Its id.
    pub id: String,
    /// What it is: "Connected account"; empty for what has no word.
    pub kind: String,
    /// What people call it while it is known: an end user's id, a provider config's key, an e-mail address.
    pub name: Option<String>,
    /// Its page in the portal, while it has one.
    pub path: Option<String>,
}

impl EventTarget {
    /// Its name, otherwise what it is, otherwise its id; and beside a name what it is.
    #[must_use]
    pub fn label(self) -> (String, Option<String>) {
        let kind = Some(self.kind).filter(|kind| !kind.is_empty());
        match self.name {
            Some(name) => (name, kind),
            None => (kind.unwrap_or(self.id), None),
        }
    }
}

/// Everything about one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDetail {
    /// What the list shows.
    pub line: EventLine,
    /// The request that caused it, as in the server's log.
    pub request_id: Option<String>,
    /// What else was recorded, by name.
    pub facts: Vec<(String, String)>,
    /// Names and addresses, by name.
    pub personal: Personal,
    /// The first of those that were written together under it, in their order.
    pub lines: Vec<EventPart>,
}

/// One of several lines that were written together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPart {
    /// When.
    pub at: String,
    /// What happened, as a sentence.
    pub says: String,
    /// What it was done to.
    pub target: EventTarget,
    /// The request that caused it, as in the server's log.
    pub request_id: Option<String>,
}

/// The personal fields of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// There are none, or they were erased with the person.
    None,
    /// There are some, and the member's role does not reach.
    Hidden,
    /// These.
    Fields(Vec<(String, String)>),
}

crate::states::states! {
    /// What events are about, to narrow the log by.
    EventGroup {
        /// Connected accounts.
        ConnectedAccounts = "connected_accounts",
        /// Token sets: refreshes and what ends them.
        Tokens = "tokens",
        /// Tokens that were handed out.
        TokenReads = "token_reads",
        /// Connect sessions.
        ConnectSessions = "connect_sessions",
        /// Provider configs.
        Providers = "providers",
        /// API keys.
        ApiKeys = "api_keys",
        /// Webhook endpoints.
        WebhookEndpoints = "webhook_endpoints",
        /// The application itself, and who looks into its log.
        Application = "application",
        /// Members and invitations.
        Members = "members",
        /// Sign-ins, passwords and sessions.
        SignIns = "sign_ins",
        /// The organization.
        Organization = "organization",
    }
}

crate::states::states! {
    /// How events ended, to narrow the log by.
    EventOutcome {
        /// As it should.
        Ok = "ok",
        /// In any other way.
        NotOk = "not_ok",
    }
}

/// What the log is narrowed by, as an address has it; what is empty lets everything through. A name that it does
/// not know is refused: an export of everything must not pass for one that is narrowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventFilter {
    /// An [`EventGroup`].
    pub group: String,
    /// A kind of actor, or the id of a person or API key.
    pub actor: String,
    /// An [`EventOutcome`].
    pub outcome: String,
    /// The id of a target, an actor, a request or the event itself.
    pub id: String,
    /// From this day on (UTC): `2026-11-24`.
    pub from: String,
    /// Up to and with this day (UTC).
    pub to: String,
}

impl EventFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Names and values as an address has them.
    pub fn pairs(&self) -> [(&'static str, &str); 6] {
        [
            ("group", &self.group),
            ("actor", &self.actor),
            ("outcome", &self.outcome),
            ("id", &self.id),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }
}
