//! Calls that are made once, however often a backend sends them: each names itself by an idempotency key of its own, good
//! for a day within the application.
//!
//! Whoever sends a call takes its key by one statement, so that of several servers one makes the call. Meanwhile a lease in
//! the row, by the database's clock, keeps the others off; it is renewed, so that a server that dies frees the key within 30
//! seconds. Whether the call was made then nobody knows, and the next one makes it. The answer is sealed, since it may hold a
//! link, and whoever asks for it needs the scope that the call needed.

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::clock::{DAY, Millis, SECOND};
use crate::error::{VaultError, internal};
use crate::keyring::Place;
use crate::random;
use crate::secret::{Secret, same, sha256};
use crate::store::idempotency_keys::{self, Held};
use crate::tokens::{LEASE, while_renewing};
use data_encoding::HEXLOWER;
use model::api_keys::KeyScope;
use model::ids::ApplicationId;
use model::people::Role;
use serde::{Deserialize, Serialize};

/// How long a key stands for its call.
const LIFE: Millis = DAY;
const LONGEST_KEY: usize = 255;

/// An answer as it is kept.
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// The headers that belong to it, in order.
    pub headers: Vec<(String, String)>,
    /// Its body, which may hold a link that is shown once.
    pub body: Secret,
}

/// What is to be kept of a call that was made.
pub struct Outcome {
    /// The scope that it asked for.
    pub scope: Option<KeyScope>,
    /// Its answer.
    pub answer: KeptAnswer,
}

/// Whose turn it is.
pub enum Turn {
    /// The caller's: it makes the call, by [`Vault::make_once`].
    First(Once),
    /// The call was made: this was its answer.
    Answered(KeptAnswer),
    /// The key belongs to another call.
    Reused,
    /// The call is being made.
    Running {
        /// When to ask again, in milliseconds from now.
        retry_after: Millis,
    },
}

/// The right to make a call.
pub struct Once {
    application: ApplicationId,
    key: String,
    owner: String,
}

impl Once {
    fn held(&self) -> Held<'_> {
        Held { application: self.application, key: &self.key, owner: &self.owner }
    }
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    headers: Vec<(String, String)>,
    body: std::borrow::Cow<'a, str>,
}

impl Vault {
    /// Looks whose turn it is to make the call that this text stands for: method, address and body.
    ///
    /// # Errors
    /// [`VaultError::Invalid`], when the key is none; [`VaultError::MissingScope`], when the call was made and the caller
    /// could not have made it.
    pub async fn take_turn(&self, caller: &ApplicationCaller, key: &str, call: &[u8]) -> Result<Turn, VaultError> {
        caller.require(Role::Developer)?;
        if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            let rule =
                "Idempotency-Key must be 1 to 255 printable ASCII characters, such as a UUID, and stand there once.";
            return Err(VaultError::field("Idempotency-Key", rule));
        }
        let (key, call) = (HEXLOWER.encode(&sha256(key.as_bytes())), sha256(call));
        let owner = random::base62_digits(22)?.expose().clone();
        let once = Once { application: caller.application, key, owner };
        let mut db = self.store.connection().await?;
        if idempotency_keys::take(&self.store, &mut db, once.held(), &call, LIFE, LEASE).await? {
            return Ok(Turn::First(once));
        }
        let row = idempotency_keys::get(&self.store, &mut db, caller.application, &once.key).await?;
        drop(db);
        // Given back in this moment: the next try makes the call.
        let Some(row) = row else { return Ok(Turn::Running { retry_after: SECOND }) };
        if !same(&row.request_hash, &call) {
            return Ok(Turn::Reused);
        }
        let (Some(status), Some(sealed)) = (row.response_status, row.response_sealed) else {
            return Ok(Turn::Running { retry_after: row.lease_left.unwrap_or_default().clamp(SECOND, LEASE) });
        };
        if let Some(scope) = row.scope {
            caller.require_scope(scope)?;
        }
        self.open_answer(&once, status, &sealed).await.map(Turn::Answered)
    }

    /// Makes the call in a task of its own, so that a backend that hangs up ends nothing half-way, and keeps what it says is
    /// to be kept. Nothing means that the call changed nothing: the key is free again.
    ///
    /// # Errors
    /// When the task is gone, as after a panic.
    pub async fn make_once<T: Send + 'static>(
        &self,
        once: Once,
        call: impl Future<Output = (T, Option<Outcome>)> + Send + 'static,
    ) -> Result<T, VaultError> {
        let vault = self.clone();
        let made = self.calls.spawn(async move {
            let (answer, outcome) = while_renewing(call, || vault.renew_once(&once)).await;
            if let Err(error) = vault.end_once(&once, outcome).await {
                tracing::warn!(
                    error = crate::error::chain(&error),
                    "The answer for an idempotency key could not be kept."
                );
            }
            answer
        });
        made.await.map_err(|e| internal("a call under an idempotency key failed", e))
    }

    async fn renew_once(&self, once: &Once) {
        let renewed = async {
            let mut db = self.store.connection().await?;
            idempotency_keys::renew(&self.store, &mut db, once.held(), LEASE).await
        };
        if !matches!(renewed.await, Ok(true)) {
            tracing::warn!("The lease of a call under an idempotency key could not be renewed.");
        }
    }

    async fn end_once(&self, once: &Once, outcome: Option<Outcome>) -> Result<(), VaultError> {
        let Some(Outcome { scope, answer }) = outcome else {
            return Ok(idempotency_keys::give_back(&mut *self.store.connection().await?, once.held()).await?);
        };
        let sealed = Sealed { headers: answer.headers, body: answer.body.expose().as_str().into() };
        let plain = serde_json::to_string(&sealed).map(Secret::new).map_err(|e| internal("an answer is no JSON", e))?;
        let sealed = self.keyring.seal(&self.store, once.application, place(&once.key), plain.expose()).await?;
        let mut db = self.store.connection().await?;
        if !idempotency_keys::keep(&mut db, once.held(), scope, answer.status, &sealed).await? {
            tracing::warn!("A call under an idempotency key took longer than its lease, and may have been made twice.");
        }
        Ok(())
    }

    /// Forgets the kept answers of an application that name an end user, who is being erased: calls under their keys would be
    /// made anew.
    pub(crate) async fn forget_answers_about(
        &self,
        application: ApplicationId,
        end_user: &str,
    ) -> Result<(), VaultError> {
        let named = serde_json::Value::from(end_user).to_string();
        let mut after = String::new();
        loop {
            // No connection is held while answers are opened, which may take one of its own.
            let page = idempotency_keys::answered(&mut *self.store.connection().await?, application, &after).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after.clone_from(last);
            for (key, sealed) in page {
                let plain = self.keyring.open(&self.store, application, place(&key), &sealed).await?;
                let kept: Sealed<'_> =
                    serde_json::from_str(plain.expose()).map_err(|e| internal("a kept answer is no JSON", e))?;
                if kept.body.contains(&named) {
                    idempotency_keys::forget(&mut *self.store.connection().await?, application, &key).await?;
                }
            }
        }
    }

    async fn open_answer(&self, once: &Once, status: i64, sealed: &[u8]) -> Result<KeptAnswer, VaultError> {
        let plain = self.keyring.open(&self.store, once.application, place(&once.key), sealed).await?;
        let kept: Sealed<'_> =
            serde_json::from_str(plain.expose()).map_err(|e| internal("a kept answer is no JSON", e))?;
        let status = u16::try_from(status).map_err(|e| internal("a kept status is none", e))?;
        Ok(KeptAnswer { status, headers: kept.headers, body: Secret::new(kept.body.into_owned()) })
    }
}

fn place(key: &str) -> Place<'_> {
    Place { table: "idempotency_keys", column: "response_sealed", row: key }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::testing::TestVault;

    #[tokio::test]
    async fn a_call_that_takes_long_keeps_its_key() {
        let test = TestVault::empty("zoom").await;
        let take = async || test.vault.take_turn(&test.caller, "slow", b"call").await.unwrap();
        let Turn::First(once) = take().await else { panic!("it is not the first") };
        for _ in 0..3 {
            test.clock.advance(LEASE - 1);
            test.vault.renew_once(&once).await;
            assert!(matches!(take().await, Turn::Running { .. }));
        }
        test.clock.advance(LEASE);
        assert!(matches!(take().await, Turn::First(_)));
        // What another server has taken is not taken back.
        test.vault.renew_once(&once).await;
        test.clock.advance(LEASE);
        assert!(matches!(take().await, Turn::First(_)));
    }

    #[tokio::test]
    async fn an_answer_that_was_changed_in_the_database_does_not_open() {
        let test = TestVault::empty("zoom").await;
        let Ok(Turn::First(once)) = test.vault.take_turn(&test.caller, "one", b"call").await else { panic!("first") };
        let sealed =
            test.vault.keyring.seal(&test.vault.store, once.application, place("another row"), "{}").await.unwrap();
        let mut db = test.vault.store.connection().await.unwrap();
        assert!(idempotency_keys::keep(&mut db, once.held(), None, 200, &sealed).await.unwrap());
        drop(db);
        let opened = test.vault.take_turn(&test.caller, "one", b"call").await;
        assert!(matches!(opened, Err(VaultError::Unsealable(_))));
    }
}
