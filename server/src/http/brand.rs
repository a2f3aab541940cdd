//! `/brand`: logos and accents of connect pages. Nothing here is secret, and nothing tells whose it is.

use crate::problem::log_failure;
use crate::state::State;
use axum::extract::{Path, RawQuery, State as From};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::branding::Accent;
use vault::VaultError;

/// A picture may do nothing, even when it is opened by itself.
const PICTURE_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
/// The address is made of the content.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// What a sheet is made of the colours with may change with the program.
const A_DAY: &str = "public, max-age=86400";

/// A logo, by the hash of its bytes.
pub(crate) async fn logo(From(state): From<State>, Path(hash): Path<String>) -> Response {
    let logo = match state.vault.logo(&hash).await {
        Ok(Some(logo)) => logo,
        Ok(None) | Err(VaultError::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            log_failure(&error);
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let Ok(media_type) = HeaderValue::try_from(logo.media_type) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = logo.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_GOOD));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PICTURE_POLICY));
    response
}

/// The sheet that puts an accent on connect pages: `?light=1f6feb&dark=6ea8fe`. Whatever is no colour gives an empty one,
/// since a preview asks while somebody types.
pub(crate) async fn accent(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let value = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let sheet = vault::preview_accent(&value("light"), &value("dark")).map(|accent| sheet(&accent)).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, A_DAY)], sheet).into_response()
}

/// The roles that depend on an accent, within the card alone. Hover has more contrast than rest.
fn sheet(accent: &Accent) -> String {
    let Accent { light, dark, .. } = accent;
    let mixed = |part: u8, light_with: &str, dark_with: &str| {
        format!(
            "light-dark(color-mix(in oklab, {light} {part}%, {light_with}), color-mix(in oklab, {dark} {part}%, {dark_with}))"
        )
    };
    format!(
        "@layer components{{.connect{{--accent:light-dark({light}, {dark});--accent-2:{};--accent-soft:{}}}}}",
        mixed(85, "#000", "#fff"),
        mixed(8, "#fff", "oklch(21% 0.009 255)"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_names_roles_of_the_card_and_nothing_else() {
        let accent = Accent { light: "#1f6feb".into(), dark: "#6ea8fe".into(), derived: false };
        let sheet = sheet(&accent);
        assert!(
            sheet.starts_with("@layer components{.connect{--accent:light-dark(#1f6feb, #6ea8fe);--accent-2:"),
            "{sheet}"
        );
        assert!(sheet.len() < 500 && sheet.matches('{').count() == sheet.matches('}').count());
    }
}
