//! A secret is a type that cannot be printed, compared loosely or serialised.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// Something that must not be seen. It has no `Debug`, no `Display` and no `Serialize`, and is zeroed when dropped.
#[derive(Clone)]
pub struct Secret<T: Zeroize = String>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into custody.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// Shows the value. Each use is a place to look at in a review.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    /// The last `count` characters, or nothing of a value too short to show a part of.
    pub fn ends(&self, count: usize) -> String {
        let length = self.0.chars().count();
        if length < count * 4 { String::new() } else { self.0.chars().skip(length - count).collect() }
    }

    /// SHA-256 of the value.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Compares in a time that does not depend on where the two differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_secret_shows_its_end() {
        assert_eq!(Secret::new("0123456789abcdef".to_owned()).ends(4), "cdef");
        assert_eq!(Secret::new("0123456789".to_owned()).ends(4), "");
    }
}
