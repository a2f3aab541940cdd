//! ID tokens (OpenID Connect Core, 3.1.3.7): who signed them, for whom, and for which request.
//!
//! Signatures are checked by the same library that TLS stands on. Only asymmetric algorithms count: an HMAC would make
//! the client secret, which more than one party knows, a signing key; `none` is no signature at all (RFC 8725, 3.1).

use super::{first_text, text};
use crate::clock::{MINUTE, Millis, SECOND};
use crate::secret::{same, sha256};
use data_encoding::BASE64URL_NOPAD;
use model::connected_accounts::ProviderAccount;
use ring::signature;
use serde_json::Value;

/// How far two clocks may differ.
const LEEWAY: Millis = MINUTE;

/// What a good ID token says.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce_hash: &'a [u8],
    /// When it came.
    pub(crate) at: Millis,
}

/// Whose tokens these are, if the ID token is good. `keys` is the issuer's JWK set.
///
/// # Errors
/// A clause on what is wrong with it, without any of its content.
pub(crate) fn check(token: &str, keys: &[u8], expected: &Expected<'_>) -> Result<ProviderAccount, &'static str> {
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("it is not a signed token");
    };
    let read = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| "it cannot be read");
    let json = |part: &str| serde_json::from_slice::<Value>(&read(part)?).map_err(|_| "it cannot be read");
    let (head, signature) = (json(header)?, read(signature)?);
    let keys: Value = serde_json::from_slice(keys).map_err(|_| "its keys cannot be read")?;
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    verify(&head, &keys, signed.as_bytes(), &signature)?;
    let claims = json(payload)?;
    check_claims(&claims, expected)?;
    let id = claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty() && sub.len() <= 255);
    let one = |name: &str| first_text(&claims, &[name.to_owned()]);
    Ok(ProviderAccount {
        id: Some(id.ok_or("it names no user")?.to_owned()),
        name: one("name"),
        email: one("email"),
        tenant_id: None,
    })
}

fn check_claims(claims: &Value, expected: &Expected<'_>) -> Result<(), &'static str> {
    let claim = |name: &str| claims.get(name).and_then(Value::as_str);
    if claim("iss") != Some(expected.issuer) {
        return Err("it is of another issuer");
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audience.contains(&expected.client_id) {
        return Err("it is for another client");
    }
    match claim("azp") {
        Some(party) if party != expected.client_id => return Err("it was issued to another client"),
        None if audience.len() > 1 || claims.get("azp").is_some() => {
            return Err("it does not say which client it was issued to");
        }
        _ => {}
    }
    let expires_at = claims.get("exp").and_then(seconds).ok_or("it does not say until when it is good")?;
    if expires_at.saturating_add(LEEWAY) <= expected.at {
        return Err("it has expired");
    }
    let issued_at = claims.get("iat").and_then(seconds).ok_or("it does not say when it was issued")?;
    if issued_at > expected.at.saturating_add(5 * LEEWAY) {
        return Err("it is of the future");
    }
    let nonce = claim("nonce").ok_or("it is not for this request: it has no nonce")?;
    if !same(&sha256(nonce.as_bytes()), expected.nonce_hash) {
        return Err("it is not for this request: its nonce is another");
    }
    Ok(())
}

/// A NumericDate in milliseconds.
fn seconds(value: &Value) -> Option<Millis> {
    let whole = value.as_i64().or_else(|| text(value)?.split('.').next()?.parse().ok())?;
    value.is_number().then(|| whole.saturating_mul(SECOND))
}

/// Tries every key of the set that can be meant: one of the header's `kid`, or any where it names none.
fn verify(head: &Value, keys: &Value, signed: &[u8], signature: &[u8]) -> Result<(), &'static str> {
    let algorithm = head.get("alg").and_then(Value::as_str).unwrap_or_default();
    if !["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"].contains(&algorithm) {
        return Err("its algorithm is none that can be trusted");
    }
    // An extension that must be understood and is not (RFC 7515, 4.1.11).
    if head.get("crit").is_some() {
        return Err("it needs an extension that is not known here");
    }
    let meant = head.get("kid").and_then(Value::as_str);
    let fits = |key: &&Value| {
        let is = |name: &str, wanted: &str| key.get(name).and_then(Value::as_str).is_none_or(|value| value == wanted);
        is("use", "sig") && is("alg", algorithm) && meant.is_none_or(|kid| is("kid", kid))
    };
    let candidates = keys.get("keys").and_then(Value::as_array).into_iter().flatten().filter(fits);
    let mut any = false;
    for key in candidates {
        any = true;
        if is_signed_by(key, algorithm, signed, signature) == Some(true) {
            return Ok(());
        }
    }
    Err(if any { "its signature is wrong" } else { "it is signed with a key that the issuer does not have" })
}

/// `None` when the key is not of the algorithm's kind.
fn is_signed_by(key: &Value, algorithm: &str, signed: &[u8], with: &[u8]) -> Option<bool> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let bytes = |name: &str| BASE64URL_NOPAD.decode(text(name)?.trim_end_matches('=').as_bytes()).ok();
    let rsa = |parameters: &signature::RsaParameters| {
        let (n, e) = (bytes("n")?, bytes("e")?);
        let key = signature::RsaPublicKeyComponents { n, e };
        (text("kty") == Some("RSA")).then(|| key.verify(parameters, signed, with).is_ok())
    };
    let point = |curve: &str, of: &'static signature::EcdsaVerificationAlgorithm| {
        let key = [&[4][..], &bytes("x")?, &bytes("y")?].concat();
        let fits = text("kty") == Some("EC") && text("crv") == Some(curve);
        fits.then(|| signature::UnparsedPublicKey::new(of, key).verify(signed, with).is_ok())
    };
    match algorithm {
        "RS256" => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => rsa(&signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => rsa(&signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => rsa(&signature::RSA_PSS_2048_8192_SHA512),
        "ES256" => point("P-256", &signature::ECDSA_P256_SHA256_FIXED),
        "ES384" => point("P-384", &signature::ECDSA_P384_SHA384_FIXED),
        "EdDSA" => {
            let key = bytes("x")?;
            let fits = text("kty") == Some("OKP") && text("crv") == Some("Ed25519");
            fits.then(|| signature::UnparsedPublicKey::new(&signature::ED25519, key).verify(signed, with).is_ok())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with openssl: `openssl dgst -sha256 -sign`.
    const N: &str = "6kps3y0vPU2_T92atmcYV7SXo8R90N91MrnyHbVJsgEinmm6cHhMsojQKGjoTjg1kSlThxgf_fiP03cgC5VbXMpDt4TR4NWTVXTaU19I-438dkvETnvfpoOhRFF1fF0OajbPs-wKK76v4rbCYvkBkzJudQfDJKM_o6qwC0so3Yg5o9O8jcBg_CItTfVE1IIEhQ_QxxwvfCmamlb61_z64mNLDWM4vqlZ4amyhyn6WMHdp0gNXaWYge7gtLYxAmuNZi6BADg-dZbRuyBYOyIkCgjWE_Y0JXLLx_EfrCOOCHCZWZPmmMmRBd56qPttO4i-8C71KlcJ-FJeLsfbpXhovQ";
    const SIGNED: &str = "eyJhbGciOiAiUlMyNTYiLCAia2lkIjogInIxIn0.eyJpc3MiOiAiaHR0cHM6Ly9pZC5leGFtcGxlIiwgInN1YiI6ICIyNDgyODk3NjEwMDEiLCAiYXVkIjogWyJjbGllbnQtMSJdLCAiYXpwIjogImNsaWVudC0xIiwgIm5vbmNlIjogIm4tMFM2X1d6QTJNaiIsICJleHAiOiAxNzY3MjI5MjAwLCAiaWF0IjogMTc2NzIyNTYwMH0";
    const SIGNATURE: &str = "GTKCvyBNkPUDBGOuRWoRPMLsTrheMhGn2HztDS9rpt_dGl4wNWlltOZDe3GOtrh4W6x_KpULwmVq9p7lj3WTv34utmtXVDEhfKj9xlIeUtqAdC8GTh7xKuUd7SDoeTGczlzyPIq4r5gKZzncn0He2KecHkkdYQwGFKh3LCWKnlLecWwReFEYicyv6uD1OLDG3sNYyfUCA7AuPS2pLKpdKH34BfTGoJAK-ldVtVigu9iMX3tNPiH0b6kfGLtfxs1-rAG1PjpVkaJwHDHjK6Mexd_3fj43J4KyGb3_lCht3A_aoohNBWfcld-sTi_xoYlHqb4-HoZg4w15tg5M4upRRA";

    fn check_at(at: Millis, client_id: &str, signature: &str, key: &str) -> Result<ProviderAccount, &'static str> {
        let keys =
            format!(r#"{{"keys":[{{"kty":"oct","k":"eA"}},{{"kty":"RSA","kid":"r1","n":"{key}","e":"AQAB"}}]}}"#);
        let nonce_hash = sha256(b"n-0S6_WzA2Mj");
        let expected = Expected { issuer: "https://id.example", client_id, nonce_hash: &nonce_hash, at };
        check(&format!("{SIGNED}.{signature}"), keys.as_bytes(), &expected)
    }

    #[test]
    fn a_token_that_another_program_signed_with_rsa_is_good() {
        let account = check_at(1_767_225_700_000, "client-1", SIGNATURE, N).unwrap();
        assert_eq!(account.id.as_deref(), Some("248289761001"));
    }

    #[test]
    fn a_token_is_good_for_its_client_its_time_and_its_key_alone() {
        assert!(check_at(1_767_225_700_000, "client-2", SIGNATURE, N).is_err());
        assert!(check_at(1_767_229_200_000 + LEEWAY, "client-1", SIGNATURE, N).is_err());
        assert!(check_at(1_767_225_600_000 - 6 * LEEWAY, "client-1", SIGNATURE, N).is_err());
        let (other_key, other_signature) = (N.replace('a', "b"), SIGNATURE.replace('a', "b"));
        assert_eq!(check_at(1_767_225_700_000, "client-1", SIGNATURE, &other_key), Err("its signature is wrong"));
        assert_eq!(check_at(1_767_225_700_000, "client-1", &other_signature, N), Err("its signature is wrong"));
    }
}
