//! Standard Webhooks: what is signed, and with what (<https://www.standardwebhooks.com>).

use crate::error::{VaultError, internal};
use crate::random;
use crate::secret::Secret;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What every secret begins with; the rest is base64.
const PREFIX: &str = "whsec_";

/// A new secret, of 32 random bytes.
///
/// # Errors
/// When the operating system has no random numbers.
pub(super) fn new_secret() -> Result<Secret, VaultError> {
    let key = Secret::new(random::bytes::<32>()?);
    Ok(Secret::new(format!("{PREFIX}{}", BASE64.encode(key.expose()))))
}

/// The value of `webhook-signature`: one signature for each secret, the first one's first.
///
/// # Errors
/// When a stored secret is of another shape.
pub(super) fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &str) -> Result<String, VaultError> {
    let mut signatures = Vec::new();
    for secret in secrets {
        let key = secret.expose().strip_prefix(PREFIX).and_then(|key| BASE64.decode(key.as_bytes()).ok());
        let key = Secret::new(key.ok_or_else(|| internal("cannot sign a delivery", "the secret has no such shape"))?);
        let mut mac =
            Hmac::<Sha256>::new_from_slice(key.expose()).map_err(|e| internal("cannot sign a delivery", e))?;
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        signatures.push(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())));
    }
    Ok(signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the specification and the reference libraries.
    #[test]
    fn the_specifications_example_is_signed_as_it_says() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let signed = sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_have_their_shape_and_two_of_them_sign_one_after_the_other() {
        let (new, old) = (new_secret().unwrap(), new_secret().unwrap());
        assert!(new.expose().starts_with("whsec_") && new.expose() != old.expose());
        assert_eq!(BASE64.decode(&new.expose().as_bytes()[6..]).unwrap().len(), 32);
        let alone = |secret: &Secret| sign(std::slice::from_ref(secret), "del_1", 5, "{}").unwrap();
        let both = sign(&[new.clone(), old.clone()], "del_1", 5, "{}").unwrap();
        assert_eq!(both, format!("{} {}", alone(&new), alone(&old)));
        assert!(sign(&[Secret::new("something else".to_owned())], "del_1", 5, "{}").is_err());
    }
}
