//! Attempts are counted in the database, so that limits hold across servers.

use crate::Vault;
use crate::clock::Millis;
use crate::error::VaultError;
use crate::secret::sha256;
use crate::store::throttles;
use data_encoding::HEXLOWER;

/// How often something may be tried.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    /// What is tried.
    pub(crate) what: &'static str,
    /// How often.
    pub(crate) attempts: i64,
    /// Within how long.
    pub(crate) window: Millis,
}

impl Vault {
    /// Counts one attempt of `who`, who is remembered as a hash.
    ///
    /// # Errors
    /// [`VaultError::TooManyAttempts`], when it is one too many.
    pub(crate) async fn count_attempt(&self, limit: Limit, who: &str) -> Result<(), VaultError> {
        let now = self.clock.now();
        let (attempts, began) =
            throttles::count(&mut *self.store.connection().await?, &key(limit, who), now, limit.window).await?;
        if attempts > limit.attempts {
            Err(VaultError::TooManyAttempts { retry_after: (began + limit.window - now).max(1) })
        } else {
            Ok(())
        }
    }

    /// Forgets what `who` tried, after a success.
    pub(crate) async fn forget_attempts(&self, limit: Limit, who: &str) -> Result<(), VaultError> {
        Ok(throttles::forget(&mut *self.store.connection().await?, &key(limit, who)).await?)
    }
}

fn key(limit: Limit, who: &str) -> String {
    format!("{}:{}", limit.what, HEXLOWER.encode(&sha256(who.as_bytes())))
}
