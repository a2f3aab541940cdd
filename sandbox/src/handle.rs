//! The methods of [`Sandbox`] that control it from the same process.

use crate::{
    Client, ConsentRequest, Delivery, Document, Entry, Fault, IdTokenFlaw, Notice, Sandbox, User, Validation, clock,
    consent, control::ControlError, notices,
};
use std::{sync::atomic::Ordering, time::Duration};

/// Clients and users.
impl Sandbox {
    /// Registers a client, or replaces the one with its id. An empty id or secret is made up; the answer has them.
    ///
    /// # Errors
    ///
    /// If the id has characters that ids do not have.
    pub fn add_client(&self, client: Client) -> Result<Client, ControlError> {
        self.inner.state().put_client(client)
    }

    /// Changes a client in place: its scopes, its switches. Tokens that are out stay as they are.
    ///
    /// # Errors
    ///
    /// If there is no such client.
    pub fn update_client(&self, client_id: &str, change: impl FnOnce(&mut Client)) -> Result<Client, ControlError> {
        let mut client = self.inner.state().client(client_id)?.clone();
        change(&mut client);
        self.inner.state().put_client(client)
    }

    /// Gives a client a new secret; the old one ends at once, tokens do not.
    ///
    /// # Errors
    ///
    /// If there is no such client.
    pub fn rotate_secret(&self, client_id: &str) -> Result<String, ControlError> {
        self.inner.state().rotate_secret(client_id)
    }

    /// Adds a user, or replaces the one with their id. Empty ids are made up; the answer has them.
    ///
    /// # Errors
    ///
    /// If the address is missing or somebody else's, or an id has characters that ids do not have.
    pub fn add_user(&self, user: User) -> Result<User, ControlError> {
        self.inner.state().put_user(user)
    }

    /// Finds a user by id or e-mail address.
    pub fn user(&self, user: &str) -> Option<User> {
        self.inner.state().user(user).cloned()
    }

    /// Removes a user; refreshes of their tokens fail from now on.
    ///
    /// # Errors
    ///
    /// If there is no such user.
    pub fn remove_user(&self, user: &str) -> Result<(), ControlError> {
        self.inner.state().remove_user(user)
    }
}

/// What users do.
impl Sandbox {
    /// Does what a browser would do with an authorization address, and says where it ends up: at the redirect URI, with
    /// code and state or with an error. Neither a remembered consent nor faults come into it.
    ///
    /// # Errors
    ///
    /// If there is no such user, or the provider shows a page of its own instead of a redirect.
    pub fn consent(&self, request: &ConsentRequest) -> Result<String, ControlError> {
        consent::give(&self.inner, request)
    }

    /// An install that begins at the provider: the redirect URI with a code and without `state`. Without a redirect URI
    /// it is the one used last, or the first registered.
    ///
    /// # Errors
    ///
    /// If client or user is unknown, or the client may not be sent there.
    pub fn install(&self, client_id: &str, user: &str, redirect_uri: Option<&str>) -> Result<String, ControlError> {
        self.inner.state().install(client_id, user, redirect_uri)
    }

    /// What a client is given whose user consents somewhere else, as access token and refresh token: what was out for the
    /// pair dies.
    ///
    /// # Errors
    ///
    /// If client or user is unknown.
    pub fn issue(&self, client_id: &str, user: &str) -> Result<(String, String), ControlError> {
        self.inner.state().issue(client_id, user)
    }

    /// The user removes the app: every token of the pair dies, and the client's endpoint hears of it.
    ///
    /// # Errors
    ///
    /// If client or user is unknown.
    pub fn revoke_grant(&self, client_id: &str, user: &str) -> Result<(), ControlError> {
        self.inner.state().revoke_grant(client_id, user)?;
        self.inner.due.notify_one();
        Ok(())
    }
}

/// Notices.
impl Sandbox {
    /// The notice that the sandbox would send if the user removed the app now. Nothing is sent and nothing ends.
    ///
    /// # Errors
    ///
    /// If client or user is unknown, or the client has no endpoint for notices.
    pub fn notice(&self, client_id: &str, user: &str) -> Result<Notice, ControlError> {
        let mut state = self.inner.state();
        let pair = state.pair(client_id, user)?;
        state.removal(&pair).ok_or_else(|| ControlError::new("This client has no endpoint for notices."))
    }

    /// Signs any body as the sandbox would for this client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// If the client is unknown.
    pub fn sign(&self, client_id: &str, body: &str) -> Result<Notice, ControlError> {
        let state = self.inner.state();
        Ok(Notice::signed(state.client(client_id)?, body.to_owned(), state.now()))
    }

    /// Asks a client's endpoint to answer with its secret token, and says whether the answer was right.
    ///
    /// # Errors
    ///
    /// If the client is unknown or has no endpoint.
    pub async fn validate_endpoint(&self, client_id: &str) -> Result<Validation, ControlError> {
        notices::validate(&self.inner, client_id).await
    }

    /// Sends a client's last notice again, byte for byte.
    ///
    /// # Errors
    ///
    /// If there was none.
    pub fn replay_notice(&self, client_id: &str) -> Result<(), ControlError> {
        self.inner.state().replay_notice(client_id)?;
        self.inner.due.notify_one();
        Ok(())
    }

    /// Every attempt to deliver a notice, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.inner.state().notices.deliveries().cloned().collect()
    }

    /// Comes back once there were so many attempts since the sandbox was new.
    pub async fn wait_for_deliveries(&self, attempts: u64) {
        let has_made = |_: &u64| self.inner.state().notices.attempts() >= attempts;
        // The sender lives as long as `self`, so this cannot fail.
        let _ = self.inner.attempted.subscribe().wait_for(has_made).await;
    }
}

/// Time and tokens.
impl Sandbox {
    /// Moves the sandbox's clock forward, by whole seconds.
    pub fn advance(&self, duration: Duration) {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        self.inner.state().clock.advance_seconds(seconds);
        self.inner.due.notify_one();
    }

    /// Sets the sandbox's clock, which goes on from there; unix milliseconds.
    pub fn set_time(&self, now: i64) {
        self.inner.state().clock.set(now);
        self.inner.due.notify_one();
    }

    /// The sandbox's time, RFC 3339.
    pub fn now(&self) -> String {
        clock::rfc3339(self.inner.state().now())
    }

    /// Lets access tokens run out now: all, or those of one client or one user. Says how many.
    ///
    /// # Errors
    ///
    /// If client or user is unknown.
    pub fn expire_access_tokens(&self, client_id: Option<&str>, user: Option<&str>) -> Result<usize, ControlError> {
        self.inner.state().expire(client_id, user)
    }

    /// Whether an access or refresh token would be accepted now.
    pub fn token_is_live(&self, token: &str) -> bool {
        let state = self.inner.state();
        state.token_sets.find(token).is_some_and(|(_, token)| token.is_good(state.now()))
    }

    /// Whether the user's grant to the client has a refresh token that would be accepted now.
    pub fn grant_is_live(&self, client_id: &str, user: &str) -> bool {
        let state = self.inner.state();
        let Ok(wanted) = state.pair(client_id, user) else { return false };
        state.token_sets.live(state.now()).into_iter().any(|(pair, _)| *pair == wanted)
    }

    /// Everything as new: clients, users, tokens, faults, journal and clock. Held requests go.
    pub fn reset(&self) {
        self.inner.state().reset();
        self.inner.holds.release();
    }
}

/// Faults.
impl Sandbox {
    /// Sets a fault, behind those that wait already.
    pub fn fault(&self, fault: Fault) {
        self.inner.state().faults.add(fault);
    }

    /// Takes back every fault that has not struck. Requests held now stay held.
    pub fn clear_faults(&self) {
        self.inner.state().faults.clear();
    }

    /// Comes back once a request waits at a `Hold`.
    pub async fn wait_for_hold(&self) {
        self.wait_for_holds(1).await;
    }

    /// Comes back once so many requests wait at a `Hold`.
    pub async fn wait_for_holds(&self, requests: usize) {
        self.inner.holds.wait_for(requests).await;
    }

    /// Lets the requests go that wait at a `Hold` now.
    pub fn release(&self) {
        self.inner.holds.release();
    }
}

/// What it announces, and ID tokens.
impl Sandbox {
    /// Puts a document at a path, in place of what the sandbox would answer there; `None` takes it away.
    pub fn publish(&self, path: &str, document: Option<Document>) {
        let mut state = self.inner.state();
        match document {
            Some(document) => drop(state.documents.insert(path.to_owned(), document)),
            None => drop(state.documents.remove(path)),
        }
    }

    /// Makes every ID token wrong from now on, or right again.
    pub fn flaw_id_tokens(&self, flaw: Option<IdTokenFlaw>) {
        self.inner.state().id_token_flaw = flaw;
    }
}

/// The API's streams.
impl Sandbox {
    /// How many bytes of `/v2/bytes/…` have been taken so far, by whoever called.
    pub fn streamed(&self) -> u64 {
        self.inner.streamed.load(Ordering::Relaxed)
    }
}

/// The journal.
impl Sandbox {
    /// Every request to the provider's side, oldest first. An entry is written before its answer leaves.
    pub fn journal(&self) -> Vec<Entry> {
        self.inner.state().journal.entries().cloned().collect()
    }

    /// How many entries are such.
    pub fn count(&self, is_such: impl Fn(&Entry) -> bool) -> usize {
        self.inner.state().journal.entries().filter(|entry| is_such(entry)).count()
    }

    /// How many token requests of a grant type there were, whatever came of them.
    pub fn token_requests(&self, grant_type: &str) -> usize {
        self.count(|entry| entry.grant_type.as_deref() == Some(grant_type))
    }
}
