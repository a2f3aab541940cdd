//! Ids, secrets and signatures out of one seed, so that nothing can fail after the start.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use std::io;

pub(crate) struct Random {
    key: [u8; 128],
    drawn: u64,
}

impl Random {
    /// Takes a seed from the operating system.
    pub(crate) fn new() -> io::Result<Self> {
        let mut key = [0; 128];
        getrandom::fill(&mut key).map_err(|error| io::Error::other(format!("no random numbers: {error}")))?;
        Ok(Self { key, drawn: 0 })
    }

    /// Random numbers that go on from these.
    pub(crate) fn successor(&self) -> Self {
        Self { key: self.key, drawn: self.drawn }
    }

    /// A fresh word of the base64url alphabet, at most 86 characters.
    pub(crate) fn word(&mut self, length: usize) -> String {
        BASE64URL_NOPAD.encode(&self.block()).chars().take(length).collect()
    }

    /// A fresh word of hexadecimal digits, at most 128.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        HEXLOWER.encode(&self.block()).chars().take(length).collect()
    }

    /// HMAC-SHA512 under this sandbox's key, base64url without padding.
    pub(crate) fn sign(&self, text: &str) -> String {
        BASE64URL_NOPAD.encode(&self.mac(b"sign", text.as_bytes()))
    }

    fn block(&mut self) -> [u8; 64] {
        self.drawn = self.drawn.wrapping_add(1);
        self.mac(b"draw", &self.drawn.to_be_bytes())
    }

    fn mac(&self, purpose: &[u8], message: &[u8]) -> [u8; 64] {
        let mut mac = Hmac::<Sha512>::new(&self.key.into());
        mac.update(purpose);
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}
