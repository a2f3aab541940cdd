//! Whether a provider's request is signed with the secret that it shares with the provider config.

use crate::catalogue::{Challenge, Encoding, Signature, TimeUnit};
use crate::clock::{Millis, SECOND};
use crate::secret::{Secret, same};
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName};
use sha2::Sha256;

/// Checks signature and time of signing.
///
/// # Errors
/// What is wrong, in words for the log.
pub(super) fn check(
    scheme: &Signature,
    secret: &Secret,
    headers: &HeaderMap,
    body: &[u8],
    now: Millis,
) -> Result<(), &'static str> {
    let given = only(headers, scheme.header.name()).ok_or("its signature is missing")?;
    let timestamp = only(headers, scheme.timestamp_header.name()).ok_or("its time of signing is missing")?;
    let before = scheme.signed.before_body(timestamp);
    let expected = format!("{}{}", scheme.prefix, encode(scheme.encoding, &hmac(secret, &[before.as_bytes(), body])));
    if !same(expected.as_bytes(), given.as_bytes()) {
        return Err("its signature is not made with the stored webhook secret over these bytes");
    }
    let signed_at = instant(timestamp, scheme.timestamp_unit).ok_or("its time of signing cannot be read")?;
    if signed_at < now - Millis::from(scheme.past_seconds) * SECOND {
        return Err("it was signed too long ago");
    }
    if signed_at > now + Millis::from(scheme.future_seconds) * SECOND {
        return Err("it was signed in the future; one of the two clocks is wrong");
    }
    Ok(())
}

/// The answer to a challenge, as JSON.
pub(super) fn answer(challenge: &Challenge, secret: &Secret, token: &str) -> String {
    let hmac = encode(challenge.encoding, &hmac(secret, &[token.as_bytes()]));
    let member = |text: &String| text.replace("{hmac}", &hmac).replace("{token}", token);
    let members = challenge.answer.iter().map(|(name, text)| (name.clone(), member(text).into()));
    serde_json::Value::Object(members.collect()).to_string()
}

/// A header that is there once, as text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let only = all.next()?;
    if all.next().is_some() { None } else { only.to_str().ok() }
}

fn instant(text: &str, unit: TimeUnit) -> Option<Millis> {
    let count: Millis = text.parse().ok()?;
    match unit {
        TimeUnit::Seconds => count.checked_mul(SECOND),
        TimeUnit::Milliseconds => Some(count),
    }
}

fn hmac(secret: &Secret, parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so the error cannot be; a key of nothing would sign nothing that is accepted.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn encode(encoding: Encoding, bytes: &[u8]) -> String {
    match encoding {
        Encoding::Hex => HEXLOWER.encode(bytes),
        Encoding::Base64 => BASE64.encode(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_767_225_600_000;

    fn scheme(more: &str) -> Signature {
        let text = "signed = \"v0:{timestamp}:{body}\"\nheader = \"x-signature\"\nprefix = \"v0=\"\ntimestamp_header = \"x-timestamp\"\n";
        toml::from_str(&format!("{text}{more}")).unwrap()
    }

    fn headers(signature: &str, timestamp: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-signature", signature.parse().unwrap());
        headers.insert("x-timestamp", timestamp.parse().unwrap());
        headers
    }

    /// Made with OpenSSL: `printf 'v0:1767225600:{"a": "é"}' | openssl dgst -sha256 -hmac secret`.
    #[test]
    fn a_signature_made_elsewhere_fits() {
        let body = "{\"a\": \"é\"}".as_bytes();
        let secret = Secret::new("secret".to_owned());
        let expected = HEXLOWER.encode(&hmac(&secret, &[b"v0:1767225600:", body]));
        assert_eq!(expected, OPENSSL);
        assert_eq!(check(&scheme(""), &secret, &headers(&format!("v0={OPENSSL}"), "1767225600"), body, NOW), Ok(()));
        let base64 = BASE64.encode(&HEXLOWER.decode(OPENSSL.as_bytes()).unwrap());
        let scheme = scheme("encoding = \"base64\"\n");
        assert_eq!(check(&scheme, &secret, &headers(&format!("v0={base64}"), "1767225600"), body, NOW), Ok(()));
    }

    const OPENSSL: &str = "8d52fba93631a4cad0b6828e39d37765546d324a6c77a37d7c9804ecea5ab47f";

    #[test]
    fn whatever_is_not_exact_is_refused() {
        let secret = Secret::new("secret".to_owned());
        let sign = |timestamp: &str| {
            format!("v0={}", HEXLOWER.encode(&hmac(&secret, &[format!("v0:{timestamp}:").as_bytes(), b"{}"])))
        };
        let try_at = |timestamp: &str| check(&scheme(""), &secret, &headers(&sign(timestamp), timestamp), b"{}", NOW);
        assert!(try_at("1767225600").is_ok());
        assert!(try_at("1767139200").is_ok(), "a day ago");
        assert!(try_at("1767139199").unwrap_err().contains("too long ago"));
        assert!(try_at("1767225900").is_ok(), "five minutes ahead");
        assert!(try_at("1767225901").unwrap_err().contains("future"));
        for odd in ["soon", "", "1767225600.5", "9999999999999999999", "99999999999999999"] {
            assert!(try_at(odd).is_err(), "{odd:?}");
        }
        let refused = |headers: &HeaderMap, body: &[u8]| check(&scheme(""), &secret, headers, body, NOW).is_err();
        let good = headers(&sign("1767225600"), "1767225600");
        assert!(refused(&good, b"{ }") && refused(&HeaderMap::new(), b"{}"));
        assert!(refused(&headers(&sign("1767225600"), "1767225601"), b"{}"));
        assert!(refused(&headers(&sign("1767225600").to_uppercase(), "1767225600"), b"{}"));
        let mut twice = good.clone();
        twice.append("x-signature", "v0=0".parse().unwrap());
        assert!(refused(&twice, b"{}"), "of two signatures nobody knows which one counts");
    }

    #[test]
    fn a_challenge_is_answered_in_the_entrys_words() {
        let text = "event = \"check\"\ntoken = \"/token\"\nanswer = { plain = \"{token}\", sealed = \"{hmac}\" }";
        let challenge: Challenge = toml::from_str(text).unwrap();
        let secret = Secret::new("secret".to_owned());
        let token = HEXLOWER.encode(&hmac(&secret, &[b"{hmac}"]));
        assert_eq!(answer(&challenge, &secret, "{hmac}"), format!("{{\"plain\":\"{{hmac}}\",\"sealed\":\"{token}\"}}"));
    }
}
