//! Requests to the token endpoint, with the client signed in one way, never two (RFC 6749, 2.3).

use super::Credentials;
use crate::catalogue::{BodyFormat, ClientAuthentication, Entry};
use crate::clock::Millis;
use crate::error::{VaultError, internal};
use crate::http::Request;
use data_encoding::BASE64;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

/// A POST of these fields, signed in as the entry says.
///
/// # Errors
/// When the address is none, which a checked catalogue does not have.
pub(super) fn post(
    entry: &Entry,
    credentials: &Credentials,
    address: &str,
    fields: &[(&str, &str)],
    deadline: Millis,
) -> Result<Request, VaultError> {
    let url = Url::parse(address).map_err(|e| internal("an endpoint is no URL", e))?;
    let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    let mut fields = fields.to_vec();
    match entry.client.authentication {
        ClientAuthentication::Basic => drop(headers.insert(AUTHORIZATION, basic(credentials)?)),
        ClientAuthentication::Body => {
            fields.push(("client_id", &credentials.client_id));
            fields.push(("client_secret", credentials.client_secret.expose()));
        }
    }
    let body = match entry.client.body_format {
        BodyFormat::Form => {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            ("application/x-www-form-urlencoded", body)
        }
        BodyFormat::Json => {
            let members = fields.into_iter().map(|(k, v)| (k.to_owned(), v.into())).collect();
            ("application/json", serde_json::Value::Object(members).to_string())
        }
    };
    Ok(Request { method: Method::POST, url, headers, body: Some(body), deadline })
}

/// Each half is form-encoded before base64 (RFC 6749, 2.3.1).
fn basic(credentials: &Credentials) -> Result<HeaderValue, VaultError> {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(&credentials.client_id), encode(credentials.client_secret.expose()));
    let mut value = HeaderValue::try_from(format!("Basic {}", BASE64.encode(pair.as_bytes())))
        .map_err(|e| internal("credentials do not fit into a header", e))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn basic_encodes_each_half_first() {
        let credentials = Credentials { client_id: "a:b %+ü".into(), client_secret: Secret::new("s&=".into()) };
        let value = basic(&credentials).unwrap();
        let pair = BASE64.decode(&value.as_bytes()[6..]).unwrap();
        assert_eq!(String::from_utf8(pair).unwrap(), "a%3Ab+%25%2B%C3%BC:s%26%3D");
        assert!(value.is_sensitive());
    }
}
