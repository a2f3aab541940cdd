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
/// So much of an answer that only its status counts of is kept.
const MAX_GLANCE: usize = 2 * 1024;
const GLANCE: Duration = Duration::from_secs(2);
/// How long whoever saves a form waits for a name to be looked up.
const LOOK_UP: Duration = Duration::from_secs(5);

/// Sends requests to providers.
#[derive(Clone)]
pub(crate) struct Http {
    public: reqwest::Client,
    private: reqwest::Client,
    /// The same two for calls whose bodies stream.
    streaming: Streaming,
    allowed: Arc<AllowedHosts>,
}

/// Clients for calls to a provider's API: their connections are kept, since no call spends anything that cannot be had again.
#[derive(Clone)]
struct Streaming {
    public: reqwest::Client,
    private: reqwest::Client,
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
    /// A client whose guard lets the allowed hosts through. `connect` is how long connections for streams may take.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new(allowed: AllowedHosts, connect: Duration) -> Result<Self, VaultError> {
        let build = |client: reqwest::ClientBuilder| client.build().map_err(|e| internal("cannot set up TLS", e));
        let (public, private) = (build(client().dns_resolver(PublicOnly))?, build(client())?);
        let streaming = Streaming {
            public: build(streaming(connect).dns_resolver(PublicOnly))?,
            private: build(streaming(connect))?,
        };
        Ok(Self { public, private, streaming, allowed: Arc::new(allowed) })
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
        read(self.begin(reach, request).await?).await
    }

    /// Sends a request whose answer counts by its status alone: of the body the beginning is read, for people to look at,
    /// and what is slow or broken about it changes nothing.
    ///
    /// # Errors
    /// [`NoAnswer`], when there is no status.
    pub(crate) async fn glance(&self, reach: Reach, request: Request) -> Result<(StatusCode, Vec<u8>), NoAnswer> {
        let mut response = self.begin(reach, request).await?;
        let (status, mut body) = (response.status(), Vec::new());
        let reading = async {
            while body.len() < MAX_GLANCE {
                let Ok(Some(chunk)) = response.chunk().await else { break };
                body.extend(chunk.iter().take(MAX_GLANCE - body.len()));
            }
        };
        // Whatever has arrived by then is enough.
        tokio::time::timeout(GLANCE, reading).await.unwrap_or_default();
        Ok((status, body))
    }

    async fn begin(&self, reach: Reach, request: Request) -> Result<reqwest::Response, NoAnswer> {
        let client = if self.guards(reach, &request.url)? { &self.public } else { &self.private };
        let guarded = kept_from(reach, &request.url);
        let mut builder = client
            .request(request.method, request.url)
            .headers(request.headers)
            .timeout(Duration::from_millis(u64::try_from(request.deadline).unwrap_or_default()));
        if let Some((content_type, body)) = request.body {
            builder = builder.header(http::header::CONTENT_TYPE, content_type).body(body);
        }
        builder.send().await.map_err(|error| words::no_answer(error, guarded))
    }

    /// Sends a request whose body may stream, and gives its answer as soon as that begins. Only connecting has a deadline.
    ///
    /// # Errors
    /// [`NoAnswer`], which tells whether anything was sent.
    pub(crate) async fn stream(&self, reach: Reach, request: reqwest::Request) -> Result<reqwest::Response, NoAnswer> {
        let clients = &self.streaming;
        let client = if self.guards(reach, request.url())? { &clients.public } else { &clients.private };
        let guarded = kept_from(reach, request.url());
        client.execute(request).await.map_err(|error| words::no_answer(error, guarded))
    }

    /// Whether names are to be resolved under guard: the operator has not let this address through.
    fn guards(&self, reach: Reach, url: &Url) -> Result<bool, NoAnswer> {
        if self.allowed.contains(reach, url) {
            return Ok(false);
        }
        if is_private_literal(url) { Err(NoAnswer::NotSent(kept_from(reach, url))) } else { Ok(true) }
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

/// For streams: a connection that fails costs a call at most, and a new one for each would cost two round trips.
fn streaming(connect: Duration) -> reqwest::ClientBuilder {
    client().connect_timeout(connect).pool_max_idle_per_host(32).pool_idle_timeout(Duration::from_secs(20))
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
