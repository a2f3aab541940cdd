//! Master keys: what the operator keeps outside the database.

use crate::error::VaultError;
use crate::random;
use crate::secret::Secret;
use data_encoding::BASE64;
use zeroize::Zeroizing;

/// One key of 32 bytes with the name that sealed data refers to it by.
pub struct MasterKey {
    /// Its name.
    pub id: String,
    pub(super) key: Secret<[u8; 32]>,
}

/// Reads `id:base64` lines, 32 bytes each; empty lines and lines that begin with `#` do not count.
///
/// # Errors
/// [`VaultError::Settings`] naming the line, never its content.
pub fn parse(text: &str) -> Result<Vec<MasterKey>, VaultError> {
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
    let keys = lines.map(|(at, line)| {
        parse_line(line).map_err(|e| VaultError::Settings(format!("master key, line {}: {e}", at + 1)))
    });
    let keys: Vec<MasterKey> = keys.collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err(VaultError::Settings(
            "there is no master key; write one line of the form id:base64, 32 bytes: \
             echo \"main:$(openssl rand -base64 32)\""
                .into(),
        ));
    }
    let mut ids: Vec<&str> = keys.iter().map(|k| k.id.as_str()).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(VaultError::Settings("two master keys have the same id; each needs its own".into()));
    }
    Ok(keys)
}

/// A line for a new master key, with a random id.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn generate() -> Result<Secret, VaultError> {
    let key = Zeroizing::new(random::bytes::<32>()?);
    let id = random::base62_digits(8)?;
    Ok(Secret::new(format!("{}:{}\n", id.expose(), BASE64.encode(key.as_ref()))))
}

fn parse_line(line: &str) -> Result<MasterKey, &'static str> {
    let (id, key) = line.split_once(':').ok_or("it has no colon; the form is id:base64")?;
    let named =
        !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if !named {
        return Err("the id must be 1 to 64 letters, digits, dots, dashes or underscores");
    }
    let bytes =
        BASE64.decode(key.trim().as_bytes()).map(Zeroizing::new).map_err(|_| "what follows the colon is not base64")?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| "the key must be 32 bytes")?;
    Ok(MasterKey { id: id.to_owned(), key: Secret::new(key) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_generated_line_can_be_read() {
        let line = generate().unwrap();
        assert_eq!(parse(&format!("# a comment\n\n{}", line.expose())).unwrap().len(), 1);
    }

    #[test]
    fn mistakes_are_named_without_the_key() {
        assert!(refusal("").contains("no master key"));
        assert!(refusal("abc").contains("line 1: it has no colon"));
        assert!(refusal("a b:AAAA").contains("the id must be"));
        assert!(refusal("a:!!").contains("not base64"));
        assert!(refusal("a:AAAA").contains("32 bytes"));
        let line = generate().unwrap();
        assert!(refusal(&format!("{}{}", line.expose(), line.expose())).contains("same id"));
    }
}
