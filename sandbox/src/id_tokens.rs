//! ID tokens (OpenID Connect), signed with ES256, for codes whose scopes have `openid`; and what can be wrong with them.

use crate::{client::Client, http::Call, state::State, user::User};
use data_encoding::BASE64URL_NOPAD;
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use std::io;

/// What is wrong with every ID token from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokenFlaw {
    /// There is none.
    Missing,
    /// `alg` is `none`, and there is no signature.
    Unsigned,
    /// Signed with HMAC under the client secret.
    Hmac,
    /// Signed with a key that is not published.
    OtherKey,
    /// Issued by somebody else.
    OtherIssuer,
    /// For another client.
    OtherAudience,
    /// For this client and another, and issued to the other.
    OtherParty,
    /// Its time is over.
    Expired,
    /// Its nonce is of another request.
    OtherNonce,
}

/// The keys of a sandbox, which change when it is new.
pub(crate) struct IdTokens {
    published: EcdsaKeyPair,
    other: EcdsaKeyPair,
}

impl IdTokens {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { published: key_pair()?, other: key_pair()? })
    }

    /// The JWK set.
    pub(crate) fn keys(&self) -> Value {
        let point = self.published.public_key().as_ref();
        let half = |range: std::ops::Range<usize>| BASE64URL_NOPAD.encode(point.get(range).unwrap_or_default());
        json!({"keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "sandbox", "x": half(1..33), "y": half(33..65),
        }]})
    }

    fn sign(&self, claims: &Value, flaw: Option<IdTokenFlaw>, secret: &str) -> Option<String> {
        let algorithm = match flaw {
            Some(IdTokenFlaw::Missing) => return None,
            Some(IdTokenFlaw::Unsigned) => "none",
            Some(IdTokenFlaw::Hmac) => "HS256",
            _ => "ES256",
        };
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&json!({"alg": algorithm, "kid": "sandbox"})), part(claims));
        let signature = match algorithm {
            "none" => Vec::new(),
            "HS256" => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes()).as_ref().to_vec()
            }
            _ => {
                let key = if flaw == Some(IdTokenFlaw::OtherKey) { &self.other } else { &self.published };
                key.sign(&SystemRandom::new(), signed.as_bytes()).ok()?.as_ref().to_vec()
            }
        };
        Some(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
    }
}

/// The ID token of an exchange, where `openid` was granted.
pub(crate) fn answer(
    state: &State,
    call: &Call,
    client: &Client,
    user: &User,
    nonce: Option<&str>,
    scopes: &[String],
) -> Option<String> {
    if !scopes.iter().any(|scope| scope == "openid") {
        return None;
    }
    let flaw = state.id_token_flaw;
    let now = state.now() / 1000;
    let is = |wanted: IdTokenFlaw| flaw == Some(wanted);
    let mut claims = json!({
        "iss": if is(IdTokenFlaw::OtherIssuer) { "https://issuer.example" } else { call.base_url.as_str() },
        "sub": user.id,
        "aud": if is(IdTokenFlaw::OtherAudience) { "another-client" } else { client.client_id.as_str() },
        "iat": now,
        "exp": if is(IdTokenFlaw::Expired) { now - 600 } else { now + 300 },
        "name": user.display_name(),
        "email": user.email,
    });
    let members = claims.as_object_mut()?;
    if let Some(nonce) = nonce {
        let nonce = if is(IdTokenFlaw::OtherNonce) { "another-nonce" } else { nonce };
        members.insert("nonce".to_owned(), nonce.into());
    }
    if is(IdTokenFlaw::OtherParty) {
        members.insert("aud".to_owned(), json!([client.client_id, "another-client"]));
        members.insert("azp".to_owned(), "another-client".into());
    }
    state.id_tokens.sign(&claims, flaw, &client.client_secret)
}

fn key_pair() -> io::Result<EcdsaKeyPair> {
    let random = SystemRandom::new();
    let failed = |_| io::Error::other("no key for ID tokens could be made");
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(failed)?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random)
        .map_err(|_| io::Error::other("a key for ID tokens could not be read"))
}
