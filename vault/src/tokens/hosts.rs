//! What the token host of a provider is asked for: so many calls a second and at a time, callers first, and nothing but
//! one trial while it is down.
//!
//! Each process keeps its own account. Rates are of real time, pauses are of the vault's clock.

use crate::catalogue::Entry;
use crate::clock::{MINUTE, Millis, SECOND};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A call is sent a moment after it was let through, so a second is taken a little longer than it is.
const SECOND_OF_CALLS: Duration = Duration::from_millis(1_050);
/// After so many failures in a row, whatever the account, the host counts as down.
const FAILURES: u32 = 5;
const FIRST_PAUSE: Millis = 2 * SECOND;
const LONGEST_PAUSE: Millis = MINUTE;

/// Who waits for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// A backend does.
    Caller,
    /// Nobody does yet.
    Background,
}

/// The host is down: not before this many milliseconds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Down(pub(crate) Millis);

/// All hosts, by authority.
#[derive(Default)]
pub(crate) struct Hosts(Mutex<HashMap<String, Arc<Host>>>);

#[derive(Default)]
struct Host {
    traffic: Mutex<Traffic>,
    changed: Notify,
}

#[derive(Default)]
struct Traffic {
    let_through: SecondOfCalls,
    sent: SecondOfCalls,
    under_way: usize,
    callers_waiting: usize,
    failures: u32,
    pause: Millis,
    down_until: Option<Millis>,
    on_trial: bool,
}

enum Turn {
    Now { trial: bool },
    At(Instant),
    AfterAChange,
}

/// The right to make one call. Dropped unused, it is as if it had never been.
pub(crate) struct Permit {
    host: Arc<Host>,
    trial: bool,
    used: bool,
}

impl Hosts {
    /// Waits for the turn to make a call.
    ///
    /// # Errors
    /// [`Down`], at once.
    pub(crate) async fn enter(&self, entry: &Entry, urgency: Urgency, now: Millis) -> Result<Permit, Down> {
        let host = self.host(&entry.endpoints.token);
        let _waiting = (urgency == Urgency::Caller).then(|| Waiting::of(&host));
        loop {
            let changed = host.changed.notified();
            let turn = host.traffic().turn(entry, urgency, now)?;
            match turn {
                Turn::Now { trial } => return Ok(Permit { host: Arc::clone(&host), trial, used: false }),
                Turn::At(at) => tokio::time::sleep_until(at).await,
                Turn::AfterAChange => changed.await,
            }
        }
    }

    fn host(&self, address: &str) -> Arc<Host> {
        let authority = url::Url::parse(address).map(|u| u.authority().to_owned()).unwrap_or_default();
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(authority).or_default())
    }
}

impl Host {
    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Traffic {
    fn turn(&mut self, entry: &Entry, urgency: Urgency, now: Millis) -> Result<Turn, Down> {
        let trial = match self.down_until {
            Some(until) if now < until => return Err(Down(until - now)),
            // How the trial ends decides for all who have come meanwhile.
            Some(_) if self.on_trial => return Ok(Turn::AfterAChange),
            down => down.is_some(),
        };
        let behind_callers = urgency == Urgency::Background && self.callers_waiting > 0;
        if self.under_way >= entry.refresh.calls_under_way || behind_callers {
            return Ok(Turn::AfterAChange);
        }
        if let Some(at) = self.let_through.add(entry) {
            return Ok(Turn::At(at));
        }
        self.under_way += 1;
        self.on_trial = trial;
        Ok(Turn::Now { trial })
    }

    fn failed(&mut self, trial: bool, now: Millis, wait: Option<Millis>) {
        self.failures = self.failures.saturating_add(1);
        let opens = trial || (self.down_until.is_none() && self.failures >= FAILURES);
        if opens {
            self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
            self.down_until = Some(now + self.pause.max(wait.unwrap_or_default()));
        }
    }

    fn answered(&mut self) {
        (self.failures, self.pause, self.down_until) = (0, 0, None);
    }
}

/// When the last calls were; never more than a second's worth.
#[derive(Default)]
struct SecondOfCalls(VecDeque<Instant>);

impl SecondOfCalls {
    /// Adds a call now, or says when there is room for it.
    fn add(&mut self, entry: &Entry) -> Option<Instant> {
        while self.0.len() >= entry.refresh.calls_per_second.max(1) {
            match self.0.front().map(|first| *first + SECOND_OF_CALLS) {
                Some(at) if at > Instant::now() => return Some(at),
                _ => drop(self.0.pop_front()),
            }
        }
        self.0.push_back(Instant::now());
        None
    }
}

impl Permit {
    /// Waits a moment if need be, just before the call: between its turn and the call a lease is taken, which may take
    /// longer for one than for the next.
    pub(crate) async fn before_sending(&self, entry: &Entry) {
        loop {
            let wait = self.host.traffic().sent.add(entry);
            match wait {
                Some(at) => tokio::time::sleep_until(at).await,
                None => return,
            }
        }
    }

    /// The call was made and the host is up, whatever it said.
    pub(crate) fn answered(mut self) {
        self.used = true;
        self.host.traffic().answered();
    }

    /// The call was made, and the host is down or busy. `wait`: how long it asks to be left alone.
    pub(crate) fn failed(mut self, now: Millis, wait: Option<Millis>) {
        self.used = true;
        self.host.traffic().failed(self.trial, now, wait);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut traffic = self.host.traffic();
        traffic.under_way = traffic.under_way.saturating_sub(1);
        if self.trial {
            traffic.on_trial = false;
        }
        if !self.used {
            traffic.let_through.0.pop_back();
        }
        drop(traffic);
        self.host.changed.notify_waiters();
    }
}

/// Counts a caller for as long as it waits.
struct Waiting(Arc<Host>);

impl Waiting {
    fn of(host: &Arc<Host>) -> Self {
        host.traffic().callers_waiting += 1;
        Self(Arc::clone(host))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut traffic = self.0.traffic();
        traffic.callers_waiting = traffic.callers_waiting.saturating_sub(1);
        drop(traffic);
        self.0.changed.notify_waiters();
    }
}
