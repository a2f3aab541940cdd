//! Notices that wait to be sent, and what came of those that were.

use super::Notice;
use crate::clock::{self, Millis};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};

/// After a failure: 5 minutes, 20 minutes after that, 60 minutes after that; then it is given up.
const PAUSES: [Millis; 3] = [5 * 60_000, 20 * 60_000, 60 * 60_000];
/// Older lines are dropped.
const KEPT: usize = 1_000;

/// One attempt to deliver a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Counts from 1, without gaps.
    pub sequence: u64,
    /// By the sandbox's clock, RFC 3339.
    pub at: String,
    /// Whose endpoint it went to.
    pub client_id: String,
    /// The event's name.
    pub event: String,
    /// 1 for the first attempt.
    pub attempt: usize,
    /// The status of the answer; none where there was no answer within 3 seconds.
    pub status: Option<u16>,
    /// What came of it, in words.
    pub outcome: String,
    /// When it is tried again.
    pub next_attempt_at: Option<String>,
}

/// A notice on its way.
#[derive(Clone)]
pub(crate) struct Waiting {
    id: u64,
    pub(crate) client_id: String,
    pub(crate) event: &'static str,
    pub(crate) notice: Notice,
    attempts: usize,
    due_at: Millis,
}

#[derive(Default)]
pub(crate) struct Notices {
    waiting: Vec<Waiting>,
    deliveries: VecDeque<Delivery>,
    last: HashMap<String, (&'static str, Notice)>,
    made: u64,
    written: u64,
}

impl Notices {
    /// Sends a notice as soon as can be.
    pub(crate) fn add(&mut self, client_id: &str, event: &'static str, notice: Notice, now: Millis) {
        self.made += 1;
        self.last.insert(client_id.to_owned(), (event, notice.clone()));
        self.waiting.push(Waiting {
            id: self.made,
            client_id: client_id.to_owned(),
            event,
            notice,
            attempts: 0,
            due_at: now,
        });
    }

    /// Sends a client's last notice again, byte for byte. Whether there was one.
    pub(crate) fn replay(&mut self, client_id: &str, now: Millis) -> bool {
        let Some((event, notice)) = self.last.get(client_id).cloned() else { return false };
        self.add(client_id, event, notice, now);
        true
    }

    /// The next notice that is due. It stays until its attempt is written down.
    pub(crate) fn due(&self, now: Millis) -> Option<Waiting> {
        self.waiting.iter().filter(|waiting| waiting.due_at <= now).min_by_key(|waiting| waiting.due_at).cloned()
    }

    /// Writes an attempt down, and when there is another: after a failure of the endpoint's or the way there, never after
    /// a refusal.
    pub(crate) fn attempted(&mut self, sent: &Waiting, status: Option<u16>, now: Millis) {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.id == sent.id) else { return };
        let mut waiting = self.waiting.swap_remove(at);
        waiting.attempts += 1;
        let failed = status.is_none_or(|status| status >= 500);
        let pause = PAUSES.get(waiting.attempts - 1).filter(|_| failed).copied();
        let outcome = match (status, pause) {
            (Some(200 | 204), _) => "delivered",
            (None | Some(500..), Some(_)) => "failed, to be tried again",
            (None | Some(500..), None) => "failed, given up",
            (Some(_), _) => "refused",
        };
        let next_attempt_at = pause.map(|pause| clock::rfc3339(now + pause));
        let (client_id, event, attempt) = (waiting.client_id.clone(), waiting.event, waiting.attempts);
        self.write(now, Delivery::new(client_id, event, attempt, status, outcome, next_attempt_at));
        if let Some(pause) = pause {
            waiting.due_at = now + pause;
            self.waiting.push(waiting);
        }
    }

    /// Writes a validation down.
    pub(crate) fn validated(&mut self, client_id: &str, status: Option<u16>, words: &str, now: Millis) {
        self.write(now, Delivery::new(client_id.to_owned(), super::VALIDATION, 1, status, words, None));
    }

    fn write(&mut self, now: Millis, delivery: Delivery) {
        self.written += 1;
        if self.deliveries.len() >= KEPT {
            self.deliveries.pop_front();
        }
        self.deliveries.push_back(Delivery { sequence: self.written, at: clock::rfc3339(now), ..delivery });
    }

    pub(crate) fn deliveries(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.iter()
    }

    /// How many attempts there were.
    pub(crate) fn attempts(&self) -> u64 {
        self.written
    }

    /// How many notices are still on their way.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

impl Delivery {
    fn new(
        client_id: String,
        event: &str,
        attempt: usize,
        status: Option<u16>,
        outcome: &str,
        next_attempt_at: Option<String>,
    ) -> Self {
        let (event, outcome) = (event.to_owned(), outcome.to_owned());
        Self { sequence: 0, at: String::new(), client_id, event, attempt, status, outcome, next_attempt_at }
    }
}
