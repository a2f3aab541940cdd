//! Passwords: argon2id, two at a time, away from the threads that serve requests.

use crate::Vault;
use crate::error::{VaultError, internal};
use crate::secret::Secret;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// A hash of nothing that anybody has, so that an unknown e-mail address takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBvdGhlciBzYWx0$7T0GTq8FQSnTmBwvCx1BTbYOKzMvBPKZnkNmVRuOWlA";

/// At least this many characters.
pub(crate) const SHORTEST: usize = 10;
/// More would only keep the hash busy.
const LONGEST: usize = 256;

/// Says what is wrong with a new password.
pub(crate) fn mistake(password: &str) -> Option<String> {
    match password.chars().count() {
        0..SHORTEST => Some(format!("Use at least {SHORTEST} characters.")),
        SHORTEST..=LONGEST => None,
        _ => Some(format!("Use at most {LONGEST} characters.")),
    }
}

impl Vault {
    pub(crate) async fn hash_password(&self, password: Secret) -> Result<String, VaultError> {
        let hash = move || Argon2::default().hash_password(password.expose().as_bytes()).map(|h| h.to_string());
        self.hashing(hash).await?.map_err(|e| internal("cannot hash the password", e.to_string()))
    }

    /// Whether the password is the one that was hashed; takes its time even when there is no hash.
    pub(crate) async fn password_fits(&self, password: Secret, hash: Option<String>) -> Result<bool, VaultError> {
        let check = move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let Ok(parsed) = PasswordHash::new(&hash) else { return false };
            Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok() && known
        };
        self.hashing(check).await
    }

    async fn hashing<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, VaultError> {
        let _turn = self.hashing.acquire().await.map_err(|e| internal("shutting down", e))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| internal("hashing a password failed", e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_as_costly_as_a_real_one() {
        let (nobody, real) = (PasswordHash::new(NOBODY).unwrap(), Argon2::default().hash_password(b"x").unwrap());
        let real = real.to_string();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!(nobody.algorithm, real.algorithm);
        assert_eq!(nobody.params.to_string(), real.params.to_string());
    }
}
