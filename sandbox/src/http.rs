//! Requests as the endpoints see them, and answers before they become bytes.

mod body;

pub(crate) use body::Body;

use hyper::{
    HeaderMap, Method, Response, StatusCode,
    body::Bytes,
    header::{self, HeaderName, HeaderValue},
};
use serde_json::Value;

/// The fields of a query or of a form; of a repeated field the first counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    pub(crate) fn of<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub(crate) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.iter()).finish()
    }

    /// The field, unless it is absent or empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(field, value)| *field == name && !value.is_empty()).map(|(_, value)| value)
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(field, _)| *field == name).map(|(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A request whose body has arrived.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Form,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Where the caller found the sandbox.
    pub(crate) base_url: String,
}

impl Call {
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as a form; empty unless it says that it is one.
    pub(crate) fn form(&self) -> Form {
        if self.has_content_type("application/x-www-form-urlencoded") {
            Form::parse(&self.body)
        } else {
            Form::default()
        }
    }

    pub(crate) fn has_content_type(&self, expected: &str) -> bool {
        let media_type = self.header(header::CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default();
        media_type.trim().eq_ignore_ascii_case(expected)
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header(header::AUTHORIZATION)?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// User name and password of HTTP Basic.
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        let (scheme, encoded) = self.header(header::AUTHORIZATION)?.split_once(' ')?;
        let decoded = data_encoding::BASE64.decode(encoded.trim().as_bytes()).ok()?;
        let (name, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        scheme.eq_ignore_ascii_case("basic").then(|| (name.to_owned(), password.to_owned()))
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.header(header::COOKIE)?.split(';').filter_map(|cookie| cookie.trim().split_once('='));
        cookies.into_iter().find(|(cookie, _)| *cookie == name).map(|(_, value)| value)
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Json(Value),
    Html(String),
    Raw { media_type: &'static str, text: String },
    Empty,
}

/// How an answer ends on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As it should.
    Whole,
    /// The connection closes in the middle of the body.
    Truncated,
    /// The connection closes without a byte.
    HangUp,
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) content: Content,
    pub(crate) ending: Ending,
}

impl Answer {
    pub(crate) fn new(status: StatusCode, content: Content) -> Self {
        Self { status, headers: Vec::new(), content, ending: Ending::Whole }
    }

    pub(crate) fn json(status: StatusCode, value: Value) -> Self {
        Self::new(status, Content::Json(value))
    }

    pub(crate) fn redirect(status: StatusCode, location: &str) -> Self {
        Self::new(status, Content::Empty).with(header::LOCATION, location)
    }

    pub(crate) fn hang_up() -> Self {
        Self { ending: Ending::HangUp, ..Self::new(StatusCode::OK, Content::Empty) }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The status, unless the caller never gets to see it.
    pub(crate) fn visible_status(&self) -> Option<u16> {
        (self.ending != Ending::HangUp).then(|| self.status.as_u16())
    }

    /// The answer for hyper; `None` where the connection is to be closed instead.
    pub(crate) fn into_response(self) -> Option<Response<Body>> {
        let (media_type, bytes) = match self.content {
            Content::Json(value) => ("application/json;charset=UTF-8", value.to_string()),
            Content::Html(html) => ("text/html; charset=utf-8", html),
            Content::Raw { media_type, text } => (media_type, text),
            Content::Empty => ("", String::new()),
        };
        let body = match self.ending {
            Ending::HangUp => return None,
            Ending::Whole => Body::whole(bytes.into()),
            Ending::Truncated => Body::truncated(bytes.into()),
        };
        let length = body.promised_length();
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CONTENT_LENGTH, length.into());
        if !media_type.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        for (name, value) in self.headers {
            headers.append(name, HeaderValue::from_str(&value).ok()?);
        }
        Some(response)
    }
}

/// `http://localhost` and the like; the brackets of an IPv6 address may be there or not.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Appends parameters to an address, keeping those that it has.
pub(crate) fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{query}")
}
