//! Public keys as authenticators give them: `COSE_Key` (RFC 9052, 7; RFC 9053, 2 and 7; RFC 8230, 4) in the canonical
//! CBOR of CTAP2, which has definite lengths and here nothing but integers and byte strings.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

/// COSE algorithms that are asked for, the best first (WebAuthn level 2, 5.8.5): ES256, EdDSA, RS256.
pub(crate) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// A public key that can check signatures.
pub(super) enum PublicKey {
    /// An uncompressed point of P-256: 4, x, y.
    Es256(Vec<u8>),
    EdDsa(Vec<u8>),
    Rs256 {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl PublicKey {
    /// Reads a key from the beginning of `bytes`; gives it with the bytes that it takes.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Reader { rest: bytes };
        let (MAP, members) = reader.head()? else { return None };
        let mut key = Members::default();
        for _ in 0..members {
            let label = reader.integer()?;
            match (label, reader.value()?) {
                (1, Value::Integer(kind)) => set(&mut key.kind, kind)?,
                (3, Value::Integer(algorithm)) => set(&mut key.algorithm, algorithm)?,
                (-1, Value::Integer(curve)) => set(&mut key.curve, curve)?,
                (-1, Value::Bytes(bytes)) => set(&mut key.first, bytes)?,
                (-2, Value::Bytes(bytes)) => set(&mut key.second, bytes)?,
                (-3, Value::Bytes(bytes)) => set(&mut key.third, bytes)?,
                // RFC 8812 and WebAuthn 6.5.1.1: nothing but what the algorithm needs.
                _ => return None,
            }
        }
        Some((key.into_key()?, bytes.len() - reader.rest.len()))
    }

    /// Whether `signature` is this key's over `message`.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature),
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        checked.is_ok()
    }
}

/// Members of a key by label; what -1 to -3 mean depends on its kind.
#[derive(Default)]
struct Members<'a> {
    kind: Option<i64>,
    algorithm: Option<i64>,
    curve: Option<i64>,
    first: Option<&'a [u8]>,
    second: Option<&'a [u8]>,
    third: Option<&'a [u8]>,
}

impl Members<'_> {
    fn into_key(self) -> Option<PublicKey> {
        let Self { kind, algorithm, curve, first, second, third } = self;
        match (kind?, algorithm?, curve, first, second, third) {
            (2, -7, Some(1), None, Some(x), Some(y)) if x.len() == 32 && y.len() == 32 => {
                Some(PublicKey::Es256([&[4], x, y].concat()))
            }
            (1, -8, Some(6), None, Some(x), None) if x.len() == 32 => Some(PublicKey::EdDsa(x.to_vec())),
            (3, -257, None, Some(n), Some(e), None) => Some(PublicKey::Rs256 { n: n.to_vec(), e: e.to_vec() }),
            _ => None,
        }
    }
}

/// No label stands twice.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

// Major types of CBOR (RFC 8949, 3.1).
const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const MAP: u8 = 5;

enum Value<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// The major type and its argument (RFC 8949, 3).
    fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let argument = match first & 31 {
            small @ 0..=23 => return Some((first >> 5, u64::from(small))),
            size @ 24..=27 => self.take(1 << (size - 24))?,
            _ => return None,
        };
        Some((first >> 5, argument.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte))))
    }

    fn value(&mut self) -> Option<Value<'a>> {
        match self.head()? {
            (UNSIGNED, value) => i64::try_from(value).ok().map(Value::Integer),
            (NEGATIVE, value) => i64::try_from(value).ok().map(|value| Value::Integer(-1 - value)),
            (BYTES, length) => usize::try_from(length).ok().and_then(|length| self.take(length)).map(Value::Bytes),
            _ => None,
        }
    }

    fn integer(&mut self) -> Option<i64> {
        match self.value()? {
            Value::Integer(value) => Some(value),
            Value::Bytes(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    fn bytes(hex: &str) -> Vec<u8> {
        HEXLOWER.decode(hex.as_bytes()).unwrap()
    }

    #[test]
    fn a_key_of_p256_is_read_and_what_follows_is_left() {
        // RFC 9052, appendix C.7.1, the second key's point under the labels of a passkey.
        let x = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
        let y = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";
        let key = bytes(&format!("a5010203262001215820{x}225820{y}ffff"));
        let (read, length) = PublicKey::read(&key).unwrap();
        assert_eq!(length, key.len() - 2);
        assert!(matches!(read, PublicKey::Es256(point) if point == bytes(&format!("04{x}{y}"))));
    }

    #[test]
    fn ed25519s_first_test_vector_verifies_and_no_other_message_does() {
        // RFC 8032, 7.1, test 2.
        let key = bytes(
            "a4010103272006215820 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
                .replace(' ', "")
                .as_str(),
        );
        let signature = bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        let (key, _) = PublicKey::read(&key).unwrap();
        assert!(key.verifies(&[0x72], &signature));
        assert!(!key.verifies(&[0x73], &signature));
    }

    #[test]
    fn keys_of_another_shape_are_none() {
        let x = "00".repeat(32);
        for hex in [
            // nothing; no map; a map that ends early; an indefinite one
            "".to_owned(),
            "83010203".to_owned(),
            "a50102".to_owned(),
            format!("bf0101032720062158{x}ff"),
            // an algorithm that was not asked for (ES384); a curve that is not its own; a label twice; one too many
            format!("a501020338222001215820{x}225820{x}"),
            format!("a5010203262002215820{x}225820{x}"),
            format!("a50101010103272006215820{x}"),
            format!("a5010103272006215820{x}0401"),
            // a point that is too short; a length that no file has
            "a4010103272006214100".to_owned(),
            "a4010103272006215bffffffffffffffff".to_owned(),
        ] {
            assert!(PublicKey::read(&bytes(&hex)).is_none(), "{hex}");
        }
    }
}
