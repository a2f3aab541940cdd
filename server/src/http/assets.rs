//! Script, wasm and style sheets, out of the binary (from disk in debug builds).
//!
//! They stand below `/pkg/{build}/`, where `build` is a hash over all of them: they change address together and are
//! cached for good. Another build's address is 404; such a page stays without wasm and its forms still work.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Where [`asset`] is routed.
pub(crate) const ROUTE: &str = "/pkg/{build}/{name}";

const CACHE: &str = if cfg!(debug_assertions) { "no-cache" } else { "public, max-age=31536000, immutable" };

#[derive(rust_embed::Embed)]
#[folder = "../site/pkg"]
#[allow_missing = true]
struct Site;

static BUILD: LazyLock<String> = LazyLock::new(|| {
    if cfg!(debug_assertions) {
        return "dev".into();
    }
    let mut names: Vec<_> = Site::iter().collect();
    names.sort();
    // FNV-1a over names and hashes: nobody has to be kept from colliding with himself.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for name in names {
        let sum = Site::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default();
        for byte in name.bytes().chain(sum) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    HEXLOWER.encode(&hash.to_be_bytes())
});

/// The folder of this build's files: `pkg/{build}`.
pub(crate) fn folder() -> String {
    format!("pkg/{}", *BUILD)
}

/// The address of the connect pages' style sheet.
pub(crate) fn connect_sheet() -> String {
    format!("/{}/connect.css", folder())
}

/// The address of the reference's style sheet.
pub(crate) fn docs_sheet() -> String {
    format!("/{}/docs.css", folder())
}

/// Answers one file, compressed as the browser likes it.
pub(crate) async fn asset(Path((build, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if build != *BUILD {
        return StatusCode::NOT_FOUND.into_response();
    }
    for (suffix, encoding) in [(".br", Some("br")), (".gz", Some("gzip")), ("", None)] {
        if !encoding.is_none_or(|coding| accepts(&headers, coding)) {
            continue;
        }
        if let Some(file) = Site::get(&format!("{name}{suffix}")) {
            return answer(&name, file, encoding, &headers);
        }
    }
    StatusCode::NOT_FOUND.into_response()
}

fn answer(name: &str, file: rust_embed::EmbeddedFile, encoding: Option<&'static str>, headers: &HeaderMap) -> Response {
    let sum = file.metadata.sha256_hash();
    let etag = format!("\"{}\"", HEXLOWER.encode(sum.get(..8).unwrap_or_default()));
    let unchanged = is_unchanged(headers, &etag);
    let head =
        [(header::CACHE_CONTROL, CACHE.to_owned()), (header::VARY, "accept-encoding".into()), (header::ETAG, etag)];
    if unchanged {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let body = match file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let mut response = (head, [(header::CONTENT_TYPE, mime(name))], body).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether the asker has the content of this entity tag already.
pub(crate) fn is_unchanged(headers: &HeaderMap, etag: &str) -> bool {
    text(headers, header::IF_NONE_MATCH).split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    text(headers, header::ACCEPT_ENCODING).split(',').any(|part| {
        let (coding, quality) = part.split_once(';').unwrap_or((part, ""));
        coding.trim() == encoding && quality.trim() != "q=0"
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &'static str, brotli: bool, gzip: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(header));
        assert_eq!((accepts(&headers, "br"), accepts(&headers, "gzip")), (brotli, gzip), "{header}");
    }

    #[test]
    fn only_encodings_that_the_browser_names_are_used() {
        check("gzip, deflate, br, zstd", true, true);
        check("gzip;q=1.0, br;q=0", false, true);
        check("identity", false, false);
        check("", false, false);
    }

    #[tokio::test]
    async fn files_of_another_build_and_files_that_are_not_there_are_404() {
        for (build, name) in [("0123456789abcdef", "app.js"), ("dev", "../../Cargo.toml"), ("dev", "nothing.js")] {
            let response = asset(Path((build.into(), name.into())), HeaderMap::new()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{build}/{name}");
        }
    }
}
