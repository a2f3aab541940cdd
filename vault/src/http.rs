//! The one HTTP client: no redirects, deadlines, a size limit, and an address guard.

mod guard;
#[cfg(test)]
mod tests;
mod words;

pub use guard::{AllowedHosts, Reach};
pub(crate) use guard::{is_private_literal, kept_from};
pub(crate) use words::NOWHERE;

use crate::clock::{Millis, SECOND};
use crate::error::{VaultError, internal};
use guard::{PublicOnly, leads_inwards};
use http::{HeaderMap, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// More than any token answer needs; less than would hurt.
const MAX_BODY: usize = 64 * 1024;
/// How long whoever saves a form waits for a name to be looked up.
const LOOK_UP: Duration = Duration::from_secs(5);

/// Sends requests to providers.
#[derive(Clone)]
pub(crate) struct Http {
    public: reqwest::Client,
    private: reqwest::Client,
    allowed: Arc<AllowedHosts>,
}

/// A request to a provider. Its body and headers may hold secrets, so it cannot be printed.
pub(crate) struct Request {
    /// The method.
    pub(crate) method: http::Method,
    /// Where to.
    pub(crate) url: Url,
    /// Headers beside those that the client sets.
    pub(crate) headers: HeaderMap,
    /// The body with its content type.
    pub(crate) body: Option<(&'static str, String)>,
    /// When to give up, in milliseconds from the start.
    pub(crate) deadline: Millis,
}

/// What a provider answered. Its body may hold secrets, so it cannot be printed.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// At most 64 KiB of body.
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer. The two are treated differently wherever a token can be spent only once.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// Nothing reached the provider: refused, no such host, TLS failed, or the address guard said no.
    #[error("{0}")]
    NotSent(String),
    /// Something was sent, and what became of it is not known.
    #[error("no answer: {0}")]
    Unknown(String),
}

impl Http {
    /// A client whose guard lets the allowed hosts through.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new(allowed: AllowedHosts) -> Result<Self, VaultError> {
        let public = client().dns_resolver(PublicOnly).build().map_err(|e| internal("cannot set up TLS", e))?;
        let private = client().build().map_err(|e| internal("cannot set up TLS", e))?;
        Ok(Self { public, private, allowed: Arc::new(allowed) })
    }

    /// The hosts that may be private.
    pub(crate) fn allowed(&self) -> &AllowedHosts {
        &self.allowed
    }

    /// Sends a request as far as whoever named its address may reach, and reads the whole answer.
    ///
    /// # Errors
    /// [`NoAnswer`], which tells whether anything was sent.
    pub(crate) async fn send(&self, reach: Reach, request: Request) -> Result<Answer, NoAnswer> {
        let client = if self.allowed.contains(reach, &request.url) {
            &self.private
        } else if is_private_literal(&request.url) {
            return Err(NoAnswer::NotSent(kept_from(reach, &request.url)));
        } else {
            &self.public
        };
        let guarded = kept_from(reach, &request.url);
        let mut builder = client
            .request(request.method, request.url)
            .headers(request.headers)
            .timeout(Duration::from_millis(u64::try_from(request.deadline).unwrap_or_default()));
        if let Some((content_type, body)) = request.body {
            builder = builder.header(http::header::CONTENT_TYPE, content_type).body(body);
        }
        read(builder.send().await.map_err(|error| words::no_answer(error, guarded))?).await
    }

    /// Whether the guard keeps requests from a host: by its address, or by all that its name leads to at present.
    pub(crate) async fn keeps_from(&self, reach: Reach, url: &Url) -> bool {
        if self.allowed.contains(reach, url) {
            return false;
        }
        match url.host() {
            Some(url::Host::Domain(name)) => {
                tokio::time::timeout(LOOK_UP, leads_inwards(name)).await.unwrap_or_default()
            }
            _ => is_private_literal(url),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one client")]
fn client() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        // A connection kept open may be closed by the other side just as a token is sent over it: then nobody knows
        // whether it was spent. A new connection for each call tells "refused" from "unknown".
        .pool_max_idle_per_host(0)
        .connect_timeout(Duration::from_millis((5 * SECOND).unsigned_abs()))
        .user_agent(concat!("Keybearer/", env!("CARGO_PKG_VERSION")))
}

async fn read(mut response: reqwest::Response) -> Result<Answer, NoAnswer> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| NoAnswer::Unknown(words::broken(e)))? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(NoAnswer::Unknown(format!("the answer is larger than {MAX_BODY} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}
