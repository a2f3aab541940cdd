//! Whether an answer of the provider's API says that the access token has expired, by the entry's rules.

use super::Arrived;
use crate::catalogue::{Entry, ExpiredRule};
use http::{HeaderMap, header};
use serde_json::Value;
use std::io::Read as _;
use std::time::Duration;

/// An answer that says so is short; a longer one says something else.
const MAX_BODY: usize = 64 * 1024;

/// Whether one of the entry's rules fits. The body is looked into only where a rule asks for it, and is whole afterwards.
pub(super) async fn says_so(entry: &Entry, arrived: &mut Arrived, patience: Duration) -> bool {
    let Arrived { status, headers, body, .. } = arrived;
    let fits = |rule: &&ExpiredRule| rule.status == status.as_u16() && fits_headers(rule, headers);
    let rules: Vec<&ExpiredRule> = entry.api.expired.iter().filter(fits).collect();
    if rules.iter().any(|rule| rule.body_pointer.is_none()) {
        return true;
    }
    if rules.is_empty() || is_long(headers) {
        return false;
    }
    let Some(bytes) = body.peek(MAX_BODY, patience).await else { return false };
    let json = plain(headers, &bytes).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    json.is_some_and(|json| rules.iter().any(|rule| fits_body(rule, &json)))
}

fn fits_headers(rule: &ExpiredRule, headers: &HeaderMap) -> bool {
    let Some(name) = &rule.header else { return true };
    let words = rule.header_words.as_deref().unwrap_or_default().to_lowercase();
    let values = headers.get_all(name.name());
    values.iter().any(|value| String::from_utf8_lossy(value.as_bytes()).to_lowercase().contains(&words))
}

fn fits_body(rule: &ExpiredRule, json: &Value) -> bool {
    let found = rule.body_pointer.as_ref().and_then(|pointer| json.pointer(pointer.as_str()));
    match (found, &rule.value) {
        (Some(found), Some(expected)) => expected.equals(found),
        (found, None) => found.is_some(),
        (None, Some(_)) => false,
    }
}

fn is_long(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    length.is_some_and(|length| length > MAX_BODY)
}

/// The body unpacked, within bounds: it passes on as it came, but the rules read words.
fn plain(headers: &HeaderMap, bytes: &[u8]) -> Option<Vec<u8>> {
    let most = MAX_BODY as u64;
    let mut plain = Vec::new();
    match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase()).as_deref() {
        None | Some(b"identity") => return Some(bytes.to_vec()),
        Some(b"gzip" | b"x-gzip") => flate2::read::GzDecoder::new(bytes).take(most).read_to_end(&mut plain).ok()?,
        Some(b"deflate") => flate2::read::ZlibDecoder::new(bytes).take(most).read_to_end(&mut plain).ok()?,
        Some(b"br") => brotli::Decompressor::new(bytes, 4096).take(most).read_to_end(&mut plain).ok()?,
        Some(_) => return None,
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::Write as _;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn rule(text: &str) -> ExpiredRule {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn all_that_a_rule_gives_must_fit() {
        let rule_of_header = rule("status = 401\nheader = 'www-authenticate'\nheader_words = 'invalid_token'");
        let check = |value: &str| fits_headers(&rule_of_header, &headers(&[("www-authenticate", value)]));
        assert!(check("Bearer error=\"Invalid_Token\"") && !check("Bearer error=\"insufficient_scope\""));
        assert!(!fits_headers(&rule_of_header, &HeaderMap::new()));
        let number = rule("status = 401\nbody_pointer = '/error/code'\nvalue = 124");
        assert!(fits_body(&number, &json!({ "error": { "code": 124 } })));
        assert!(fits_body(&number, &json!({ "error": { "code": "124" } })));
        assert!(
            !fits_body(&number, &json!({ "error": { "code": 1240 } })) && !fits_body(&number, &json!({ "code": 124 }))
        );
        let text = rule("status = 401\nbody_pointer = '/0/errorCode'\nvalue = 'INVALID_SESSION_ID'");
        assert!(fits_body(&text, &json!([{ "errorCode": "INVALID_SESSION_ID" }])) && !fits_body(&text, &json!([])));
        let there = rule("status = 401\nbody_pointer = '/expired'");
        assert!(fits_body(&there, &json!({ "expired": null })) && !fits_body(&there, &json!({})));
    }

    #[test]
    fn a_compressed_body_is_unpacked_within_bounds() {
        let text = b"{\"code\":124}";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut br = Vec::new();
        brotli::CompressorWriter::new(&mut br, 4096, 5, 20).write_all(text).unwrap();
        for (encoding, bytes) in [("gzip", gzip.as_slice()), ("GZIP", &gzip), ("br", &br), ("identity", text)] {
            assert_eq!(
                plain(&headers(&[("content-encoding", encoding)]), bytes).as_deref(),
                Some(&text[..]),
                "{encoding}"
            );
        }
        assert_eq!(plain(&headers(&[("content-encoding", "zstd")]), text), None);
        assert_eq!(plain(&headers(&[("content-encoding", "gzip")]), text), None);
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![b' '; 10 * MAX_BODY]).unwrap();
        let bomb = plain(&headers(&[("content-encoding", "gzip")]), &bomb.finish().unwrap());
        assert_eq!(bomb.map(|plain| plain.len()), Some(MAX_BODY));
    }
}
