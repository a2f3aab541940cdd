//! The seal around an exported organization: age, for one or more X25519 recipients.

use super::refused;
use crate::error::{VaultError, internal};
use age::x25519;
use std::io::{BufRead, BufReader, Read, Write};

/// How the armored form of age begins, which is not taken.
const ARMOR: &[u8] = b"-----BEGIN AGE";

/// Whom an export is sealed for.
pub struct Recipients(Vec<x25519::Recipient>);

/// What opens an export.
pub struct Identities(Vec<x25519::Identity>);

impl Recipients {
    /// Reads public keys, `age1…`, one a line; empty lines and lines that begin with `#` do not count.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] naming the line.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let parse = |(at, line): (usize, &str)| {
            let secret = line.starts_with("AGE-SECRET-KEY-");
            let what = if secret {
                "is a secret key: give the public one, age1…"
            } else {
                "is no public key of age (age1…)"
            };
            line.parse::<x25519::Recipient>().map_err(|_| refused(format!("recipient {} {what}", at + 1)))
        };
        let recipients: Vec<_> = lines(text).enumerate().map(parse).collect::<Result<_, _>>()?;
        if recipients.is_empty() {
            return Err(refused("there is no recipient; age-keygen -o key.txt makes a key and prints its public half"));
        }
        Ok(Self(recipients))
    }

    /// The public keys.
    pub fn public_keys(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// Seals what is written for these recipients.
    pub(super) fn seal<W: Write>(&self, out: W) -> Result<age::stream::StreamWriter<W>, VaultError> {
        let recipients = self.0.iter().map(|recipient| recipient as &dyn age::Recipient);
        let encryptor =
            age::Encryptor::with_recipients(recipients).map_err(|e| internal("cannot seal the export", e))?;
        encryptor.wrap_output(out).map_err(|e| internal("cannot write the export", e))
    }
}

impl Identities {
    /// Reads an identity file as `age-keygen` writes it.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] naming the line, never its content.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let parse = |(at, line): (usize, &str)| {
            let refuse =
                |_| refused(format!("key {} of the identity file is no secret key of age (AGE-SECRET-KEY-1…)", at + 1));
            line.parse::<x25519::Identity>().map_err(refuse)
        };
        let identities: Vec<_> = lines(text).enumerate().map(parse).collect::<Result<_, _>>()?;
        if identities.is_empty() {
            return Err(refused("there is no key in the identity file; age-keygen writes such files"));
        }
        Ok(Self(identities))
    }

    /// Opens what was sealed for one of these.
    pub(super) fn open<R: BufRead>(&self, mut input: R) -> Result<BufReader<age::stream::StreamReader<R>>, VaultError> {
        let first = input.fill_buf().map_err(|e| internal("cannot read the file", e))?;
        if first.starts_with(ARMOR) {
            return Err(refused("the file is in age's text form: make it binary again first, age -d | age -r"));
        }
        let wrong = |error: age::DecryptError| match error {
            age::DecryptError::NoMatchingKeys => refused(
                "the file is sealed for another recipient: give the identity whose public key it was exported for",
            ),
            age::DecryptError::Io(error) => internal("cannot read the file", error),
            error => refused(format!("the file is no export, or was changed: {error}")),
        };
        let decryptor = age::Decryptor::new_buffered(input).map_err(wrong)?;
        let identities = self.0.iter().map(|identity| identity as &dyn age::Identity);
        Ok(BufReader::with_capacity(64 * 1024, decryptor.decrypt(identities).map_err(wrong)?))
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A failure to read within the seal.
pub(super) fn unreadable(error: &std::io::Error) -> VaultError {
    refused(format!("the file is cut off or was changed: {error}"))
}

/// Reads nothing more than is there: whatever follows was not sealed with the rest.
pub(super) fn is_at_end(input: &mut impl Read) -> Result<bool, VaultError> {
    input.read(&mut [0]).map(|read| read == 0).map_err(|e| unreadable(&e))
}
