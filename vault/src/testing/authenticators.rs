//! What people hold in their hands: an authenticator app, and an authenticator with a passkey.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

/// An RSA key of 2048 bits for tests alone: PKCS #8.
const RSA: &[u8] = include_bytes!("rsa.pk8");

/// The code that an app shows at `now`, in unix milliseconds, for a key in base32.
pub fn code_at(key: &str, now: i64) -> String {
    let key = BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    let secret = Secret::new_stack(key.try_into().unwrap());
    let app = Builder::new().with_secret(secret).build().unwrap();
    app.generate(u64::try_from(now).unwrap() / 1_000).to_string()
}

/// How a passkey signs.
enum Signer {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// An authenticator with one passkey. Its fields are what tests change, to see it refused.
pub struct Passkey {
    /// The credential's id.
    pub id: Vec<u8>,
    /// Whom it takes the page for.
    pub origin: String,
    /// Which relying party it answers.
    pub rp_id: String,
    /// User present (1), user verified (4).
    pub flags: u8,
    /// How often it was used; 0 for one that does not count.
    pub count: u32,
    /// Whose it says it is.
    pub user_handle: Vec<u8>,
    /// The ceremony that it says this is, in the place of the right one.
    pub kind: Option<&'static str>,
    signer: Signer,
}

impl Passkey {
    /// One with an ES256 key, at the origin of [`super::TestVault`].
    pub fn new() -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self::with(Signer::P256(EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap()))
    }

    /// One with an EdDSA key.
    pub fn ed25519() -> Self {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::with(Signer::Ed25519(Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap()))
    }

    /// One with an RS256 key, the same each time.
    pub fn rsa() -> Self {
        Self::with(Signer::Rsa(Box::new(RsaKeyPair::from_pkcs8(RSA).unwrap())))
    }

    fn with(signer: Signer) -> Self {
        let id = crate::random::bytes::<16>().unwrap().to_vec();
        let (origin, rp_id) = ("http://localhost:4000".to_owned(), "localhost".to_owned());
        Self { id, origin, rp_id, flags: 1 | 4, count: 0, user_handle: Vec::new(), kind: None, signer }
    }

    /// The answer to options for a new passkey, as the page's script posts it.
    pub fn make(&mut self, options: &Value) -> String {
        self.user_handle = BASE64URL_NOPAD.decode(options["user"]["id"].as_str().unwrap().as_bytes()).unwrap();
        let mut data = self.authenticator_data(1 << 6);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        let client_data = self.client_data("webauthn.create", options);
        json!({ "id": text(&self.id), "clientData": text(&client_data), "authenticatorData": text(&data) }).to_string()
    }

    /// The answer to options for a use, as the page's script posts it.
    pub fn answer(&mut self, options: &Value) -> String {
        let (data, client_data) = (self.authenticator_data(0), self.client_data("webauthn.get", options));
        let signature = self.sign(&[data.as_slice(), &crate::sha256(&client_data)].concat());
        json!({
            "id": text(&self.id),
            "clientData": text(&client_data),
            "authenticatorData": text(&data),
            "signature": text(&signature),
            "userHandle": text(&self.user_handle),
        })
        .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let kind = self.kind.unwrap_or(kind);
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let mut data = crate::sha256(self.rp_id.as_bytes()).to_vec();
        data.push(self.flags | flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn public_key(&self) -> Vec<u8> {
        match &self.signer {
            Signer::P256(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat()
            }
            Signer::Ed25519(key) => {
                [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32], key.public_key().as_ref()].concat()
            }
            Signer::Rsa(key) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
                let length = u16::try_from(n.len()).unwrap().to_be_bytes();
                let head = [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59];
                [&head[..], &length, &n, &[0x21, 0x40 + u8::try_from(e.len()).unwrap()], &e].concat()
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.signer {
            Signer::P256(key) => key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Signer::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Signer::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&ring::signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }
}

impl Default for Passkey {
    fn default() -> Self {
        Self::new()
    }
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}
