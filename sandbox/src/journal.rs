//! What happened, request by request. It never holds a token, a code or a secret.

use crate::{
    clock::{self, Millis},
    faults::Endpoint,
    subject::Subject,
};
use serde::Serialize;
use std::collections::VecDeque;

/// One request to the provider's side of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Counts from 1, without gaps.
    pub sequence: u64,
    /// By the sandbox's clock, RFC 3339.
    pub at: String,
    /// Which endpoint was asked.
    pub endpoint: Endpoint,
    /// Of a token request; a value that no provider knows appears as `other`.
    pub grant_type: Option<String>,
    /// The registered client that asked, if it could be told.
    pub client_id: Option<String>,
    /// The e-mail address of the user it was about, if it could be told.
    pub user: Option<String>,
    /// `ok`, an OAuth error code, or a few words.
    pub outcome: String,
    /// The status of the answer; none where the connection was closed instead.
    pub status: Option<u16>,
    /// A refresh token was spent and a new one issued, whether the answer arrived or not.
    pub rotated: bool,
    /// The fault that shaped the answer.
    pub fault: Option<String>,
}

/// Older entries are dropped.
const KEPT: usize = 10_000;

#[derive(Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    written: u64,
}

/// What an endpoint has to say about a request, next to its answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note {
    pub(crate) outcome: String,
    pub(crate) rotated: bool,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<&'static str>,
}

impl Journal {
    pub(crate) fn write(&mut self, now: Millis, subject: Subject, note: Note) {
        self.written += 1;
        if self.entries.len() >= KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            sequence: self.written,
            at: clock::rfc3339(now),
            endpoint: subject.endpoint,
            grant_type: subject.grant_type,
            client_id: subject.client_id,
            user: subject.user.map(|user| user.email),
            outcome: note.outcome,
            status: note.status,
            rotated: note.rotated,
            fault: note.fault.map(Into::into),
        });
    }

    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }
}
