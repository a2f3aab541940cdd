//! One attempt: what is sent, and how an answer is read.

use super::signature;
use crate::Vault;
use crate::clock::{Millis, SECOND, boot_time};
use crate::error::{VaultError, internal};
use crate::http::{Reach, Request};
use crate::store::webhook_endpoints::Row;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use model::ids::DeliveryId;
use url::Url;

/// An endpoint has so long to answer.
const DEADLINE: Millis = 15 * SECOND;
/// So much of an answer is kept for people to look at.
const SHOWN: usize = 500;

/// What became of an attempt.
pub(super) struct Sent {
    pub(super) at: Millis,
    pub(super) took: Millis,
    pub(super) status: Option<StatusCode>,
    /// Why it failed.
    pub(super) error: Option<String>,
    /// The beginning of the answer.
    pub(super) answer: String,
}

impl Vault {
    /// Sends a delivery once. Whatever the endpoint does is an outcome.
    ///
    /// # Errors
    /// When the secret does not open.
    pub(super) async fn send_delivery(&self, row: &Row, id: DeliveryId, body: &str) -> Result<Sent, VaultError> {
        let (at, began) = (self.clock.now(), boot_time());
        let secrets = self.signing_secrets(row, at).await?;
        let timestamp = at / SECOND;
        let signed = signature::sign(&secrets, &id.to_string(), timestamp, body)?;
        let request = Request {
            method: Method::POST,
            url: Url::parse(&row.url).map_err(|e| internal("an endpoint's address is not a URL", e))?,
            headers: headers(&[
                ("webhook-id", id.to_string()),
                ("webhook-timestamp", timestamp.to_string()),
                ("webhook-signature", signed),
            ])?,
            body: Some(("application/json", body.to_owned())),
            deadline: DEADLINE,
        };
        let (status, error, answer) = match self.http.glance(Reach::Tenant, request).await {
            Ok((status, body)) => (Some(status), why_not(status), shown(&body)),
            Err(error) => (None, Some(error.to_string()), String::new()),
        };
        Ok(Sent { at, took: (boot_time() - began).max(0), status, error, answer })
    }
}

fn headers(pairs: &[(&'static str, String)]) -> Result<HeaderMap, VaultError> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(*name, HeaderValue::from_str(value).map_err(|e| internal("cannot write a header", e))?);
    }
    Ok(headers)
}

/// Why a status is no success.
fn why_not(status: StatusCode) -> Option<String> {
    if status.is_success() {
        return None;
    }
    let number = status.as_u16();
    Some(if status.is_redirection() {
        format!("the endpoint answered {number}, and redirects are not followed: give the address that it leads to")
    } else if status == StatusCode::GONE {
        "the endpoint answered 410 Gone: it is paused".to_owned()
    } else {
        format!("the endpoint answered {number}; any status from 200 to 299 counts as taken")
    })
}

/// The beginning of an answer, with nothing in it that could pass for something else.
fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let safe =
        |c: char| if c == '\n' || crate::text::can_be_shown(c.encode_utf8(&mut [0; 4])) { c } else { '\u{fffd}' };
    text.chars().take(SHOWN).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_cut_and_shows_what_it_says() {
        assert_eq!(shown(b"ok\n\0\x1b[31m\xff"), "ok\n\u{fffd}\u{fffd}[31m\u{fffd}");
        assert_eq!(shown("\u{202e}<b>".as_bytes()), "\u{fffd}<b>");
        assert_eq!(shown(&[b'a'; 2_000]).len(), SHOWN);
    }

    #[test]
    fn only_a_success_is_one() {
        for (status, says) in [(301, "redirects"), (410, "paused"), (404, "404"), (500, "500")] {
            assert!(why_not(StatusCode::from_u16(status).unwrap()).unwrap().contains(says));
        }
        assert_eq!(why_not(StatusCode::OK).or(why_not(StatusCode::NO_CONTENT)), None);
    }
}
