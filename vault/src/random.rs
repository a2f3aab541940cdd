//! Random values from the operating system, and the texts made of them.

use crate::error::{VaultError, internal};
use crate::secret::Secret;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: usize = 43;
const CHECKSUM_DIGITS: usize = 6;

/// `N` random bytes.
///
/// # Errors
/// When the operating system has none.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| internal("the operating system gives no random numbers", e))?;
    Ok(bytes)
}

/// A text that works like a password: `prefix`, 43 base62 characters (256 bits) and a CRC-32 of them in 6, so that a
/// cut or mistyped one is told from a wrong one without a look-up, and scanners recognise it.
///
/// # Errors
/// When the operating system has no random numbers.
pub(crate) fn token(prefix: &str) -> Result<Secret, VaultError> {
    let digits = base62_digits(DIGITS)?;
    let checksum = checksum(digits.expose());
    Ok(Secret::new(format!("{prefix}{}{checksum}", digits.expose())))
}

/// Whether a text is of the shape that [`token`] makes, with the right checksum.
pub(crate) fn is_token(prefix: &str, text: &str) -> bool {
    let Some(rest) = text.strip_prefix(prefix) else { return false };
    if rest.len() != DIGITS + CHECKSUM_DIGITS || !rest.bytes().all(|b| BASE62.contains(&b)) {
        return false;
    }
    rest.split_at_checked(DIGITS).is_some_and(|(digits, sum)| checksum(digits) == sum)
}

/// `count` random base62 characters.
///
/// # Errors
/// When the operating system has no random numbers.
pub(crate) fn base62_digits(count: usize) -> Result<Secret, VaultError> {
    let mut digits = String::with_capacity(count);
    while digits.len() < count {
        for byte in bytes::<64>()? {
            // 248 is the largest multiple of 62 in a byte: taking the rest too would favour the first characters.
            if byte < 248
                && digits.len() < count
                && let Some(digit) = BASE62.get(usize::from(byte % 62))
            {
                digits.push(char::from(*digit));
            }
        }
    }
    Ok(Secret::new(digits))
}

fn checksum(digits: &str) -> String {
    let mut rest = crc32fast::hash(digits.as_bytes());
    let mut text = [b'0'; CHECKSUM_DIGITS];
    for place in text.iter_mut().rev() {
        *place = BASE62.get((rest % 62) as usize).copied().unwrap_or(b'0');
        rest /= 62;
    }
    text.iter().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_shape_and_differs_from_the_next() {
        let (a, b) = (token("kb_test_").unwrap(), token("kb_test_").unwrap());
        assert_eq!(a.expose().len(), 8 + 43 + 6);
        assert!(is_token("kb_test_", a.expose()) && a.expose() != b.expose());
    }

    #[test]
    fn a_changed_token_is_not_one() {
        let good = token("kb_live_").unwrap().expose().clone();
        let last = if good.ends_with('a') { 'b' } else { 'a' };
        let mistyped = format!("{}{last}", &good[..good.len() - 1]);
        for text in [&good[1..], &good[..good.len() - 1], &mistyped, &good.replace("live", "test"), ""] {
            assert!(!is_token("kb_live_", text), "{text}");
        }
    }
}
