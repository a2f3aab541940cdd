//! The proxy: a backend's request goes on to the provider with the account's access token, and the answer comes back as
//! it arrives. The token itself reaches no caller.

mod base;
mod download;
mod expired;
mod futile;
mod headers;
mod limits;
mod path;
mod refusal;
mod upgrade;
mod upload;

pub(crate) use futile::FutileRefreshes;
pub use limits::ProxyLimits;
pub use refusal::{NotProxied, NotProxiedCode};
pub use upgrade::ProxyUpgrade;

use crate::Vault;
use crate::caller::ApplicationCaller;
use crate::catalogue::Provider;
use crate::error::VaultError;
use crate::events::{Event, Reader};
use crate::http::NoAnswer;
use crate::policies;
use crate::secret::{Secret, same};
use crate::tokens::{Lent, TokenRequest};
use bytes::Bytes;
use download::Download;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::combinators::UnsyncBoxBody;
use model::ids::ConnectedAccountId;
use model::people::Role;
use serde_json::json;
use std::sync::Arc;
use upload::Upload;
use url::Url;

/// A body that streams.
pub type ProxyBody = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// What a backend asks of a provider.
pub struct ProxyRequest {
    /// The method.
    pub method: Method,
    /// The path below the base of the provider's API, as it was written: empty, or with a slash in front.
    pub path: String,
    /// The query, as it was written.
    pub query: Option<String>,
    /// The headers, as they arrived.
    pub headers: HeaderMap,
    /// The body.
    pub body: ProxyBody,
}

/// What the provider answered.
pub struct ProxyAnswer {
    /// The status.
    pub status: StatusCode,
    /// The headers that a caller gets.
    pub headers: HeaderMap,
    /// The body.
    pub body: ProxyBody,
    /// The provider's side, once both have agreed on a WebSocket.
    pub upgrade: Option<ProxyUpgrade>,
}

/// A request that may be sent, more than once if need be.
struct Call {
    provider: Arc<Provider>,
    method: Method,
    url: Url,
    headers: HeaderMap,
    upload: Upload,
    websocket: bool,
}

/// An answer of the provider whose body has not been read yet.
struct Arrived {
    status: StatusCode,
    headers: HeaderMap,
    body: Download,
    upgrade: Option<ProxyUpgrade>,
}

impl Vault {
    /// Makes a call to the provider's API for a connected account and hands on what comes back. When the provider says that
    /// the token has expired, another one is fetched and the call is made once more, if its body was small. Where the new
    /// one was refused in the same way, the provider is not believed again for ten seconds.
    ///
    /// # Errors
    /// [`VaultError::NotProxied`]; and as [`Vault::fresh`], when there is no token to call with.
    pub async fn proxy(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        request: ProxyRequest,
    ) -> Result<ProxyAnswer, VaultError> {
        caller.require(Role::Developer)?;
        if matches!(request.method, Method::CONNECT | Method::TRACE) {
            let detail = "CONNECT and TRACE are no calls of an API, and are not sent.";
            return Err(NotProxied::new(NotProxiedCode::MethodRefused, detail).into());
        }
        let lent = self.lend(caller, id, TokenRequest::default()).await?;
        let refusal = caller.policy().and_then(|policy| {
            let provider = [lent.provider.slug.as_str(), lent.config_key.as_str()];
            policies::refusal(policy, provider, &request.method, &request.path)
        });
        let token = lent.token.access_token.clone();
        let call = self.aim(lent, request)?;
        if let Some(why) = refusal {
            self.record_refused_call(caller, id, &call).await?;
            return Err(NotProxied::new(NotProxiedCode::PolicyRefused, why).into());
        }
        // The query is written down nowhere.
        let made = (call.method.as_str(), call.url.host_str().unwrap_or_default(), call.url.path());
        self.record_proxied_call(Reader::of(caller), id, made).await?;
        let mut arrived = self.make(&call, &token).await?;
        if !self.calls_expired(&call, &mut arrived).await {
            self.futile.forget(id);
            return Ok(handed_on(arrived, &token));
        }
        if self.futile.expects_another(id, self.clock.now()) {
            return Ok(handed_on(arrived, &token));
        }
        let rejected_sha256 = Some(token.sha256());
        let newer = self.lend(caller, id, TokenRequest { rejected_sha256, ..TokenRequest::default() }).await?;
        let newer = newer.token.access_token;
        if same(&newer.sha256(), &token.sha256()) {
            return Ok(handed_on(arrived, &token));
        }
        if !call.upload.can_be_repeated() {
            let mut answer = handed_on(arrived, &token);
            answer.headers.insert(headers::REFRESHED, HeaderValue::from_static("true"));
            return Ok(answer);
        }
        drop(arrived);
        let mut arrived = self.make(&call, &newer).await?;
        if self.calls_expired(&call, &mut arrived).await {
            self.futile.note(id, self.clock.now());
        }
        Ok(handed_on(arrived, &newer))
    }

    async fn calls_expired(&self, call: &Call, arrived: &mut Arrived) -> bool {
        expired::says_so(&call.provider.entry, arrived, self.proxy_limits.answer).await
    }

    fn aim(&self, lent: Lent, request: ProxyRequest) -> Result<Call, NotProxied> {
        let Lent { token, provider, .. } = lent;
        let base = base::of(&provider.entry, token.api_base_url.as_deref()).ok_or_else(|| {
            let detail =
                "The provider's entry names no base of an API (endpoints.api_base), so there is nowhere to call.";
            NotProxied::new(NotProxiedCode::NoApiBase, detail)
        })?;
        let url = path::target(&base, &request.path, request.query.as_deref())?;
        let websocket = headers::is_websocket(&request.headers);
        let headers = headers::to_provider(&request.headers, websocket);
        let upload = Upload::new(request.body, self.proxy_limits)?;
        Ok(Call { provider, method: request.method, url, headers, upload, websocket })
    }

    /// Writes down what a key's policy has kept from being called.
    async fn record_refused_call(
        &self,
        caller: &ApplicationCaller,
        id: ConnectedAccountId,
        call: &Call,
    ) -> Result<(), VaultError> {
        let event = Event::by(caller, "connected_account.proxy_refused", id)
            .outcome(NotProxiedCode::PolicyRefused.as_str())
            .detail(json!({ "method": call.method.as_str(), "host": call.url.host_str().unwrap_or_default() }))
            // Paths of many APIs hold e-mail addresses.
            .personal(json!({ "path": call.url.path() }));
        let mut tx = self.store.begin().await?;
        self.record(&mut tx, event).await?;
        Ok(tx.commit().await?)
    }

    /// Sends the request once, and waits for its answer to begin.
    async fn make(&self, call: &Call, token: &Secret) -> Result<Arrived, VaultError> {
        let mut request = reqwest::Request::new(call.method.clone(), call.url.clone());
        *request.headers_mut() = call.headers.clone();
        if let Some(bearer) = headers::bearer(token) {
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        *request.body_mut() = call.upload.begin().map(reqwest::Body::wrap);
        let response = tokio::select! {
            answer = self.http.stream(call.provider.reach(), request) => {
                answer.map_err(|error| call.upload.broken().unwrap_or_else(|| unanswered(&call.provider, &error)))?
            }
            stalled = call.upload.stalled() => return Err(stalled.into()),
        };
        self.arrived(call, response).await
    }

    async fn arrived(&self, call: &Call, response: reqwest::Response) -> Result<Arrived, VaultError> {
        let (status, headers) = (response.status(), response.headers().clone());
        let limits = self.proxy_limits;
        if status == StatusCode::SWITCHING_PROTOCOLS {
            if !call.websocket {
                let detail = "The provider switched to another protocol without being asked to.";
                return Err(NotProxied::new(NotProxiedCode::Unreachable, detail).into());
            }
            let broken = |_| NotProxied::new(NotProxiedCode::Unreachable, "The provider's connection broke.");
            let provider = response.upgrade().await.map_err(broken)?;
            let upgrade = ProxyUpgrade { provider, idle: limits.idle, closing: self.closing.clone() };
            let body = Download::new(reqwest::Body::from(Vec::new()), limits);
            return Ok(Arrived { status, headers, body, upgrade: Some(upgrade) });
        }
        let announced = response.content_length().filter(|_| call.method != Method::HEAD);
        if let Some(most) = limits.response_bytes
            && announced.is_some_and(|length| length > most)
        {
            let detail = format!("The answer has more than {most} bytes (KEYBEARER_PROXY_MAX_RESPONSE_BYTES).");
            return Err(NotProxied::new(NotProxiedCode::AnswerTooLarge, detail).into());
        }
        let body = Download::new(http::Response::from(response).into_body(), limits);
        Ok(Arrived { status, headers, body, upgrade: None })
    }
}

fn handed_on(arrived: Arrived, token: &Secret) -> ProxyAnswer {
    let Arrived { status, headers, body, upgrade } = arrived;
    ProxyAnswer {
        status,
        headers: headers::to_caller(&headers, token, upgrade.is_some()),
        body: body.into_body(),
        upgrade,
    }
}

fn unanswered(provider: &Provider, error: &NoAnswer) -> NotProxied {
    let name = &provider.entry.name;
    let (detail, what) = match error {
        NoAnswer::NotSent(why) => (why, "Nothing was sent."),
        NoAnswer::Unknown(why) => (why, "Whether it has done what was asked is not known."),
    };
    NotProxied::new(NotProxiedCode::Unreachable, format!("{name} gave no answer: {detail}. {what}"))
}
