//! The path that a caller asks for, which goes to the provider as it was written, or not at all.

use super::{NotProxied, NotProxiedCode};
use percent_encoding::percent_decode_str;
use url::Url;

/// Appends a caller's raw path and query to the base of the provider's API. What comes back is what is sent, to the byte,
/// so that whoever judges it judges that.
///
/// # Errors
/// `path_refused`, when the provider could take the path for another one.
pub(super) fn target(base: &Url, path: &str, query: Option<&str>) -> Result<Url, NotProxied> {
    check(path).map_err(refused)?;
    let mut url = base.clone();
    let expected = format!("{}{path}", base.path().trim_end_matches('/'));
    let expected = if expected.is_empty() { "/".to_owned() } else { expected };
    url.set_path(&expected);
    if url.path() != expected {
        return Err(refused("write every character that a path may not hold in percent-encoding"));
    }
    url.set_query(query);
    Ok(url)
}

/// Decoded once, as a server does, the path must still name the same place below the base.
fn check(path: &str) -> Result<(), &'static str> {
    if !path.is_empty() && !path.starts_with('/') {
        return Err("it must begin with a slash");
    }
    if !is_well_encoded(path.as_bytes()) {
        return Err("a % must be followed by two hexadecimal digits");
    }
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    if decoded.iter().any(|byte| *byte < 0x20 || *byte == 0x7f) {
        return Err("it holds a control character");
    }
    if decoded.contains(&b'\\') {
        return Err("it holds a backslash");
    }
    if decoded.starts_with(b"//") {
        return Err("it begins with a second slash");
    }
    // Some servers cut parameters off a segment before they look at it.
    let name =
        |segment: &[u8]| segment.split(|byte| *byte == b';').next().is_some_and(|name| matches!(name, b"." | b".."));
    if decoded.split(|byte| *byte == b'/').any(name) {
        return Err("it holds a dot segment");
    }
    Ok(())
}

fn is_well_encoded(path: &[u8]) -> bool {
    let mut parts = path.split(|byte| *byte == b'%');
    parts.next();
    parts.all(|part| matches!(part, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()))
}

fn refused(why: &str) -> NotProxied {
    NotProxied::new(NotProxiedCode::PathRefused, format!("The path is not sent to the provider: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://api.example.com/v2";

    #[track_caller]
    fn sent(base: &str, path: &str, query: Option<&str>, expected: &str) {
        let url = target(&base.parse().unwrap(), path, query).ok().unwrap();
        assert_eq!(url.as_str(), expected);
    }

    #[test]
    fn a_path_is_sent_as_it_was_written() {
        sent(BASE, "/users/me", Some("a=b%20c&d=/../x"), "https://api.example.com/v2/users/me?a=b%20c&d=/../x");
        sent(BASE, "", None, "https://api.example.com/v2");
        sent(BASE, "/", Some(""), "https://api.example.com/v2/?");
        sent("https://api.example.com", "", None, "https://api.example.com/");
        sent("https://api.example.com/", "/a//b/", None, "https://api.example.com/a//b/");
        // Encoded twice, as some providers ask for ids that hold slashes.
        sent(BASE, "/meetings/%252Fabc%252F%252F", None, "https://api.example.com/v2/meetings/%252Fabc%252F%252F");
        sent(BASE, "/files/a%2Fb:c@d,e;f=1", None, "https://api.example.com/v2/files/a%2Fb:c@d,e;f=1");
        sent(BASE, "/.../..a/.b", None, "https://api.example.com/v2/.../..a/.b");
        sent(BASE, "/%E4%BD%A0", None, "https://api.example.com/v2/%E4%BD%A0");
    }

    #[test]
    fn a_path_that_could_be_taken_for_another_one_is_refused() {
        for path in [
            "/..",
            "/../oauth",
            "/a/../b",
            "/a/.",
            "/./a",
            "/a/%2e%2e/b",
            "/a/%2E./b",
            "/a%2f..%2fb",
            "/..%2fb",
            "/..;/b",
            "/a/..;x=1/b",
            "/%2e;/b",
            "//evil.example",
            "/%2fevil.example",
            "/%2F/evil",
            "/a\\b",
            "/a%5cb",
            "/%5C%5Cevil",
            "/a%00",
            "/a%0d%0aHost:x",
            "/a%7f",
            "/a%",
            "/a%2",
            "/a%zz",
            "a/b",
            "@evil.example",
            ":8080/",
            "/a\"b",
            "/a{b}",
            "/a b",
            "/ü",
            "/a?b",
            "/a#b",
        ] {
            let refusal = target(&BASE.parse().unwrap(), path, None).err();
            assert_eq!(refusal.map(|r| r.code), Some(NotProxiedCode::PathRefused), "{path}");
        }
    }
}
