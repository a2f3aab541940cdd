//! Requests that wait until somebody lets them go.

use tokio::sync::watch;

pub(crate) struct Holds {
    held: watch::Sender<usize>,
    releases: watch::Sender<u64>,
}

impl Holds {
    pub(crate) fn new() -> Self {
        Self { held: watch::Sender::new(0), releases: watch::Sender::new(0) }
    }

    /// Waits for the next release.
    pub(crate) async fn hold(&self) {
        let mut releases = self.releases.subscribe();
        let _place = Place::take(&self.held);
        // The sender lives as long as `self`, so this cannot fail.
        let _ = releases.changed().await;
    }

    /// Lets everybody go who waits now.
    pub(crate) fn release(&self) {
        self.releases.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Comes back as soon as so many requests wait.
    pub(crate) async fn wait_for(&self, requests: usize) {
        let _ = self.held.subscribe().wait_for(|held| *held >= requests).await;
    }

    pub(crate) fn held(&self) -> usize {
        *self.held.borrow()
    }
}

/// Counts one held request, until it is dropped.
struct Place<'a>(&'a watch::Sender<usize>);

impl<'a> Place<'a> {
    fn take(held: &'a watch::Sender<usize>) -> Self {
        held.send_modify(|held| *held += 1);
        Self(held)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|held| *held = held.saturating_sub(1));
    }
}
