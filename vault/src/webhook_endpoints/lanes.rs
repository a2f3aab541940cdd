//! Who may send at once. Each endpoint has a lane of its own in each process, and those that fail or are slow share few
//! places, so that they cannot take those of the others.

use model::ids::WebhookEndpointId;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

const PLACES: usize = 48;
const PLACES_OF_THE_SLOW: usize = 16;
/// So many lanes are at the database at a time: a token's commit must find a connection.
const AT_THE_DATABASE: usize = 2;

/// The lanes of this process.
pub(crate) struct Lanes {
    taken: Mutex<HashSet<WebhookEndpointId>>,
    slow: Mutex<HashSet<WebhookEndpointId>>,
    places: Semaphore,
    places_of_the_slow: Semaphore,
    database: Semaphore,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            taken: Mutex::default(),
            slow: Mutex::default(),
            places: Semaphore::new(PLACES),
            places_of_the_slow: Semaphore::new(PLACES_OF_THE_SLOW),
            database: Semaphore::new(AT_THE_DATABASE),
        }
    }
}

/// An endpoint's lane, given back when dropped.
pub(super) struct Lane {
    lanes: Arc<Lanes>,
    endpoint: WebhookEndpointId,
}

impl Lanes {
    /// Takes an endpoint's lane, unless somebody in this process is in it.
    pub(super) fn enter(self: &Arc<Self>, endpoint: WebhookEndpointId) -> Option<Lane> {
        let new = self.taken.lock().unwrap_or_else(PoisonError::into_inner).insert(endpoint);
        new.then(|| Lane { lanes: Arc::clone(self), endpoint })
    }

    /// Waits for a turn at the database, given back when dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.database.acquire().await.ok()
    }
}

impl Lane {
    pub(super) fn is_slow(&self) -> bool {
        self.lanes.slow.lock().unwrap_or_else(PoisonError::into_inner).contains(&self.endpoint)
    }

    /// Remembers whether the last answers took long.
    pub(super) fn set_slow(&self, slow: bool) {
        let mut all = self.lanes.slow.lock().unwrap_or_else(PoisonError::into_inner);
        if slow {
            all.insert(self.endpoint)
        } else {
            all.remove(&self.endpoint)
        };
    }

    /// Waits for a place. `None` when there are none any more.
    pub(super) async fn place(&self, slow: bool) -> Option<SemaphorePermit<'_>> {
        let places = if slow { &self.lanes.places_of_the_slow } else { &self.lanes.places };
        places.acquire().await.ok()
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.lanes.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.endpoint);
    }
}
